//! A list of all that is below a folder.

use std::sync::Arc;
use std::time::Instant;

use dingtalk_storage_transfer::{Error, Placed, PlacedWalk};
use object_store::path::Path;
use object_store::{ObjectMeta, Result};

use crate::failure::{STORE, failed};
use crate::location::join;
use crate::store::Inner;

/// A list as it comes.
pub(super) struct Listing {
    store: Arc<Inner>,
    prefix: Path,
    /// When the first of its calls was made.
    asked: Instant,
    /// None after the end.
    walk: Option<PlacedWalk>,
}

impl Listing {
    pub(super) async fn begin(store: Arc<Inner>, prefix: Path) -> Result<Self> {
        let (paths, asked) = (store.paths(), Instant::now());
        let folder = if prefix.is_root() && store.place.is_whole_space() {
            paths.root().await
        } else {
            paths.stat(&format!("{}/", store.place.folder(Some(&prefix))?)).await
        };
        let walk = match folder {
            Ok(folder) => Some(store.drive.walk_placed(&folder)),
            // A prefix that nothing has is no error.
            Err(Error::NotFound { .. }) => None,
            Err(error) => return Err(failed(prefix.as_ref(), error)),
        };
        Ok(Self { store, prefix, asked, walk })
    }

    /// The next object; none after the last.
    pub(super) async fn next(&mut self) -> Option<Result<ObjectMeta>> {
        loop {
            let walk = self.walk.as_mut()?;
            match walk.try_next().await {
                Ok(Some(placed)) => {
                    if let Some(object) = self.object(&placed) {
                        return Some(object);
                    }
                }
                Ok(None) => {
                    let is_complete = walk.is_complete();
                    self.walk = None;
                    return (!is_complete).then(|| Err(incomplete(&self.prefix)));
                }
                Err(error) => {
                    self.walk = None;
                    return Some(Err(failed(self.prefix.as_ref(), error)));
                }
            }
        }
    }

    fn object(&self, Placed { folders, entry, .. }: &Placed) -> Option<Result<ObjectMeta>> {
        if entry.is_folder() {
            return None;
        }
        match folders.iter().try_fold(self.prefix.clone(), |path, name| join(&path, name)) {
            Ok(folder) => self.store.object(&folder, entry, self.asked),
            Err(error) => Some(Err(error)),
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
