//! Operations.

use std::collections::BTreeSet;

use dingtalk_storage_spec::model::Status;

use super::log::{Log, join};
use super::pairs::{kept, pairs, subjects};
use super::{Change, Kind, objects, parameters, roles};
use crate::ir::{Api, Family, Operation};
use crate::lower::documentation;
use crate::render::rust_example;

/// An operation with what it belongs to.
#[derive(Clone, Copy)]
struct Seen<'a> {
    api: &'a Api,
    family: &'a Family,
    operation: &'a Operation,
}

/// Changes of all operations, by name.
pub fn changes(old: &Api, new: &Api) -> Vec<Change> {
    let (old, new) = (seen(old), seen(new));
    let name = |seen: &Seen<'_>| seen.operation.full_name.clone();
    subjects(&pairs(&old, &new, &[&|seen| Some(name(seen))]), name, compare)
}

fn seen(api: &Api) -> Vec<Seen<'_>> {
    let of_family = |family| move |operation| Seen { api, family, operation };
    api.families.iter().flat_map(|family| family.operations.iter().map(of_family(family))).collect()
}

fn compare(log: &mut Log, old: &Seen<'_>, new: &Seen<'_>) {
    let (before, after) = (old.operation, new.operation);
    let Operation {
        // The name is that by which the two were found, and the names of module and file follow from it.
        name: _,
        module: _,
        full_name: _,
        source: _,
        // compare_offer
        status: _,
        scope: _,
        apps: _,
        group: _,
        page_slug: _,
        errors: _,
        // compare_call
        method: _,
        path: _,
        token: _,
        effect: _,
        // parameters::compare; without parameters in it, there is no body
        parameters: _,
        body: _,
        // compare_answer
        response: _,
        objects: _,
        // roles::compare
        operator: _,
        page: _,
        task: _,
        task_reader: _,
        batch: _,
        summary,
        details,
        effect_reason,
        quirks,
    } = before;
    compare_offer(log, before, after);
    compare_call(log, old, new);
    parameters::compare(log, before, after);
    compare_answer(log, before, after);
    roles::compare(log, before, after);
    log.document("summary", summary, &after.summary);
    log.document("details", details, &after.details);
    log.document("effectReason", effect_reason, &after.effect_reason);
    log.document("quirks", quirks, &after.quirks);
    // A call that changed is shown as it is now; that needs no line.
    if log.is_patch() {
        let [before, after] = [old, new].map(|seen| rust_example(seen.api, seen.family, seen.operation));
        log.document("example", &before, &after);
    }
}

/// Who may call it, whether it is there without asking, and what is known of it.
fn compare_offer(log: &mut Log, old: &Operation, new: &Operation) {
    let gate = if new.status == Status::Current { Kind::Ungated } else { Kind::Gated };
    log.compare(gate, "status", &old.status, &new.status);
    log.compare(Kind::Access, "scope", &old.scope, &new.scope);
    log.compare(Kind::Access, "apps", &old.apps, &new.apps);
    log.compare(Kind::Fact, "group", &old.group, &new.group);
    log.compare(Kind::Fact, "docs", &page(old), &page(new));
    compare_errors(log, &old.errors, &new.errors);
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
        for status in codes.iter().map(|(status, _)| *status).collect::<BTreeSet<_>>() {
            let codes = codes.iter().filter(|(other, _)| *other == status).map(|(_, code)| code.as_str());
            let what = format!("{what} {}", codes.collect::<Vec<_>>().join(", "));
            log.add(Kind::Fact, &join("errors", &status.to_string()), what);
        }
    }
    if before == after && old != new {
        log.add(Kind::Order, "errors", "listed in another order");
    }
}

/// What is sent, apart from the parameters, and when again.
fn compare_call(log: &mut Log, old: &Seen<'_>, new: &Seen<'_>) {
    let (before, after) = (old.operation, new.operation);
    log.compare(Kind::Call, "method", &before.method, &after.method);
    log.compare(Kind::Call, "path", &before.path, &after.path);
    log.compare(Kind::Effect, "effect", &before.effect, &after.effect);
    // Where the family says it, the family tells that it changed.
    if [old, new].iter().any(|seen| seen.operation.token != seen.family.token) {
        log.compare(Kind::Call, "token", &before.token, &after.token);
    }
}

fn compare_answer(log: &mut Log, old: &Operation, new: &Operation) {
    match (&old.response, &new.response) {
        (Some(old), Some(new)) => objects::compare(log, "response", old, new),
        (None, Some(_)) => log.add(Kind::Type, "response", "an object, was empty"),
        (Some(_), None) => log.add(Kind::Type, "response", "empty, was an object"),
        (None, None) => {}
    }
    // An object that comes or goes does so with the field that holds it.
    for (old, new) in kept(&pairs(&old.objects, &new.objects, &[&|object| Some(object.name.clone())])) {
        objects::compare(log, &new.name, old, new);
    }
}
