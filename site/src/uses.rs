//! Where types, error codes and permissions are used.

use std::collections::{BTreeMap, BTreeSet};

use dingtalk_storage_codegen::ir::{Object, Type, TypeItem};

use crate::Sources;
use crate::context::items;

/// Uses of a type.
#[derive(Debug, Default)]
pub struct TypeUses<'a> {
    /// Operations that take it.
    pub requests: BTreeSet<&'a str>,
    /// Operations that answer with it.
    pub answers: BTreeSet<&'a str>,
    /// Other types that have it.
    pub types: BTreeSet<&'a str>,
    /// Events that carry it.
    pub events: BTreeSet<&'a str>,
}

/// Uses of everything.
#[derive(Debug, Default)]
pub struct Uses<'a> {
    types: BTreeMap<&'a str, TypeUses<'a>>,
    /// Operations by error code, with their statuses.
    pub errors: BTreeMap<&'a str, Vec<(&'a str, u16)>>,
    /// Operations by permission.
    pub scopes: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Uses<'a> {
    /// All uses.
    pub fn of(sources: Sources<'a>) -> Self {
        let mut uses = Self::default();
        for item in items(sources) {
            let (operation, name) = (item.operation, item.operation.full_name.as_str());
            for parameter in &operation.parameters {
                if let Some(of) = uses.of_type(&parameter.field.ty) {
                    of.requests.insert(name);
                }
            }
            for field in operation.response.iter().flat_map(|response| &response.fields) {
                if let Some(of) = uses.of_type(&field.ty) {
                    of.answers.insert(name);
                }
            }
            for object in &operation.objects {
                uses.local(object, name);
            }
            for (status, codes) in &operation.errors {
                for code in codes {
                    uses.errors.entry(code).or_default().push((name, *status));
                }
            }
            if let Some(scope) = &operation.scope {
                uses.scopes.entry(scope).or_default().push(name);
            }
        }
        for item in sources.api.type_files.iter().flat_map(|file| &file.types) {
            if let TypeItem::Object(object) = item {
                for field in &object.fields {
                    if let Some(of) = uses.of_type(&field.ty).filter(|_| field.ty.shared_name() != Some(&object.name)) {
                        of.types.insert(&object.name);
                    }
                }
            }
        }
        for event in &sources.api.events {
            uses.types.entry(&event.data).or_default().events.insert(&event.wire);
        }
        uses
    }

    /// Uses of a shared type.
    pub fn of_name(&self, name: &str) -> Option<&TypeUses<'a>> {
        self.types.get(name)
    }

    fn local(&mut self, object: &'a Object, operation: &'a str) {
        for field in &object.fields {
            if let Some(of) = self.of_type(&field.ty) {
                if object.in_request {
                    of.requests.insert(operation);
                }
                if object.in_answer {
                    of.answers.insert(operation);
                }
            }
        }
    }

    fn of_type(&mut self, ty: &'a Type) -> Option<&mut TypeUses<'a>> {
        Some(self.types.entry(ty.shared_name()?).or_default())
    }
}
