//! Error codes, events and families.

use super::log::Log;
use super::pairs::{Key, is_reordered, kept, pairs, subjects};
use super::{Change, Kind};
use crate::ir::{ErrorCode, Event, Family};

/// Changes of the error codes.
pub fn errors(old: &[ErrorCode], new: &[ErrorCode]) -> Vec<Change> {
    let keys: [Key<'_, ErrorCode>; 2] = [&|code| Some(code.wire.clone()), &|code| Some(code.rust.clone())];
    let pairs = pairs(old, new, &keys);
    let changes = subjects(&pairs, |code| format!("error code {}", code.wire), compare_error);
    with_order(changes, "error codes", &pairs)
}

fn compare_error(log: &mut Log, old: &ErrorCode, new: &ErrorCode) {
    let ErrorCode { wire, rust, class, meaning, advice } = old;
    log.compare_names(Kind::RustName, "", [wire, rust], [&new.wire, &new.rust]);
    log.compare(Kind::Class, "class", class, &new.class);
    log.document("meaning", meaning, &new.meaning);
    log.document("advice", advice, &new.advice);
}

/// Changes of the events.
pub fn events(old: &[Event], new: &[Event]) -> Vec<Change> {
    let pairs = pairs(old, new, &[&|event| Some(event.wire.clone()), &|event| Some(event.rust.clone())]);
    let changes = subjects(&pairs, |event| format!("event {}", event.wire), compare_event);
    with_order(changes, "events", &pairs)
}

fn compare_event(log: &mut Log, old: &Event, new: &Event) {
    let Event { wire, rust, summary, details, documentation, biz_type, data } = old;
    log.compare_names(Kind::RustName, "", [wire, rust], [&new.wire, &new.rust]);
    log.compare(Kind::Type, "data", data, &new.data);
    log.compare(Kind::Wire, "bizType", biz_type, &new.biz_type);
    log.compare(Kind::Fact, "docs", documentation, &new.documentation);
    log.document("summary", summary, &new.summary);
    log.document("details", details, &new.details);
}

fn with_order<T>(mut changes: Vec<Change>, subject: &str, pairs: &[(Option<&T>, Option<&T>)]) -> Vec<Change> {
    if is_reordered(&kept(pairs).into_iter().map(|(old, _)| old).collect::<Vec<_>>()) {
        let mut log = Log::new(subject);
        log.add(Kind::Order, "", "listed in another order");
        changes.extend(log.finish());
    }
    changes
}

/// Changes of the families, apart from their operations.
pub fn families(old: &[Family], new: &[Family]) -> Vec<Change> {
    let pairs = pairs(old, new, &[&|family| Some(family.name.clone())]);
    subjects(&pairs, |family| format!("family {}", family.name), compare_family)
}

fn compare_family(log: &mut Log, old: &Family, new: &Family) {
    // The name is that by which the two were found, and the file is named after it. Operations are compared on their own.
    let Family { name: _, title, doc, source: _, host, token, envelope, operations: _ } = old;
    log.compare(Kind::Call, "host", host, &new.host);
    log.compare(Kind::Call, "token", token, &new.token);
    log.compare(Kind::Call, "envelope", envelope, &new.envelope);
    log.document("title", title, &new.title);
    log.document("doc", doc, &new.doc);
}
