//! Error codes, events and families.

use super::log::{Log, subjects};
use super::pairs::{Pair, is_reordered, pairs};
use super::{Change, Kind};
use crate::ir::{ErrorCode, Event, Family};

/// Changes of the error codes.
pub fn errors(old: &[ErrorCode], new: &[ErrorCode]) -> Vec<Change> {
    let pairs = pairs(old, new, |code| vec![code.wire.clone(), code.rust.clone()]);
    let changes = subjects(&pairs, |code| format!("error code {}", code.wire), compare_error);
    with_order(changes, "error codes", &pairs)
}

fn compare_error(log: &mut Log, old: &ErrorCode, new: &ErrorCode) {
    log.compare_names(Kind::RustName, "", [&old.wire, &old.rust], [&new.wire, &new.rust]);
    log.compare(Kind::Class, "class", &old.class, &new.class);
    log.document("meaning", &old.meaning, &new.meaning);
    log.document("advice", &old.advice, &new.advice);
}

/// Changes of the events.
pub fn events(old: &[Event], new: &[Event]) -> Vec<Change> {
    let pairs = pairs(old, new, |event| vec![event.wire.clone(), event.rust.clone()]);
    let changes = subjects(&pairs, |event| format!("event {}", event.wire), compare_event);
    with_order(changes, "events", &pairs)
}

fn compare_event(log: &mut Log, old: &Event, new: &Event) {
    log.compare_names(Kind::RustName, "", [&old.wire, &old.rust], [&new.wire, &new.rust]);
    log.compare(Kind::Type, "data", &old.data, &new.data);
    log.compare(Kind::Wire, "bizType", &old.biz_type, &new.biz_type);
    log.compare(Kind::Fact, "docs", &old.documentation, &new.documentation);
    log.document("summary", &old.summary, &new.summary);
    log.document("details", &old.details, &new.details);
}

fn with_order<T>(mut changes: Vec<Change>, subject: &str, pairs: &[Pair<'_, T>]) -> Vec<Change> {
    let mut log = Log::new(subject);
    if is_reordered(pairs, |_, _| true) {
        log.add(Kind::Order, "", "listed in another order");
    }
    changes.extend(log.finish());
    changes
}

/// Changes of the families, apart from their operations.
pub fn families(old: &[Family], new: &[Family]) -> Vec<Change> {
    let pairs = pairs(old, new, |family| vec![family.name.clone()]);
    subjects(&pairs, |family| format!("family {}", family.name), compare_family)
}

fn compare_family(log: &mut Log, old: &Family, new: &Family) {
    log.compare(Kind::Call, "host", &old.host, &new.host);
    log.compare(Kind::Call, "token", &old.token, &new.token);
    log.compare(Kind::Call, "envelope", &old.envelope, &new.envelope);
    log.document("title", &old.title, &new.title);
    log.document("doc", &old.doc, &new.doc);
}
