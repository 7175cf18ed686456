//! What was asked, what was answered, and what it changed.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

use crate::clock::Time;
use crate::contract::contract;
use crate::faults::{PUSH, STORAGE};
use crate::suggest::suggestion;

/// Requests, and effects, that are kept; older ones are counted and forgotten.
const KEPT: usize = 100_000;

/// Everything that can happen.
pub const EFFECTS: [&str; 28] = [
    "attachment.granted",
    "document.created",
    "entry.copied",
    "entry.deleted",
    "entry.moved",
    "entry.purged",
    "entry.recycled",
    "entry.renamed",
    "entry.replaced",
    "entry.restored",
    "event.subscribed",
    "event.unsubscribed",
    "file.committed",
    "file.reverted",
    "file.sent",
    "file.versioned",
    "folder.created",
    "grant.changed",
    "inheritance.changed",
    "media.uploaded",
    "object.stored",
    "part.stored",
    "properties.changed",
    "shortcut.created",
    "space.changed",
    "space.created",
    "space.deleted",
    "workspace.created",
];

/// What else has lines in the journal: links to pages, what the object storage refuses to know, and news on its way to a
/// subscriber.
const OTHERS: [&str; 4] = ["storage.GetPage", "storage.Other", PUSH, OPEN_CONNECTION];

/// An app asks for a ticket, with which it gets news over a stream.
pub const OPEN_CONNECTION: &str = "events.OpenConnection";

/// Something that a call changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Effect {
    /// What happened, for example `file.committed`.
    pub what: &'static str,
    /// To what: the id of a space, the uuid of an entry, the name of an object.
    pub subject: String,
}

/// A line of the ledger: an effect, and the call that had it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LedgerLine {
    /// Number of the call in the journal.
    pub call: u64,
    /// The operation.
    pub operation: String,
    /// What happened.
    pub what: &'static str,
    /// To what.
    pub subject: String,
}

/// A request and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// Its number, counted from 1.
    pub number: u64,
    /// When it came.
    pub time: Time,
    /// The operation; `storage.PutObject` and the like for the object storage, empty for a path that leads nowhere.
    pub operation: String,
    /// HTTP method.
    pub method: String,
    /// Path, without the query, which can hold secrets.
    pub path: String,
    /// HTTP status of the answer; 0 when none was sent, or not yet.
    pub status: u16,
    /// Error code of the answer.
    pub code: Option<String>,
    /// Id of the request, as the answer has it.
    pub request_id: String,
    /// Bytes of the request's body that were read.
    pub request_bytes: u64,
    /// Bytes of the answer's body. An answer that a fault cuts counts as a whole.
    pub answer_bytes: u64,
    /// `Content-Range` of the answer, where that is a part of an object.
    pub content_range: Option<String>,
    /// Fault that hit it, by number.
    pub fault: Option<u64>,
    /// Whether the request carried the access token of the API to the object storage.
    pub token_leaked: bool,
    /// What it changed.
    pub effects: Vec<Effect>,
    /// Which run of the journal it belongs to; a reset begins another.
    #[serde(skip)]
    pub(crate) run: u64,
}

/// All requests and what they changed. Lines of both are kept up to a number; what is counted is never forgotten.
#[derive(Debug, Default)]
pub struct Journal {
    records: VecDeque<Record>,
    ledger: VecDeque<LedgerLine>,
    written: u64,
    run: u64,
    counts: Counts,
}

/// How much there was, also of what is no longer kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Counts {
    /// Requests by operation.
    pub calls: BTreeMap<String, usize>,
    /// Effects by what happened.
    pub effects: BTreeMap<String, usize>,
}

impl Journal {
    /// Adds a record, which gets its number.
    pub fn add(&mut self, record: &mut Record) {
        self.written += 1;
        record.number = self.written;
        record.run = self.run;
        count(&mut self.counts.calls, &record.operation);
        push(&mut self.records, record.clone());
    }

    /// Replaces a record, unless it has been forgotten meanwhile.
    pub fn update(&mut self, record: &Record) {
        if record.run != self.run {
            return;
        }
        let first = self.records.front().map_or(0, |first| first.number);
        let place = record.number.checked_sub(first).and_then(|place| usize::try_from(place).ok());
        if let Some(kept) = place.and_then(|place| self.records.get_mut(place)) {
            kept.clone_from(record);
        }
    }

    /// Writes what a request has changed into the ledger.
    pub fn enter(&mut self, record: &Record) {
        if record.run != self.run {
            return;
        }
        for Effect { what, subject } in &record.effects {
            debug_assert!(EFFECTS.contains(what), "{what} is missing in the list of effects");
            count(&mut self.counts.effects, what);
            let (operation, subject) = (record.operation.clone(), subject.clone());
            push(&mut self.ledger, LedgerLine { call: record.number, operation, what, subject });
        }
    }

