//! The operations that give tokens.

use super::AccessToken;
use crate::decode::{Failure, Field, Object, Value};
use crate::error::{ErrorKind, Phase};
use crate::operation::{App, Effect, Envelope, Host, Language, Method, Operation, Status, Token};
use crate::{Client, Error};

const INTERNAL_APP: Operation = Operation {
    name: "oauth2_v1.GetAccessToken",
    summary: "Gets the access token of an internal app.",
    method: Method::Post,
    path: "/v1.0/oauth2/accessToken",
    group: "token",
    effect: Effect::Read,
    scope: Some("qyapi_base"),
    status: Status::Current,
    apps: &[App::Internal],
    page: Some("obtain-the-access-token-of-an-internal-app"),
    language: Language::En,
    host: Host::Api,
    token: Token::None,
    envelope: Envelope::Plain,
    form: None,
    body: true,
    errors: "400 invalidClientIdOrSecret",
};

const CORP_APP: Operation = Operation {
    name: "oauth2_v1.GetCorpAccessToken",
    summary: "Gets the access token of a third-party app for one organization.",
    path: "/v1.0/oauth2/corpAccessToken",
    scope: Some("isvapi_base"),
    apps: &[App::ThirdParty],
    page: Some("obtain-the-access-token-of-the-authorized-enterprise-1"),
    language: Language::Zh,
    errors: "400 invalidSuiteKey invalidSuiteTicket invalidAuthInfo",
    ..INTERNAL_APP
};

const CLIENT: Operation = Operation {
    name: "oauth2_v1.GetToken",
    summary: "Gets the access token of an app for one organization.",
    path: "/v1.0/oauth2/{corpId}/token",
    apps: &[App::Internal, App::ThirdParty],
    page: Some("api-gettoken"),
    errors: "400 invalid.client unsupported.grant.type 401 unauthorized.client 500 server.error",
    ..INTERNAL_APP
};

/// The server that gives tokens: that of the client that asks.
#[derive(Debug, Clone)]
pub struct TokenServer {
    client: Client,
}

impl TokenServer {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Token of an internal app.
    pub async fn internal_app(&self, app_key: &str, app_secret: &str) -> Result<AccessToken, Error> {
        self.ask(&INTERNAL_APP, None, &[("appKey", app_key), ("appSecret", app_secret)], &[app_secret]).await
    }

    /// Token of a third-party app for an organization that authorized it.
    pub async fn corp_app(
        &self,
        suite_key: &str,
        suite_secret: &str,
        corp_id: &str,
        suite_ticket: &str,
    ) -> Result<AccessToken, Error> {
        let body = [
            ("suiteKey", suite_key),
            ("suiteSecret", suite_secret),
            ("authCorpId", corp_id),
            ("suiteTicket", suite_ticket),
        ];
        self.ask(&CORP_APP, None, &body, &[suite_secret, suite_ticket]).await
    }

    /// Token of an app of either kind for an organization.
    pub async fn client_credentials(
        &self,
        corp_id: &str,
        client_id: &str,
        client_secret: &str,
    ) -> Result<AccessToken, Error> {
        let body = [("client_id", client_id), ("client_secret", client_secret), ("grant_type", "client_credentials")];
        self.ask(&CLIENT, Some(corp_id), &body, &[client_secret]).await
    }

    async fn ask(
        &self,
        operation: &'static Operation,
        corp_id: Option<&str>,
        body: &[(&'static str, &str)],
        secrets: &[&str],
    ) -> Result<AccessToken, Error> {
        let mut request = self.client.request(operation).with_secrets(secrets);
        if let Some(corp_id) = corp_id {
            request = request.path("corpId", corp_id);
        }
        for (name, value) in body {
            request = request.body(name, value);
        }
        // Only a call that was let through fetches a token: it may be the one that looks whether a ban is over.
        let answer: TokenAnswer = request.send().once().despite_bans().await.map_err(without_body)?;
        match answer.token()? {
            Some(token) => Ok(token),
            None => Err(Error::new(ErrorKind::Answer, Phase::NotSent, "it holds no access token").with(|facts| {
                facts.operation = Some(operation);
                facts.is_transient = true;
            })),
        }
    }
}

/// The body may hold a token.
fn without_body(error: Error) -> Error {
    error.with(|facts| facts.body = bytes::Bytes::new())
}

/// Both spellings of the answer.
#[derive(Default)]
struct TokenAnswer {
    token: Option<String>,
    expires_in: Option<i64>,
}

impl TokenAnswer {
    fn token(self) -> Result<Option<AccessToken>, Error> {
        self.token.map(|token| AccessToken::new(token, self.expires_in)).transpose()
    }
}

/// The token in an answer.
#[cfg(feature = "fuzzing")]
pub(crate) fn read_answer(body: &[u8]) -> Result<Option<AccessToken>, Error> {
    let answer = <TokenAnswer as crate::Answer>::decode(body);
    answer.map_err(|_| Error::credentials("it is no answer", true))?.token()
}

impl Object for TokenAnswer {
    fn field(&mut self, name: &str, value: Field<'_>) -> Result<(), Failure> {
        match name {
            "accessToken" | "access_token" => value.text(&mut self.token),
            "expireIn" | "expires_in" => {
                self.expires_in = serde_json::Value::read(value)?.as_ref().and_then(seconds);
                Ok(())
            }
            _ => value.skip(),
        }
    }
}

/// A number of seconds in any shape. Nonsense is none: the token itself is what counts.
fn seconds(value: &serde_json::Value) -> Option<i64> {
    match value {
        serde_json::Value::String(text) => {
            let text = text.trim();
            text.parse().ok().or_else(|| text.parse().ok().and_then(whole_part))
        }
        serde_json::Value::Number(number) => number.as_i64().or_else(|| number.as_f64().and_then(whole_part)),
        _ => None,
    }
}

#[allow(clippy::cast_possible_truncation, reason = "what is too large becomes the largest number")]
fn whole_part(number: f64) -> Option<i64> {
    number.is_finite().then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_come_in_any_shape() {
        let cases = [
            ("7200", Some(7200)),
            ("7200.0", Some(7200)),
            ("7199.9", Some(7199)),
            ("\"7200\"", Some(7200)),
            ("\" 7200.5 \"", Some(7200)),
            ("-1", Some(-1)),
            ("1e300", Some(i64::MAX)),
            ("18446744073709551615", Some(i64::MAX)),
            ("\"NaN\"", None),
            ("\"inf\"", None),
            ("\"\"", None),
            ("true", None),
            ("[7200]", None),
        ];
        for (json, expected) in cases {
            let value = serde_json::from_str(json).unwrap_or_default();
            assert_eq!(seconds(&value), expected, "{json}");
        }
    }
}
