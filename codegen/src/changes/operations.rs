//! Operations.

use std::collections::{BTreeMap, BTreeSet};

use dingtalk_storage_spec::model::Status;

use super::log::{Log, subjects};
use super::pairs::{kept, pairs};
use super::{Change, Kind, objects, parameters, roles};
use crate::ir::{Api, Family, Operation};
use crate::lower::documentation;
use crate::render::rust_example;

/// An operation with what it belongs to.
pub struct Seen<'a> {
    api: &'a Api,
    pub family: &'a Family,
    pub operation: &'a Operation,
}

/// Changes of all operations, by name.
pub fn changes(old: &Api, new: &Api) -> Vec<Change> {
    let (old, new) = (seen(old), seen(new));
    let name = |seen: &Seen<'_>| seen.operation.full_name.clone();
    subjects(&pairs(&old, &new, |seen| vec![name(seen)]), name, compare)
}

fn seen(api: &Api) -> Vec<Seen<'_>> {
    api.operations().map(|(family, operation)| Seen { api, family, operation }).collect()
}

fn compare(log: &mut Log, old: &Seen<'_>, new: &Seen<'_>) {
    let (before, after) = (old.operation, new.operation);
    // Who may call it, whether it is there without asking, and what is known of it.
    let gate = if after.status == Status::Current { Kind::Ungated } else { Kind::Gated };
    log.compare(gate, "status", &before.status, &after.status);
    log.compare(Kind::Access, "scope", &before.scope, &after.scope);
    log.compare(Kind::Access, "apps", &before.apps, &after.apps);
    log.compare(Kind::Fact, "group", &before.group, &after.group);
    log.compare(Kind::Fact, "docs", &page(before), &page(after));
    compare_errors(log, &before.errors, &after.errors);
    // What is sent, and when again. Without parameters in it, there is no body.
    log.compare(Kind::Call, "method", &before.method, &after.method);
    log.compare(Kind::Call, "path", &before.path, &after.path);
    log.compare(Kind::Effect, "effect", &before.effect, &after.effect);
    // Where the family says it, the family tells that it changed.
    if [old, new].iter().any(|seen| seen.operation.token != seen.family.token) {
        log.compare(Kind::Call, "token", &before.token, &after.token);
    }
    parameters::compare(log, before, after);
    compare_answer(log, before, after);
    roles::compare(log, old, new);
    log.document("summary", &before.summary, &after.summary);
    log.document("details", &before.details, &after.details);
    log.document("effectReason", &before.effect_reason, &after.effect_reason);
    log.document("quirks", &before.quirks, &after.quirks);
    // A call that changed is shown as it is now; that needs no line.
    if log.is_patch() {
        let [before, after] = [old, new].map(|seen| rust_example(seen.api, seen.family, seen.operation));
        log.document("example", &before, &after);
    }
}

fn page(operation: &Operation) -> Option<String> {
    operation.page_slug.as_ref().map(|(slug, language)| documentation(slug, *language))
}

type Errors = [(u16, Vec<String>)];

fn compare_errors(log: &mut Log, old: &Errors, new: &Errors) {
    let codes = |errors: &Errors| -> BTreeSet<(u16, String)> {
        errors.iter().flat_map(|(status, codes)| codes.iter().map(|code| (*status, code.clone()))).collect()
    };
    let (before, after) = (codes(old), codes(new));
    for (what, codes) in [("added", &after - &before), ("removed", &before - &after)] {
        let mut by_status: BTreeMap<u16, Vec<String>> = BTreeMap::new();
        for (status, code) in codes {
            by_status.entry(status).or_default().push(code);
        }
        for (status, codes) in by_status {
            log.add(Kind::Fact, &format!("errors.{status}"), format!("{what} {}", codes.join(", ")));
        }
    }
    if before == after && old != new {
        log.add(Kind::Order, "errors", "listed in another order");
    }
}

fn compare_answer(log: &mut Log, old: &Operation, new: &Operation) {
    let [on, off] = ["an object, was empty", "empty, was an object"].map(|what| (Kind::Type, what));
    log.compare_flags("response", (old.response.is_some(), new.response.is_some()), [on, off]);
    if let (Some(old), Some(new)) = (&old.response, &new.response) {
        objects::compare(log, "response", old, new);
    }
    // An object that comes or goes does so with the field that holds it.
    for (old, new) in kept(&pairs(&old.objects, &new.objects, |object| vec![object.name.clone()])) {
        objects::compare(log, &new.name, old, new);
    }
}
