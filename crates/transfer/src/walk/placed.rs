//! Paths of what a walk has, whose entries tell only the folder that they are in.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{BuildHasher, RandomState};

use dingtalk_storage::types::DentryId;

use super::Walk;
use crate::{Category, Drive, Entry, Error};

/// Entries whose folder has not come yet; when there are more, their folders are asked for.
const MOST_WAITING: usize = 10_000;
/// Folders above one another that are believed; a drive that has more leads in a circle.
const DEEPEST: usize = 1000;

/// An entry of a walk, and the names of the folders that it is in, from below the top of the walk on.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Placed {
    /// Names of the folders above it; none for what lies in the top of the walk itself.
    pub folders: Vec<String>,
    /// The entry.
    pub entry: Entry,
}

/// The entries of a walk with their paths: each once, and folders before what is in them. It holds the folders, what waits
/// for one, and a number for each file that has come.
#[derive(Debug)]
#[must_use = "nothing is asked for until the entries are taken"]
pub struct PlacedWalk {
    drive: Drive,
    walk: Walk,
    is_over: bool,
    /// Ids of the top. A root has two.
    tops: Vec<DentryId>,
    top: Entry,
    folders: HashMap<DentryId, (DentryId, String)>,
    /// Entries by the folder that has not come.
    waiting: HashMap<DentryId, Vec<Entry>>,
    waits: usize,
    ready: VecDeque<Placed>,
    /// An entry that is changed meanwhile comes again.
    seen: HashSet<u64>,
    hashing: RandomState,
}

/// Where the folders of an entry lead to.
enum Way {
    Down(Vec<String>),
    Missing(DentryId),
    /// To nothing that is walked.
    Elsewhere,
}

impl Drive {
    /// All entries below a folder with their paths, as [`walk_folder`](Self::walk_folder) has them: below the
    /// [root](crate::Paths::root) of a space in pages of a flat list, else folder by folder.
    pub fn walk_placed(&self, folder: &Entry) -> PlacedWalk {
        let walk = self.walk_folder(folder);
        let mut tops = vec![folder.id.clone()];
        if walk.is_of_space() {
            tops.push(DentryId::root());
        }
        PlacedWalk {
            drive: self.clone(),
            walk,
            is_over: false,
            tops,
            top: folder.clone(),
            folders: HashMap::new(),
            waiting: HashMap::new(),
            waits: 0,
            ready: VecDeque::new(),
            seen: HashSet::new(),
            hashing: RandomState::new(),
        }
    }
}

impl PlacedWalk {
    /// The next entry; none after the last.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if a page cannot be had, or a folder that was not listed before what is in it; it can go on after it.
    pub async fn try_next(&mut self) -> Result<Option<Placed>, Error> {
        loop {
            if let Some(placed) = self.ready.pop_front() {
                return Ok(Some(placed));
            }
            if self.is_over && self.waits == 0 {
                return Ok(None);
            }
            if self.is_over || self.waits > MOST_WAITING {
                self.ask_for_missing().await?;
                continue;
            }
            match self.walk.try_next().await? {
                Some(entry) => self.take(entry),
                None => self.is_over = true,
            }
        }
    }

    /// Whether all entries came; see [`Walk::is_complete`].
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.is_over && self.waits == 0 && self.ready.is_empty() && self.walk.is_complete()
    }

    fn take(&mut self, entry: Entry) {
        if entry.uuid == self.top.uuid {
            return;
        }
        let is_new = self.seen.insert(self.hashing.hash_one(&entry.id));
        if entry.is_folder() {
            // It may have been moved since it came first.
            self.folders.insert(entry.id.clone(), (entry.parent.clone(), entry.name.clone()));
        }
        let id = entry.id.clone();
        if is_new {
            self.place(entry);
        }
        self.release(&id);
    }

    /// Places what has waited for a folder.
    fn release(&mut self, folder: &DentryId) {
        for entry in self.waiting.remove(folder).unwrap_or_default() {
            self.waits -= 1;
            self.place(entry);
        }
    }

    fn place(&mut self, entry: Entry) {
        match self.way(&entry.parent) {
            Way::Down(folders) => self.ready.push_back(Placed { folders, entry }),
            Way::Missing(folder) => {
                self.waits += 1;
                self.waiting.entry(folder).or_default().push(entry);
            }
            Way::Elsewhere => {}
        }
    }

    fn way(&self, folder: &DentryId) -> Way {
        let (mut names, mut at) = (Vec::new(), folder);
        while !self.tops.contains(at) {
            let Some((parent, name)) = self.folders.get(at) else { return Way::Missing(at.clone()) };
            if names.len() == DEEPEST {
                return Way::Elsewhere;
            }
            names.push(name.clone());
            at = parent;
        }
        names.reverse();
        Way::Down(names)
    }

    /// Asks for a folder that entries are in and that has not come: it comes later, was made since, or is gone.
    async fn ask_for_missing(&mut self) -> Result<(), Error> {
        let Some(id) = self.waiting.keys().next().cloned() else { return Ok(()) };
        match self.drive.entry(&self.top.space, &id).await {
            Ok(folder) if folder.uuid == self.top.uuid => {
                self.tops.push(id.clone());
                self.release(&id);
            }
            Ok(mut folder) => {
                folder.id = id;
                self.take(folder);
            }
            Err(error) => {
                self.waits -= self.waiting.remove(&id).map_or(0, |left| left.len());
                // What is in a folder that is gone is gone with it.
                if error.category() != Category::NotFound {
                    return Err(error);
                }
            }
        }
        Ok(())
    }
}
