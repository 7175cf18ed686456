//! What is set, and where it comes from.

use std::fmt;

use super::{Flags, Profile, Profiles};
use crate::Failure;
use crate::exit::Code;
use crate::output::{called, is_deceiving};

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    pub text: String,
    pub source: Source,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Flag(&'static str),
    Environment(&'static str),
    Profile(String),
}

impl Source {
    /// Lower goes before higher.
    pub fn rank(&self) -> u8 {
        match self {
            Self::Flag(_) => 0,
            Self::Environment(_) => 1,
            Self::Profile(_) => 2,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => write!(formatter, "--{name}"),
            Self::Environment(name) => formatter.write_str(name),
            Self::Profile(name) => write!(formatter, "profile {name:?}"),
        }
    }
}

/// All that says where to and as whom.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    pub profile: Option<String>,
    pub region: Option<Setting>,
    pub endpoint: Option<Setting>,
    pub oapi_endpoint: Option<Setting>,
    pub allow_plain_http: Option<Setting>,
    pub access_token: Option<Setting>,
    pub app_key: Option<Setting>,
    secret: Option<Setting>,
    pub corp_id: Option<Setting>,
    pub union_id: Option<Setting>,
    pub user_id: Option<Setting>,
    from_profile: Option<(String, Profile)>,
}

impl Settings {
    /// Reads flags, environment and profile.
    pub fn gather(flags: &Flags) -> Result<Self, Failure> {
        Self::with(flags, profile(flags)?)
    }

    /// Reads flags and environment alone, for a profile that is made of them.
    pub fn without_profile(flags: &Flags) -> Result<Self, Failure> {
        Self::with(flags, None)
    }

