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
    /// What is to go. Nothing where nothing is there, which is as good; of a whole space, which stays, what is in it.
    async fn find(&self, path: &str, args: &OpDelete) -> Result<Vec<Entry>> {
        let entry = match self.0.stat(path).await {
            Ok(entry) => entry,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let is_space = self.0.is_whole_space() && path.trim_matches('/').is_empty();
        if !entry.is_folder() || args.recursive() && !is_space {
            return Ok(vec![entry]);
        }
        let listed = self.0.paths().list(&self.0.path(path)?).await.map_err(|error| failed(&error))?;
        if !(listed.is_empty() || args.recursive()) {
            let text = "the folder is not empty: delete what is in it, or delete it recursively";
            return Err(Error::new(ErrorKind::Unexpected, text).set_permanent());
        }
        Ok(if is_space { listed } else { vec![entry] })
    }
}

impl oio::BatchDelete for FileDeleter {
    async fn delete_once(&self, path: String, args: OpDelete) -> Result<()> {
        let entries = self.find(&path, &args).await?;
        let removed = self.0.drive.remove_all(&entries, self.0.deletes_for_good).await;
        removed.into_iter().try_for_each(gone)
    }

    async fn delete_batch(&self, batch: Vec<(String, OpDelete)>) -> Result<oio::BatchDeleteResult> {
        let mut result = oio::BatchDeleteResult::default();
        let (mut found, mut entries) = (Vec::new(), Vec::new());
        for (path, args) in batch {
            match self.find(&path, &args).await {
                Ok(there) => {
                    found.push((path, args, there.len()));
                    entries.extend(there);
                }
                Err(error) => result.failed.push((path, args, error)),
            }
        }
        let mut removed = self.0.drive.remove_all(&entries, self.0.deletes_for_good).await.into_iter();
        for (path, args, count) in found {
            let became: Vec<_> = removed.by_ref().take(count).collect();
            match became.into_iter().try_for_each(gone) {
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
