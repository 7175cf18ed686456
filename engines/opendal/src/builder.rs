//! The service set up.

use std::fmt;

use dingtalk_storage::credentials::{ClientCredentials, FixedToken, InternalApp};
use dingtalk_storage::types::{SpaceId, UnionId};
use dingtalk_storage::{Client, ClientBuilder, Region};
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
}

impl DingtalkStorage {
    pub(crate) fn of(config: DingtalkStorageConfig) -> Self {
        Self { config, drive: None }
    }

    /// One with the connection that the environment names: `DINGTALK_REGION`, `DINGTALK_ENDPOINT`,
    /// `DINGTALK_OAPI_ENDPOINT`, `DINGTALK_ACCESS_TOKEN`, or `DINGTALK_APP_KEY` and `DINGTALK_APP_SECRET`,
    /// `DINGTALK_CORP_ID`, `DINGTALK_ALLOW_PLAIN_HTTP`, and `DINGTALK_OPERATOR` (or `DINGTALK_UNION_ID`).
    pub fn from_env() -> Self {
        let variable = |name: &str| std::env::var(format!("DINGTALK_{name}")).ok().filter(|value| !value.is_empty());
        Self::of(DingtalkStorageConfig {
            region: variable("REGION"),
            endpoint: variable("ENDPOINT"),
            oapi_endpoint: variable("OAPI_ENDPOINT"),
            allow_plain_http: variable("ALLOW_PLAIN_HTTP").is_some_and(|text| text == "true"),
            access_token: variable("ACCESS_TOKEN"),
            app_key: variable("APP_KEY"),
            app_secret: variable("APP_SECRET"),
            corp_id: variable("CORP_ID"),
            operator: variable("OPERATOR").or_else(|| variable("UNION_ID")),
            ..DingtalkStorageConfig::default()
        })
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
        let drive = match &self.drive {
            Some(drive) => drive.clone(),
            None => drive_of(&self.config)?,
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

fn drive_of(config: &DingtalkStorageConfig) -> Result<Drive> {
    let Some(operator) = &config.operator else {
        return Err(wrong("nobody is named for whom calls are made: set `operator` to a unionId"));
    };
    let mut builder = Client::builder().allow_plain_http(config.allow_plain_http);
    if let Some(region) = &config.region {
        builder = builder.region(region.parse::<Region>().map_err(refused)?);
    }
    if let Some(endpoint) = &config.endpoint {
        builder = builder.base_url(endpoint);
    }
    if let Some(endpoint) = &config.oapi_endpoint {
        builder = builder.oapi_base_url(endpoint);
    }
    let client = with_credentials(builder, config)?.build().map_err(refused)?;
    Ok(Drive::new(&client.operator(&UnionId::new(operator.as_str()))))
}

fn with_credentials(builder: ClientBuilder, config: &DingtalkStorageConfig) -> Result<ClientBuilder> {
    if let Some(token) = &config.access_token {
        return Ok(builder.credentials(FixedToken::new(token).map_err(refused)?));
    }
    let (Some(key), Some(secret)) = (&config.app_key, &config.app_secret) else {
        return Err(wrong("there are no credentials: set `app_key` and `app_secret`, or `access_token`"));
    };
    Ok(match &config.corp_id {
        Some(corp) => builder.credentials(ClientCredentials::new(corp, key, secret)),
        None => builder.credentials(InternalApp::new(key, secret)),
    })
}
