//! Which way each shared type travels, in requests, in answers, or both, and which of them hold a secret.

use std::collections::BTreeSet;

use dingtalk_storage_spec::{
    Spec,
    model::{Field, Map, Token, TypeRef},
};

/// Names of the shared types that requests, and that answers, contain at any depth.
#[derive(Debug, Default)]
pub struct Usage {
    /// In requests.
    pub requests: BTreeSet<String>,
    /// In answers and events.
    pub answers: BTreeSet<String>,
    /// Secrets, and what has one in it.
    pub secrets: BTreeSet<String>,
}

/// Walks every operation and event.
pub fn of(spec: &Spec) -> Usage {
    let operations = || spec.families.iter().flat_map(|family| &family.operations).map(|item| &item.operation);
    let requests = operations().flat_map(|operation| [&operation.path, &operation.query, &operation.body]);
    let answers = operations().map(|operation| &operation.response);
    let events = spec.events.values().map(|event| event.data.name());
    Usage {
        requests: reachable(spec, requests.flat_map(names).chain([Token::OF_A_PERSON]).collect()),
        answers: reachable(spec, answers.flat_map(names).chain(events).collect()),
        secrets: secrets(spec),
    }
}

/// The shared types of these names and of all that is in them. Without recursion, since a chain of types may be long.
fn reachable<'a>(spec: &'a Spec, mut pending: Vec<&'a str>) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    while let Some(name) = pending.pop() {
        if let Some(item) = spec.types.get(name)
            && seen.insert(name.to_owned())
        {
            pending.extend(item.def.fields.iter().flat_map(names));
        }
    }
    seen
}

/// The secrets, and the types that have one in them, however deep.
fn secrets(spec: &Spec) -> BTreeSet<String> {
    let ids = spec.types.iter().filter(|(_, item)| item.def.id.as_ref().is_some_and(|id| id.secret));
    let mut found: BTreeSet<String> = ids.map(|(name, _)| name.clone()).collect();
    loop {
        let known = found.len();
        for (name, item) in &spec.types {
            if item.def.fields.iter().flat_map(names).any(|inner| found.contains(inner)) {
                found.insert(name.clone());
            }
        }
        if found.len() == known {
            return found;
        }
    }
}

/// Names at the core of the types of fields and of the fields within.
fn names(fields: &Map<Field>) -> Vec<&str> {
    let mut found = Vec::new();
    for field in fields.values() {
        found.extend(field.kind.as_ref().map(TypeRef::name));
        found.extend(names(&field.fields));
    }
    found
}
