//! The lists of all error codes and permissions, while they grow.

use std::collections::BTreeMap;

use dingtalk_storage_spec::SourceTree;

use super::render::error_code;
use crate::yaml::{self, NewEntry, Position};

/// `errors.yaml` and `scopes.yaml` while they grow.
pub(crate) struct Lists {
    pub(crate) tree: SourceTree,
    pub(crate) changed: BTreeMap<String, String>,
}

impl Lists {
    /// Adds an error code that the list does not have.
    pub(crate) fn error(&mut self, code: &str, status: u16, text: &str) -> bool {
        self.add("errors.yaml", "codes", code, &error_code(code, status, text))
    }

    /// Adds a permission that the list does not have; a spec can do without the list.
    pub(crate) fn scope(&mut self, scope: &str, text: &str) {
        self.add("scopes.yaml", "scopes", scope, &yaml::quoted(text));
    }

    fn add(&mut self, file: &str, list: &str, key: &str, value: &str) -> bool {
        if self.tree.entry(file, &[list, key]).is_some() {
            return true;
        }
        let new = NewEntry { key: &yaml::scalar(key), value };
        let text = yaml::insert(&self.tree, file, &[list.to_owned()], &Position::Last, &new);
        let Some(text) = text else { return false };
        self.tree = self.tree.with_file(file, text.clone().into_bytes());
        self.changed.insert(file.to_owned(), text);
        true
    }
}
