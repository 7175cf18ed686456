//! What is said by name about the connection: in the environment, or in options of another program.

use std::fmt;
use std::sync::Arc;

use crate::credentials::{ClientCredentials, Credentials, FixedToken, InternalApp};
use crate::{Error, Region};

type Read<'a> = Box<dyn Fn(&str) -> Option<String> + 'a>;

/// Settings by name, wherever they are kept: where the API is, and who calls it.
///
/// The names are those of the table of [`ClientBuilder::from_env`](crate::ClientBuilder::from_env), as `app_key` for
/// `DINGTALK_APP_KEY`. What is empty is not set. Errors call a setting as whoever set it has written it, and show no value.
///
/// ```
/// use dingtalk_runtime::{Client, ClientBuilder, NamedSettings};
///
/// # fn main() -> Result<(), dingtalk_runtime::Error> {
/// let read = |name: &str| match name {
///     "region" => Some("international".to_owned()),
///     "access_token" => Some("token".to_owned()),
///     _ => None,
/// };
/// let client: Client = ClientBuilder::from_settings(&NamedSettings::new(read))?.build()?;
/// # let _ = client;
/// # Ok(()) }
/// ```
pub struct NamedSettings<'a> {
    read: Read<'a>,
    spell: Box<dyn Fn(&str) -> String + 'a>,
}

impl<'a> NamedSettings<'a> {
    /// Settings that are read by their names, and called by them in errors.
    pub fn new(read: impl Fn(&str) -> Option<String> + 'a) -> Self {
        Self { read: Box::new(read), spell: Box::new(|name| format!("`{name}`")) }
    }

    /// The variables of the environment, as they are when they are asked for.
    #[must_use]
    pub fn from_env() -> Self {
        Self::new(|name| std::env::var(variable(name)).ok()).spelled_as(variable)
    }

    /// Sets how errors call a setting.
    #[must_use]
    pub fn spelled_as(mut self, spell: impl Fn(&str) -> String + 'a) -> Self {
        self.spell = Box::new(spell);
        self
    }

    /// How errors call a setting.
    #[must_use]
    pub fn spelled(&self, name: &str) -> String {
        (self.spell)(name)
    }

    /// A setting, if it is set to something.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        (self.read)(name).filter(|value| !value.is_empty())
    }

    /// A setting that must be set.
    pub fn required(&self, name: &str) -> Result<String, Error> {
        self.text(name).ok_or_else(|| Error::configuration(format!("{} is not set", self.spelled(name))))
    }

    /// A setting that is `true` (or `1`) or `false` (or `0`), if it is set.
    pub fn truth(&self, name: &str) -> Result<Option<bool>, Error> {
        match self.text(name).as_deref() {
            None => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(_) => Err(Error::configuration(format!("{} is neither true nor false", self.spelled(name)))),
        }
    }

    /// The unionId of the person for whom calls are made: `operator`, or `union_id` as the command line calls it.
    pub fn operator(&self) -> Result<String, Error> {
        self.text("operator").or_else(|| self.text("union_id")).ok_or_else(|| {
            let operator = self.spelled("operator");
            Error::configuration(format!(
                "{operator} is not set: it is the unionId of the person for whom calls are made"
            ))
        })
    }

    /// An error if nothing is said about credentials.
    pub fn check_credentials(&self) -> Result<(), Error> {
        if self.has_app() || self.text("access_token").is_some() {
            return Ok(());
        }
        let [key, secret, token] = ["app_key", "app_secret", "access_token"].map(|name| self.spelled(name));
        Err(Error::configuration(format!("there are no credentials: set {key} and {secret}, or {token}")))
    }

    /// With one of them the other was forgotten.
    fn has_app(&self) -> bool {
        ["app_key", "app_secret"].iter().any(|name| self.text(name).is_some())
    }

    /// The credentials that are there, if there are any.
    pub(crate) fn credentials(&self) -> Result<Option<Arc<dyn Credentials>>, Error> {
        if let Some(token) = self.text("access_token") {
            return Ok(Some(Arc::new(FixedToken::new(token)?)));
        }
        if !self.has_app() {
            return Ok(None);
        }
        let (key, secret) = (self.required("app_key")?, self.required("app_secret")?);
        Ok(Some(match self.text("corp_id") {
            Some(corp) => Arc::new(ClientCredentials::new(corp, key, secret)),
            None => Arc::new(InternalApp::new(key, secret)),
        }))
    }

    pub(crate) fn region(&self) -> Result<Option<Region>, Error> {
        let Some(name) = self.text("region") else { return Ok(None) };
        let unknown = |_| {
            let spelled = self.spelled("region");
            Error::configuration(format!("{spelled} is unknown; it is `international` or `mainland`"))
        };
        name.parse().map(Some).map_err(unknown)
    }
}

/// Nothing of what they are, for some are secrets.
impl fmt::Debug for NamedSettings<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("NamedSettings").finish_non_exhaustive()
    }
}

fn variable(name: &str) -> String {
    format!("DINGTALK_{}", name.to_ascii_uppercase())
}
