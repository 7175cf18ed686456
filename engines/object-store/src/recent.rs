//! What was seen a moment ago, so that it need not be asked for again.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use dingtalk_storage_transfer::{Entry, OpenFile};

/// Paths that are remembered; those that were met first are forgotten first.
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
    paths: HashMap<String, Known>,
    /// Each of them, as they were met.
    order: VecDeque<String>,
}

/// What is known of a path.
#[derive(Debug, Default)]
struct Known {
    seen: Option<Seen>,
    /// When this store changed it, or may have: what was asked for before that tells nothing.
    changed: Option<Instant>,
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

    pub(crate) fn freshness(&self) -> Duration {
        self.freshness
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A file that was seen a moment ago.
    pub(crate) fn entry(&self, path: &str) -> Option<Entry> {
        let state = self.state();
        let seen = state.paths.get(path)?.seen.as_ref()?;
        seen.at.is_some_and(|at| at.elapsed() < self.freshness).then(|| seen.entry.clone())
    }

    /// Notes a file as the server told it that was `asked` then.
    pub(crate) fn learn(&self, path: &str, entry: &Entry, asked: Instant) {
        let mut state = self.state();
        let known = state.known(path);
        if known.changed.is_none_or(|changed| changed <= asked) {
            known.see(entry);
        }
    }

    /// Notes a file as this store has just made it.
    pub(crate) fn wrote(&self, path: &str, entry: &Entry) {
        let mut state = self.state();
        let known = state.known(path);
        known.changed = Some(Instant::now());
        // Of two that were written at once, the answer about the first may come last.
        let is_newer = |seen: &Seen| seen.entry.uuid == entry.uuid && seen.entry.version > entry.version;
        if !known.seen.as_ref().is_some_and(is_newer) {
            known.see(entry);
        }
    }

    /// Forgets a file that may be another one now.
    pub(crate) fn forget(&self, path: &str) {
        let mut state = self.state();
        let known = state.known(path);
        known.changed = Some(Instant::now());
        if let Some(seen) = &mut known.seen {
            // What is open is of one version, and serves as long as that is the newest.
            seen.at = None;
        }
    }

    /// Forgets a file that is not there any more.
    pub(crate) fn remove(&self, path: &str) {
        *self.state().known(path) = Known { seen: None, changed: Some(Instant::now()) };
    }

    /// The open file of a content, or what `open` makes.
    pub(crate) fn opened<E>(
        &self,
        path: &str,
        entry: &Entry,
        open: impl FnOnce() -> Result<OpenFile, E>,
    ) -> Result<OpenFile, E> {
        let mut state = self.state();
        let Some(seen) = state.paths.get_mut(path).and_then(|known| known.seen.as_mut()) else { return open() };
        if !is_same(&seen.entry, entry) {
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

impl State {
    fn known(&mut self, path: &str) -> &mut Known {
        if !self.paths.contains_key(path) {
            if self.order.len() >= MOST
                && let Some(first) = self.order.pop_front()
            {
                self.paths.remove(&first);
            }
            self.order.push_back(path.to_owned());
        }
        self.paths.entry(path.to_owned()).or_default()
    }
}

impl Known {
    fn see(&mut self, entry: &Entry) {
        let open = self.seen.take().filter(|seen| is_same(&seen.entry, entry)).and_then(|seen| seen.open);
        self.seen = Some(Seen { entry: entry.clone(), at: Some(Instant::now()), open });
    }
}

/// Whether both are one content of one file.
fn is_same(one: &Entry, other: &Entry) -> bool {
    (&one.uuid, one.version) == (&other.uuid, other.version)
}
