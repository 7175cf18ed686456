//! How many calls a client has made.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts the metered calls of one or more clients, and can stop them before a maximum.
///
/// An organization has a number of calls per calendar month; a call sent twice counts twice, token and
/// contact operations do not count. Clones share the count. To count a month over several runs of a
/// program, store [`count`](Self::count) and begin with [`starting_at`](Self::starting_at).
#[derive(Debug, Clone)]
pub struct CallCounter(Arc<Counter>);

#[derive(Debug)]
struct Counter {
    count: AtomicU64,
    maximum: u64,
}

impl CallCounter {
    /// A count that begins at zero, without a maximum.
    #[must_use]
    pub fn new() -> Self {
        Self::starting_at(0, None)
    }

    /// A count that goes on from an earlier one. Calls beyond the maximum fail without being sent.
    #[must_use]
    pub fn starting_at(count: u64, maximum: Option<u64>) -> Self {
        Self(Arc::new(Counter { count: AtomicU64::new(count), maximum: maximum.unwrap_or(u64::MAX) }))
    }

    /// The calls so far.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.count.load(Ordering::Relaxed)
    }

    /// Counts a call, unless it would be one too many.
    pub(crate) fn add(&self) -> bool {
        let below_maximum = |count: u64| (count < self.0.maximum).then(|| count + 1);
        self.0.count.fetch_update(Ordering::Relaxed, Ordering::Relaxed, below_maximum).is_ok()
    }

    /// Takes a call back that was not sent.
    pub(crate) fn take_back(&self) {
        self.0.count.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Default for CallCounter {
    fn default() -> Self {
        Self::new()
    }
}
