//! Stores set up: from a drive, from a URL, from the environment.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use dingtalk_storage::credentials::{ClientCredentials, FixedToken, InternalApp};
use dingtalk_storage::types::{SpaceId, UnionId};
use dingtalk_storage::{Client, ClientBuilder, Region};
use dingtalk_storage_transfer::Drive;
use object_store::path::Path;
use object_store::{Error, ObjectStore, Result};
use url::Url;

use crate::attributes::AttributePolicy;
use crate::failure::STORE;
use crate::location::Place;
use crate::recent::Recent;
use crate::store::{DingtalkStore, Inner};

const SCHEME: &str = "dingtalk";
/// How long what was seen is believed, unless somebody says otherwise.
const FRESHNESS: Duration = Duration::from_secs(5);
/// What can be set by name; in the environment, with `DINGTALK_` before it.
const KEYS: [&str; 13] = [
    "region",
    "endpoint",
    "oapi_endpoint",
    "allow_plain_http",
    "access_token",
    "app_key",
    "app_secret",
    "corp_id",
    "operator",
    "space",
    "delete_for_good",
    "keep_attributes",
    "freshness_seconds",
];

/// Sets up a [`DingtalkStore`].
///
/// What is set by name, with [`with_option`](Self::with_option) or in the environment:
///
/// | name | variable | |
/// |---|---|---|
/// | `region` | `DINGTALK_REGION` | `international` or `mainland` |
/// | `endpoint`, `oapi_endpoint` | `DINGTALK_ENDPOINT`, `DINGTALK_OAPI_ENDPOINT` | other servers in its place |
/// | `allow_plain_http` | `DINGTALK_ALLOW_PLAIN_HTTP` | `true` lets plain http go to other machines than this one |
/// | `access_token` | `DINGTALK_ACCESS_TOKEN` | a token to use as it is |
/// | `app_key`, `app_secret` | `DINGTALK_APP_KEY`, `DINGTALK_APP_SECRET` | without such a token: those of the app |
/// | `corp_id` | `DINGTALK_CORP_ID` | the organization, for an app that several have |
/// | `operator` | `DINGTALK_OPERATOR`, `DINGTALK_UNION_ID` | the unionId of the person for whom calls are made |
/// | `space` | `DINGTALK_SPACE` | id of the space, where no URL names it |
/// | `delete_for_good` | `DINGTALK_DELETE_FOR_GOOD` | `true` or `false`, see [`deleting_for_good`](Self::deleting_for_good) |
/// | `keep_attributes` | `DINGTALK_KEEP_ATTRIBUTES` | `true` or `false`, see [`with_attributes`](Self::with_attributes) |
/// | `freshness_seconds` | `DINGTALK_FRESHNESS_SECONDS` | see [`with_freshness`](Self::with_freshness) |
#[derive(Clone, Default)]
#[must_use = "there is no store before it is built"]
pub struct DingtalkStoreBuilder {
    drive: Option<Drive>,
    url: Option<String>,
    prefix: Option<Path>,
    options: BTreeMap<String, String>,
    /// The first option that nobody knows.
    unknown: Option<String>,
}

