//! Files and folders deleted, many with one call.

use dingtalk_storage_transfer::Entry;
use opendal_core::raw::{OpDelete, oio};
use opendal_core::{Error, ErrorKind, Result};

use crate::core::Core;
use crate::failure::failed;

/// Most that one call deletes.
pub(crate) const BATCH: usize = 50;

#[derive(Debug)]
pub(crate) struct FileDeleter(pub(crate) Core);

impl FileDeleter {
    /// What is to go; none where nothing is there, which is as good.
    async fn find(&self, path: &str, args: &OpDelete) -> Result<Option<Entry>> {
        let entry = match self.0.stat(path).await {
            Ok(entry) => entry,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        if entry.is_folder() && !args.recursive() {
            let listed = self.0.paths().list(&self.0.path(path)?).await.map_err(|error| failed(&error))?;
            if !listed.is_empty() {
                let text = "the folder is not empty: delete what is in it, or delete it recursively";
                return Err(Error::new(ErrorKind::Unexpected, text).set_permanent());
            }
        }
        Ok(Some(entry))
    }
}

impl oio::BatchDelete for FileDeleter {
    async fn delete_once(&self, path: String, args: OpDelete) -> Result<()> {
        let Some(entry) = self.find(&path, &args).await? else { return Ok(()) };
        let removed = self.0.drive.remove_all(&[entry], self.0.deletes_for_good).await.pop();
        gone(removed.unwrap_or(Ok(())))
    }

    async fn delete_batch(&self, batch: Vec<(String, OpDelete)>) -> Result<oio::BatchDeleteResult> {
        let mut result = oio::BatchDeleteResult::default();
        let (mut found, mut entries) = (Vec::new(), Vec::new());
        for (path, args) in batch {
            match self.find(&path, &args).await {
                Ok(Some(entry)) => {
                    found.push((path, args));
                    entries.push(entry);
                }
                Ok(None) => result.succeeded.push((path, args)),
                Err(error) => result.failed.push((path, args, error)),
            }
        }
        let removed = self.0.drive.remove_all(&entries, self.0.deletes_for_good).await;
        for ((path, args), removed) in found.into_iter().zip(removed) {
            match gone(removed) {
                Ok(()) => result.succeeded.push((path, args)),
                Err(error) => result.failed.push((path, args, error)),
            }
        }
        Ok(result)
    }
}

/// What somebody else has deleted meanwhile is deleted.
fn gone(removed: Result<(), dingtalk_storage_transfer::Error>) -> Result<()> {
    match removed.map_err(|error| failed(&error)) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}
