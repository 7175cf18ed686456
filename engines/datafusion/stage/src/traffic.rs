//! What went over the wire, from the emulator's journal.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use dingtalk_storage_emulator::Record;

use crate::{FOOTER, File};

/// Calls of the API, and reads of bytes.
#[derive(Debug)]
pub struct Traffic {
    /// Names of the operations, in order.
    pub calls: Vec<String>,
    /// What was read of files.
    pub reads: Vec<Read>,
}

/// A part of a file that was read.
#[derive(Debug)]
pub struct Read {
    /// Size of the whole file.
    pub size: u64,
    /// Which of its bytes.
    pub range: Range<u64>,
}

impl Traffic {
    pub(crate) fn of(journal: &[Record]) -> Self {
        let calls = journal.iter().map(|record| &record.operation);
        let calls = calls.filter(|call| call.contains("_v") && !call.contains("oauth2"));
        let calls = calls.filter_map(|call| Some(call.split_once('.')?.1.to_owned())).collect();
        let reads = journal.iter().filter(|record| record.operation == "storage.GetObject");
        Self { calls, reads: reads.map(Read::of).collect() }
    }

    /// Bytes that were read.
    pub fn bytes(&self) -> u64 {
        self.reads.iter().map(Read::bytes).sum()
    }

    /// How often an operation was called.
    pub fn count(&self, operation: &str) -> usize {
        self.calls.iter().filter(|call| *call == operation).count()
    }
}

/// In one line: how often each operation was called, and what was read.
impl fmt::Display for Traffic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for call in &self.calls {
            *counts.entry(call).or_default() += 1;
        }
        let (calls, reads) = (self.calls.len(), self.reads.len());
        write!(formatter, "{calls} calls {counts:?}, {reads} reads of {} bytes", self.bytes())
    }
}

impl Read {
    fn of(record: &Record) -> Self {
        let length = record.answer_bytes;
        let Some(range) = &record.content_range else { return Self { size: length, range: 0..length } };
        let numbers: Vec<u64> = range.split([' ', '-', '/']).filter_map(|number| number.parse().ok()).collect();
        let [from, last, size] = numbers[..] else { panic!("{range} is no range") };
        assert_eq!(last + 1 - from, length, "{record:?}");
        Self { size, range: from..last + 1 }
    }

    /// How many bytes.
    pub fn bytes(&self) -> u64 {
        self.range.end - self.range.start
    }

    /// Whether it is of this file.
    pub fn is_of(&self, file: &File) -> bool {
        self.size == file.size
    }

    /// Whether all of it is the end of a file, where it says what is in it.
    pub fn is_footer(&self) -> bool {
        self.range.start >= self.size.saturating_sub(FOOTER)
    }

    /// Whether all of it lies there.
    pub fn is_within(&self, range: &Range<u64>) -> bool {
        range.start <= self.range.start && self.range.end <= range.end
    }
}