impl DingtalkStoreBuilder {
    /// A builder with the defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// A builder with what the environment says.
    pub fn from_env() -> Self {
        Self::new().with_variables(
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))),
        )
    }

    fn with_variables(mut self, variables: impl Iterator<Item = (String, String)>) -> Self {
        for (name, value) in variables.filter(|(_, value)| !value.is_empty()) {
            match name.strip_prefix("DINGTALK_") {
                // The command line's older name for the same thing; the other one goes before it.
                Some("UNION_ID") => drop(self.options.entry("operator".to_owned()).or_insert(value)),
                // Others are for other programs.
                Some(key) if KEYS.contains(&key.to_ascii_lowercase().as_str()) => {
                    self.options.insert(key.to_ascii_lowercase(), value);
                }
                _ => {}
            }
        }
        self
    }

    /// Sets something by its name, in any case, with or without `dingtalk_` before it. One that does not exist is an
    /// error of [`build`](Self::build).
    pub fn with_option(mut self, name: &str, value: impl Into<String>) -> Self {
        let key = name.to_ascii_lowercase();
        let key = key.strip_prefix("dingtalk_").unwrap_or(&key);
        let key = if key == "union_id" { "operator" } else { key };
        if KEYS.contains(&key) {
            self.options.insert(key.to_owned(), value.into());
        } else {
            self.unknown.get_or_insert_with(|| name.to_owned());
        }
        self
    }

    /// Sets the drive: its client, operator and settings go before all that says so otherwise.
    pub fn with_drive(mut self, drive: &Drive) -> Self {
        self.drive = Some(drive.clone());
        self
    }

    /// Sets the space.
    pub fn with_space(self, space: &SpaceId) -> Self {
        self.with_option("space", space.as_str())
    }

    /// Sets the folder that is the root of the store; it need not exist. The default is the root of the space.
    pub fn with_prefix(mut self, prefix: impl Into<Path>) -> Self {
        self.prefix = Some(prefix.into());
        self
    }

    /// Sets space and folder: `dingtalk://SPACE` or `dingtalk://SPACE/folder/in/it`.
    pub fn with_url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// Deletes objects for good. The default is the recycle bin, which only spaces of the Drive API have: where there is
    /// none, each deletion is an error until this says otherwise.
    pub fn deleting_for_good(self, for_good: bool) -> Self {
        self.with_option("delete_for_good", for_good.to_string())
    }

    /// Sets what is done with attributes; by default they are refused.
    pub fn with_attributes(self, policy: AttributePolicy) -> Self {
        self.with_option("keep_attributes", (policy == AttributePolicy::Keep).to_string())
    }

    /// Sets how long is believed what was seen of a file, 5 seconds by default. What others change in this time may go
    /// unnoticed; each read of a file that was not seen in it takes one call of the API more.
    pub fn with_freshness(self, freshness: Duration) -> Self {
        self.with_option("freshness_seconds", freshness.as_secs_f64().to_string())
    }

    /// The store. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownConfigurationKey`] for an option that does not exist; [`Error::Generic`] if no space, no server or
    /// no operator is named, and for values that cannot be.
    pub fn build(self) -> Result<DingtalkStore> {
        if let Some(key) = self.unknown {
            return Err(Error::UnknownConfigurationKey { store: STORE, key });
        }
        let options = Options(&self.options);
        let of_url = self.url.as_deref().map(|url| of_url(&parse(url)?)).transpose()?;
        let (space, path) = match (of_url, options.text("space")) {
            (Some((space, path)), _) => (space, path),
            (None, Some(space)) => (SpaceId::new(space), Path::default()),
            (None, None) => return Err(wrong("no space is named: set it, or give a URL such as dingtalk://SPACE")),
        };
        let prefix = Path::parse(format!("{path}/{}", self.prefix.unwrap_or_default()).trim_matches('/'))?;
        let drive = match self.drive {
            Some(drive) => drive,
            None => options.drive()?,
        };
        let freshness = match options.text("freshness_seconds") {
            None => FRESHNESS,
            Some(text) => text
                .parse()
                .ok()
                .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
                .ok_or_else(|| wrong(format!("freshness_seconds is {text:?}: it is a number of seconds")))?,
        };
        let attributes =
            if options.truth("keep_attributes")? { AttributePolicy::Keep } else { AttributePolicy::Refuse };
        let inner = Inner {
            place: Place::new(space, prefix)?,
            deletes_for_good: options.truth("delete_for_good")?,
            recent: Recent::new(freshness),
            drive,
            attributes,
        };
        Ok(DingtalkStore { inner: Arc::new(inner) })
    }
}

/// Names without values, for one of them is a secret.
impl fmt::Debug for DingtalkStoreBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options: Vec<&String> = self.options.keys().collect();
        let mut shown = formatter.debug_struct("DingtalkStoreBuilder");
        shown.field("url", &self.url).field("prefix", &self.prefix).field("options", &options).finish_non_exhaustive()
    }
}

/// The store of a URL's space, and the path in it, with the connection that the environment names.
///
/// # Errors
///
/// Those of [`DingtalkStoreBuilder::build`].
pub fn parse_url(url: &Url) -> Result<(Box<dyn ObjectStore>, Path)> {
    parse_url_opts(url, std::iter::empty::<(&str, &str)>())
}

/// The store of a URL's space, and the path in it, with options over what the environment says.
///
/// # Errors
///
/// Those of [`DingtalkStoreBuilder::build`].
pub fn parse_url_opts<K: AsRef<str>, V: Into<String>>(
    url: &Url,
    options: impl IntoIterator<Item = (K, V)>,
) -> Result<(Box<dyn ObjectStore>, Path)> {
    let (space, path) = of_url(url)?;
    let builder = DingtalkStoreBuilder::from_env().with_space(&space);
    let builder = options.into_iter().fold(builder, |builder, (name, value)| builder.with_option(name.as_ref(), value));
    Ok((Box::new(builder.build()?), path))
}

fn parse(url: &str) -> Result<Url> {
    Url::parse(url).map_err(|error| wrong(format!("{url:?} is no URL: {error}")))
}

/// The space that a URL names, and the path in it.
fn of_url(url: &Url) -> Result<(SpaceId, Path)> {
    let space = url.host_str().filter(|space| !space.is_empty() && url.scheme() == SCHEME);
    let has_more =
        url.port().is_some() || url.query().is_some() || url.fragment().is_some() || !url.username().is_empty();
    match space {
        Some(space) if !has_more => Ok((SpaceId::new(space), Path::from_url_path(url.path())?)),
        _ => Err(wrong(format!("{:?} is no URL of the drive: write dingtalk://SPACE/folder", without_secrets(url)))),
    }
}

/// Who writes a password into the wrong URL does not want to find it in a log.
fn without_secrets(url: &Url) -> String {
    let mut url = url.clone();
    let _ = url.set_password(None);
    url.set_query(None);
    url.to_string()
}

