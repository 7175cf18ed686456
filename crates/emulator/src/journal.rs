//! What was asked, what was answered, and what it changed.

use std::collections::VecDeque;

use serde::Serialize;

use crate::clock::Time;

/// Requests that are kept; older ones are forgotten.
const KEPT: usize = 100_000;

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
    /// Fault that hit it, by number.
    pub fault: Option<u64>,
    /// Whether the request carried the access token of the API to the object storage.
    pub token_leaked: bool,
    /// What it changed.
    pub effects: Vec<Effect>,
}

/// All requests.
#[derive(Debug, Default)]
pub struct Journal {
    records: VecDeque<Record>,
    written: u64,
}

impl Journal {
    /// Adds a record; returns its number.
    pub fn add(&mut self, mut record: Record) -> u64 {
        self.written += 1;
        record.number = self.written;
        if self.records.len() == KEPT {
            self.records.pop_front();
        }
        self.records.push_back(record);
        self.written
    }

    /// Replaces a record, unless it has been forgotten meanwhile.
    pub fn update(&mut self, record: &Record) {
        let first = self.records.front().map_or(0, |first| first.number);
        let place = record.number.checked_sub(first).and_then(|place| usize::try_from(place).ok());
        if let Some(kept) = place.and_then(|place| self.records.get_mut(place)) {
            kept.clone_from(record);
        }
    }

    /// The records, the oldest first.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.records.iter()
    }

    /// Every effect, in order.
    pub fn ledger(&self) -> Vec<LedgerLine> {
        let lines = |record: &Record| {
            let (call, operation) = (record.number, record.operation.clone());
            let effects = record.effects.clone().into_iter();
            effects.map(move |effect| LedgerLine {
                call,
                operation: operation.clone(),
                what: effect.what,
                subject: effect.subject,
            })
        };
        self.records.iter().flat_map(lines).collect()
    }

    /// Forgets all requests. Numbers go on, so that a request that is still under way is not mistaken for another.
    pub fn clear(&mut self) {
        self.records.clear();
    }
}
