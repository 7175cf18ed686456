//! Profiles: what `login` keeps, so that it need not be said again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

use super::{config_dir, read_if_there, write_private};
use crate::Failure;
use crate::exit::Code;

/// Name of a profile that nobody named.
pub const DEFAULT: &str = "default";

/// All profiles.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Profiles {
    /// The one that is taken where none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    #[serde(default)]
    pub profiles: BTreeMap<String, Profile>,
}

/// What one profile says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Profile {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oapi_endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corp_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub union_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretSource>,
}

/// Where the secret of a profile is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SecretSource {
    /// In the file of secrets, which only the user can read.
    Stored,
    /// In a file of the user's own.
    File(PathBuf),
    /// What a command prints, such as that of a password manager or of the system's keyring.
    Command(String),
}

impl Profiles {
    /// Reads them; none where there is no file.
    pub fn read() -> Result<Self, Failure> {
        let Some(path) = path("profiles.json") else { return Ok(Self::default()) };
        let Some(text) = read_if_there(&path)? else { return Ok(Self::default()) };
        serde_json::from_str(&text).map_err(|error| {
            Failure::new(Code::Local, format!("{} has no profiles: {error}", path.display()))
                .hint("mend or remove the file, and run `dingtalk-storage login`")
        })
    }

    /// Writes them.
    pub fn write(&self) -> Result<(), Failure> {
        write_json("profiles.json", self)
    }

    pub fn get(&self, name: &str) -> Option<&Profile> {
        self.profiles.get(name)
    }

    /// The one that is taken where none is named.
    pub fn default_one(&self) -> Option<(&str, &Profile)> {
        let name = self.default.as_deref().unwrap_or(DEFAULT);
        self.profiles.get_key_value(name).map(|(name, profile)| (name.as_str(), profile))
    }
}

impl Profile {
    /// Its secret, asked for where it is.
    pub fn secret(&self, name: &str) -> Result<Option<String>, Failure> {
        match &self.secret {
            None => Ok(None),
            Some(SecretSource::Stored) => Ok(secrets()?.remove(name)),
            Some(SecretSource::File(path)) => of_file(path).map(Some),
            Some(SecretSource::Command(command)) => of_command(command).map(Some),
        }
    }
}

/// The secret in a file.
pub fn of_file(path: &Path) -> Result<String, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::local(format!("cannot read the secret in {}", path.display()), &error))?;
    Ok(without_line_end(&text))
}

/// The secret that a command prints.
pub fn of_command(command: &str) -> Result<String, Failure> {
    let failed =
        |why: String| Failure::new(Code::Credentials, format!("the command for the secret, `{command}`, {why}"));
    let mut shell = if cfg!(windows) { Command::new("cmd") } else { Command::new("sh") };
    shell.arg(if cfg!(windows) { "/C" } else { "-c" }).arg(command).stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = shell.output().map_err(|error| failed(format!("cannot be run: {error}")))?;
    if !output.status.success() {
        return Err(failed(format!("failed: {}", output.status)));
    }
    let text = String::from_utf8(output.stdout).map_err(|_| failed("printed no text".to_owned()))?;
    let secret = without_line_end(&text);
    if secret.is_empty() { Err(failed("printed nothing".to_owned())) } else { Ok(secret) }
}

/// What editors and `echo` put behind a text is no part of it.
pub fn without_line_end(text: &str) -> String {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text).to_owned()
}

/// Keeps the secret of a profile, or forgets it.
pub fn store_secret(name: &str, secret: Option<&str>) -> Result<(), Failure> {
    let mut all = secrets()?;
    match secret {
        Some(secret) => drop(all.insert(name.to_owned(), secret.to_owned())),
        None if all.remove(name).is_none() => return Ok(()),
        None => {}
    }
    write_json("secrets.json", &all)
}

fn secrets() -> Result<BTreeMap<String, String>, Failure> {
    let Some(path) = path("secrets.json") else { return Ok(BTreeMap::new()) };
    let Some(text) = read_if_there(&path)? else { return Ok(BTreeMap::new()) };
    check_private(&path)?;
    // Its text is not shown: an error of the reader would.
    serde_json::from_str(&text).map_err(|_| {
        Failure::new(Code::Local, format!("{} has no secrets: remove it, and log in again", path.display()))
    })
}

/// Refuses a file that others can read.
#[cfg(unix)]
fn check_private(path: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path).map(|metadata| metadata.permissions().mode());
    let mode = mode.map_err(|error| Failure::local(format!("cannot read {}", path.display()), &error))?;
    let of_others = mode & 0o077;
    if of_others == 0 {
        return Ok(());
    }
    Err(Failure::new(Code::Credentials, format!("other users can read {}", path.display()))
        .hint(format!("run `chmod 600 {}`, and change the secret if others may have seen it", path.display())))
}

#[cfg(not(unix))]
fn check_private(_: &Path) -> Result<(), Failure> {
    Ok(())
}

fn path(name: &str) -> Option<PathBuf> {
    config_dir().map(|folder| folder.join(name))
}

fn write_json(name: &str, value: &impl Serialize) -> Result<(), Failure> {
    let path = path(name).ok_or_else(|| {
        Failure::new(Code::Local, "there is no home to keep settings in").hint("set HOME or XDG_CONFIG_HOME")
    })?;
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Failure::new(Code::Failed, format!("the settings cannot be written: {error}")))?;
    write_private(&path, &format!("{text}\n"))
}
