//! All entries of a space or below a folder, and what has changed since an earlier look.

mod changes;
mod checkpoint;
mod live;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod model;
mod placed;
mod source;
mod walker;

use std::collections::VecDeque;

use dingtalk_storage::types::{DentryId, SpaceId};

use crate::{Drive, Entry, Error};

pub use changes::{Change, Changes, Known};
pub use checkpoint::{ChangesCheckpoint, WalkCheckpoint};
use live::Live;
pub use placed::{Placed, PlacedWalk};
use walker::Walker;

impl Drive {
    /// All entries of a space, in pages of a flat list: ⌈entries/50⌉ calls, which no listing by folders can beat: each folder
    /// takes at least one call, and each further 50 entries of it one more. Who may not have that list gets it by
    /// folders.
    pub fn walk(&self, space: &SpaceId) -> Walk {
        Walk::new(Live::new(self, space), WalkCheckpoint::all(space))
    }

    /// All entries below a folder: below the root of a space, as [`walk`](Self::walk); otherwise folder by folder, a call for
    /// each, and one more for each further 50 entries of it.
    ///
    /// The flat list takes no folder: it has all of a space, in no order of folders, and no operation tells how many entries
    /// a space has. So nobody can say beforehand that it takes fewer calls than the folders below one, and it would have to be
    /// held in memory until the way to the folder is known. Who knows that a folder is most of its space walks the space.
    pub fn walk_folder(&self, folder: &Entry) -> Walk {
        if folder.id == DentryId::root() {
            return self.walk(&folder.space);
        }
        self.walk_levels(folder)
    }

    /// All entries below a folder, folder by folder, whatever that costs: folders come before what is in them.
    pub fn walk_levels(&self, folder: &Entry) -> Walk {
        Walk::new(Live::new(self, &folder.space), WalkCheckpoint::below(folder))
    }

    /// What has changed in a space since a checkpoint; without one, and with one of another space, all that there is.
    pub fn changes(&self, space: &SpaceId, since: Option<ChangesCheckpoint>) -> Changes {
        Changes::new(Live::new(self, space), space, since)
    }
}

/// Entries as they are listed, in no order that means something. An entry that is changed while it goes on may come
/// twice. It holds one page in memory, and for a walk by folders the ids of those that are still to come.
#[derive(Debug)]
#[must_use = "nothing is asked for until the entries are taken"]
pub struct Walk {
    walker: Walker<Live>,
    ready: VecDeque<Entry>,
}

impl Walk {
    fn new(source: Live, checkpoint: WalkCheckpoint) -> Self {
        Self { walker: Walker::new(source, checkpoint), ready: VecDeque::new() }
    }

    /// Goes on where another walk was. Entries of the page that it was at come again.
    pub fn from_checkpoint(mut self, checkpoint: WalkCheckpoint) -> Self {
        self.walker.go_on(checkpoint);
        self.ready.clear();
        self
    }

    /// The next entry; none after the last.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if a page cannot be had; the walk can go on after it, here or from its
    /// [`checkpoint`](Self::checkpoint).
    pub async fn try_next(&mut self) -> Result<Option<Entry>, Error> {
        loop {
            if let Some(entry) = self.ready.pop_front() {
                return Ok(Some(entry));
            }
            match self.walker.next().await? {
                Some(entries) => self.ready = entries.into(),
                None => return Ok(None),
            }
        }
    }

    fn is_of_space(&self) -> bool {
        self.walker.is_of_space()
    }

    /// Whether all entries came. Only then does an entry that did not come not exist: before the end, and where a folder
    /// could not be listed or an entry not be read, it says no.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.ready.is_empty() && self.walker.is_complete()
    }

    /// Where it is, to go on from there in another process. Entries of a page that was not taken to its end come again.
    #[must_use]
    pub fn checkpoint(&self) -> WalkCheckpoint {
        self.walker.checkpoint(self.ready.is_empty())
    }
}
