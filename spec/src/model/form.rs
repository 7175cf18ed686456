//! Bodies that are forms, and the files in them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Map;

/// How the body of a request is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// As one JSON object.
    #[default]
    Json,
    /// As `multipart/form-data`: each field is a part, in the order of the page. Parts are texts, numbers, bools, enums,
    /// ids and files.
    Form,
}

/// Which files an operation takes as a part of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Accepted {
    /// Where other parts of the form have these values; everywhere when left out.
    #[serde(default)]
    pub when: Map<String>,
    /// Largest file in bytes, where that is less than the `max` of the field. Larger ones are refused before anything is
    /// sent.
    #[serde(default)]
    pub max: Option<i64>,
    /// Extensions of file names, without the dot and in lower case. They are documented; the server decides.
    #[serde(default)]
    pub extensions: Vec<String>,
}
