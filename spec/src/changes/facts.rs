//! Error codes, events, families and chapters.

use super::Change;
use super::Verdict::{Major, Minor, Patch};
use super::log::Log;
use crate::model::{Envelope, ErrorCode, Event, Family, Host, Map, Token};
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
    let [before, after] = [old, new].map(|code| code.rust.clone().unwrap_or_else(|| naming::variant(wire)));
    if before != after {
        log.add(Major, "", format!("`{after}` in Rust, was `{before}`"));
    }
    if old.class != new.class {
        let [before, after] = [old.class, new.class].map(|class| format!("{class:?}").to_lowercase());
        log.add_with_note(
            Minor,
            "class",
            format!("{after}, was {before}"),
            "clients may send the call again, or no longer",
        );
    }
    log.document("meaning", &old.meaning, &new.meaning);
    log.document("advice", &old.advice, &new.advice);
}

fn compare_event(_name: &str, log: &mut Log, old: &Event, new: &Event) {
    log.compare(Major, "data", &old.data, &new.data);
    log.compare(Minor, "bizType", &old.biz_type, &new.biz_type);
    log.compare(Patch, "docs", &old.docs, &new.docs);
    log.document("docs", &old.language, &new.language);
    log.document("summary", &old.summary, &new.summary);
    log.document("details", &old.details, &new.details);
}

fn compare_family(_name: &str, log: &mut Log, old: &Family, new: &Family) {
    let host = |family: &Family| match family.host {
        Host::Api => "api",
        Host::Oapi => "oapi",
    };
    let token = |family: &Family| match family.token {
        Token::Query => "query",
        Token::None => "none",
        Token::Header | Token::Family => "header",
    };
    let envelope = |family: &Family| match family.envelope {
        Envelope::Plain => "plain",
        Envelope::Errcode => "errcode",
    };
    log.compare(Minor, "host", &host(old), &host(new));
    log.compare(Minor, "token", &token(old), &token(new));
    log.compare(Minor, "envelope", &envelope(old), &envelope(new));
    log.document("title", &old.title, &new.title);
    log.document("doc", &old.doc, &new.doc);
}

/// Chapters order the documentation; no code depends on them.
fn compare_groups(old: &Spec, new: &Spec) -> Vec<Change> {
    let mut changes = Vec::new();
    for name in old.groups.keys().chain(new.groups.keys().filter(|name| !old.groups.contains_key(*name))) {
        let mut log = Log::new(format!("group {name}"));
        match (old.groups.get(name), new.groups.get(name)) {
            (Some(old), Some(new)) => {
                log.compare(Patch, "title", &old.title, &new.title);
                log.document("doc", &old.doc, &new.doc);
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
