//! Whether a request's body leaves: decided once, by whoever comes first.

use crate::sync::{AtomicU8, Ordering};

const WAITING: u8 = 0;
const TAKEN: u8 = 1;
const WITHDRAWN: u8 = 2;

/// What the connection and the caller decide between them. The connection runs in a task of its own and may ask
/// for the body long after the caller has given up; a look at what it has done so far would say nothing about that.
#[derive(Debug)]
pub(crate) struct Departure(AtomicU8);

impl Departure {
    pub(crate) fn new() -> Self {
        Self(AtomicU8::new(WAITING))
    }

    /// The connection wants the body; false when it was withdrawn and must not leave any more.
    pub(crate) fn take(&self) -> bool {
        self.decide(TAKEN)
    }

    /// The caller calls the body back; true when none of it has left, and none will.
    pub(crate) fn withdraw(&self) -> bool {
        self.decide(WITHDRAWN)
    }

    /// Decides, unless that was done; whether it is so now.
    fn decide(&self, wanted: u8) -> bool {
        match self.0.compare_exchange(WAITING, wanted, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => true,
            Err(decided) => decided == wanted,
        }
    }
}
