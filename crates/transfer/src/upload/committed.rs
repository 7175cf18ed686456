//! What the uploads of a drive have become.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use dingtalk_storage::types::{Dentry, DentryUuid};

use crate::Entry;

/// Files that are remembered; older ones are told apart by their time.
const REMEMBERED: usize = 10_000;

/// The newest files that came of uploads, each with its version. What came of one commit cannot have come of another.
#[derive(Debug, Default)]
pub(crate) struct Committed(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    files: VecDeque<(DentryUuid, Option<i64>)>,
    skew: Option<i64>,
}

impl Committed {
    /// Notes a file; one that was made at this time, in milliseconds since 1970, tells how late it is at the server.
    pub(super) fn add(&self, entry: &Entry, made: Option<i64>) {
        let mut known = self.lock();
        if known.files.len() == REMEMBERED {
            known.files.pop_front();
        }
        known.files.push_back((entry.uuid.clone(), entry.version));
        let there = entry.modified.as_ref().and_then(dingtalk_storage::runtime::Time::unix_millis);
        if let (Some(here), Some(there)) = (made, there) {
            known.skew = Some(there - here);
        }
    }

    /// How far the server's clock is ahead of this one, in milliseconds.
    pub(super) fn skew(&self) -> Option<i64> {
        self.lock().skew
    }

    pub(super) fn has(&self, dentry: &Dentry) -> bool {
        let known = self.lock();
        known.files.iter().any(|(uuid, version)| Some(uuid) == dentry.uuid.as_ref() && *version == dentry.version)
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
