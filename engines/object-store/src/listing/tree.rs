//! Paths of what a list has, which tells of each entry only the folder that it is in.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use dingtalk_storage::types::{DentryId, DentryUuid};
use dingtalk_storage_transfer::{Entry, Error, Walk};
use object_store::path::Path;
use object_store::{ObjectMeta, Result};

use crate::failure::{STORE, failed, is_gone};
use crate::location::join;
use crate::store::Inner;

/// Files whose folder has not come yet; when there are more, their folders are asked for.
const MOST_WAITING: usize = 10_000;
/// Folders above one another that are believed; a drive that has more leads in a circle.
const DEEPEST: usize = 1000;

/// A list as it comes. It holds the folders, what waits for one, and a number for each file that has come.
pub(super) struct Listing {
    store: Arc<Inner>,
    prefix: Path,
    /// None after the end.
    walk: Option<Walk>,
    /// Ids of the folder that is listed. A root has two.
    tops: Vec<DentryId>,
    top: Option<DentryUuid>,
    folders: HashMap<DentryId, (DentryId, String)>,
    /// Files by the folder that has not come.
    waiting: HashMap<DentryId, Vec<Entry>>,
    waits: usize,
    ready: VecDeque<Result<ObjectMeta>>,
    /// An entry that is changed meanwhile comes again.
    seen: HashSet<u64>,
    hashing: RandomState,
}

/// Where the folders of a file lead to.
enum Way {
    Down(Path),
    Missing(DentryId),
    /// To nothing that is listed.
    Elsewhere,
}

impl Listing {
    pub(super) async fn begin(store: Arc<Inner>, prefix: Path) -> Result<Self> {
        let mut listing = Self {
            prefix,
            walk: None,
            tops: Vec::new(),
            top: None,
            folders: HashMap::new(),
            waiting: HashMap::new(),
            waits: 0,
            ready: VecDeque::new(),
            seen: HashSet::new(),
            hashing: RandomState::new(),
            store,
        };
        let fail = |error: Error| failed(listing.prefix.as_ref(), error);
        let (store, paths) = (&listing.store, listing.store.paths());
        if listing.prefix.is_root() && store.place.is_whole_space() {
            let root = paths.root().await.map_err(fail)?;
            listing.walk = Some(store.drive.walk(&store.place.space));
            (listing.tops, listing.top) = (vec![DentryId::root(), root.id], Some(root.uuid));
        } else {
            let folder = store.place.folder(Some(&listing.prefix))?;
            match paths.stat(&format!("{folder}/")).await {
                // A prefix that nothing has is no error.
                Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(fail(error)),
                Ok(folder) => {
                    listing.walk = Some(store.drive.walk_levels(&folder));
                    (listing.tops, listing.top) = (vec![folder.id], Some(folder.uuid));
                }
            }
        }
        Ok(listing)
    }

    /// The next object; none after the last.
    pub(super) async fn next(&mut self) -> Option<Result<ObjectMeta>> {
        loop {
            if let Some(object) = self.ready.pop_front() {
                return Some(object);
            }
            let walk = self.walk.as_mut()?;
            match walk.try_next().await {
                Ok(Some(entry)) => self.take(entry),
                Ok(None) => {
                    let is_complete = walk.is_complete();
                    self.walk = None;
                    self.ask_for_missing().await;
                    if !is_complete {
                        self.ready.push_back(Err(incomplete(&self.prefix)));
                    }
                    continue;
                }
                Err(error) => {
                    self.walk = None;
                    return Some(Err(failed(self.prefix.as_ref(), error)));
                }
            }
            if self.waits > MOST_WAITING {
                self.ask_for_missing().await;
            }
        }
    }

    fn take(&mut self, entry: Entry) {
        if entry.is_folder() {
            self.take_folder(&entry);
        } else if self.seen.insert(self.hashing.hash_one(&entry.id)) {
            self.place(entry);
        }
    }

    fn take_folder(&mut self, folder: &Entry) {
        self.folders.insert(folder.id.clone(), (folder.parent.clone(), folder.name.clone()));
        self.release(&folder.id);
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
            Ok(Way::Down(folder)) => self.ready.extend(self.store.object(&folder, &entry)),
            Ok(Way::Missing(folder)) => {
                self.waits += 1;
                self.waiting.entry(folder).or_default().push(entry);
            }
            Ok(Way::Elsewhere) => {}
            Err(error) => self.ready.push_back(Err(error)),
        }
    }

    fn way(&self, folder: &DentryId) -> Result<Way> {
        let (mut names, mut at) = (Vec::new(), folder);
        while !self.tops.contains(at) {
            let Some((parent, name)) = self.folders.get(at) else { return Ok(Way::Missing(at.clone())) };
            if names.len() == DEEPEST {
                return Ok(Way::Elsewhere);
            }
            names.push(name);
            at = parent;
        }
        let path = names.into_iter().rev().try_fold(self.prefix.clone(), |path, name| join(&path, name))?;
        Ok(Way::Down(path))
    }

    /// Asks for folders that files are in and that have not come: they come later, were made since, or are gone.
    async fn ask_for_missing(&mut self) {
        while let Some(id) = self.waiting.keys().next().cloned() {
            let space = &self.store.place.space;
            match self.store.drive.entry(space, &id).await {
                Ok(folder) if self.top.as_ref() == Some(&folder.uuid) => {
                    self.tops.push(id.clone());
                    self.release(&id);
                }
                Ok(mut folder) => {
                    folder.id.clone_from(&id);
                    self.take_folder(&folder);
                }
                Err(error) => {
                    let left = self.waiting.remove(&id).unwrap_or_default();
                    self.waits -= left.len();
                    // Files of a folder that is gone are gone with it.
                    if !is_gone(&error) {
                        self.ready.push_back(Err(failed(self.prefix.as_ref(), error)));
                    }
                }
            }
        }
    }
}

fn incomplete(prefix: &Path) -> object_store::Error {
    let source = format!(
        "{:?} could not be listed to its end: a folder in it was removed meanwhile or may not be read, or an entry cannot \
         be read",
        prefix.as_ref()
    );
    object_store::Error::Generic { store: STORE, source: source.into() }
}
