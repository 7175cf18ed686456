//! The client, from the environment.

use dingtalk_storage::credentials::{FixedToken, InternalApp};
use dingtalk_storage::runtime::Token;
use dingtalk_storage::{Client, Operation};

use crate::Failure;

/// What the environment can say, for the help.
pub const HELP: &str = "\
Environment:
  DINGTALK_ENDPOINT      Address of the API, https://api.dingtalk.io if not set; plain http to this machine only
  DINGTALK_ACCESS_TOKEN  A token to use as it is
  DINGTALK_APP_KEY       Without such a token: key and secret of the app whose token is fetched
  DINGTALK_APP_SECRET";

const TOKEN: &str = "DINGTALK_ACCESS_TOKEN";
const KEY: &str = "DINGTALK_APP_KEY";
const SECRET: &str = "DINGTALK_APP_SECRET";

/// A client for the endpoint of the environment, with its credentials if it has any.
pub fn client() -> Result<Client, Failure> {
    let mut builder = Client::builder();
    if let Some(endpoint) = variable("DINGTALK_ENDPOINT") {
        builder = builder.base_url(endpoint);
    }
    if variable(TOKEN).is_some() {
        builder = builder.credentials(FixedToken::from_env()?);
    } else if has_credentials() {
        builder = builder.credentials(InternalApp::from_env()?);
    }
    Ok(builder.build()?)
}

/// Fails, and says what to set, if the operation needs a token that cannot be had.
pub fn check_credentials(operation: &Operation) -> Result<(), Failure> {
    if matches!(operation.token, Token::None | Token::User) || has_credentials() {
        return Ok(());
    }
    Err(Failure::Use(format!("{} needs an access token: set {TOKEN}, or {KEY} and {SECRET}", operation.name)))
}

fn has_credentials() -> bool {
    [TOKEN, KEY, SECRET].iter().any(|name| variable(name).is_some())
}

/// A variable that is set to something.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
