//! What can be said about the service by name.

use std::fmt;

use dingtalk_storage::runtime::NamedSettings;
use opendal_core::{Configurator, Error, ErrorKind, OperatorUri, Result};
use serde::{Deserialize, Serialize};

use crate::DingtalkStorage;

/// Where to and as whom; what a [`DingtalkStorage`] is made of by name.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct DingtalkStorageConfig {
    /// Folder that is the root of the operator, `/` by default. It need not exist.
    pub root: Option<String>,
    /// Id of the space.
    pub space: Option<String>,
    /// `international` or `mainland`.
    pub region: Option<String>,
    /// In its place: the address of another server.
    pub endpoint: Option<String>,
    /// And that of the older API, where the other is not DingTalk's own.
    pub oapi_endpoint: Option<String>,
    /// Whether plain http may go to other machines than this one.
    pub allow_plain_http: bool,
    /// A token to use as it is.
    pub access_token: Option<String>,
    /// Without such a token: the key of the app,
    pub app_key: Option<String>,
    /// and its secret.
    pub app_secret: Option<String>,
    /// The organization, for an app that several have.
    pub corp_id: Option<String>,
    /// unionId of the person for whom calls are made.
    pub operator: Option<String>,
    /// Whether files are deleted for good. Otherwise they go to the recycle bin, which only spaces of the Drive API have.
    pub delete_for_good: bool,
}

impl DingtalkStorageConfig {
    /// What is said about the connection.
    pub(crate) fn settings(&self) -> NamedSettings<'_> {
        NamedSettings::new(|name| match name {
            "region" => self.region.clone(),
            "endpoint" => self.endpoint.clone(),
            "oapi_endpoint" => self.oapi_endpoint.clone(),
            "allow_plain_http" => Some(self.allow_plain_http.to_string()),
            "access_token" => self.access_token.clone(),
            "app_key" => self.app_key.clone(),
            "app_secret" => self.app_secret.clone(),
            "corp_id" => self.corp_id.clone(),
            "operator" => self.operator.clone(),
            _ => None,
        })
    }
}

/// Without secrets.
impl fmt::Debug for DingtalkStorageConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("DingtalkStorageConfig");
        shown.field("root", &self.root).field("space", &self.space).field("region", &self.region);
        shown.field("endpoint", &self.endpoint).field("app_key", &self.app_key).field("operator", &self.operator);
        shown.finish_non_exhaustive()
    }
}

impl Configurator for DingtalkStorageConfig {
    type Builder = DingtalkStorage;

    /// `dingtalk://SPACE/folder`, with the rest as options.
    fn from_uri(uri: &OperatorUri) -> Result<Self> {
        let mut options = uri.options().clone();
        if let Some(space) = uri.name() {
            options.insert("space".to_owned(), space.to_owned());
        }
        if let Some(root) = uri.root() {
            options.insert("root".to_owned(), root.to_owned());
        }
        if uri.username().is_some() || uri.password().is_some() {
            return Err(Error::new(ErrorKind::ConfigInvalid, "the address names a user: credentials are options"));
        }
        Self::from_iter(options)
    }

    fn into_builder(self) -> DingtalkStorage {
        DingtalkStorage::of(self)
    }
}
