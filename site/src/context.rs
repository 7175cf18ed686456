//! What pages are made of.

use std::collections::BTreeMap;

use dingtalk_storage_codegen::ir::{Api, Family, Operation, Type};
use dingtalk_storage_codegen::reading;
use dingtalk_storage_spec::{FamilySpec, OperationSpec};

use crate::Sources;
use crate::address::{Page, Target};
use crate::inline::{Inline, Line, linked_code, of_markdown};
use crate::names::Names;
use crate::uses::Uses;
use crate::words::{Words, plain_type};

/// What all pages are made of.
pub struct Context<'a> {
    /// The spec and what is known of it.
    pub sources: Sources<'a>,
    /// What names lead to.
    pub names: Names,
    /// Where things are used.
    pub uses: Uses<'a>,
    /// What each operation is used for, by its full name.
    pub jobs: BTreeMap<String, Vec<String>>,
}

/// An operation with everything about it.
#[derive(Clone, Copy)]
pub struct Item<'a> {
    /// Its family.
    pub family: &'a Family,
    /// With all names resolved.
    pub operation: &'a Operation,
    /// As it is written.
    pub spec: &'a OperationSpec,
}

impl<'a> Context<'a> {
    /// The API.
    pub fn api(&self) -> &'a Api {
        self.sources.api
    }

    /// All operations, by family and name.
    pub fn operations(&self) -> impl Iterator<Item = Item<'a>> + use<'a> {
        items(self.sources)
    }

    /// A text of the spec, paragraph by paragraph.
    pub fn paragraphs(&self, text: &str, family: &str) -> Vec<Line> {
        reading::paragraphs(text).iter().map(|text| self.text(text, family)).collect()
    }

    /// A text of the spec as one line.
    pub fn text(&self, text: &str, family: &str) -> Line {
        of_markdown(&reading::markdown(text), &|name| self.names.target(name, family))
    }

    /// A link to a line of the spec.
    pub fn line(&self, file: &str, keys: &[&str]) -> Option<(String, usize)> {
        self.sources.tree.line_of(file, keys).map(|line| (format!("spec/{file}"), line))
    }
}

/// The name of a type, with links.
pub fn type_name(ty: &Type, words: &Words) -> Line {
    let prefixed = |prefix: &str, inner: &Type| {
        let mut line = vec![Inline::Text(format!("{prefix} "))];
        line.extend(type_name(inner, words));
        line
    };
    match ty {
        Type::List(inner) => prefixed(words.list_of, inner),
        Type::Map(inner) => prefixed(words.map_of, inner),
        Type::MapOrList(inner) => prefixed(words.map_or_list_of, inner),
        Type::Id(name) | Type::Enum(name) | Type::Object(name) => {
            vec![linked_code(Target::Page(Page::Type(name.clone()), None), name)]
        }
        Type::LocalObject(name) => vec![linked_code(Target::Here(crate::address::anchor(name)), name)],
        ty => vec![Inline::Text(plain_type(ty).to_owned())],
    }
}

/// All operations; the two forms of a family have the same ones in the same order.
pub fn items<'a>(sources: Sources<'a>) -> impl Iterator<Item = Item<'a>> + use<'a> {
    let specs = |family: &Family| -> Option<&'a FamilySpec> {
        sources.spec.families.iter().find(|spec| spec.family.family == family.name)
    };
    sources.api.families.iter().filter_map(move |family| Some((family, specs(family)?))).flat_map(|(family, specs)| {
        let pairs = family.operations.iter().zip(&specs.operations);
        pairs.map(move |(operation, spec)| Item { family, operation, spec })
    })
}

/// A link to the page of an operation.
pub fn operation_link(full_name: &str) -> Inline {
    linked_code(Target::Page(Page::Operation(full_name.to_owned()), None), full_name)
}
