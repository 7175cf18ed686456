//! Operations.

use std::collections::{BTreeMap, BTreeSet};

use super::Verdict::{Major, Minor, Patch};
use super::fields::{self, Object, join};
use super::log::Log;
use super::shape::Travels;
use super::{Change, parameters};
use crate::model::{App, Batch, Effect, Operation, Page, Status, Token};
use crate::spec::Spec;

/// Changes of all operations, by name.
pub(super) fn changes(old: &Spec, new: &Spec) -> Vec<Change> {
    let (old, new) = (by_name(old), by_name(new));
    let names: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let mut changes = Vec::new();
    for name in names {
        let mut log = Log::new(name);
        match (old.get(name), new.get(name)) {
            (Some(old), Some(new)) => compare(&mut log, old, new),
            (None, Some(new)) => log.add(Minor, "", format!("added, {}", status(new.status))),
            _ => log.add(Major, "", "removed"),
        }
        changes.extend(log.finish());
    }
    changes
}

fn by_name(spec: &Spec) -> BTreeMap<String, &Operation> {
    let operations = spec.families.iter().flat_map(|family| family.operations.iter().map(move |item| (family, item)));
    operations
        .map(|(family, item)| (format!("{}.{}", family.family.family, item.operation.operation), &item.operation))
        .collect()
}

fn compare(log: &mut Log, old: &Operation, new: &Operation) {
    let Operation {
        // The name is that by which the two were found.
        operation: _,
        // No user of the crate sees them.
        discrepancies: _,
        // compare_offer
        status: _,
        scope: _,
        apps: _,
        group: _,
        docs: _,
        language: _,
        // compare_call
        http: _,
        token: _,
        effect: _,
        // parameters::compare
        path: _,
        query: _,
        body: _,
        // compare_answer
        response: _,
        // compare_conveniences
        operator: _,
        page: _,
        task: _,
        batch: _,
        // compare_errors
        errors: _,
        summary,
        details,
        effect_reason,
        quirks,
    } = old;
    compare_offer(log, old, new);
    compare_call(log, old, new);
    parameters::compare(log, old, new);
    compare_answer(log, old, new);
    compare_conveniences(log, old, new);
    compare_errors(log, old, new);
    log.document("summary", summary, &new.summary);
    log.document("details", details, &new.details);
    log.document("effectReason", effect_reason, &new.effect_reason);
    log.document("quirks", quirks, &new.quirks);
}

/// Who may call it, and whether it is there without asking.
fn compare_offer(log: &mut Log, old: &Operation, new: &Operation) {
    if old.status != new.status {
        let what = format!("{}, was {}", status(new.status), status(old.status));
        match new.status {
            Status::Current => log.add_with_note(Minor, "status", what, "there without a feature"),
            Status::Legacy => log.add_with_note(Major, "status", what, "needs the feature `legacy`"),
            Status::Undocumented => log.add_with_note(Major, "status", what, "needs the feature `undocumented`"),
        }
    }
    log.compare_option(Minor, "scope", old.scope.as_ref(), new.scope.as_ref());
    log.compare(Minor, "apps", &apps(&old.apps), &apps(&new.apps));
    log.compare(Patch, "group", &old.group, &new.group);
    log.compare_option(Patch, "docs", old.docs.as_ref(), new.docs.as_ref());
    log.document("docs", &old.language, &new.language);
}

/// What is sent, apart from the parameters, and when again.
fn compare_call(log: &mut Log, old: &Operation, new: &Operation) {
    let [before, after] = [old, new].map(|operation| operation.http.split_once(' ').unwrap_or((&operation.http, "")));
    log.compare(Minor, "method", &before.0, &after.0);
    log.compare(Minor, "path", &before.1.trim(), &after.1.trim());
    log.compare(Minor, "token", &token(old.token), &token(new.token));
    let [before, after] = [old, new].map(|operation| operation.effect.unwrap_or(Effect::Write));
    if before != after {
        let what = format!("{}, was {}", effect(after), effect(before));
        log.add_with_note(Minor, "effect", what, retries(before, after));
    }
}

