//! What names in texts lead to.

use std::collections::HashMap;

use dingtalk_storage_codegen::ir::{Api, TypeItem};

use crate::address::{Page, Target};

/// Operations, types, error codes, permissions and events by their names.
#[derive(Debug, Default)]
pub struct Names {
    /// Full names of the operations of a short name.
    operations: HashMap<String, Vec<String>>,
    others: HashMap<String, Page>,
}

impl Names {
    /// All names of the API.
    pub fn of<'a>(api: &Api, scopes: impl Iterator<Item = &'a String>) -> Self {
        let mut names = Self::default();
        for scope in scopes {
            names.others.insert(scope.clone(), Page::Scope(scope.clone()));
        }
        for event in &api.events {
            names.others.insert(event.wire.clone(), Page::Event(event.wire.clone()));
        }
        for code in &api.errors {
            names.others.insert(code.wire.clone(), Page::Error(code.wire.clone()));
        }
        for name in api.type_files.iter().flat_map(|file| &file.types).map(TypeItem::name) {
            names.others.insert(name.to_owned(), Page::Type(name.to_owned()));
        }
        for family in &api.families {
            names.others.insert(family.name.clone(), Page::Family(family.name.clone()));
            for operation in &family.operations {
                names.others.insert(operation.full_name.clone(), Page::Operation(operation.full_name.clone()));
                names.operations.entry(operation.name.clone()).or_default().push(operation.full_name.clone());
            }
        }
        names
    }

    /// What a name stands for in a text of a family.
    pub fn target(&self, name: &str, family: &str) -> Option<Target> {
        let page = match self.operations.get(name).map(Vec::as_slice) {
            Some([one]) => Some(Page::Operation(one.clone())),
            Some(several) => {
                let own = several.iter().find(|full| full.split_once('.').is_some_and(|(of, _)| of == family));
                own.map(|full| Page::Operation(full.clone()))
            }
            None => self.others.get(name).cloned(),
        };
        page.map(|page| Target::Page(page, None))
    }
}
