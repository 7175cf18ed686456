//! The service set up.

use std::fmt;

use dingtalk_storage::runtime::NamedSettings;
use dingtalk_storage::types::SpaceId;
use dingtalk_storage_transfer::Drive;
use opendal_core::raw::{Service, normalize_root};
use opendal_core::{Builder, Error, ErrorKind, Result};

use crate::config::DingtalkStorageConfig;
use crate::core::Core;
use crate::service::DingtalkService;

/// Sets up the service, for `Operator::new`.
#[derive(Clone, Default)]
#[must_use = "there is no service before it is built"]
pub struct DingtalkStorage {
    config: DingtalkStorageConfig,
    drive: Option<Drive>,
    /// Whether the environment says what the config does not.
    reads_env: bool,
}

impl DingtalkStorage {
    pub(crate) fn of(config: DingtalkStorageConfig) -> Self {
        Self { config, ..Self::default() }
    }

    /// One with the connection that the environment names: `DINGTALK_REGION`, `DINGTALK_ENDPOINT`,
    /// `DINGTALK_OAPI_ENDPOINT`, `DINGTALK_ACCESS_TOKEN`, or `DINGTALK_APP_KEY` and `DINGTALK_APP_SECRET`,
    /// `DINGTALK_CORP_ID`, `DINGTALK_ALLOW_PLAIN_HTTP`, and `DINGTALK_OPERATOR` (or `DINGTALK_UNION_ID`).
    pub fn from_env() -> Self {
        Self { reads_env: true, ..Self::default() }
    }

    /// Sets the drive: its client, operator and settings go before all that says so otherwise.
    pub fn drive(mut self, drive: &Drive) -> Self {
        self.drive = Some(drive.clone());
        self
    }

    /// Sets the space, by its id.
    pub fn space(mut self, space: impl Into<String>) -> Self {
        self.config.space = Some(space.into());
        self
    }

    /// Sets the folder that is the root, `/` by default. It need not exist.
    pub fn root(mut self, root: &str) -> Self {
        self.config.root = Some(root.to_owned());
        self
    }

    /// Deletes files for good; otherwise they go to the recycle bin, which only spaces of the Drive API have.
    pub fn delete_for_good(mut self, for_good: bool) -> Self {
        self.config.delete_for_good = for_good;
        self
    }
}

impl Builder for DingtalkStorage {
    type Config = DingtalkStorageConfig;

    fn build(self) -> Result<impl Service> {
        let Some(space) = self.config.space.as_deref().filter(|space| !space.is_empty()) else {
            return Err(wrong("no space is named: set `space` to its id"));
        };
        let drive = if let Some(drive) = self.drive {
            drive
        } else {
            let settings = if self.reads_env { NamedSettings::from_env() } else { self.config.settings() };
            Drive::from_settings(&settings).map_err(refused)?
        };
        let root = normalize_root(self.config.root.as_deref().unwrap_or("/"));
        Ok(DingtalkService::new(Core::new(drive, SpaceId::new(space), root, self.config.delete_for_good)))
    }
}

impl fmt::Debug for DingtalkStorage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("DingtalkStorage").field("config", &self.config).finish_non_exhaustive()
    }
}

fn wrong(what: &str) -> Error {
    Error::new(ErrorKind::ConfigInvalid, what)
}

fn refused(error: dingtalk_storage::Error) -> Error {
    wrong("the connection cannot be set up").set_source(error)
}