fn wrong(what: impl Into<String>) -> Error {
    Error::Generic { store: STORE, source: what.into().into() }
}

struct Options<'a>(&'a BTreeMap<String, String>);

impl Options<'_> {
    fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    fn truth(&self, key: &str) -> Result<bool> {
        match self.text(key) {
            None | Some("false" | "0") => Ok(false),
            Some("true" | "1") => Ok(true),
            Some(other) => Err(wrong(format!("{key} is {other:?}: it is true or false"))),
        }
    }

    fn drive(&self) -> Result<Drive> {
        let failed = |error: dingtalk_storage::Error| Error::Generic { store: STORE, source: Box::new(error) };
        let Some(operator) = self.text("operator") else {
            return Err(wrong(
                "nobody is named for whom calls are made: set `operator` (DINGTALK_OPERATOR) to a unionId",
            ));
        };
        let mut builder = Client::builder().allow_plain_http(self.truth("allow_plain_http")?);
        if let Some(region) = self.text("region") {
            builder = builder.region(region.parse::<Region>().map_err(failed)?);
        }
        if let Some(endpoint) = self.text("endpoint") {
            builder = builder.base_url(endpoint);
        }
        if let Some(endpoint) = self.text("oapi_endpoint") {
            builder = builder.oapi_base_url(endpoint);
        }
        let client = self.credentials(builder)?.build().map_err(failed)?;
        Ok(Drive::new(&client.operator(&UnionId::new(operator))))
    }

    fn credentials(&self, builder: ClientBuilder) -> Result<ClientBuilder> {
        if let Some(token) = self.text("access_token") {
            let token = FixedToken::new(token);
            return token
                .map(|token| builder.credentials(token))
                .map_err(|error| Error::Generic { store: STORE, source: Box::new(error) });
        }
        let (Some(key), Some(secret)) = (self.text("app_key"), self.text("app_secret")) else {
            return Err(wrong(
                "there are no credentials: set `app_key` and `app_secret` (DINGTALK_APP_KEY, DINGTALK_APP_SECRET), or \
                 `access_token` (DINGTALK_ACCESS_TOKEN)",
            ));
        };
        Ok(match self.text("corp_id") {
            Some(corp) => builder.credentials(ClientCredentials::new(corp, key, secret)),
            None => builder.credentials(InternalApp::new(key, secret)),
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    fn complete() -> DingtalkStoreBuilder {
        let variables = [
            ("DINGTALK_REGION", "international"),
            ("DINGTALK_APP_KEY", "key"),
            ("DINGTALK_APP_SECRET", "not-to-be-seen"),
            ("DINGTALK_UNION_ID", "ada"),
            ("DINGTALK_PROFILE", "of another program"),
        ];
        DingtalkStoreBuilder::new()
            .with_variables(variables.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())))
    }

    #[test]
    fn a_url_names_space_and_folder() {
        let store = complete().with_url("dingtalk://2256226585/Reports%20A/2026/").build().unwrap();
        assert_eq!(store.to_string(), "DingtalkStore(dingtalk://2256226585/Reports A/2026)");
        let store = complete().with_url("dingtalk://7/a").with_prefix("b").build().unwrap();
        assert_eq!(store.to_string(), "DingtalkStore(dingtalk://7/a/b)");
        let store = complete().with_space(&SpaceId::new("7")).build().unwrap();
        assert_eq!(store.to_string(), "DingtalkStore(dingtalk://7/)");
        for url in ["s3://7/a", "dingtalk:///a", "dingtalk:7", "dingtalk://7/a?b=c", "dingtalk://7:1/a", "no url"] {
            assert!(complete().with_url(url).build().is_err(), "{url}");
        }
        let (space, path) = of_url(&Url::parse("dingtalk://7/year=2026/a.parquet").unwrap()).unwrap();
        assert_eq!((space, path), (SpaceId::new("7"), Path::from("year=2026/a.parquet")));
    }

    #[test]
    fn what_is_missing_or_wrong_is_said_and_no_secret() {
        let told = |builder: DingtalkStoreBuilder| builder.with_url("dingtalk://7").build().unwrap_err().to_string();
        assert!(told(DingtalkStoreBuilder::new()).contains("DINGTALK_OPERATOR"));
        assert!(told(DingtalkStoreBuilder::new().with_option("operator", "ada")).contains("DINGTALK_APP_SECRET"));
        assert!(told(complete().with_option("region", "moon")).contains("region"));
        assert!(told(complete().with_option("dingtalk_freshness_seconds", "-1")).contains("freshness_seconds"));
        assert!(told(complete().with_option("DELETE_FOR_GOOD", "perhaps")).contains("delete_for_good"));
        let unknown = complete().with_option("bucket", "x").with_url("dingtalk://7").build().unwrap_err();
        assert!(matches!(unknown, Error::UnknownConfigurationKey { ref key, .. } if key == "bucket"), "{unknown}");
        assert!(complete().build().unwrap_err().to_string().contains("dingtalk://SPACE"));
        assert!(!format!("{:?}", complete()).contains("not-to-be-seen"));
    }
}
