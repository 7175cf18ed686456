//! Stores set up: from a drive, from a URL, from the environment.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use dingtalk_storage::runtime::NamedSettings;
use dingtalk_storage::types::SpaceId;
use dingtalk_storage_transfer::Drive;
use object_store::path::Path;
use object_store::{Error, ObjectStore, Result};
use url::Url;

use crate::attributes::AttributePolicy;
use crate::failure::STORE;
use crate::gates::Gates;
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
    options: BTreeMap<&'static str, SetOption>,
    /// The first option that nobody knows.
    unknown: Option<String>,
}

#[derive(Clone)]
struct SetOption {
    /// Its name as it was written.
    written: String,
    value: String,
}

impl DingtalkStoreBuilder {
    /// A builder with the defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// A builder with what the environment says.
    pub fn from_env() -> Self {
        Self::new().with_settings(&NamedSettings::from_env())
    }

    fn with_settings(mut self, settings: &NamedSettings<'_>) -> Self {
        for key in KEYS {
            // It has an older name, too.
            let value = if key == "operator" { settings.operator().ok() } else { settings.text(key) };
            self.options.extend(value.map(|value| (key, SetOption { written: settings.spelled(key), value })));
        }
        self
    }

    /// Sets something by its name, in any case, with or without `dingtalk_` before it. One that does not exist is an
    /// error of [`build`](Self::build).
    pub fn with_option(mut self, name: &str, value: impl Into<String>) -> Self {
        let key = name.to_ascii_lowercase();
        let key = key.strip_prefix("dingtalk_").unwrap_or(&key);
        let key = if key == "union_id" { "operator" } else { key };
        if let Some(key) = KEYS.into_iter().find(|each| *each == key) {
            self.options.insert(key, SetOption { written: format!("`{name}`"), value: value.into() });
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
        let settings = settings(&self.options);
        let of_url = self.url.as_deref().map(|url| of_url(&parse(url)?)).transpose()?;
        let (space, path) = match (of_url, settings.text("space")) {
            (Some((space, path)), _) => (space, path),
            (None, Some(space)) => (SpaceId::new(space), Path::default()),
            (None, None) => return Err(wrong("no space is named: set it, or give a URL such as dingtalk://SPACE")),
        };
        let prefix = Path::parse(format!("{path}/{}", self.prefix.unwrap_or_default()).trim_matches('/'))?;
        let drive = match self.drive {
            Some(drive) => drive,
            None => Drive::from_settings(&settings).map_err(failed)?,
        };
        let seconds = |text: &str| text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let freshness = settings.text("freshness_seconds").map(|text| {
            seconds(&text).ok_or_else(|| {
                wrong(format!("{} is {text:?}: it is a number of seconds", settings.spelled("freshness_seconds")))
            })
        });
        let truth = |name| settings.truth(name).map(Option::unwrap_or_default).map_err(failed);
        let attributes = if truth("keep_attributes")? { AttributePolicy::Keep } else { AttributePolicy::Refuse };
        let inner = Inner {
            place: Place::new(space, prefix)?,
            deletes_for_good: truth("delete_for_good")?,
            recent: Recent::new(freshness.transpose()?.unwrap_or(FRESHNESS)),
            renaming: Gates::default(),
            drive,
            attributes,
        };
        Ok(DingtalkStore { inner: Arc::new(inner) })
    }
}

/// Names without values, for one of them is a secret.
impl fmt::Debug for DingtalkStoreBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options: Vec<_> = self.options.keys().collect();
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

fn failed(error: dingtalk_storage::Error) -> Error {
    Error::Generic { store: STORE, source: Box::new(error) }
}

/// Options as settings. One that nobody has set is called by both of its names.
fn settings<'a>(options: &'a BTreeMap<&'static str, SetOption>) -> NamedSettings<'a> {
    NamedSettings::new(|name| options.get(name).map(|option| option.value.clone())).spelled_as(|name| {
        let both = || format!("`{name}` ({})", NamedSettings::from_env().spelled(name));
        options.get(name).map_or_else(both, |option| option.written.clone())
    })
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
        let variable = |name: &str| format!("DINGTALK_{}", name.to_uppercase());
        let read = move |name: &str| {
            let found = variables.iter().find(|(each, _)| *each == variable(name));
            found.map(|(_, value)| (*value).to_owned())
        };
        DingtalkStoreBuilder::new().with_settings(&NamedSettings::new(read).spelled_as(variable))
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
        // A setting is called as it was written.
        for name in ["region", "Dingtalk_Freshness_Seconds", "DELETE_FOR_GOOD", "allow_plain_http"] {
            let told = told(complete().with_option(name, "-1"));
            assert!(told.contains(&format!("`{name}`")), "{told}");
        }
        let read = |name: &str| (name == "keep_attributes").then(|| "perhaps".to_owned());
        let in_env = NamedSettings::new(read).spelled_as(|name| format!("${name}"));
        assert!(told(complete().with_settings(&in_env)).contains("$keep_attributes is neither"));
        let unknown = complete().with_option("bucket", "x").with_url("dingtalk://7").build().unwrap_err();
        assert!(matches!(unknown, Error::UnknownConfigurationKey { ref key, .. } if key == "bucket"), "{unknown}");
        assert!(complete().build().unwrap_err().to_string().contains("dingtalk://SPACE"));
        assert!(!format!("{:?}", complete()).contains("not-to-be-seen"));
    }
}
