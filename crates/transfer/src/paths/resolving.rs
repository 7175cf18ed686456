//! From paths to entries and back.

use std::future::Future;
use std::time::Duration;

use dingtalk_storage::ErrorCode;
use dingtalk_storage::types::{DentryId, DentryStatus};
use tokio::time::Instant;

use super::index::root;
use super::path::{End, Path, names};
use super::{MOMENT, Paths};
use crate::{Entry, EntryKind, Error};

/// How often a folder is listed that is changed from here meanwhile.
const LISTINGS: u32 = 5;
/// Folders above one another that are believed; a drive that has more leads in a circle.
const DEEPEST: usize = 1000;

/// An entry, and whether it was known before.
pub(super) struct Found {
    pub(super) entry: Entry,
    pub(super) from_memory: bool,
}

impl Paths {
    /// The entry of a path. What is known is not asked for again: see [`stat`](Self::stat) for what is true now.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is none, which is never said from memory; [`Error::Ambiguous`] if there are several;
    /// [`Error::BadPath`] if it is no path.
    pub async fn resolve(&self, path: &str) -> Result<Entry, Error> {
        Ok(self.find(path).await?.entry)
    }

    /// The entry of a path as it is now: one call, without any list, where the path is known.
    ///
    /// # Errors
    ///
    /// Those of [`resolve`](Self::resolve).
    pub async fn stat(&self, path: &str) -> Result<Entry, Error> {
        self.stat_path(path, &Path::parse(path)?).await
    }

    /// The file of a path as it is now, where a folder may have the same name: one call, without any list, where the
    /// path is known.
    ///
    /// # Errors
    ///
    /// Those of [`resolve`](Self::resolve).
    pub async fn stat_file(&self, path: &str) -> Result<Entry, Error> {
        self.stat_path(path, &Path::parse_to(path, End::File)?).await
    }

    async fn stat_path(&self, path: &str, parsed: &Path<'_>) -> Result<Entry, Error> {
        let found = self.find_path(path, parsed).await?;
        if !found.from_memory {
            return Ok(found.entry);
        }
        match self.confirmed(path, &found.entry).await? {
            Some(now) => Ok(now),
            None => Ok(self.find_path(path, parsed).await?.entry),
        }
    }

    /// Whether a path leads to what it led to; asked for if that was not seen lately.
    pub(super) async fn is_there_still(&self, path: &str, known: &Entry, age: Duration) -> Result<bool, Error> {
        Ok(self.known_as(&known.id) == root()
            || self.index.is_recent(&known.id, age)
            || self.confirmed(path, known).await?.is_some())
    }

    /// An entry that was known at a path, as it is now; none if it is not there any more. One call.
    pub(super) async fn confirmed(&self, path: &str, known: &Entry) -> Result<Option<Entry>, Error> {
        let calls = self.drive.client().storage_v1();
        let answer = calls.get_dentry(&self.space, &known.id).send().await;
        let now = match answer {
            Ok(answer) => {
                let told_elsewhere = answer.dentry.path.as_deref().is_some_and(|there| !is_same(there, path));
                let is_gone = answer.dentry.status == Some(DentryStatus::Deleted);
                let mut now = Entry::from_dentry(&answer.dentry)?;
                now.parent = self.parent_of(&now);
                let is_here = now.name == known.name && now.parent == known.parent;
                Some(now).filter(|_| is_here && !told_elsewhere && !is_gone)
            }
            Err(error) if is_missing(&error) => None,
            Err(error) => return Err(error.into()),
        };
        match &now {
            Some(now) => self.index.remember(now),
            None => self.forget_along(&Path::parse(path)?),
        }
        Ok(now)
    }

    /// Does something with the entry of a path. If the entry was known, and is not there any more when it is used, it is
    /// looked for once more.
    ///
    /// # Errors
    ///
    /// Those of [`resolve`](Self::resolve), and what is done with it.
    pub async fn using<T, F>(&self, path: &str, mut work: impl FnMut(Entry) -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let found = self.find(path).await?;
        let from_memory = found.from_memory;
        match work(found.entry).await {
            Err(Error::Api(error)) if from_memory && is_missing(&error) => {
                self.forget_along(&Path::parse(path)?);
                work(self.resolve(path).await?).await
            }
            done => done,
        }
    }

    /// The path of an entry. Folders above it that are not known are asked for, one call each.
    ///
    /// # Errors
    ///
    /// [`Error::BadPath`] if a name on the way has a slash; [`Error::Api`] if the API refused.
    pub async fn path_of(&self, entry: &Entry) -> Result<String, Error> {
        if entry.id == root() {
            return Ok("/".to_owned());
        }
        let above = self.above(entry).await?;
        let mut names: Vec<String> = std::iter::once(entry).chain(&above).map(|entry| entry.name.clone()).collect();
        if let Some(name) = names.iter().find(|name| name.contains('/')) {
            return Err(Error::BadPath { path: name.clone(), reason: "a name in it has a slash" });
        }
        names.reverse();
        Ok(format!("/{}", names.join("/")))
    }

