//! How far a download has come.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::Progress;

pub(super) type Listener = Arc<dyn Fn(Progress) + Send + Sync>;

/// Counts the bytes of a download and tells who wants to know.
#[derive(Default)]
pub(super) struct Counter {
    done: AtomicU64,
    /// Those of them that were there already.
    before: AtomicU64,
    /// Bytes in all, and one; 0 while nobody knows.
    total: AtomicU64,
    listener: Option<Listener>,
}

impl Counter {
    pub(super) fn new(listener: Option<Listener>) -> Self {
        Self { listener, ..Self::default() }
    }

    /// Begins at a number of bytes that are there already.
    pub(super) fn begin(&self, done: u64, total: Option<u64>) {
        self.done.store(done, Ordering::Relaxed);
        self.before.store(done, Ordering::Relaxed);
        self.total.store(total.map_or(0, |total| total.saturating_add(1)), Ordering::Relaxed);
        if done > 0 {
            self.tell(done);
        }
    }

    pub(super) fn add(&self, bytes: u64) {
        let done = self.done.fetch_add(bytes, Ordering::Relaxed) + bytes;
        self.tell(done);
    }

    /// Bytes that came.
    pub(super) fn moved(&self) -> u64 {
        self.done.load(Ordering::Relaxed).saturating_sub(self.before.load(Ordering::Relaxed))
    }

    fn tell(&self, done: u64) {
        if let Some(listener) = &self.listener {
            listener(Progress { done, total: self.total.load(Ordering::Relaxed).checked_sub(1) });
        }
    }
}

impl fmt::Debug for Counter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Counter").field("done", &self.done).finish_non_exhaustive()
    }
}
