//! How many calls a client has made.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::Operation;
use crate::sync::{Mutex, lock};

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
    /// Where its calls are counted as well.
    whole: Option<CallCounter>,
    operations: Mutex<BTreeMap<&'static str, u64>>,
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
        Self::counting(count, maximum, None)
    }

    /// A count of a part, such as one job: it begins at zero, has a maximum of its own, and all that it counts is
    /// counted here as well. Calls beyond either maximum fail without being sent.
    #[must_use]
    pub fn part(&self, maximum: Option<u64>) -> Self {
        Self::counting(0, maximum, Some(self.clone()))
    }

    fn counting(count: u64, maximum: Option<u64>, whole: Option<Self>) -> Self {
        let (count, maximum) = (AtomicU64::new(count), maximum.unwrap_or(u64::MAX));
        Self(Arc::new(Counter { count, maximum, whole, operations: Mutex::default() }))
    }

    /// The calls so far.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.count.load(Ordering::Relaxed)
    }

    /// Calls that may still be made; none where there is no maximum.
    #[must_use]
    pub fn left(&self) -> Option<u64> {
        let own = (self.0.maximum < u64::MAX).then(|| self.0.maximum.saturating_sub(self.count()));
        let whole = self.0.whole.as_ref().and_then(Self::left);
        own.into_iter().chain(whole).min()
    }

    /// The calls that this has counted, by the names of their operations.
    #[must_use]
    pub fn by_operation(&self) -> BTreeMap<&'static str, u64> {
        lock(&self.0.operations).clone()
    }

    /// Counts a call, unless it would be one too many.
    pub(crate) fn add(&self, operation: &'static Operation) -> bool {
        let below_maximum = |count: u64| (count < self.0.maximum).then(|| count + 1);
        if self.0.count.fetch_update(Ordering::Relaxed, Ordering::Relaxed, below_maximum).is_err() {
            return false;
        }
        if self.0.whole.as_ref().is_some_and(|whole| !whole.add(operation)) {
            self.0.count.fetch_sub(1, Ordering::Relaxed);
            return false;
        }
        *lock(&self.0.operations).entry(operation.name).or_default() += 1;
        true
    }

    /// Takes a call back that was not sent.
    pub(crate) fn take_back(&self, operation: &'static Operation) {
        self.0.count.fetch_sub(1, Ordering::Relaxed);
        if let Some(count) = lock(&self.0.operations).get_mut(operation.name) {
            *count = count.saturating_sub(1);
        }
        if let Some(whole) = &self.0.whole {
            whole.take_back(operation);
        }
    }
}

impl Default for CallCounter {
    fn default() -> Self {
        Self::new()
    }
}