    /// The folders above an entry, without the root, the nearest first. Those that are not known are asked for, one call each.
    pub(crate) async fn above(&self, entry: &Entry) -> Result<Vec<Entry>, Error> {
        let (mut above, mut parent) = (Vec::new(), entry.parent.clone());
        let top = self.index.root.get().map(|root| root.id.clone());
        while parent != root() && Some(&parent) != top.as_ref() && above.len() + 1 < DEEPEST {
            let folder = match self.index.entry(&parent) {
                Some(folder) => folder,
                None => self.drive.entry(&self.space, &parent).await?,
            };
            if folder.id == root() {
                break;
            }
            parent = folder.parent.clone();
            above.push(folder);
        }
        Ok(above)
    }

    /// The entries of a folder, in no order; listed if it was not before.
    ///
    /// # Errors
    ///
    /// Those of [`resolve`](Self::resolve), and [`Error::NotAFolder`].
    pub async fn children(&self, path: &str) -> Result<Vec<Entry>, Error> {
        let folder = self.resolve(path).await?;
        if !folder.is_folder() {
            return Err(Error::NotAFolder(folder.name));
        }
        let id = self.listed_as(&folder).await?;
        self.listed(&id).await?;
        Ok(self.index.children(&id).unwrap_or_default())
    }

    /// The entries of a folder as they are now, in no order: a call for each 50 of them; one more for a folder that is empty,
    /// if it was not seen for 20 seconds. What was known of it is replaced.
    ///
    /// # Errors
    ///
    /// Those of [`resolve`](Self::resolve), where a file of the same name is no folder; [`Error::Unsteady`].
    pub async fn list(&self, path: &str) -> Result<Vec<Entry>, Error> {
        self.list_within(path, MOMENT).await
    }

    /// The same, where what was seen so long ago is believed of an empty folder.
    pub(super) async fn list_within(&self, path: &str, age: Duration) -> Result<Vec<Entry>, Error> {
        let (parsed, began) = (Path::parse_to(path, End::Folder)?, Instant::now());
        let found = self.find_path(path, &parsed).await?;
        match self.list_now(&found.entry).await {
            Ok((entries, there)) => {
                let is_there = match there {
                    Some(there) => is_same(&there, path),
                    None => self.is_there_still(path, &found.entry, age + began.elapsed()).await?,
                };
                if is_there || !found.from_memory {
                    return Ok(entries);
                }
            }
            Err(Error::Api(error)) if found.from_memory && is_missing(&error) => {}
            Err(error) => return Err(error),
        }
        self.forget_along(&parsed);
        let folder = self.find_path(path, &parsed).await?.entry;
        Ok(self.list_now(&folder).await?.0)
    }

    /// The entries of a folder, and where they say that it is.
    async fn list_now(&self, folder: &Entry) -> Result<(Vec<Entry>, Option<String>), Error> {
        let id = self.listed_as(folder).await?;
        let gate = self.index.gate(&id);
        let _held = gate.lock().await;
        let there = self.look(&id).await?;
        Ok((self.index.children(&id).unwrap_or_default(), there))
    }

    /// The id under which a folder is listed: the root has two.
    async fn listed_as(&self, folder: &Entry) -> Result<DentryId, Error> {
        Ok(if folder.id == self.root().await?.id { root() } else { folder.id.clone() })
    }

    /// The folder of a path, whether or not a slash says that it is one.
    pub(crate) async fn folder(&self, path: &str) -> Result<Entry, Error> {
        Ok(self.find_path(path, &Path::parse_to(path, End::Folder)?).await?.entry)
    }

    /// Forgets how a path was found, because it does not lead there any more.
    pub(crate) fn forget_path(&self, path: &str) {
        if let Ok(path) = Path::parse(path) {
            self.forget_along(&path);
        }
    }

    pub(super) async fn find(&self, text: &str) -> Result<Found, Error> {
        self.find_path(text, &Path::parse(text)?).await
    }

    async fn find_path(&self, text: &str, path: &Path<'_>) -> Result<Found, Error> {
        if path.names.is_empty() && path.end != End::File {
            return Ok(Found { entry: self.root().await?, from_memory: false });
        }
        let mut from_memory = false;
        let failure = match self.descend(text, path, &mut from_memory).await {
            Ok(entry) => return Ok(Found { entry, from_memory }),
            Err(failure) => failure,
        };
        let is_missing = match &failure {
            Error::NotFound { .. } | Error::Ambiguous { .. } => true,
            Error::Api(error) => is_missing(error),
            _ => false,
        };
        if !(from_memory && is_missing) {
            return Err(failure);
        }
        self.forget_along(path);
        let mut again = false;
        let entry = self.descend(text, path, &mut again).await?;
        Ok(Found { entry, from_memory: again })
    }

