//! What was seen a moment ago, so that it need not be asked for again.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use dingtalk_storage_transfer::{Entry, OpenFile};

/// Files that are remembered; those that were met first are forgotten first.
const MOST: usize = 20_000;

/// Files that were seen, by their paths in the drive, and those that are open.
#[derive(Debug)]
pub(crate) struct Recent {
    /// How long what was seen is believed.
    freshness: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    files: HashMap<String, Seen>,
    /// Paths as they were met; one that was forgotten meanwhile may be among them twice.
    order: VecDeque<String>,
}

#[derive(Debug)]
struct Seen {
    entry: Entry,
    /// None for one that may be another by now.
    at: Option<Instant>,
    open: Option<OpenFile>,
}

impl Recent {
    pub(crate) fn new(freshness: Duration) -> Self {
        Self { freshness, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A file that was seen a moment ago.
    pub(crate) fn entry(&self, path: &str) -> Option<Entry> {
        let state = self.state();
        let seen = state.files.get(path)?;
        seen.at.is_some_and(|at| at.elapsed() < self.freshness).then(|| seen.entry.clone())
    }

    /// Notes a file as it is now.
    pub(crate) fn note(&self, path: &str, entry: &Entry) {
        let mut state = self.state();
        let at = Some(Instant::now());
        if let Some(seen) = state.files.get_mut(path) {
            let is_same = (&seen.entry.uuid, seen.entry.version) == (&entry.uuid, entry.version);
            let open = seen.open.take().filter(|_| is_same);
            *seen = Seen { entry: entry.clone(), at, open };
            return;
        }
        state.files.insert(path.to_owned(), Seen { entry: entry.clone(), at, open: None });
        state.order.push_back(path.to_owned());
        while state.order.len() > MOST {
            if let Some(first) = state.order.pop_front() {
                state.files.remove(&first);
            }
        }
    }

    /// Forgets a file that may be another one now.
    pub(crate) fn forget(&self, path: &str) {
        if let Some(seen) = self.state().files.get_mut(path) {
            // What is open is of one version, and serves as long as that is the newest.
            seen.at = None;
        }
    }

    /// Forgets a file that is not there any more.
    pub(crate) fn remove(&self, path: &str) {
        self.state().files.remove(path);
    }

    /// The open file of a content, or what `open` makes.
    pub(crate) fn opened<E>(
        &self,
        path: &str,
        entry: &Entry,
        open: impl FnOnce() -> Result<OpenFile, E>,
    ) -> Result<OpenFile, E> {
        let mut state = self.state();
        let Some(seen) = state.files.get_mut(path) else { return open() };
        if (&seen.entry.uuid, seen.entry.version) != (&entry.uuid, entry.version) {
            return open();
        }
        if let Some(open) = &seen.open {
            return Ok(open.clone());
        }
        let opened = open()?;
        seen.open = Some(opened.clone());
        Ok(opened)
    }
}
