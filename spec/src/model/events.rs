//! What the server pushes to subscribers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Language, Map, TypeRef};

/// What the server pushes to subscribers.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Events {
    /// Events by the name that the server gives them.
    pub events: Map<Event>,
}

/// One kind of event.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Event {
    /// What happened, in one sentence.
    pub summary: String,
    /// More that a subscriber must know.
    #[serde(default)]
    pub details: Option<String>,
    /// Slug of the documentation page.
    pub docs: String,
    /// Language of the page when no English one exists.
    #[serde(default)]
    pub language: Language,
    /// Its number in the synchronous HTTP push.
    pub biz_type: u32,
    /// Object that it carries, a name from `types/`.
    pub data: TypeRef,
}
