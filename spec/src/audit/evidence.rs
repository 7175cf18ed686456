//! What the official SDK says, and the pages of what it does not have.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::lines::Tree;
use super::{InvalidSource, Sources};

/// The evidence of both files and where in them everything stands.
pub(super) struct Evidence {
    pub(super) operations: BTreeMap<String, EvidenceOperation>,
    pub(super) events: BTreeMap<String, EvidenceEvent>,
    /// Every module of the SDK, with method and path of each operation of those that were read.
    modules: BTreeMap<String, BTreeMap<String, String>>,
    sdk: Tree,
    pages: Tree,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EvidenceFile {
    #[serde(rename = "about")]
    _about: serde_json::Map<String, serde_json::Value>,
    #[serde(default)]
    modules: BTreeMap<String, BTreeMap<String, String>>,
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
        Ok(Self { operations, events, modules: sdk.modules, sdk: sdk_tree, pages: pages_tree })
    }

    /// Operations that the pages alone are held against.
    pub(super) fn of_pages(&self) -> impl Iterator<Item = &str> {
        let names = self.operations.keys().map(String::as_str);
        names.filter(|name| self.pages.has(&["operations", name]))
    }

    /// Where the SDK has an operation: under its name, or under another with the same method and path.
    pub(super) fn in_sdk(&self, full_name: &str, http: &str) -> Option<String> {
        let named = full_name.split_once('.').and_then(|(family, name)| {
            let (module, operations) = self.modules.get_key_value(&module_of(family)?)?;
            operations.get_key_value(name).map(|(name, _)| format!("{module}.{name}"))
        });
        named.or_else(|| {
            let all = self.modules.iter().flat_map(|(module, all)| all.iter().map(move |each| (module, each)));
            let mut same = all.filter(|(_, (_, its))| *its == http);
            same.next().map(|(module, (name, _))| format!("{module}.{name}"))
        })
    }

    /// The module of a family, when the SDK has it and none of its operations were read.
    pub(super) fn unread_module(&self, family: &str) -> Option<&str> {
        let (module, operations) = self.modules.get_key_value(&module_of(family)?)?;
        operations.is_empty().then_some(module)
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

/// Name that the SDK has for a family: `wiki_2_0` for `wiki_v2`.
fn module_of(family: &str) -> Option<String> {
    family.rsplit_once("_v").map(|(name, version)| format!("{name}_{version}_0"))
}

fn read(name: &'static str, text: &str) -> Result<(Tree, EvidenceFile), InvalidSource> {
    let tree = Tree::read(name, text)?;
    let file = serde_json::from_str(text).map_err(|error| InvalidSource::new(name, error.line(), error.to_string()))?;
    Ok((tree, file))
}
