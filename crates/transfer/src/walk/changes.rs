//! What has changed since an earlier look, for connectors.

use std::collections::{HashMap, VecDeque};

use dingtalk_storage::types::{DentryId, DentryUuid, SpaceId};
use serde::{Deserialize, Serialize};

use super::checkpoint::{ChangesCheckpoint, WalkCheckpoint};
use super::live::Live;
use super::source::{Look, Source};
use super::walker::Walker;
use crate::{Entry, Error};

/// Entries that are asked for at once.
const LOOKS: usize = 30;

/// What is remembered of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Known {
    /// Id within its space.
    pub id: DentryId,
    /// Id that survives moves.
    pub uuid: DentryUuid,
    /// Folder that held it.
    pub parent: DentryId,
    /// Its name.
    pub name: String,
    /// Whether it was a folder.
    pub is_folder: bool,
    /// Bytes of a file.
    pub size: u64,
    /// Version of the content of a file.
    pub version: Option<i64>,
    /// When it was changed last, in milliseconds since 1970.
    pub modified: Option<i64>,
    /// The walk that saw it last.
    seen: u64,
}

impl From<&Entry> for Known {
    fn from(entry: &Entry) -> Self {
        Self::of(entry, 0)
    }
}

impl Known {
    fn of(entry: &Entry, seen: u64) -> Self {
        Self {
            id: entry.id.clone(),
            uuid: entry.uuid.clone(),
            parent: entry.parent.clone(),
            name: entry.name.clone(),
            is_folder: entry.is_folder(),
            size: entry.size,
            version: entry.version,
            modified: entry.modified.as_ref().and_then(dingtalk_storage::runtime::Time::unix_millis),
            seen,
        }
    }

    fn is_at(&self, now: &Self) -> bool {
        self.parent == now.parent && self.name == now.name
    }

    /// Whether it has other bytes. A folder has none, though it can have another time.
    fn has_content_of(&self, now: &Self) -> bool {
        let is_same = match (self.version, now.version) {
            // A new name can make it younger without another version.
            (Some(before), Some(now)) => before == now,
            _ => self.modified == now.modified,
        };
        self.is_folder == now.is_folder && (self.is_folder || is_same && self.size == now.size)
    }
}

/// What became of an entry.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Change {
    /// It is new.
    Added(Entry),
    /// It has other bytes.
    Changed {
        /// As it is.
        entry: Entry,
        /// As it was.
        before: Known,
    },
    /// It is elsewhere, or has another name; what is below a folder is there as well, and is not told by itself.
    Moved {
        /// As it is.
        entry: Entry,
        /// As it was.
        before: Known,
        /// Whether it also has other bytes.
        is_changed: bool,
    },
    /// It is gone: a complete walk did not meet it, and the server says that it does not exist.
    Deleted(Known),
}

/// Changes of a space, found by walking it and comparing.
///
/// Each change comes at least once: handle it, and write down the [`checkpoint`](Self::checkpoint) after that, at the end
/// or on the way. What was not handled before a crash comes again.
///
/// Nothing counts as deleted because a list did not have it: the walk must have been complete, and then the server is
/// asked for each missing entry by its id, one call for 30 of them. A walk that was not complete gives no deletions, and
/// the next one makes up for it.
///
/// Who is killed after handling a change and before writing the checkpoint down knows more than the checkpoint. If an
/// entry is deleted, or moved back, before the next look, nothing would tell: [`also_known`](Self::also_known) takes what
/// the connector has.
#[derive(Debug)]
#[must_use = "nothing is asked for until the changes are taken"]
pub struct Changes(Comparison<Live>);

impl Changes {
    pub(super) fn new(source: Live, space: &SpaceId, since: Option<ChangesCheckpoint>) -> Self {
        Self(Comparison::new(source, space, since))
    }

    /// Takes what the caller has, which counts more than what the checkpoint knows; before the first change is taken. It
    /// is not told again unless it is other than that, and told when it is gone.
    pub fn also_known(mut self, known: impl IntoIterator<Item = Known>) -> Self {
        self.0.add_known(known);
        self
    }

    /// The next change; none when all is compared.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if the API refused. It can be called again, and goes on where it was.
    pub async fn try_next(&mut self) -> Result<Option<Change>, Error> {
        self.0.next().await
    }

    /// Whether all of the space was seen, so that no deletion is missing. It says no before the end.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.0.is_over && self.0.walker.is_complete()
    }

    /// All that was given so far, and where the walk is. Write it down when what was given is handled.
    #[must_use]
    pub fn checkpoint(&self) -> ChangesCheckpoint {
        self.0.checkpoint()
    }
}

