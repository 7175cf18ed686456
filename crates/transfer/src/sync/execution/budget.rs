//! Whether there are calls enough to begin something.

use std::sync::{Mutex, PoisonError};

use dingtalk_storage::runtime::CallCounter;

/// The calls that a run may make. What is begun has its calls set aside; the counter itself refuses what retries would
/// spend beyond.
#[derive(Debug)]
pub(super) struct Budget {
    counter: CallCounter,
    most: Option<u64>,
    set_aside: Mutex<u64>,
}

impl Budget {
    pub(super) fn new(counter: &CallCounter) -> Self {
        let most = counter.left().map(|left| left + counter.count());
        Self { counter: counter.clone(), most, set_aside: Mutex::new(counter.count()) }
    }

    /// Sets calls aside, if there are as many.
    pub(super) fn begin(&self, calls: u64) -> bool {
        let mut set_aside = self.set_aside.lock().unwrap_or_else(PoisonError::into_inner);
        let after = (*set_aside).max(self.counter.count()).saturating_add(calls);
        if self.most.is_some_and(|most| after > most) {
            return false;
        }
        *set_aside = after;
        true
    }

    /// Gives calls back that were not needed.
    pub(super) fn give_back(&self, calls: u64) {
        let mut set_aside = self.set_aside.lock().unwrap_or_else(PoisonError::into_inner);
        *set_aside = set_aside.saturating_sub(calls);
    }
}
