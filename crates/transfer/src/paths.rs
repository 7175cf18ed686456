//! Paths of a space, and what is known of it: `drive.paths(&space).resolve("/Reports/a.pdf")`.

mod changing;
mod index;
mod path;
mod recent;
mod resolving;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use dingtalk_storage::types::{DentryId, SpaceId};

use crate::{Drive, Entry, Error};

use index::SpaceIndex;
pub(crate) use path::Path;
pub use recent::RecentPaths;

/// How long a list is taken for true where asking costs more than being wrong.
const MOMENT: Duration = Duration::from_secs(20);

/// What a drive knows of its spaces; clones of the drive share it.
#[derive(Debug, Default)]
pub(crate) struct Indexes(Mutex<HashMap<SpaceId, Arc<SpaceIndex>>>);

impl Indexes {
    fn of(&self, space: &SpaceId) -> Arc<SpaceIndex> {
        let mut spaces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(spaces.entry(space.clone()).or_default())
    }
}

impl Drive {
    /// The paths of a space.
    pub fn paths(&self, space: &SpaceId) -> Paths {
        Paths { drive: self.clone(), space: space.clone(), index: self.indexes().of(space) }
    }
}

/// The paths of a space: `/` is its root, `/Reports/2026/a.pdf` a file in a folder in a folder.
///
/// The API knows no paths, so folders are listed from the root down, once each; what was listed is known from then on,
/// to all clones of the drive, and later paths through it cost no call. What others change meanwhile is noticed where it
/// matters: that something is *not* there is never said from memory, [`stat`](Self::stat) asks for the entry itself, and
/// [`using`](Self::using) looks again when an id that was known leads nowhere.
///
/// - Names are compared as they are, letter by letter: no case, no normalization, no blanks are passed over.
/// - Several entries of a folder can have one name. On the way, a name is that of a folder, and so it is at the end of a
///   path with a slash behind it; if more than one remains, the path is [`Error::Ambiguous`], which names them all.
/// - Empty parts of a path are passed over; `.` and `..` are refused.
#[derive(Debug, Clone)]
pub struct Paths {
    drive: Drive,
    space: SpaceId,
    index: Arc<SpaceIndex>,
}

impl Paths {
    /// The space that they are of.
    #[must_use]
    pub fn space(&self) -> &SpaceId {
        &self.space
    }

    /// The root, with its uuid; asked for once.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if the API refused.
    pub async fn root(&self) -> Result<Entry, Error> {
        let root =
            self.index.root.get_or_try_init(async || self.drive.entry(&self.space, &index::root()).await).await?;
        Ok(root.clone())
    }

    /// Notes an entry that the caller has made, changed or learned of elsewhere.
    pub fn remember(&self, entry: &Entry) {
        if entry.space == self.space {
            let mut entry = entry.clone();
            entry.parent = self.parent_of(&entry);
            self.index.remember(&entry);
        }
    }

    /// Notes an entry that has taken the place of whatever had its name.
    pub(crate) fn remember_alone(&self, entry: &Entry) {
        for other in self.index.named(&self.parent_of(entry), &entry.name).unwrap_or_default() {
            if other.id != entry.id {
                self.index.forget(&other.id, &other.parent);
            }
        }
        self.remember(entry);
    }

    /// Forgets an entry and all below it, such as one that the caller has moved, renamed or deleted.
    pub fn forget(&self, entry: &Entry) {
        if entry.space == self.space {
            self.index.forget(&entry.id, &self.parent_of(entry));
        }
    }

    /// Forgets all that is known of the space.
    pub fn forget_all(&self) {
        self.index.clear();
    }

    /// The folder that holds an entry. The root has two ids, of which the index has one.
    fn parent_of(&self, entry: &Entry) -> DentryId {
        self.known_as(&entry.parent)
    }

    /// The id by which the index knows a folder.
    fn known_as(&self, folder: &DentryId) -> DentryId {
        let is_root =
            self.index.root.get().is_some_and(|root| root.id == *folder) || self.index.root_id.get() == Some(folder);
        if is_root { index::root() } else { folder.clone() }
    }

    /// Whether an entry lies in a folder itself.
    pub(crate) fn is_in(&self, entry: &Entry, folder: &Entry) -> bool {
        entry.space == folder.space && self.parent_of(entry) == self.known_as(&folder.id)
    }

    /// Whether something has a name beside an entry, as far as its folder was listed a moment ago.
    pub(crate) fn is_known_taken_beside(&self, entry: &Entry, name: &str) -> bool {
        self.has_lately(&self.parent_of(entry), name)
    }

    /// Whether something has a name in a folder, as far as that was listed a moment ago.
    pub(crate) fn is_known_taken(&self, folder: &Entry, name: &str) -> bool {
        self.has_lately(&self.known_as(&folder.id), name)
    }

    fn has_lately(&self, folder: &DentryId, name: &str) -> bool {
        self.index.is_list_recent(folder, MOMENT)
            && self.index.named(folder, name).is_some_and(|named| !named.is_empty())
    }
}