/// A walk, compared with what is known.
#[derive(Debug)]
pub(super) struct Comparison<S> {
    space: SpaceId,
    pub(super) walker: Walker<S>,
    round: u64,
    known: HashMap<DentryId, Known>,
    /// Entries of the page that is looked at.
    page: VecDeque<Entry>,
    /// Entries that the walk did not meet; none before its end.
    missing: Option<Vec<DentryId>>,
    /// What the server said about some of them.
    looked: VecDeque<(DentryId, Look)>,
    pub(super) is_over: bool,
}

impl<S: Source> Comparison<S> {
    pub(super) fn new(source: S, space: &SpaceId, since: Option<ChangesCheckpoint>) -> Self {
        let since = since.filter(|since| since.space == *space);
        let (round, walk, known) = since.map_or((0, None, Vec::new()), |since| (since.round, since.walk, since.known));
        let mut walker = Walker::new(source, WalkCheckpoint::all(space));
        // A walk that was on its way goes on; otherwise the next one begins.
        let round = if walk.is_some() { round } else { round + 1 };
        if let Some(walk) = walk {
            walker.go_on(walk);
        }
        let known = known.into_iter().map(|known| (known.id.clone(), known)).collect();
        Self {
            space: space.clone(),
            walker,
            round,
            known,
            page: VecDeque::new(),
            missing: None,
            looked: VecDeque::new(),
            is_over: false,
        }
    }

    pub(super) fn add_known(&mut self, known: impl IntoIterator<Item = Known>) {
        for known in known {
            let seen = self.known.get(&known.id).map_or(0, |written| written.seen);
            self.known.insert(known.id.clone(), Known { seen, ..known });
        }
    }

    pub(super) async fn next(&mut self) -> Result<Option<Change>, Error> {
        while !self.is_over {
            if let Some(entry) = self.page.pop_front() {
                if let Some(change) = self.compare(entry) {
                    return Ok(Some(change));
                }
            } else if let Some((id, look)) = self.looked.pop_front() {
                if let Some(change) = self.conclude(&id, look) {
                    return Ok(Some(change));
                }
            } else if self.missing.is_some() {
                self.look().await?;
            } else if let Some(entries) = self.walker.next().await? {
                self.page = entries.into();
            } else {
                self.missing = Some(self.not_met());
            }
        }
        Ok(None)
    }

    /// Holds an entry against what is known of it.
    fn compare(&mut self, entry: Entry) -> Option<Change> {
        let now = Known::of(&entry, self.round);
        let Some(before) = self.known.insert(entry.id.clone(), now.clone()) else { return Some(Change::Added(entry)) };
        let is_changed = !before.has_content_of(&now);
        match (before.is_at(&now), is_changed) {
            (true, false) => None,
            (true, true) => Some(Change::Changed { entry, before }),
            (false, is_changed) => Some(Change::Moved { entry, before, is_changed }),
        }
    }

    /// What the walk has not met, if it has met all that there is.
    fn not_met(&self) -> Vec<DentryId> {
        if !self.walker.is_complete() {
            return Vec::new();
        }
        let not_met = self.known.values().filter(|known| known.seen < self.round);
        let mut ids: Vec<DentryId> = not_met.map(|known| known.id.clone()).collect();
        ids.sort_unstable();
        ids
    }

    /// Asks for some of what was not met.
    async fn look(&mut self) -> Result<(), Error> {
        let Some(missing) = &mut self.missing else { return Ok(()) };
        let some = missing.get(missing.len().saturating_sub(LOOKS)..).unwrap_or_default();
        if some.is_empty() {
            self.is_over = true;
            return Ok(());
        }
        self.looked = self.walker.source().look(some).await?.into();
        missing.truncate(missing.len().saturating_sub(LOOKS));
        Ok(())
    }

    /// What it means that an entry was not met, now that the server was asked for it.
    fn conclude(&mut self, id: &DentryId, look: Look) -> Option<Change> {
        match look {
            Look::Gone => self.known.remove(id).map(Change::Deleted),
            Look::There(entry) if entry.id == *id => self.compare(*entry),
            // Of what nobody says, nothing is known but what was known.
            Look::There(_) | Look::Unknown => {
                if let Some(known) = self.known.get_mut(id) {
                    known.seen = self.round;
                }
                None
            }
        }
    }

    pub(super) fn checkpoint(&self) -> ChangesCheckpoint {
        let walk = self.walker.checkpoint(self.page.is_empty());
        let mut known: Vec<Known> = self.known.values().cloned().collect();
        known.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        ChangesCheckpoint {
            space: self.space.clone(),
            round: self.round,
            walk: Some(walk).filter(|_| !self.is_over),
            known,
        }
    }
}
