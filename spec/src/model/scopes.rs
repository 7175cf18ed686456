//! The permissions that apps ask for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Map;

/// Every permission (scope) that an operation may need, once.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Scopes {
    /// What each permission is for, by the name that the platform gives it.
    pub scopes: Map<String>,
}