    /// Takes back what a request was to have changed, because it could not be stored.
    pub fn retract(&mut self, record: &Record) {
        if record.run != self.run {
            return;
        }
        self.ledger.retain(|line| line.call != record.number);
        for Effect { what, .. } in &record.effects {
            if let Some(count) = self.counts.effects.get_mut(*what) {
                *count = count.saturating_sub(1);
            }
        }
        self.counts.effects.retain(|_, count| *count > 0);
        self.update(&Record { effects: Vec::new(), ..record.clone() });
    }

    /// The newest records, the oldest of them first.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.records.iter()
    }

    /// The newest effects, in order.
    pub fn ledger(&self) -> impl DoubleEndedIterator<Item = &LedgerLine> {
        self.ledger.iter()
    }

    /// How much there was since the journal was cleared.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Forgets all requests and effects. Numbers go on, so that a request that is still under way is not mistaken for
    /// another.
    pub fn clear(&mut self) {
        self.records.clear();
        self.ledger.clear();
        self.counts = Counts::default();
    }

    /// Whether a record was added since the last reset.
    pub fn is_of_this_run(&self, record: &Record) -> bool {
        record.run == self.run
    }

    /// Forgets all requests and effects, and counts from 1 again. What is still under way is no part of it any more.
    pub fn reset(&mut self) {
        *self = Self { run: self.run + 1, ..Self::default() };
    }
}

fn push<T>(lines: &mut VecDeque<T>, line: T) {
    if lines.len() == KEPT {
        lines.pop_front();
    }
    lines.push_back(line);
}

fn count(counts: &mut BTreeMap<String, usize>, name: &str) {
    match counts.get_mut(name) {
        Some(count) => *count += 1,
        None => drop(counts.insert(name.to_owned(), 1)),
    }
}

/// Refuses a name that no effect has.
///
/// # Errors
///
/// The names that there are.
pub fn check_effect(what: &str) -> Result<(), String> {
    if EFFECTS.contains(&what) {
        return Ok(());
    }
    let meant = suggestion(what, EFFECTS);
    Err(format!("nothing that happens is called {what}; there are {}{meant}", EFFECTS.join(", ")))
}

/// Refuses a name that no line of the journal has. The empty one is that of paths that lead nowhere.
///
/// # Errors
///
/// That there is no such operation.
pub fn check_operation(name: &str) -> Result<(), String> {
    if name.is_empty() || OTHERS.contains(&name) || STORAGE.contains(&name) || contract().operation(name).is_some() {
        return Ok(());
    }
    let names = contract().operations.iter().map(|operation| operation.name.as_str()).chain(STORAGE).chain(OTHERS);
    Err(format!(
        "no operation is called {name}{}; besides those of the API there are {}, {}",
        suggestion(name, names),
        STORAGE.join(", "),
        OTHERS.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_outlive_the_lines() {
        let mut journal = Journal::default();
        let mut record = Record { operation: "storage_v1.AddFolder".to_owned(), ..Record::default() };
        for number in 0..KEPT + 3 {
            journal.add(&mut record);
            record.effects = vec![Effect { what: "folder.created", subject: number.to_string() }];
            journal.enter(&record);
        }
        assert_eq!((journal.records().count(), journal.ledger().count()), (KEPT, KEPT));
        assert_eq!(journal.ledger().next().map(|line| (line.call, line.subject.as_str())), Some((4, "3")));
        assert_eq!(journal.counts().calls.get("storage_v1.AddFolder"), Some(&(KEPT + 3)));
        assert_eq!(journal.counts().effects.get("folder.created"), Some(&(KEPT + 3)));
        journal.retract(&record);
        assert_eq!(journal.counts().effects.get("folder.created"), Some(&(KEPT + 2)));
        assert_eq!(journal.ledger().next_back().map(|line| line.call), Some(record.number - 1));
        journal.clear();
        assert_eq!((journal.ledger().count(), journal.counts()), (0, &Counts::default()));
    }

    /// A request whose line is gone by the time when its work is done has had its effect all the same.
    #[test]
    fn a_slow_request_is_in_the_ledger() {
        let mut journal = Journal::default();
        let mut slow = Record { operation: "storage.PutObject".to_owned(), ..Record::default() };
        journal.add(&mut slow);
        for _ in 0..KEPT {
            journal.add(&mut Record::default());
        }
        let effect = Effect { what: "object.stored", subject: "x".to_owned() };
        slow.effects = vec![effect];
        journal.enter(&slow);
        journal.update(&slow);
        assert!(journal.records().all(|record| record.effects.is_empty()));
        assert_eq!(journal.ledger().map(|line| line.call).collect::<Vec<_>>(), [1]);
    }
}
