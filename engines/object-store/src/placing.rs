//! Objects copied and renamed, without their bytes passing through here.

use dingtalk_storage::types::ConflictStrategy;
use dingtalk_storage_transfer::{Entry, Error, Placing};
use object_store::path::Path;
use object_store::{CopyMode, RenameTargetMode, Result};

use crate::failure::{failed, is_gone, not_created};
use crate::store::{Found, Inner};

impl Inner {
    pub(crate) async fn copy(&self, from: &Path, to: &Path, mode: CopyMode) -> Result<()> {
        let replaces = mode == CopyMode::Overwrite;
        self.place(from, to, replaces, |entry, folder| self.drive.copy(entry, folder)).await
    }

    pub(crate) async fn rename(&self, from: &Path, to: &Path, mode: RenameTargetMode) -> Result<()> {
        let replaces = mode == RenameTargetMode::Overwrite;
        self.place(from, to, replaces, |entry, folder| self.drive.move_to(entry, folder)).await?;
        if from != to {
            self.recent.remove(&self.place.path(from)?);
        }
        Ok(())
    }

    async fn place(
        &self,
        from: &Path,
        to: &Path,
        replaces: bool,
        placing: impl Fn(&Entry, &Entry) -> Placing,
    ) -> Result<()> {
        let (source, target) = (self.place.path(from)?, self.place.path(to)?);
        let (folder, name) = self.place.split(to)?;
        let fail = |error: Error| {
            if replaces { failed(to.as_ref(), error) } else { not_created(to.as_ref(), error) }
        };
        let Found { entry, from_memory } = self.find(&source).await.map_err(|error| failed(from.as_ref(), error))?;
        if from == to {
            return if replaces { Ok(()) } else { Err(taken(to)) };
        }
        let folder = self.paths().make_folders(&folder).await.map_err(fail)?;
        let strategy = if replaces { ConflictStrategy::Overwrite } else { ConflictStrategy::ReturnErrorIfExists };
        let send = |entry: &Entry| placing(entry, &folder).name(&name).on_conflict(strategy.clone()).send();
        // What has the name may be another file afterwards, also where it fails.
        self.recent.forget(&target);
        let placed = match send(&entry).await {
            Err(error) if from_memory && is_gone(&error) => {
                let entry = self.ask(&source).await.map_err(|error| failed(from.as_ref(), error))?;
                send(&entry).await
            }
            placed => placed,
        };
        let placed = placed.map_err(fail)?;
        self.recent.note(&target, &placed);
        Ok(())
    }
}

fn taken(to: &Path) -> object_store::Error {
    object_store::Error::AlreadyExists { path: to.to_string(), source: "it is the object itself".into() }
}
