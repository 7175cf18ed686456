//! What a command has cost: calls of the API by operation, bytes and retries.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use dingtalk_storage::runtime::{Attempt, Observer, Retry};

use crate::output::{self, CostRecord};

/// Counts what is spent; clones share the counts.
#[derive(Debug, Clone, Default)]
pub struct Cost(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    calls: Mutex<BTreeMap<&'static str, u64>>,
    retries: AtomicU64,
    up: AtomicU64,
    down: AtomicU64,
}

impl Cost {
    pub fn sent(&self, bytes: u64) {
        self.0.up.fetch_add(bytes, Ordering::Relaxed);
    }

    pub fn received(&self, bytes: u64) {
        self.0.down.fetch_add(bytes, Ordering::Relaxed);
    }

    pub fn retries(&self) -> u64 {
        self.0.retries.load(Ordering::Relaxed)
    }

    /// Bytes of files that went up, and that came down.
    pub fn bytes(&self) -> (u64, u64) {
        (self.0.up.load(Ordering::Relaxed), self.0.down.load(Ordering::Relaxed))
    }

    /// Calls by operation, each attempt counted.
    pub fn calls(&self) -> BTreeMap<&'static str, u64> {
        self.0.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The same for scripts.
    pub fn record(&self) -> CostRecord {
        let calls = self.calls();
        let (up, down) = self.bytes();
        let calls_by_operation = calls.into_iter().map(|(operation, count)| (operation.to_owned(), count));
        let calls_by_operation: BTreeMap<String, u64> = calls_by_operation.collect();
        let calls = calls_by_operation.values().sum();
        CostRecord { calls, calls_by_operation, bytes_up: up, bytes_down: down, retries: self.retries() }
    }

    /// The line for people.
    pub fn line(&self) -> String {
        let calls = self.calls();
        // A text takes whatever is written to it.
        let mut line = format!("{} calls", calls.values().sum::<u64>());
        let mut separator = ": ";
        for (operation, count) in calls {
            let _ = write!(line, "{separator}{operation} {count}");
            separator = ", ";
        }
        let (up, down) = self.bytes();
        let _ = write!(line, "; {} up, {} down; {} retries", output::size(up), output::size(down), self.retries());
        line
    }
}

impl Observer for Cost {
    fn attempt(&self, attempt: &Attempt<'_>) {
        let mut calls = self.0.calls.lock().unwrap_or_else(PoisonError::into_inner);
        *calls.entry(attempt.operation.name).or_default() += 1;
    }

    fn retry(&self, _: &Retry<'_>) {
        self.0.retries.fetch_add(1, Ordering::Relaxed);
    }
}
