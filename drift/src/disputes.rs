//! Differences that are right, with the reason: `evidence/page_disputes.yaml`, in the form of `disputes.yaml`.

use serde::Deserialize;

use crate::compare::Found;
use crate::difference::About;

/// The list of disputes cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("evidence/page_disputes.yaml: {0}")]
pub struct InvalidDisputes(#[from] serde_yaml::Error);

/// The disputes of pages.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disputes {
    #[serde(default)]
    disputes: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[serde(default)]
    operations: Vec<String>,
    #[serde(default)]
    types: Vec<String>,
    #[serde(default)]
    fields: Vec<String>,
    about: About,
    spec: String,
    page: String,
    reason: String,
}

impl Disputes {
    /// Where they stand within the spec.
    pub const FILE: &'static str = "evidence/page_disputes.yaml";

    /// Reads the list.
    pub fn read(text: &str) -> Result<Self, InvalidDisputes> {
        Ok(serde_yaml::from_str(text)?)
    }

    /// Why a difference is right.
    pub(crate) fn reason(&self, operation: &str, found: &Found) -> Option<String> {
        self.disputes.iter().find(|entry| entry.covers(operation, found)).map(|entry| entry.reason.clone())
    }
}

impl Entry {
    fn covers(&self, operation: &str, found: &Found) -> bool {
        let of_operation = self.operations.iter().any(|name| name == operation)
            && (self.fields.contains(&found.field) || self.fields.is_empty() && found.field.is_empty());
        let of_type =
            found.shared.as_ref().is_some_and(|(name, field)| self.types.contains(name) && self.fields.contains(field));
        (of_operation || of_type) && self.about == found.about && self.spec == found.spec && self.page == found.page
    }
}
