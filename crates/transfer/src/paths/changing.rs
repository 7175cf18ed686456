//! Folders by their paths.

use std::time::Duration;

use dingtalk_storage::runtime::ErrorKind;
use dingtalk_storage::types::{ConflictStrategy, DentryId};
use tokio::time::Instant;

use super::index::root;
use super::path::Path;
use super::resolving::is_missing;
use super::{MOMENT, Paths};
use crate::sync::check_drive_name;
use crate::{Category, Entry, Error};

impl Paths {
    /// The folder of a path, made with all folders above it where they are missing. However many want it at the same
    /// time by clones of one drive, it is made once; a name that is not known yet takes one call, and no list. A folder that
    /// was not seen for 20 seconds takes one call, too: what goes into it must not go where others have moved it.
    ///
    /// # Errors
    ///
    /// [`Error::NotAFolder`] if a file has one of the names; [`Error::Ambiguous`] if several folders are known to have;
    /// [`Error::BadPath`] if it is no path; [`Error::Api`] if the API refused.
    pub async fn make_folders(&self, path: &str) -> Result<Entry, Error> {
        self.make_folders_within(path, MOMENT).await
    }

    /// The same, where what was seen so long ago is believed.
    pub(super) async fn make_folders_within(&self, path: &str, age: Duration) -> Result<Entry, Error> {
        let began = Instant::now();
        let folder = self.make_missing(path).await?;
        if self.is_there_still(path, &folder, age + began.elapsed()).await? {
            return Ok(folder);
        }
        self.make_missing(path).await
    }

    async fn make_missing(&self, path: &str) -> Result<Entry, Error> {
        let parsed = Path::parse(path)?;
        self.check_new(&parsed)?;
        match self.make_all(path, &parsed).await {
            // A folder that was known is gone: its own is made anew.
            Err(Error::Api(error)) if is_missing(&error) => {
                self.forget_along(&parsed);
                self.make_all(path, &parsed).await
            }
            made => made,
        }
    }

    /// Refuses names that nothing can have, before the first folder is made. What is known to be there may be called as it
    /// likes.
    fn check_new(&self, parsed: &Path<'_>) -> Result<(), Error> {
        let mut folder = Some(root());
        parsed.names.iter().try_for_each(|name| {
            let known = folder.take().and_then(|above| self.known_folder("", &above, name).ok().flatten());
            folder = known.map(|known| known.id);
            if folder.is_some() { Ok(()) } else { check_drive_name(name) }
        })
    }

    async fn make_all(&self, path: &str, parsed: &Path<'_>) -> Result<Entry, Error> {
        let mut folder = None;
        for name in &parsed.names {
            let parent = folder.as_ref().map_or_else(root, |folder: &Entry| folder.id.clone());
            folder = Some(self.make_folder(path, &parent, name).await?);
        }
        match folder {
            Some(folder) => Ok(folder),
            None => self.root().await,
        }
    }

    async fn make_folder(&self, path: &str, parent: &DentryId, name: &str) -> Result<Entry, Error> {
        if let Ok(Some(folder)) = self.known_folder(path, parent, name) {
            return Ok(folder);
        }
        let gate = self.index.gate(parent);
        let _held = gate.lock().await;
        // It may have been made since: by whom this waited for.
        match self.known_folder(path, parent, name) {
            Ok(Some(folder)) => return Ok(folder),
            Ok(None) => {}
            // Nothing is refused from memory.
            Err(_) => {
                self.look(parent).await?;
                if let Some(folder) = self.known_folder(path, parent, name)? {
                    return Ok(folder);
                }
            }
        }
        let mut entry = match self.add_folder(parent, name).await {
            // Who may not make folders here may still use one that is there.
            Err(refused) if refused.category() == Category::Access => {
                let listed = self.look(parent).await;
                return listed.and_then(|_| self.known_folder(path, parent, name))?.ok_or(refused);
            }
            added => added?,
        };
        if !entry.is_folder() {
            return Err(Error::NotAFolder(name.to_owned()));
        }
        entry.parent.clone_from(parent);
        self.index.meet(name, &entry);
        Ok(entry)
    }

    /// Makes a folder unless it is there already: by one call, which may be sent again.
    async fn add_folder(&self, parent: &DentryId, name: &str) -> Result<Entry, Error> {
        let calls = self.drive.client().storage_v1();
        let call = || {
            let call = calls.add_folder(&self.space, parent, name);
            call.conflict_strategy(ConflictStrategy::ReturnDentryIfExists).send()
        };
        let made = match call().await {
            // What the first call made is what the second one returns.
            Err(error) if error.kind() == ErrorKind::OutcomeUnknown => call().await?,
            made => made?,
        };
        Entry::from_dentry(&made.dentry)
    }

    /// A folder that is known.
    fn known_folder(&self, path: &str, parent: &DentryId, name: &str) -> Result<Option<Entry>, Error> {
        let Some(mut named) = self.index.named(parent, name) else { return Ok(self.index.met(parent, name)) };
        let has_file = named.iter().any(|entry| !entry.is_folder());
        named.retain(Entry::is_folder);
        match named.len() {
            0 if has_file => Err(Error::NotAFolder(name.to_owned())),
            0 => Ok(None),
            1 => Ok(named.pop()),
            _ => {
                let ids = named.into_iter().map(|entry| entry.id).collect();
                Err(Error::Ambiguous { path: path.to_owned(), name: name.to_owned(), ids })
            }
        }
    }
}
