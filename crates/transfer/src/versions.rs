//! Earlier contents of a file.

use crate::{Drive, Entry, Error};

impl Drive {
    /// The versions of a file, the newest first: each is the file as it was then, with its size and when it was stored.
    /// One call for each 100 of them. [`Download::version`](crate::Download::version) reads one.
    ///
    /// # Errors
    ///
    /// [`Error::NotAFile`] if it is a folder; [`Error::Api`] if the API refused.
    pub async fn versions(&self, file: &Entry) -> Result<Vec<Entry>, Error> {
        if file.is_folder() {
            return Err(Error::NotAFile { name: file.name.clone() });
        }
        let mut items = self.client().storage_v1().list_dentry_versions(&file.space, &file.id).max_results(100).items();
        let mut versions = Vec::new();
        while let Some(dentry) = items.try_next().await? {
            versions.push(Entry::from_dentry(&dentry)?);
        }
        Ok(versions)
    }
}
