//! Items that change the drive.

use dingtalk_storage::types::ConflictStrategy;

use super::now::Left;
use super::report::{Became, Failure};
use super::run::{Done, Run};
use crate::local::FileFacts;
use crate::sync::plan::{Action, Item, PlannedEntry, PlannedFolder};
use crate::sync::planning::blocking;
use crate::sync::stamp::Stamp;
use crate::{Entry, Error, Source, Start, StoredName};

const CHANGED: &str = "it has become another one since the plan was made: plan again";

impl Run<'_> {
    pub(super) async fn up(&self, item: &Item, moved: &mut u64) -> Done {
        match item.action {
            Action::MakeFolder => {
                let folder = PlannedFolder { path: item.path.clone(), ids: None };
                let ready = self.folders.ready(&folder, item.is_backup, self.now.as_ref()).await?;
                Ok(if ready.was_there { Became::AlreadyDone } else { Became::Done })
            }
            Action::Move => self.move_there(item).await,
            Action::Upload => self.upload(item, moved).await,
            Action::SetTime => self.set_time_there(item).await,
            Action::Delete => self.put_away(item).await,
            _ => Err(Failure::conflict("the plan is for the other direction")),
        }
    }

    pub(super) fn entry_of(item: &Item) -> Result<&PlannedEntry, Failure> {
        item.entry.as_ref().ok_or_else(|| Failure::conflict("the plan does not say which file of the drive it is"))
    }

    async fn folder_of(&self, item: &Item) -> Result<Entry, Failure> {
        let folder = item.folder.as_ref();
        let folder = folder.ok_or_else(|| Failure::conflict("the plan does not say where its folder is"))?;
        self.folders.get(folder, self.now.as_ref()).await
    }

    fn file(&self, planned: &PlannedEntry) -> Entry {
        planned.file(&self.plan.route.folder.space)
    }

    async fn move_there(&self, item: &Item) -> Done {
        let planned = Self::entry_of(item)?;
        let folder = self.folder_of(item).await?;
        match self.now.as_ref().map_or(Left::All, |now| now.left_of_move(planned, &folder.id, &item.name)) {
            Left::All => {}
            Left::Nothing => return Ok(Became::AlreadyDone),
            Left::Changed => return Err(Failure::conflict(CHANGED)),
        }
        let mut file = self.file(planned);
        if file.parent != folder.id {
            // Where it gets another name as well, what has its old one there does not matter.
            let renamed = file.name != item.name;
            let conflict = if renamed { ConflictStrategy::AutoRename } else { ConflictStrategy::ReturnErrorIfExists };
            file = self.drive.move_to(&file, &folder).on_conflict(conflict).send().await?;
        }
        if file.name != item.name {
            self.drive.rename(&file, &item.name).await?;
        }
        Ok(Became::Done)
    }

    async fn upload(&self, item: &Item, moved: &mut u64) -> Done {
        let folder = self.folder_of(item).await?;
        match self.now.as_ref().map_or(Left::All, |now| now.left_of_upload(item, &folder.id)) {
            Left::All => {}
            Left::Nothing => return Ok(Became::AlreadyDone),
            Left::Changed => return Err(Failure::conflict(CHANGED)),
        }
        let source = self.source(item).await?;
        // Before anything is put away for it.
        let Ok(aside) = self.drive.allowance().set_aside(&item.name, item.size) else { return Ok(Became::OverLimit) };
        let modified = item.modified.unwrap_or(0);
        let replaced = item.entry.as_ref();
        let kept = match replaced.filter(|_| item.backs_up) {
            Some(replaced) => Some(self.keep_there(item, replaced).await?),
            None => None,
        };
        let is_version = replaced.is_some() && !item.backs_up;
        let set_up = |source| {
            let upload = self.drive.upload(source).to(&folder).name(&item.name).on_progress(self.listener());
            if is_version {
                upload.on_conflict(ConflictStrategy::Overwrite)
            } else {
                upload.on_conflict(ConflictStrategy::ReturnErrorIfExists).stamped(modified)
            }
        };
        let mut sent = Box::pin(set_up(source).counted_by(aside).send()).await;
        // The plan is about the file as it is, whatever an earlier run has sent of another one.
        if matches!(sent, Err(Error::SourceChanged { .. })) {
            let source = self.source(item).await?;
            sent = Box::pin(set_up(source).start_over().send()).await;
        }
        let uploaded = match (sent, kept) {
            (Ok(uploaded), _) => uploaded,
            (Err(error), kept) => {
                // What was there is no worse than nothing.
                if let Some(kept) = kept {
                    self.put_back(&kept, &folder, &item.name).await;
                }
                return Err(error.into());
            }
        };
        let before = if let Start::Resumed { bytes } = uploaded.start { bytes } else { 0 };
        *moved = item.size.saturating_sub(before);
        if let StoredName::Changed { .. } = uploaded.name {
            // The next sync would take it for another file.
            let stored = format!("the drive has stored it under another name: {:?}", uploaded.entry.name);
            return Err(Failure::conflict(&stored));
        }
        let version = uploaded.entry.version.unwrap_or(1);
        if is_version || version != Stamp::FIRST {
            let stamp = Stamp { modified, size: item.size, crc64: uploaded.integrity.crc64(), version };
            self.stamp(&uploaded.entry, stamp).await?;
        }
        Ok(Became::Done)
    }

    /// The file of this machine, if it is what it was.
    async fn source(&self, item: &Item) -> Result<Source, Failure> {
        let path = item.local.clone().ok_or_else(|| Failure::conflict("the plan does not say which file it is"))?;
        let (local, full) = (self.local.clone(), self.plan.route.local.join(&path));
        let opened = blocking(move || {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
            let file = local.descend(folder, false)?.open_file(name)?;
            let facts = FileFacts::of_open(&file);
            let facts = facts.map_err(|source| Error::Local { action: "read", path: path.clone().into(), source })?;
            Ok((file, facts))
        });
        let (file, facts) = opened.await?;
        if (facts.size, Some(facts.modified)) != (item.size, item.modified) {
            return Err(Failure::conflict(CHANGED));
        }
        Ok(Source::Opened { file, path: full })
    }

    /// Writes time and checksum beside a file.
    async fn stamp(&self, file: &Entry, stamp: Stamp) -> Result<(), Error> {
        self.drive.set_app_properties(file, &[stamp.property()]).await
    }

    async fn set_time_there(&self, item: &Item) -> Done {
        let planned = Self::entry_of(item)?;
        match self.now.as_ref().map_or(Left::All, |now| now.left_of_time(item, planned)) {
            Left::All => {}
            Left::Nothing => return Ok(Became::AlreadyDone),
            Left::Changed => return Err(Failure::conflict(CHANGED)),
        }
        let (modified, crc64) = (item.modified.unwrap_or(0), item.crc64.unwrap_or(0));
        let version = planned.version.unwrap_or(Stamp::FIRST);
        self.stamp(&self.file(planned), Stamp { modified, size: item.size, crc64, version }).await?;
        Ok(Became::Done)
    }

    /// Instead of deleting a file.
    async fn put_away(&self, item: &Item) -> Done {
        let planned = Self::entry_of(item)?;
        match self.now.as_ref().map_or(Left::All, |now| now.left_of_deletion(planned)) {
            Left::All => {}
            Left::Nothing => return Ok(Became::AlreadyDone),
            Left::Changed => return Err(Failure::conflict(CHANGED)),
        }
        self.keep_there(item, planned).await?;
        Ok(Became::Done)
    }

    /// Brings a file back from the folder for backups, because what was to replace it did not arrive. Where it cannot be,
    /// it stays there.
    async fn put_back(&self, kept: &Entry, folder: &Entry, name: &str) {
        let back = self.drive.move_to(kept, folder).on_conflict(ConflictStrategy::ReturnErrorIfExists).send().await;
        if let Ok(back) = back
            && back.name != name
        {
            let _ = self.drive.rename(&back, name).await;
        }
    }

    /// Moves a file to the folder for backups, under another name if there is one of its name already.
    async fn keep_there(&self, item: &Item, planned: &PlannedEntry) -> Result<Entry, Failure> {
        let folder = self.folders.backup_of(&item.path, self.now.as_ref()).await?;
        let moved = self.drive.move_to(&self.file(planned), &folder).on_conflict(ConflictStrategy::AutoRename);
        Ok(moved.send().await?)
    }
}
