//! What the official SDK says.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::lines::Tree;
use super::{InvalidSource, Sources};

/// The evidence and where in its file everything stands.
pub(super) struct Evidence {
    pub(super) operations: BTreeMap<String, EvidenceOperation>,
    tree: Tree,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EvidenceFile {
    #[serde(rename = "about")]
    _about: serde_json::Map<String, serde_json::Value>,
    operations: BTreeMap<String, EvidenceOperation>,
}

/// The bare facts of an operation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct EvidenceOperation {
    pub(super) method: String,
    pub(super) path: String,
    /// Whether it sends the access token in its header.
    #[serde(default)]
    pub(super) token: bool,
    #[serde(default)]
    pub(super) path_parameters: EvidenceFields,
    #[serde(default)]
    pub(super) query: EvidenceFields,
    #[serde(default)]
    pub(super) body: EvidenceFields,
    #[serde(default)]
    pub(super) response: EvidenceFields,
}

pub(super) type EvidenceFields = BTreeMap<String, EvidenceField>;

/// The bare facts of a parameter or field.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EvidenceField {
    /// In the notation of the spec, with `object` for every object.
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) required: bool,
    #[serde(default)]
    pub(super) fields: EvidenceFields,
}

impl Evidence {
    pub(super) fn read(text: &str) -> Result<Self, InvalidSource> {
        let tree = Tree::read(Sources::EVIDENCE, text)?;
        let file: EvidenceFile = serde_json::from_str(text)
            .map_err(|error| InvalidSource::new(Sources::EVIDENCE, error.line(), error.to_string()))?;
        Ok(Self { operations: file.operations, tree })
    }

    /// `file:line` of a key, or of what is nearest to it when there is none.
    pub(super) fn at(&self, keys: &[String]) -> String {
        format!("{}:{}", Sources::EVIDENCE, self.tree.line(keys))
    }
}
