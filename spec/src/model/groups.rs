//! The chapters of the documentation.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Map;

/// The chapters of the documentation, in its order.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Groups {
    /// Chapters by the name that operations use.
    pub groups: Map<Group>,
}

/// A chapter of the documentation.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Group {
    /// Heading in the documentation.
    pub title: String,
    /// What the chapter is about.
    pub doc: String,
    /// What the sources have in this chapter and the spec leaves out, as a sentence. Without it the chapter is complete.
    #[serde(default)]
    pub lacks: Option<String>,
}