    /// From the root down; tells whether something was known before.
    async fn descend(&self, text: &str, path: &Path<'_>, from_memory: &mut bool) -> Result<Entry, Error> {
        let mut folder = root();
        let mut found = None;
        for (depth, name) in path.names.iter().enumerate() {
            *from_memory |= !self.listed(&folder).await?;
            let is_last = depth + 1 == path.names.len();
            let end = if is_last { path.end } else { End::Folder };
            let entry = only(text, name, end, self.named(&folder, name, end))?;
            folder.clone_from(&entry.id);
            found = Some(entry);
        }
        found.ok_or_else(|| Error::NotFound { path: text.to_owned(), missing: String::new(), is_folder: false })
    }

    /// What is known to have a name in a folder, and to be what a path can lead to there.
    pub(super) fn named(&self, folder: &DentryId, name: &str, end: End) -> Vec<Entry> {
        let mut named = self.index.named(folder, name).unwrap_or_default();
        named.retain(|entry| end.is(entry));
        named
    }

    /// Lists a folder unless it is known; returns whether it had to.
    pub(super) async fn listed(&self, folder: &DentryId) -> Result<bool, Error> {
        if self.index.children_known(folder) {
            return Ok(false);
        }
        let gate = self.index.gate(folder);
        let _held = gate.lock().await;
        if self.index.children_known(folder) {
            return Ok(true);
        }
        self.look(folder).await?;
        Ok(true)
    }

    /// Lists a folder, and tells where its entries say that it is. Its gate is held by the caller.
    pub(super) async fn look(&self, folder: &DentryId) -> Result<Option<String>, Error> {
        for _ in 0..LISTINGS {
            let began = Instant::now();
            self.index.begin_list(folder);
            let calls = self.drive.client().storage_v1();
            let mut items = calls.list_dentries(&self.space, folder).items();
            let (mut entries, mut there) = (Vec::new(), None);
            while let Some(dentry) = items.try_next().await? {
                if dentry.status != Some(DentryStatus::Deleted) {
                    there = there.or_else(|| above(dentry.path.as_deref()?));
                    let mut entry = Entry::from_dentry(&dentry)?;
                    if *folder == root() {
                        let _ = self.index.root_id.set(entry.parent.clone());
                    }
                    // The root has two ids, and a list may tell the other one.
                    entry.parent.clone_from(folder);
                    entries.push(entry);
                }
            }
            if self.index.listed(folder, began, entries) {
                return Ok(there);
            }
        }
        // It never was as it is now for long enough; what was noted meanwhile is not lost by not knowing the list.
        self.index.forget_list(folder);
        Err(Error::Unsteady { folder: folder.clone() })
    }

    /// Forgets the lists that a path goes through.
    pub(super) fn forget_along(&self, path: &Path<'_>) {
        let mut folder = root();
        let mut lists = vec![folder.clone()];
        for name in &path.names {
            let named = self.index.named(&folder, name).unwrap_or_default();
            let listed = named.into_iter().find(|entry| entry.kind == EntryKind::Folder);
            let Some(next) = listed.or_else(|| self.index.met(&folder, name)) else { break };
            folder = next.id;
            lists.push(folder.clone());
        }
        for folder in lists {
            self.index.forget_list(&folder);
        }
    }
}

/// The only entry of a name on the way of a path.
pub(super) fn only(path: &str, name: &str, end: End, mut named: Vec<Entry>) -> Result<Entry, Error> {
    match (named.pop(), named.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(other), false) => {
            let ids = named.into_iter().chain([other]).map(|entry| entry.id).collect();
            Err(Error::Ambiguous { path: path.to_owned(), name: name.to_owned(), ids })
        }
        (None, _) => {
            let is_folder = end == End::Folder;
            Err(Error::NotFound { path: path.to_owned(), missing: name.to_owned(), is_folder })
        }
    }
}

/// The path of the folder that has something.
fn above(path: &str) -> Option<String> {
    path.trim_end_matches('/').rsplit_once('/').map(|(folder, _)| folder.to_owned())
}

/// Whether two texts are the same path.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    names(one).eq(names(other))
}

/// Whether an id leads nowhere.
pub(super) fn is_missing(error: &dingtalk_storage::Error) -> bool {
    matches!(error.code(), Some(ErrorCode::DentryNotExist | ErrorCode::DocumentNotExist))
}
