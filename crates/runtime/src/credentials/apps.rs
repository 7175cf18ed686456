//! The credentials that DingTalk gives out.

use std::fmt;
use std::sync::Arc;

use super::{AccessToken, Credentials, Fetch, Identity, TokenServer};
use crate::secret::Secret;
use crate::{Error, NamedSettings};

/// Key and secret of an app that an organization made for itself.
#[derive(Debug, Clone)]
pub struct InternalApp {
    key: String,
    secret: Secret,
}

impl InternalApp {
    /// The Client ID and Client Secret of the developer console.
    pub fn new(app_key: impl Into<String>, app_secret: impl Into<String>) -> Self {
        Self { key: app_key.into(), secret: Secret::new(app_secret) }
    }

    /// Reads `DINGTALK_APP_KEY` and `DINGTALK_APP_SECRET`.
    pub fn from_env() -> Result<Self, Error> {
        let settings = NamedSettings::from_env();
        Ok(Self::new(settings.required("app_key")?, settings.required("app_secret")?))
    }

    #[cfg(feature = "stream")]
    pub(crate) fn key_and_secret(&self) -> (&str, &str) {
        (&self.key, self.secret.expose())
    }
}

impl Credentials for InternalApp {
    fn fetch<'a>(&'a self, server: &'a TokenServer) -> Fetch<'a> {
        Box::pin(server.internal_app(&self.key, self.secret.expose()))
    }

    fn identity(&self) -> Option<Identity> {
        Some(Identity::new(&self.key, &["internal", self.secret.expose()]))
    }
}

/// An app of either kind, for one organization, by the newer way to a token.
#[derive(Debug, Clone)]
pub struct ClientCredentials {
    corp_id: String,
    client_id: String,
    secret: Secret,
}

impl ClientCredentials {
    /// The organization, and the Client ID and Client Secret of the developer console.
    pub fn new(corp_id: impl Into<String>, client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
        Self { corp_id: corp_id.into(), client_id: client_id.into(), secret: Secret::new(client_secret) }
    }

    /// Reads `DINGTALK_CORP_ID`, `DINGTALK_APP_KEY` and `DINGTALK_APP_SECRET`.
    pub fn from_env() -> Result<Self, Error> {
        let settings = NamedSettings::from_env();
        let (key, secret) = (settings.required("app_key")?, settings.required("app_secret")?);
        Ok(Self::new(settings.required("corp_id")?, key, secret))
    }
}

impl Credentials for ClientCredentials {
    fn fetch<'a>(&'a self, server: &'a TokenServer) -> Fetch<'a> {
        Box::pin(server.client_credentials(&self.corp_id, &self.client_id, self.secret.expose()))
    }

    fn identity(&self) -> Option<Identity> {
        let app = format!("{} in {}", self.client_id, self.corp_id);
        Some(Identity::new(app, &["client", self.secret.expose()]))
    }
}

/// A third-party app in an organization that authorized it.
#[derive(Clone)]
pub struct CorpApp {
    suite_key: String,
    suite_secret: Secret,
    corp_id: String,
    ticket: Arc<dyn Fn() -> String + Send + Sync>,
}

impl CorpApp {
    /// `suite_ticket` gives the newest ticket; DingTalk pushes one about every five hours.
    pub fn new(
        suite_key: impl Into<String>,
        suite_secret: impl Into<String>,
        corp_id: impl Into<String>,
        suite_ticket: impl Fn() -> String + Send + Sync + 'static,
    ) -> Self {
        Self {
            suite_key: suite_key.into(),
            suite_secret: Secret::new(suite_secret),
            corp_id: corp_id.into(),
            ticket: Arc::new(suite_ticket),
        }
    }

    /// Reads `DINGTALK_SUITE_KEY`, `DINGTALK_SUITE_SECRET`, `DINGTALK_CORP_ID`, and `DINGTALK_SUITE_TICKET` anew
    /// for each token.
    pub fn from_env() -> Result<Self, Error> {
        let settings = NamedSettings::from_env();
        settings.required("suite_ticket")?;
        let (key, secret) = (settings.required("suite_key")?, settings.required("suite_secret")?);
        let ticket = || NamedSettings::from_env().text("suite_ticket").unwrap_or_default();
        Ok(Self::new(key, secret, settings.required("corp_id")?, ticket))
    }
}

impl fmt::Debug for CorpApp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CorpApp")
            .field("suite_key", &self.suite_key)
            .field("corp_id", &self.corp_id)
            .finish_non_exhaustive()
    }
}

impl Credentials for CorpApp {
    fn fetch<'a>(&'a self, server: &'a TokenServer) -> Fetch<'a> {
        Box::pin(async move {
            let ticket = Secret::new((self.ticket)());
            server.corp_app(&self.suite_key, self.suite_secret.expose(), &self.corp_id, ticket.expose()).await
        })
    }

    /// The server counts the calls of a suite for each organization.
    fn identity(&self) -> Option<Identity> {
        let app = format!("{} in {}", self.suite_key, self.corp_id);
        Some(Identity::new(app, &["suite", self.suite_secret.expose()]))
    }
}

/// A token that somebody else got.
#[derive(Debug, Clone)]
pub struct FixedToken(AccessToken);

impl FixedToken {
    /// A token that is used until the server rejects it.
    pub fn new(token: impl Into<String>) -> Result<Self, Error> {
        AccessToken::lasting(token).map(Self)
    }

    /// Reads `DINGTALK_ACCESS_TOKEN`.
    pub fn from_env() -> Result<Self, Error> {
        Self::new(NamedSettings::from_env().required("access_token")?)
    }
}

impl Credentials for FixedToken {
    fn fetch<'a>(&'a self, _: &'a TokenServer) -> Fetch<'a> {
        Box::pin(std::future::ready(Ok(self.0.clone())))
    }

    fn can_renew(&self) -> bool {
        false
    }

    fn identity(&self) -> Option<Identity> {
        Some(Identity::of_token(self.0.expose()))
    }
}
