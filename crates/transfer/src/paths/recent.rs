//! Paths for who is content with what was true a short time ago.

use std::time::Duration;

use dingtalk_storage::types::DentryId;

use super::Paths;
use super::index::root;
use super::path::{End, Path};
use super::resolving::{is_missing, is_same, only};
use crate::{Entry, Error};

/// The paths of a space as they were at most so long ago; [`Paths::recent`] gives them.
///
/// A file system that others look into asks for the same thing again and again, and for many that are not there. So what
/// was seen a short time ago is told from memory, here also that something is *not* there. What this drive does itself
/// is seen at once.
#[derive(Debug, Clone)]
pub struct RecentPaths {
    paths: Paths,
    age: Duration,
}

impl Paths {
    /// The same paths, for who is content with what was true so long ago.
    #[must_use]
    pub fn recent(&self, age: Duration) -> RecentPaths {
        RecentPaths { paths: self.clone(), age }
    }
}

impl RecentPaths {
    /// The entry of a path. It takes no call if the entry was seen lately, and one if it is known from before. Folders on
    /// the way are listed the first time, and the one in which something is not there again if its list is older.
    ///
    /// # Errors
    ///
    /// Those of [`Paths::resolve`].
    pub async fn entry(&self, path: &str) -> Result<Entry, Error> {
        let parsed = Path::parse(path)?;
        if parsed.names.is_empty() {
            return self.paths.root().await;
        }
        let found = self.find(path, &parsed).await?;
        if self.paths.index.is_recent(&found.id, self.age) {
            return Ok(found);
        }
        match self.paths.confirmed(path, &found).await? {
            Some(now) => Ok(now),
            None => self.find(path, &parsed).await,
        }
    }

    /// The entries of a folder, in no order: from memory if it was listed lately, else by one call for each 50.
    ///
    /// # Errors
    ///
    /// Those of [`Paths::children`].
    pub async fn children(&self, path: &str) -> Result<Vec<Entry>, Error> {
        let parsed = Path::parse(path)?;
        match self.list_unless_known(path, &parsed).await {
            // The folder that was known is gone or elsewhere, and another one may have its name.
            Err(Error::Api(error)) if is_missing(&error) => {}
            Ok((_, false)) => {}
            Ok((entries, true)) => return Ok(entries),
            Err(error) => return Err(error),
        }
        self.paths.forget_along(&parsed);
        Ok(self.list_unless_known(path, &parsed).await?.0)
    }

    /// The entries of a folder as they are now, in no order: a call for each 50 of them, and one more if the folder itself was
    /// not seen lately.
    ///
    /// # Errors
    ///
    /// Those of [`Paths::list`].
    pub async fn list(&self, path: &str) -> Result<Vec<Entry>, Error> {
        self.paths.list_within(path, self.age).await
    }

    /// The folder of a path, made with all folders above it where they are missing; a call for each that is missing, or one
    /// if it was not seen lately.
    ///
    /// # Errors
    ///
    /// Those of [`Paths::make_folders`].
    pub async fn make_folders(&self, path: &str) -> Result<Entry, Error> {
        self.paths.make_folders_within(path, self.age).await
    }

    /// The entries of a folder that is known otherwise than by its path, in no order; no call if it was listed lately.
    ///
    /// # Errors
    ///
    /// [`Error::NotAFolder`]; [`Error::Api`] if the API refused.
    pub async fn children_of(&self, folder: &Entry) -> Result<Vec<Entry>, Error> {
        if !folder.is_folder() {
            return Err(Error::NotAFolder(folder.name.clone()));
        }
        let id = self.paths.known_as(&folder.id);
        self.list_unless_recent(&id).await?;
        Ok(self.paths.index.children(&id).unwrap_or_default())
    }

    /// The entries of a folder, and whether it is where the path leads, as far as was found out.
    async fn list_unless_known(&self, path: &str, parsed: &Path<'_>) -> Result<(Vec<Entry>, bool), Error> {
        let id = if parsed.names.is_empty() {
            root()
        } else {
            let folder = self.find(path, parsed).await?;
            if !folder.is_folder() {
                return Err(Error::NotAFolder(folder.name));
            }
            folder.id
        };
        let is_there = self.list_unless_recent(&id).await?.is_none_or(|there| is_same(&there, path));
        if is_there {
            // What could be listed is there.
            self.paths.index.seen(&id);
        }
        Ok((self.paths.index.children(&id).unwrap_or_default(), is_there))
    }

    async fn find(&self, text: &str, path: &Path<'_>) -> Result<Entry, Error> {
        match self.descend(text, path).await {
            Err(Error::Api(error)) if is_missing(&error) => {
                self.paths.forget_along(path);
                self.descend(text, path).await
            }
            found => found,
        }
    }

    /// From the root down by what is known.
    async fn descend(&self, text: &str, path: &Path<'_>) -> Result<Entry, Error> {
        let mut folder = root();
        let mut found = None;
        for (depth, name) in path.names.iter().enumerate() {
            let is_new = self.paths.listed(&folder).await?;
            let end = if depth + 1 == path.names.len() { path.end } else { End::Folder };
            let mut named = self.paths.named(&folder, name, end);
            if named.len() != 1 && !is_new {
                self.list_unless_recent(&folder).await?;
                named = self.paths.named(&folder, name, end);
            }
            let entry = only(text, name, end, named)?;
            folder.clone_from(&entry.id);
            found = Some(entry);
        }
        found.ok_or_else(|| Error::NotFound { path: text.to_owned(), missing: String::new(), is_folder: false })
    }

    /// Tells where the entries of the folder say that it is, if they were asked for.
    async fn list_unless_recent(&self, folder: &DentryId) -> Result<Option<String>, Error> {
        if self.paths.index.is_list_recent(folder, self.age) {
            return Ok(None);
        }
        let gate = self.paths.index.gate(folder);
        let _held = gate.lock().await;
        // Who waited finds it done.
        if self.paths.index.is_list_recent(folder, self.age) {
            return Ok(None);
        }
        self.paths.look(folder).await
    }
}
