//! Folders by their paths.

use dingtalk_storage::types::{ConflictStrategy, DentryId};

use super::Paths;
use super::index::root;
use super::path::Path;
use super::resolving::is_missing;
use crate::{Entry, Error};

impl Paths {
    /// The folder of a path, made with all folders above it where they are missing. However many want it at the same
    /// time by clones of one drive, it is made once.
    ///
    /// # Errors
    ///
    /// [`Error::NotAFolder`] if a file has one of the names; [`Error::Ambiguous`] if several folders have;
    /// [`Error::Api`] if the API refused.
    pub async fn make_folders(&self, path: &str) -> Result<Entry, Error> {
        let parsed = Path::parse(path)?;
        match self.make_all(path, &parsed).await {
            // A folder that was known is gone: its own is made anew.
            Err(Error::Api(error)) if is_missing(&error) => {
                self.forget_along(&parsed);
                self.make_all(path, &parsed).await
            }
            made => made,
        }
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
        if let Some(folder) = self.folder_named(path, parent, name)? {
            return Ok(folder);
        }
        let gate = self.index.gate(parent);
        let _held = gate.lock().await;
        // What is missing may have been made since: by others, or by whom this waited for.
        if self.index.named(parent, name).is_none() {
            self.list(parent).await?;
        }
        if let Some(folder) = self.folder_named(path, parent, name)? {
            return Ok(folder);
        }
        let calls = self.drive.client().storage_v1();
        let made = calls.add_folder(&self.space, parent, name);
        let made = made.conflict_strategy(ConflictStrategy::ReturnDentryIfExists).send().await?;
        let mut entry = Entry::from_dentry(&made.dentry)?;
        entry.parent.clone_from(parent);
        if !entry.is_folder() {
            return Err(Error::NotAFolder(name.to_owned()));
        }
        self.index.remember(&entry);
        Ok(entry)
    }

    /// A folder that is known.
    fn folder_named(&self, path: &str, parent: &DentryId, name: &str) -> Result<Option<Entry>, Error> {
        let mut named = self.index.named(parent, name).unwrap_or_default();
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
