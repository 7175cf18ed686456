//! The client: flags over environment over profile.

mod file;
mod flags;
mod profile;
mod settings;
mod shared_token;

use std::path::Path;
use std::time::Duration;

use dingtalk_storage::credentials::{ClientCredentials, Credentials, FixedToken, InternalApp};
use dingtalk_storage::runtime::{CallCounter, Observer, Token};
use dingtalk_storage::types::{DriveSpaceType, UnionId, UserId};
use dingtalk_storage::{Client, ClientBuilder, Operation, Region};

use crate::exit::Code;
use crate::{Failure, Global};

pub use file::{config_dir, private_file, read_if_there, state_dir, write_private};
pub use flags::Flags;
pub use profile::{DEFAULT, Profile, Profiles, SecretSource, of_command, of_file, store_secret, without_line_end};
pub use settings::{Setting, Settings, Source, checked};
use shared_token::SharedToken;

/// What the environment can say, for the help.
pub const HELP: &str = "\
Environment (flags go before it, and it goes before the profile):
  DINGTALK_PROFILE           Profile to take the rest from; `login` makes one
  DINGTALK_REGION            mainland for organizations in mainland China, international for others
  DINGTALK_ENDPOINT          In its place: the address of another server
  DINGTALK_OAPI_ENDPOINT     And that of the older API, where the other is not DingTalk's own
  DINGTALK_ALLOW_PLAIN_HTTP  true lets plain http go to other machines than this one
  DINGTALK_ACCESS_TOKEN      A token to use as it is
  DINGTALK_APP_KEY           Without such a token: key and secret of the app whose token is fetched
  DINGTALK_APP_SECRET
  DINGTALK_CORP_ID           With key and secret: the organization, for an app that several have
  DINGTALK_UNION_ID          The operator: the person for whom calls are made (also DINGTALK_OPERATOR)
  DINGTALK_USER_ID           The operator by the id within the organization, which is looked up
  NO_COLOR                   Anything: no colours";

/// How long an attempt at something small may take.
const CONNECT: Duration = Duration::from_secs(10);

/// A client for the servers of the settings, with their credentials if there are any.
pub fn client(
    settings: &Settings,
    global: &Global,
    counter: CallCounter,
    observer: impl Observer,
) -> Result<Client, Failure> {
    let mut builder = servers(settings)?.counter(counter).observer(observer);
    if let Some(calls) = global.calls_per_second {
        builder = builder.calls_per_second(Some(calls));
    }
    Ok(with_credentials(builder, credentials(settings, state_dir().as_deref())?).build()?)
}

/// A client that neither takes the token of other processes nor gives them its own, to try what they do not have yet.
pub fn unshared_client(settings: &Settings) -> Result<Client, Failure> {
    Ok(with_credentials(servers(settings)?, credentials(settings, None)?).build()?)
}

fn with_credentials(builder: ClientBuilder, credentials: Option<Box<dyn Credentials>>) -> ClientBuilder {
    match credentials {
        Some(credentials) => builder.credentials(credentials),
        None => builder,
    }
}

fn servers(settings: &Settings) -> Result<ClientBuilder, Failure> {
    if settings.region.is_none() && settings.endpoint.is_none() {
        return Err(Failure::usage("nothing says which server to call").hint(
            "set DINGTALK_REGION=mainland (or --region mainland) for an organization in mainland China, international for \
             any other, or run `dingtalk-storage login`",
        ));
    }
    let mut builder = Client::builder().connect_timeout(CONNECT);
    if let Some(region) = &settings.region {
        builder = builder.region(self::region(region)?);
    }
    if let Some(endpoint) = &settings.endpoint {
        builder = builder.base_url(&endpoint.text);
    }
    if let Some(endpoint) = &settings.oapi_endpoint {
        builder = builder.oapi_base_url(&endpoint.text);
    }
    if let Some(allow) = &settings.allow_plain_http {
        builder = builder.allow_plain_http(truth(allow)?);
    }
    Ok(builder)
}

