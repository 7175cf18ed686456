//! What the uploads of a drive have become.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use dingtalk_storage::types::{Dentry, DentryUuid};

use crate::Entry;

/// Files that are remembered; older ones are told apart by their time.
const REMEMBERED: usize = 10_000;

/// The newest files that came of uploads, each with its version. What came of one commit cannot have come of another.
#[derive(Debug, Default)]
pub(crate) struct Committed(Mutex<VecDeque<(DentryUuid, Option<i64>)>>);

impl Committed {
    pub(super) fn add(&self, entry: &Entry) {
        let mut files = self.lock();
        if files.len() == REMEMBERED {
            files.pop_front();
        }
        files.push_back((entry.uuid.clone(), entry.version));
    }

    pub(super) fn has(&self, dentry: &Dentry) -> bool {
        self.lock().iter().any(|(uuid, version)| Some(uuid) == dentry.uuid.as_ref() && *version == dentry.version)
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<(DentryUuid, Option<i64>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