    fn with(flags: &Flags, profile: Option<(String, Profile)>) -> Result<Self, Failure> {
        let set = |flag: Option<(&'static str, &Option<String>)>,
                   names: &[&'static str],
                   of: fn(&Profile) -> &Option<String>| {
            if let Some((flag, Some(text))) = flag {
                return checked(text, Source::Flag(flag)).map(Some);
            }
            for name in names {
                if let Some(text) = variable(name)? {
                    return checked(&text, Source::Environment(name)).map(Some);
                }
            }
            let of_profile = profile.as_ref().and_then(|(name, profile)| Some((name, of(profile).as_ref()?)));
            of_profile.map(|(name, text)| checked(text, Source::Profile(name.clone()))).transpose()
        };
        let none: fn(&Profile) -> &Option<String> = |_| &None;
        Ok(Self {
            region: set(Some(("region", &flags.region)), &["DINGTALK_REGION"], |profile| &profile.region)?,
            endpoint: set(Some(("endpoint", &flags.endpoint)), &["DINGTALK_ENDPOINT"], |profile| &profile.endpoint)?,
            oapi_endpoint: set(
                Some(("oapi-endpoint", &flags.oapi_endpoint)),
                &["DINGTALK_OAPI_ENDPOINT"],
                |profile| &profile.oapi_endpoint,
            )?,
            allow_plain_http: set(None, &["DINGTALK_ALLOW_PLAIN_HTTP"], none)?,
            access_token: set(None, &["DINGTALK_ACCESS_TOKEN"], none)?,
            app_key: set(Some(("app-key", &flags.app_key)), &["DINGTALK_APP_KEY"], |profile| &profile.app_key)?,
            secret: set(None, &["DINGTALK_APP_SECRET"], none)?,
            corp_id: set(Some(("corp-id", &flags.corp_id)), &["DINGTALK_CORP_ID"], |profile| &profile.corp_id)?,
            union_id: set(
                Some(("union-id", &flags.union_id)),
                &["DINGTALK_UNION_ID", "DINGTALK_OPERATOR"],
                |profile| &profile.union_id,
            )?,
            user_id: set(Some(("user-id", &flags.user_id)), &["DINGTALK_USER_ID"], none)?,
            profile: profile.as_ref().map(|(name, _)| name.clone()),
            from_profile: profile,
        })
    }

    /// What a profile says, and nothing else, with its secret.
    pub fn of_profile(name: &str, profile: &Profile, secret: &str) -> Result<Self, Failure> {
        let set = |text: &Option<String>| {
            text.as_ref().map(|text| checked(text, Source::Profile(name.to_owned()))).transpose()
        };
        Ok(Self {
            region: set(&profile.region)?,
            endpoint: set(&profile.endpoint)?,
            oapi_endpoint: set(&profile.oapi_endpoint)?,
            app_key: set(&profile.app_key)?,
            secret: set(&Some(secret.to_owned()))?,
            corp_id: set(&profile.corp_id)?,
            ..Self::default()
        })
    }

    /// The secret that does not come from a profile.
    pub fn own_secret(&self) -> Option<&str> {
        self.secret.as_ref().map(|secret| secret.text.as_str())
    }

    /// The secret of the app. That of a profile is the secret of the profile's app only.
    pub fn app_secret(&self) -> Result<Option<Setting>, Failure> {
        if self.secret.is_some() {
            return Ok(self.secret.clone());
        }
        let Some((name, profile)) = &self.from_profile else { return Ok(None) };
        let is_its_app = self.app_key.as_ref().is_some_and(|key| profile.app_key.as_ref() == Some(&key.text));
        if !is_its_app {
            return Ok(None);
        }
        let Some(text) = profile.secret(name)? else { return Ok(None) };
        checked(&text, Source::Profile(name.clone())).map(Some)
    }

    /// Where the secret comes from, without asking for it.
    pub fn secret_source(&self) -> Option<Source> {
        if let Some(secret) = &self.secret {
            return Some(secret.source.clone());
        }
        let (name, profile) = self.from_profile.as_ref()?;
        profile.secret.as_ref().map(|_| Source::Profile(name.clone()))
    }

    /// Whether there are any, right or wrong.
    pub fn has_credentials(&self) -> bool {
        self.access_token.is_some() || self.app_key.is_some() || self.secret.is_some()
    }
}

fn profile(flags: &Flags) -> Result<Option<(String, Profile)>, Failure> {
    let named = match &flags.profile {
        Some(name) => Some(name.clone()),
        None => variable("DINGTALK_PROFILE")?,
    };
    let profiles = Profiles::read()?;
    match named {
        Some(name) => match profiles.get(&name) {
            Some(profile) => Ok(Some((name, profile.clone()))),
            None => Err(Failure::new(Code::NotFound, format!("there is no profile {name:?}"))
                .hint("`dingtalk-storage profiles` lists them, and `login --profile NAME` makes one")),
        },
        None => Ok(profiles.default_one().map(|(name, profile)| (name.to_owned(), profile.clone()))),
    }
}

/// A variable that is set to something.
fn variable(name: &str) -> Result<Option<String>, Failure> {
    match std::env::var_os(name).map(std::ffi::OsString::into_string) {
        None => Ok(None),
        Some(Ok(text)) => Ok(Some(text).filter(|text| !text.is_empty())),
        Some(Err(_)) => Err(Failure::usage(format!("{name} is no Unicode text"))),
    }
}

/// A value without characters that nobody sees: they come with copies from web pages and from files with another line
/// end, and lead to refusals that nobody understands.
pub fn checked(text: &str, source: Source) -> Result<Setting, Failure> {
    if let Some((at, character)) = text.chars().enumerate().find(|(_, character)| is_deceiving(*character)) {
        return Err(Failure::usage(format!(
            "{source} has {} at its character {}: take it out",
            called(character),
            at + 1
        )));
    }
    if text.trim() != text {
        return Err(Failure::usage(format!("{source} has a blank at its beginning or end: take it out")));
    }
    Ok(Setting { text: text.to_owned(), source })
}
