//! All advice, to be read by eye, and what must never be advised.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::super::{ErrorKind, Facts, Phase, TimedOut};
use super::*;
use crate::{Error, ErrorClass, Operation, verdict};

const KINDS: [ErrorKind; 16] = [
    ErrorKind::Configuration,
    ErrorKind::Request,
    ErrorKind::Credentials,
    ErrorKind::Connect,
    ErrorKind::Connection,
    ErrorKind::Timeout,
    ErrorKind::Api,
    ErrorKind::OutcomeUnknown,
    ErrorKind::Redirect,
    ErrorKind::Banned,
    ErrorKind::Answer,
    ErrorKind::Absent,
    ErrorKind::Storage,
    ErrorKind::Source,
    ErrorKind::CallsUsedUp,
    ErrorKind::Paging,
];

const PHASES: [Phase; 4] = [Phase::NotSent, Phase::Refused, Phase::Unknown, Phase::Applied];

const READ: Operation = Operation { name: "Read", effect: Effect::Read, ..Operation::UNSET };
const REPLACE: Operation = Operation { name: "Replace", effect: Effect::Idempotent, ..Operation::UNSET };
const WRITE: Operation = Operation { name: "Write", effect: Effect::Write, ..Operation::UNSET };
static OPERATIONS: [&Operation; 3] = [&READ, &REPLACE, &WRITE];

const CLOCKS: [TimedOut; 7] = [
    TimedOut::Call,
    TimedOut::Attempt,
    TimedOut::Stall,
    TimedOut::Limiter,
    TimedOut::Connections,
    TimedOut::List,
    TimedOut::Tasks,
];

/// An answer of each class; codes that the spec does not have, so that no advice of theirs helps.
const CLASSES: [(u16, &str, ErrorClass); 13] = [
    (400, "paramError.new", ErrorClass::Parameter),
    (400, "InvalidAuthentication.new", ErrorClass::Token),
    (403, "Forbidden.AccessDenied.New", ErrorClass::Scope),
    (400, "newNotExist", ErrorClass::Missing),
    (400, "newAlreadyExist", ErrorClass::Conflict),
    (400, "newQuotaInsufficient", ErrorClass::Capacity),
    (403, "Forbidden.AccessDenied.QpsNew", ErrorClass::Throttled),
    (403, "Forbidden.AccessDenied.ApiCountLimitNew", ErrorClass::Exhausted),
    (400, "newConcurrentControl", ErrorClass::Concurrency),
    (400, "newNotSupport", ErrorClass::Unsupported),
    (500, "new", ErrorClass::Server),
    (504, "new", ErrorClass::Timeout),
    (400, "new", ErrorClass::Unknown),
];

/// As a call makes it: the effect has a say in the kind.
fn error_of(operation: &'static Operation, facts: Facts) -> Error {
    verdict::for_effect(operation, Error::from_facts(facts))
}

/// Each error that can be, with what it is about.
fn all() -> Vec<(String, Error)> {
    let mut all = Vec::new();
    for operation in OPERATIONS {
        for (kind, phase) in KINDS.iter().flat_map(|kind| PHASES.map(|phase| (*kind, phase))) {
            // Only what may have been applied is of unknown outcome; `for_effect` makes it so.
            if kind == ErrorKind::OutcomeUnknown {
                continue;
            }
            for is_transient in [false, true] {
                let facts = || Facts { is_transient, ..Facts::bare(kind, phase) };
                let mut add = |what: &str, facts| all.push((what.to_owned(), error_of(operation, facts)));
                add("", facts());
                add("with id", Facts { request_id: Some("R".into()), ..facts() });
                for (status, code, class) in CLASSES {
                    let facts = Facts { status: Some(status), code: Some(code.into()), ..facts() };
                    add(&format!("{class:?}"), facts);
                }
                for clock in CLOCKS {
                    add(&format!("{clock:?}"), Facts { timed_out: Some(clock), ..facts() });
                }
            }
        }
    }
    all
}

#[test]
fn no_advice_contradicts_what_happened() {
    for (what, error) in all() {
        let (advice, shown) = (advice(&error), error.to_string());
        let effect = error.operation().map(|operation| operation.effect);
        let says = |text: &str| advice.to_ascii_lowercase().contains(text);
        let of = format!("{what} {error:?}: {shown}");
        assert!(advice.ends_with('.') && advice.len() >= 10 && shown.contains(advice), "{of}");
        assert!(!(effect == Some(Effect::Read) && (shown.contains("applied") || says("changed"))), "a read: {of}");
        let urges = says("try again") && error.kind() != ErrorKind::Storage;
        assert!(!urges || error.is_retryable(), "in vain, or harmful: {of}");
        assert!(!says("request id") || error.request_id().is_some(), "there is none: {of}");
        assert!(!says("the code") || error.code().is_some(), "there is none: {of}");
        let is_in_doubt = effect == Some(Effect::Write) && error.phase() == Phase::Unknown;
        assert!(!is_in_doubt || !says("does no harm"), "{of}");
    }
}

#[test]
fn every_advice_of_a_kind_in_one_table() {
    let mut rows: BTreeMap<(usize, &'static str), Vec<String>> = BTreeMap::new();
    for (what, error) in all() {
        let index = KINDS.iter().position(|kind| *kind == error.kind()).unwrap_or_default();
        let effect = error.operation().map_or("", |operation| operation.name);
        let transient = if error.is_retryable() { "+" } else { "" };
        let cell = format!("{effect}/{:?}{transient}/{what}", error.phase());
        rows.entry((index, advice(&error))).or_default().push(cell);
    }
    let mut table = String::new();
    let mut last = None;
    for ((index, advice), cells) in rows {
        if last.replace(index) != Some(index) {
            let _ = writeln!(table, "\n{:?}", KINDS.get(index));
        }
        let of = |part: usize| {
            let mut parts: Vec<&str> = cells.iter().filter_map(|cell| cell.split('/').nth(part)).collect();
            parts.sort_unstable();
            parts.dedup();
            parts.join(" ")
        };
        let _ = writeln!(table, "  {advice}\n      {} | {} | {}", of(0), of(1), of(2));
    }
    insta::assert_snapshot!(table);
}