fn region(region: &Setting) -> Result<Region, Failure> {
    match region.text.as_str() {
        "international" => Ok(Region::International),
        "mainland" => Ok(Region::Mainland),
        other => Err(Failure::usage(format!("{} is {other:?}: it is international or mainland", region.source))),
    }
}

fn truth(allow: &Setting) -> Result<bool, Failure> {
    match allow.text.as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        other => Err(Failure::usage(format!("{} is {other:?}: it is true or false", allow.source))),
    }
}

/// A token, or where tokens come from; with a folder for state, they are shared there.
fn credentials(settings: &Settings, state: Option<&Path>) -> Result<Option<Box<dyn Credentials>>, Failure> {
    if let Some(token) = &settings.access_token {
        return Ok(Some(Box::new(FixedToken::new(&token.text)?)));
    }
    let (key, secret) = match (&settings.app_key, settings.app_secret()?) {
        (Some(key), Some(secret)) => (key, secret),
        (None, None) => return Ok(None),
        // With one of them the other was forgotten.
        (Some(key), None) => {
            return Err(Failure::new(
                Code::Credentials,
                format!("{} names an app, and its secret is not known: DINGTALK_APP_SECRET is not set", key.source),
            )
            .hint("set it, or run `dingtalk-storage login`"));
        }
        (None, Some(secret)) => {
            return Err(Failure::new(
                Code::Credentials,
                format!("{} is the secret of an app that is not known: DINGTALK_APP_KEY is not set", secret.source),
            ));
        }
    };
    let corp = settings.corp_id.as_ref().map(|corp| corp.text.as_str());
    let own: Box<dyn Credentials> = match corp {
        Some(corp) => Box::new(ClientCredentials::new(corp, &key.text, &secret.text)),
        None => Box::new(InternalApp::new(&key.text, &secret.text)),
    };
    let server = settings.endpoint.as_ref().or(settings.region.as_ref()).map_or("", |server| &server.text);
    let identity = [server, &key.text, &secret.text, corp.unwrap_or_default()];
    Ok(Some(match state {
        Some(state) => Box::new(SharedToken::new(own, state, &identity)),
        None => own,
    }))
}

/// Fails, and says what to set, if the operation needs a token that cannot be had.
pub fn check_credentials(operation: &Operation, settings: &Settings) -> Result<(), Failure> {
    if matches!(operation.token, Token::None | Token::User) || settings.has_credentials() {
        return Ok(());
    }
    Err(no_credentials(&format!("{} needs an access token", operation.name)))
}

fn no_credentials(what: &str) -> Failure {
    Failure::new(Code::Credentials, format!("{what}, and there are no credentials"))
        .hint("run `dingtalk-storage login`, or set DINGTALK_ACCESS_TOKEN, or DINGTALK_APP_KEY and DINGTALK_APP_SECRET")
}

/// Who makes the calls. One who is named by the id within the organization is looked up.
pub async fn operator(settings: &Settings, client: &Client) -> Result<UnionId, Failure> {
    if !settings.has_credentials() {
        return Err(no_credentials("this needs an access token"));
    }
    match (&settings.union_id, &settings.user_id) {
        (Some(union), Some(user)) if union.source.rank() > user.source.rank() => look_up(client, &user.text).await,
        (Some(union), _) => Ok(UnionId::new(&*union.text)),
        (None, Some(user)) => look_up(client, &user.text).await,
        (None, None) => Err(Failure::usage("nobody is named for whom the calls are made").hint(
            "give --union-id or --user-id, set DINGTALK_UNION_ID or DINGTALK_USER_ID, or run `dingtalk-storage login`",
        )),
    }
}

/// Asks for something in the name of an operator, at one call. An app that may not do even that cannot tell whether there is
/// such a person.
pub async fn try_operator(client: &Client, operator: &UnionId) -> Result<(), Failure> {
    let listed = client.operator(operator).drive_v1().list_spaces(DriveSpaceType::Org, 1).send().await;
    listed.map(drop).map_err(Failure::from)
}

/// The unionId of a userId.
pub async fn look_up(client: &Client, user: &str) -> Result<UnionId, Failure> {
    let answer = client.contact().get_user(&UserId::new(user)).send().await?;
    Ok(answer.unionid()?.clone())
}
