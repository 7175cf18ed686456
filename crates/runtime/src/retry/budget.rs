//! How many calls may be sent again, whatever their policies say.

use std::time::Duration;

use crate::sync::{Mutex, lock};

/// Thousandths of a retry, so that sums stay exact.
const ONE: u64 = 1000;
/// Ten good answers earn a retry.
const PER_SUCCESS: u64 = ONE / 10;
/// A quiet client earns one every two seconds.
const PER_SECOND: u64 = ONE / 2;

/// A store of retries, shared by all calls of a client. Good answers and time fill it; an outage empties it,
/// and from then on each call is sent about once, so that a struggling server sees hardly more than usual.
#[derive(Debug)]
pub(crate) struct Budget(Mutex<Store>);

#[derive(Debug)]
struct Store {
    capacity: u64,
    left: u64,
    filled_at: Duration,
}

impl Budget {
    /// A full store of so many retries.
    pub(crate) fn new(retries: u32) -> Self {
        let capacity = u64::from(retries) * ONE;
        Self(Mutex::new(Store { capacity, left: capacity, filled_at: Duration::ZERO }))
    }

    /// Takes one retry; false when there is none.
    pub(crate) fn take(&self, now: Duration) -> bool {
        let mut store = lock(&self.0);
        store.fill(now);
        let left = store.left.checked_sub(ONE);
        store.left = left.unwrap_or(store.left);
        left.is_some()
    }

    /// A call was answered well.
    pub(crate) fn reward(&self) {
        let mut store = lock(&self.0);
        store.left = (store.left + PER_SUCCESS).min(store.capacity);
    }
}

impl Store {
    fn fill(&mut self, now: Duration) {
        let passed = u64::try_from(now.saturating_sub(self.filled_at).as_millis()).unwrap_or(u64::MAX);
        let earned = passed.saturating_mul(PER_SECOND) / 1000;
        // The clock stands until something was earned, or frequent looks would earn nothing.
        if earned > 0 {
            self.left = self.left.saturating_add(earned).min(self.capacity);
            self.filled_at = self.filled_at.max(now);
        }
    }
}
