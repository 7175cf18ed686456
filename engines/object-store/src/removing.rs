//! Objects deleted, many with one call.

use std::sync::Arc;

use dingtalk_storage_transfer::Error;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use object_store::Result;
use object_store::path::Path;

use crate::failure::{failed, is_gone};
use crate::store::{Found, Inner};

/// Files that one call deletes.
const BATCH: usize = 50;
/// Files that are looked for at the same time.
const AT_ONCE: usize = 8;

impl Inner {
    /// Deletes what comes, as it comes, with a call for each 50 that are there at once; results in their order.
    pub(crate) fn delete_stream(
        self: Arc<Self>,
        locations: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        let batches = locations.ready_chunks(BATCH).then(move |batch| {
            let store = Arc::clone(&self);
            async move { stream::iter(store.delete(batch).await) }
        });
        batches.flatten().boxed()
    }

    async fn delete(&self, locations: Vec<Result<Path>>) -> Vec<Result<Path>> {
        let found = stream::iter(locations).map(|location| async {
            let location = location?;
            let path = self.place.path(&location)?;
            match self.find(&path).await {
                Ok(found) => Ok((location, path, found)),
                Err(error) => Err(failed(location.as_ref(), error)),
            }
        });
        let found: Vec<Result<(Path, String, Found)>> = found.buffered(AT_ONCE).collect().await;
        let entries: Vec<_> = found.iter().flatten().map(|(_, _, found)| found.entry.clone()).collect();
        let mut became = self.drive.remove_all(&entries, self.deletes_for_good).await.into_iter();
        let mut results = Vec::with_capacity(found.len());
        for each in found {
            let result = match each {
                Err(error) => Err(error),
                Ok((location, path, found)) => {
                    let removed = match became.next().unwrap_or(Ok(())) {
                        Err(error) if is_gone(&error) => self.delete_anew(&path, &found).await,
                        removed => removed,
                    };
                    self.recent.remove(&path);
                    removed.map(|()| location.clone()).map_err(|error| failed(location.as_ref(), error))
                }
            };
            results.push(result);
        }
        results
    }

    /// Deletes what has the path of a file that was there, and is not any more: an attempt whose answer was lost has deleted
    /// it, or somebody else has.
    async fn delete_anew(&self, path: &str, found: &Found) -> Result<(), Error> {
        if !found.from_memory {
            return Ok(());
        }
        match self.ask(path).await {
            Ok(entry) => {
                let mut removed = self.drive.remove_all(std::slice::from_ref(&entry), self.deletes_for_good).await;
                removed.pop().unwrap_or(Ok(())).or_else(|error| if is_gone(&error) { Ok(()) } else { Err(error) })
            }
            Err(error) if is_gone(&error) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
