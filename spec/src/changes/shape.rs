//! What the generated Rust of a field depends on.

use std::collections::BTreeSet;

use crate::model::{Field, Map, TypeRef};
use crate::naming;
use crate::spec::Spec;

/// Which way an object travels; decides what the generated type can do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Travels {
    pub(super) request: bool,
    pub(super) answer: bool,
}

impl Travels {
    pub(super) const REQUEST: Self = Self { request: true, answer: false };
    pub(super) const ANSWER: Self = Self { request: false, answer: true };
}

/// Which way each shared type travels.
pub(super) struct Usage<'a> {
    requests: BTreeSet<&'a str>,
    answers: BTreeSet<&'a str>,
}

impl<'a> Usage<'a> {
    pub(super) fn of(spec: &'a Spec) -> Self {
        let mut usage = Self { requests: BTreeSet::new(), answers: BTreeSet::new() };
        for item in spec.families.iter().flat_map(|family| &family.operations) {
            let operation = &item.operation;
            for fields in [&operation.path, &operation.query, &operation.body] {
                visit(spec, fields, &mut usage.requests);
            }
            visit(spec, &operation.response, &mut usage.answers);
        }
        for event in spec.events.values() {
            visit_type(spec, event.data.name(), &mut usage.answers);
        }
        usage
    }

    pub(super) fn travels(&self, name: &str) -> Travels {
        Travels { request: self.requests.contains(name), answer: self.answers.contains(name) }
    }
}

fn visit<'a>(spec: &'a Spec, fields: &'a Map<Field>, seen: &mut BTreeSet<&'a str>) {
    for field in fields.values() {
        if let Some(kind) = &field.kind {
            visit_type(spec, kind.name(), seen);
        }
        visit(spec, &field.fields, seen);
    }
}

fn visit_type<'a>(spec: &'a Spec, name: &str, seen: &mut BTreeSet<&'a str>) {
    let Some((name, item)) = spec.types.get_key_value(name) else { return };
    if seen.insert(name)
        && let Some(fields) = &item.def.fields
    {
        visit(spec, fields, seen);
    }
}

/// The type of a field in words; two fields with the same words have the same Rust type, apart from `Option`.
pub(super) fn type_in_words(field: &Field) -> String {
    let mut words = field.kind.as_ref().map_or_else(|| "object".to_owned(), TypeRef::to_string);
    if let Some(name) = &field.type_name {
        words = format!("{words} as {name}");
    }
    if field.or_list {
        words.push_str(" or list");
    }
    if field.indirect {
        words.push_str(" behind a pointer");
    }
    words
}

/// Whether a field of an object is an `Option`: lists and maps of answers are empty instead.
pub(super) fn is_optional(field: &Field, travels: Travels) -> bool {
    let is_collection = !field.or_list && matches!(field.kind, Some(TypeRef::List(_) | TypeRef::Map(_)));
    if travels.answer { !field.always && !is_collection } else { !field.required }
}

/// Name of a field in Rust.
pub(super) fn rust_name(wire: &str, field: &Field) -> String {
    field.rust.clone().unwrap_or_else(|| naming::field(wire))
}
