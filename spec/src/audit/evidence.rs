//! What the official SDK says, and the pages of what it does not have.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::lines::Tree;
use super::{InvalidSource, Sources};

/// The evidence of both files and where in them everything stands.
pub(super) struct Evidence {
    pub(super) operations: BTreeMap<String, EvidenceOperation>,
    pub(super) events: BTreeMap<String, EvidenceEvent>,
    sdk: Tree,
    pages: Tree,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EvidenceFile {
    #[serde(rename = "about")]
    _about: serde_json::Map<String, serde_json::Value>,
    operations: BTreeMap<String, EvidenceOperation>,
    #[serde(default)]
    events: BTreeMap<String, EvidenceEvent>,
}

/// The bare facts of an event.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct EvidenceEvent {
    pub(super) biz_type: u32,
    pub(super) data: EvidenceFields,
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
    /// Reads what the SDK says and what the pages say. What both had would have two sources that nobody compares.
    pub(super) fn read(sdk: &str, pages: &str) -> Result<Self, InvalidSource> {
        let (sdk_tree, sdk) = read(Sources::EVIDENCE, sdk)?;
        let (pages_tree, pages) = read(Sources::PAGES, pages)?;
        if let Some(name) = pages.operations.keys().find(|name| sdk.operations.contains_key(*name)) {
            let message = format!("`{name}` stands in {} too", Sources::EVIDENCE);
            return Err(InvalidSource::new(Sources::PAGES, pages_tree.line(&["operations", name]), message));
        }
        let (mut operations, mut events) = (sdk.operations, sdk.events);
        operations.extend(pages.operations);
        events.extend(pages.events);
        Ok(Self { operations, events, sdk: sdk_tree, pages: pages_tree })
    }

    /// `file:line` of a key, or of what is nearest to it when there is none: in the file of the pages where that has
    /// the operation or event, in that of the SDK otherwise.
    pub(super) fn at(&self, keys: &[String]) -> String {
        let subject = keys.get(..2).unwrap_or(keys);
        let (file, tree) =
            if self.pages.has(subject) { (Sources::PAGES, &self.pages) } else { (Sources::EVIDENCE, &self.sdk) };
        format!("{file}:{}", tree.line(keys))
    }
}

fn read(name: &'static str, text: &str) -> Result<(Tree, EvidenceFile), InvalidSource> {
    let tree = Tree::read(name, text)?;
    let file = serde_json::from_str(text).map_err(|error| InvalidSource::new(name, error.line(), error.to_string()))?;
    Ok((tree, file))
}
