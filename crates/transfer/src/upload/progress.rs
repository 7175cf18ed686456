//! How far a transfer has come.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How far a transfer has come. What has to be sent again is taken back, so `done` can fall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Bytes that were handed to the connection.
    pub done: u64,
    /// All bytes, where they are known.
    pub total: Option<u64>,
}

pub(super) type Listener = Arc<dyn Fn(Progress) + Send + Sync>;

/// Counts the bytes of a transfer and tells who wants to know.
#[derive(Default)]
pub(super) struct Meter {
    done: AtomicU64,
    /// Those of them that an earlier process sent.
    skipped: AtomicU64,
    total: Option<u64>,
    listener: Option<Listener>,
}

impl Meter {
    pub(super) fn new(total: Option<u64>, listener: Option<Listener>) -> Arc<Self> {
        Arc::new(Self { total, listener, ..Self::default() })
    }

    pub(super) fn add(&self, bytes: u64) {
        let done = self.done.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if let Some(listener) = &self.listener {
            listener(Progress { done, total: self.total });
        }
    }

    /// Counts what an earlier process sent, which nobody is told.
    pub(super) fn skip(&self, bytes: u64) {
        self.skipped.fetch_add(bytes, Ordering::Relaxed);
        self.done.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Bytes that this process sent, and were not lost.
    pub(super) fn moved(&self) -> u64 {
        self.done.load(Ordering::Relaxed).saturating_sub(self.skipped.load(Ordering::Relaxed))
    }

    /// Begins to count again.
    pub(super) fn reset(&self) {
        self.done.store(0, Ordering::Relaxed);
        self.skipped.store(0, Ordering::Relaxed);
    }

    pub(super) fn take_back(&self, bytes: u64) {
        self.done.fetch_sub(bytes, Ordering::Relaxed);
    }
}

impl fmt::Debug for Meter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Meter").field("done", &self.done).field("total", &self.total).finish_non_exhaustive()
    }
}
