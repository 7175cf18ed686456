//! The client, from the environment.

use dingtalk_storage::runtime::Token;
use dingtalk_storage::{Client, Operation};

use crate::Failure;

/// What the environment can say, for the help.
pub const HELP: &str = "\
Environment:
  DINGTALK_REGION            international, or mainland for organizations in mainland China
  DINGTALK_ENDPOINT          Another server than that of the region
  DINGTALK_OAPI_ENDPOINT     And that of the older API, where the other is not DingTalk's own
  DINGTALK_ALLOW_PLAIN_HTTP  true lets plain http go to other machines than this one
  DINGTALK_ACCESS_TOKEN      A token to use as it is
  DINGTALK_APP_KEY           Without such a token: key and secret of the app whose token is fetched
  DINGTALK_APP_SECRET
  DINGTALK_CORP_ID           With key and secret: the organization, for an app that several have";

const TOKEN: &str = "DINGTALK_ACCESS_TOKEN";
const KEY: &str = "DINGTALK_APP_KEY";
const SECRET: &str = "DINGTALK_APP_SECRET";

/// A client for the servers of the environment, with its credentials if it has any.
pub fn client() -> Result<Client, Failure> {
    Ok(Client::from_env()?)
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
