//! Error codes, events, families and chapters.

use super::Change;
use super::Verdict::{Major, Minor, Patch};
use super::fields::join;
use super::log::Log;
use crate::model::{Envelope, ErrorCode, Event, Family, Group, Host, Map, Tasks, Token};
use crate::naming;
use crate::spec::Spec;

/// Changes of everything but operations and types.
pub(super) fn changes(old: &Spec, new: &Spec) -> Vec<Change> {
    let mut changes = compare_maps("error code", &old.errors, &new.errors, compare_error);
    changes.extend(compare_maps("event", &old.events, &new.events, compare_event));
    changes.extend(compare_maps("family", &families(old), &families(new), compare_family));
    changes.extend(compare_groups(old, new));
    changes
}

fn families(spec: &Spec) -> Map<Family> {
    spec.families.iter().map(|item| (item.family.family.clone(), item.family.clone())).collect()
}

/// Things that users can name: a new one is minor, one that is gone is major.
fn compare_maps<T>(what: &str, old: &Map<T>, new: &Map<T>, compare: impl Fn(&str, &mut Log, &T, &T)) -> Vec<Change> {
    let mut changes = Vec::new();
    for name in old.keys().chain(new.keys().filter(|name| !old.contains_key(*name))) {
        let mut log = Log::new(format!("{what} {name}"));
        match (old.get(name), new.get(name)) {
            (Some(old), Some(new)) => compare(name, &mut log, old, new),
            (None, Some(_)) => log.add(Minor, "", "added"),
            _ => log.add(Major, "", "removed"),
        }
        changes.extend(log.finish());
    }
    changes
}

fn compare_error(wire: &str, log: &mut Log, old: &ErrorCode, new: &ErrorCode) {
    let ErrorCode { class, meaning, advice, rust: _ } = old;
    let [before, after] = [old, new].map(|code| code.rust.clone().unwrap_or_else(|| naming::variant(wire)));
    if before != after {
        log.add(Major, "", format!("`{after}` in Rust, was `{before}`"));
    }
    if *class != new.class {
        let [before, after] = [*class, new.class].map(|class| format!("{class:?}").to_lowercase());
        log.add_with_note(
            Minor,
            "class",
            format!("{after}, was {before}"),
            "clients may send the call again, or no longer",
        );
    }
    log.document("meaning", meaning, &new.meaning);
    log.document("advice", advice, &new.advice);
}

fn compare_event(_name: &str, log: &mut Log, old: &Event, new: &Event) {
    let Event { summary, details, docs, language, biz_type, data } = old;
    log.compare(Major, "data", data, &new.data);
    log.compare(Minor, "bizType", biz_type, &new.biz_type);
    log.compare(Patch, "docs", docs, &new.docs);
    log.document("docs", language, &new.language);
    log.document("summary", summary, &new.summary);
    log.document("details", details, &new.details);
}

fn compare_family(_name: &str, log: &mut Log, old: &Family, new: &Family) {
    // The name is that by which the two were found.
    let Family { family: _, title, doc, host, token, envelope, tasks } = old;
    log.compare(Minor, "host", &host_in_words(*host), &host_in_words(new.host));
    log.compare(Minor, "token", &token_in_words(*token), &token_in_words(new.token));
    log.compare(Minor, "envelope", &envelope_in_words(*envelope), &envelope_in_words(new.envelope));
    compare_tasks(log, tasks.as_ref(), new.tasks.as_ref());
    log.document("title", title, &new.title);
    log.document("doc", doc, &new.doc);
}

/// How the tasks of a family are asked for: what `wait` stands on.
fn compare_tasks(log: &mut Log, old: Option<&Tasks>, new: Option<&Tasks>) {
    let place = "tasks";
    match (old, new) {
        (None, None) => {}
        (None, Some(_)) => log.add_with_note(Minor, place, "added", "operations with a `task` have `wait`"),
        (Some(_), None) => log.add_with_note(Major, place, "removed", "operations with a `task` lose `wait`"),
        (Some(Tasks { operation, id, task, status }), Some(new)) => {
            let name = |name: &str| join(place, name);
            if *operation != new.operation {
                let what = format!("{}, was {operation}", new.operation);
                log.add_with_note(Major, &name("operation"), what, "`wait` gives another type");
            }
            log.compare(Minor, &name("id"), id, &new.id);
            log.compare(Minor, &name("task"), task, &new.task);
            log.compare(Minor, &name("status"), status, &new.status);
        }
    }
}

fn host_in_words(host: Host) -> &'static str {
    match host {
        Host::Api => "api",
        Host::Oapi => "oapi",
    }
}

fn token_in_words(token: Token) -> &'static str {
    match token {
        Token::Query => "query",
        Token::None => "none",
        Token::Header | Token::Family => "header",
    }
}

fn envelope_in_words(envelope: Envelope) -> &'static str {
    match envelope {
        Envelope::Plain => "plain",
        Envelope::Errcode => "errcode",
    }
}

/// Chapters order the documentation; no code depends on them.
fn compare_groups(old: &Spec, new: &Spec) -> Vec<Change> {
    let mut changes = Vec::new();
    for name in old.groups.keys().chain(new.groups.keys().filter(|name| !old.groups.contains_key(*name))) {
        let mut log = Log::new(format!("group {name}"));
        match (old.groups.get(name), new.groups.get(name)) {
            (Some(Group { title, doc }), Some(new)) => {
                log.compare(Patch, "title", title, &new.title);
                log.document("doc", doc, &new.doc);
            }
            (None, Some(_)) => log.add(Patch, "", "added"),
            _ => log.add(Patch, "", "removed"),
        }
        changes.extend(log.finish());
    }
    if !old.groups.keys().eq(new.groups.keys()) && changes.is_empty() {
        let mut log = Log::new("groups");
        log.add(Patch, "", "another order");
        changes.extend(log.finish());
    }
    changes
}
