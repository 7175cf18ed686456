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
        let Some((source, copy)) =
            self.place(from, to, replaces, |entry, folder| self.drive.copy(entry, folder)).await?
        else {
            return Ok(());
        };
        if let Some(property) = self.attributes.of_copy(&source, &copy)? {
            let kept = self.drive.set_app_properties(&copy, &[property]).await;
            self.recent.forget(&self.place.path(to)?);
            kept.map_err(|error| failed(to.as_ref(), error))?;
        }
        Ok(())
    }

    pub(crate) async fn rename(&self, from: &Path, to: &Path, mode: RenameTargetMode) -> Result<()> {
        let replaces = mode == RenameTargetMode::Overwrite;
        let path = self.place.path(from)?;
        let _held = self.renaming.hold(&path).await;
        let placed = self.place(from, to, replaces, |entry, folder| self.drive.move_to(entry, folder)).await;
        match &placed {
            Ok(Some(_)) => self.recent.remove(&path),
            Ok(None) => {}
            // Nobody knows how far it came.
            Err(_) => self.recent.forget(&path),
        }
        placed.map(drop)
    }

    /// The object that is placed, as it was and as it is; none where it is there already.
    async fn place(
        &self,
        from: &Path,
        to: &Path,
        replaces: bool,
        placing: impl Fn(&Entry, &Entry) -> Placing,
    ) -> Result<Option<(Entry, Entry)>> {
        let (source, target) = (self.place.path(from)?, self.place.path(to)?);
        let (folder, name) = self.place.split(to)?;
        let fail = |error: Error| {
            if replaces { failed(to.as_ref(), error) } else { not_created(to.as_ref(), error) }
        };
        let Found { mut entry, from_memory } =
            self.find(&source).await.map_err(|error| failed(from.as_ref(), error))?;
        if from == to {
            return if replaces { Ok(None) } else { Err(taken(to)) };
        }
        let folder = self.recent_paths().make_folders(&folder).await.map_err(fail)?;
        let strategy = if replaces { ConflictStrategy::Overwrite } else { ConflictStrategy::ReturnErrorIfExists };
        let send = |entry: &Entry| placing(entry, &folder).name(&name).on_conflict(strategy.clone()).send();
        let placed = match send(&entry).await {
            Err(error) if from_memory && is_gone(&error) => {
                entry = self.ask(&source).await.map_err(|error| failed(from.as_ref(), error))?;
                send(&entry).await
            }
            placed => placed,
        };
        match placed {
            Ok(placed) => {
                self.recent.wrote(&target, &placed);
                Ok(Some((entry, placed)))
            }
            // What has the name may be another file by now.
            Err(error) => {
                self.recent.forget(&target);
                Err(fail(error))
            }
        }
    }
}

fn taken(to: &Path) -> object_store::Error {
    object_store::Error::AlreadyExists { path: to.to_string(), source: "it is the object itself".into() }
}