fn retries(old: Effect, new: Effect) -> &'static str {
    match (old, new) {
        (_, Effect::Write) => "when an answer is lost, the call is no longer sent again",
        (Effect::Write, _) => "when an answer is lost, the call is sent again",
        _ => "retries stay as they are",
    }
}

fn compare_answer(log: &mut Log, old: &Operation, new: &Operation) {
    match (old.response.is_empty(), new.response.is_empty()) {
        (true, false) => log.add(Major, "response", "an object, was empty"),
        (false, true) => log.add(Major, "response", "empty, was an object"),
        _ => {
            let [old, new] = [old, new].map(|side| Object { fields: &side.response, travels: Travels::ANSWER });
            fields::compare(log, "response", old, new);
        }
    }
}

/// The operator, pages, batches and tasks: what the crate makes easier.
fn compare_conveniences(log: &mut Log, old: &Operation, new: &Operation) {
    log.compare_option(Major, "operator", old.operator.as_ref(), new.operator.as_ref());
    attribute(log, "task", old.task.as_ref(), new.task.as_ref());
    compare_page(log, old.page.as_ref(), new.page.as_ref());
    compare_batch(log, old.batch.as_ref(), new.batch.as_ref());
}

fn compare_page(log: &mut Log, old: Option<&Page>, new: Option<&Page>) {
    attribute(log, "page.items", old.map(|page| &page.items), new.map(|page| &page.items));
    if let (Some(old), Some(new)) = (old, new) {
        let Page { token, next: _, size, items: _ } = old;
        let next = |page: &Page| page.next.clone().unwrap_or_else(|| page.token.clone());
        log.compare(Major, "page.token", token, &new.token);
        log.compare(Patch, "page.next", &next(old), &next(new));
        log.compare_option(Patch, "page.size", size.as_ref(), new.size.as_ref());
    }
}

fn compare_batch(log: &mut Log, old: Option<&Batch>, new: Option<&Batch>) {
    attribute(log, "batch.items", old.map(|batch| &batch.items), new.map(|batch| &batch.items));
    if let (Some(Batch { items: _, max, results, key }), Some(new)) = (old, new) {
        log.compare(Minor, "batch.max", max, &new.max);
        log.compare_option(Major, "batch.results", results.as_ref(), new.results.as_ref());
        // It decides which result belongs to which element, not what either is.
        log.compare_option(Minor, "batch.key", key.as_ref(), new.key.as_ref());
    }
}

/// Something that the crate offers when it is set.
fn attribute(log: &mut Log, place: &str, old: Option<&String>, new: Option<&String>) {
    let verdict = if old.is_none() { Minor } else { Major };
    log.compare_option(verdict, place, old, new);
}

fn compare_errors(log: &mut Log, old: &Operation, new: &Operation) {
    let statuses: BTreeSet<_> = old.errors.keys().chain(new.errors.keys()).collect();
    for status in statuses {
        let [before, after] =
            [old, new].map(|operation| operation.errors.get(status).map(Vec::as_slice).unwrap_or_default());
        for (what, codes, known) in [("added", after, before), ("removed", before, after)] {
            let codes: Vec<_> = codes.iter().filter(|code| !known.contains(code)).map(String::as_str).collect();
            if !codes.is_empty() {
                log.add(Patch, &join("errors", &status.to_string()), format!("{what} {}", codes.join(", ")));
            }
        }
    }
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Current => "current",
        Status::Legacy => "legacy",
        Status::Undocumented => "undocumented",
    }
}

fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Read => "read",
        Effect::Idempotent => "idempotent",
        Effect::Write => "write",
    }
}

fn apps(apps: &[App]) -> String {
    let name = |app: &App| match app {
        App::Internal => "internal",
        App::ThirdParty => "third-party",
    };
    if apps.is_empty() { "not named".to_owned() } else { apps.iter().map(name).collect::<Vec<_>>().join(" and ") }
}

fn token(token: Token) -> &'static str {
    match token {
        Token::Family => "that of the family",
        Token::Header => "header",
        Token::Query => "query",
        Token::None => "none",
    }
}
