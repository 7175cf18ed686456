//! Which way each shared type travels: in requests, in answers, or both.

use std::collections::BTreeSet;

use dingtalk_storage_spec::{
    Spec,
    model::{Field, Map, Token},
};

/// Names of the shared types that requests, and that answers, contain at any depth.
#[derive(Debug, Default)]
pub struct Usage {
    /// In requests.
    pub requests: BTreeSet<String>,
    /// In answers and events.
    pub answers: BTreeSet<String>,
}

/// Walks every operation and event.
pub fn of(spec: &Spec) -> Usage {
    let mut usage = Usage::default();
    for operation in spec.families.iter().flat_map(|family| &family.operations) {
        let operation = &operation.operation;
        for fields in [&operation.path, &operation.query, &operation.body] {
            visit(spec, fields, &mut usage.requests);
        }
        visit(spec, &operation.response, &mut usage.answers);
        visit_name(spec, Token::OF_A_PERSON, &mut usage.requests);
    }
    for event in spec.events.values() {
        visit_name(spec, event.data.name(), &mut usage.answers);
    }
    usage
}

fn visit(spec: &Spec, fields: &Map<Field>, seen: &mut BTreeSet<String>) {
    for field in fields.values() {
        if let Some(kind) = &field.kind {
            visit_name(spec, kind.name(), seen);
        }
        visit(spec, &field.fields, seen);
    }
}

fn visit_name(spec: &Spec, name: &str, seen: &mut BTreeSet<String>) {
    let Some(item) = spec.types.get(name) else { return };
    if seen.insert(name.to_owned())
        && let Some(fields) = &item.def.fields
    {
        visit(spec, fields, seen);
    }
}
