//! The spec as a whole: what the compiler gives when nothing is wrong.

use indexmap::IndexMap;

use crate::document::{Content, Parsed};
use crate::model::{ErrorCode, Event, Family, Group, Map, Operation, TypeDef};

/// A spec without findings. Everything in it is in an order that does not depend on the machine.
#[derive(Debug, Clone, Default)]
pub struct Spec {
    /// Families by name.
    pub families: Vec<FamilySpec>,
    /// Shared types by name.
    pub types: IndexMap<String, TypeSpec>,
    /// Error codes in the order of their file.
    pub errors: Map<ErrorCode>,
    /// Chapters in the order of their file.
    pub groups: Map<Group>,
    /// Events in the order of their file.
    pub events: Map<Event>,
    /// What each permission is for, in the order of their file. It is for readers; operations carry the names themselves.
    pub scopes: Map<String>,
}

/// A family with its operations.
#[derive(Debug, Clone)]
pub struct FamilySpec {
    /// What the operations have in common.
    pub family: Family,
    /// Path of its file within the spec.
    pub file: String,
    /// Operations by name.
    pub operations: Vec<OperationSpec>,
}

/// An operation and where it comes from.
#[derive(Debug, Clone)]
pub struct OperationSpec {
    /// The operation itself.
    pub operation: Operation,
    /// Path of its file within the spec.
    pub file: String,
}

/// A shared type and where it comes from.
#[derive(Debug, Clone)]
pub struct TypeSpec {
    /// The type itself.
    pub def: TypeDef,
    /// Path of its file within the spec.
    pub file: String,
}

impl Spec {
    /// Puts the documents of a tree without findings together.
    pub(crate) fn collect(parsed: &[&Parsed]) -> Self {
        let mut spec = Self::default();
        let mut operations = Vec::new();
        for document in parsed.iter().filter_map(|file| file.document.as_ref()) {
            let file = document.source.path.clone();
            match &document.content {
                Content::Operation(operation) => {
                    operations.push(OperationSpec { operation: (**operation).clone(), file });
                }
                Content::Family(family) => {
                    spec.families.push(FamilySpec { family: family.clone(), file, operations: Vec::new() });
                }
                Content::Types(types) => {
                    let types = types.types.iter();
                    spec.types.extend(
                        types.map(|(name, def)| (name.clone(), TypeSpec { def: def.clone(), file: file.clone() })),
                    );
                }
                Content::Errors(errors) => spec.errors.clone_from(&errors.codes),
                Content::Groups(groups) => spec.groups.clone_from(&groups.groups),
                Content::Scopes(scopes) => spec.scopes.clone_from(&scopes.scopes),
                Content::Events(events) => spec.events.clone_from(&events.events),
            }
        }
        spec.families.sort_by(|a, b| a.family.family.cmp(&b.family.family));
        spec.types.sort_keys();
        operations.sort_by(|a, b| a.operation.operation.cmp(&b.operation.operation));
        for operation in operations {
            let family = spec.families.iter_mut().find(|family| folder(&family.file) == folder(&operation.file));
            if let Some(family) = family {
                family.operations.push(operation);
            }
        }
        spec
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
