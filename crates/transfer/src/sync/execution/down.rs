//! Items that change the folder of this machine.

use super::report::{Became, Failure};
use super::run::{Done, Run};
use crate::local::{FileFacts, FoundKind, LocalFolder};
use crate::placing::numbered;
use crate::sync::plan::{Action, Item};
use crate::sync::planning::blocking;
use crate::{EntryKind, Error, Integrity};

const CHANGED: &str = "it has become another one since the plan was made: plan again";

impl Run<'_> {
    pub(super) async fn down(&self, item: &Item, moved: &mut u64) -> Done {
        match item.action {
            Action::Download => self.download(item, moved).await,
            Action::MakeFolder | Action::Move | Action::SetTime | Action::Delete | Action::DeleteFolder => {
                let (local, backup, item) = (self.local.clone(), self.backup.clone(), item.clone());
                blocking(move || Ok(here(&local, backup.as_ref(), &item))).await?
            }
            _ => Err(Failure::conflict("the plan is for the other direction")),
        }
    }

    async fn download(&self, item: &Item, moved: &mut u64) -> Done {
        let planned = Self::entry_of(item)?;
        // Before anything is put away for it.
        let Ok(aside) = self.drive.allowance().set_aside(&item.name, item.size) else { return Ok(Became::OverLimit) };
        let (local, backup, wanted) = (self.local.clone(), self.backup.clone(), item.clone());
        let prepared = blocking(move || Ok(prepare(&local, backup.as_ref(), &wanted))).await??;
        let Prepared::Folder { folder, name, kept } = prepared else { return Ok(Became::AlreadyDone) };
        let file = planned.file(&self.plan.route.folder.space);
        let download = self.drive.download(&file).on_progress(self.listener()).counted_by(aside);
        let downloaded = Box::pin(download.into_folder(folder.clone(), &name, item.modified)).await;
        if let (Err(_), Some((backup, backup_name))) = (&downloaded, kept) {
            // What was there is no worse than nothing. Where it cannot be brought back, it stays where backups are.
            let back = move || match folder.facts(&name)? {
                None => backup.rename(&backup_name, &folder, &name),
                Some(_) => Ok(()),
            };
            let _ = blocking(back).await;
        }
        let downloaded = downloaded?;
        *moved = downloaded.size.saturating_sub(downloaded.resumed);
        match downloaded.integrity {
            Integrity::Verified { .. } | Integrity::Unverified { .. } => Ok(Became::Done),
        }
    }
}

/// Where a download goes; or nothing is left to do.
enum Prepared {
    Folder {
        folder: LocalFolder,
        name: String,
        /// Where the file is now that had the name.
        kept: Option<(LocalFolder, String)>,
    },
    AlreadyDone,
}

fn path_of(item: &Item) -> Result<(&str, &str), Failure> {
    let path = item.local.as_deref().ok_or_else(|| Failure::conflict("the plan does not say which file it is"))?;
    Ok(path.rsplit_once('/').unwrap_or(("", path)))
}

/// Whether a file has the size and time that it would get.
fn is_done(item: &Item, facts: FileFacts) -> bool {
    facts.size == item.size && item.modified.is_some_and(|modified| modified == facts.modified)
}

/// Whether what an item brings to this machine is here.
pub(super) fn is_here(local: &LocalFolder, item: &Item) -> bool {
    let facts = |path: &str| {
        let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
        local.descend(above, false).and_then(|folder| folder.facts(name)).ok().flatten()
    };
    let there = item.local.as_deref().and_then(facts);
    let is_it = matches!(there, Some(FoundKind::File(facts)) if is_done(item, facts));
    match item.action {
        Action::Delete | Action::DeleteFolder => true,
        Action::MakeFolder => there == Some(FoundKind::Folder),
        Action::Move => is_it && item.from.as_deref().and_then(facts).is_none(),
        Action::Download | Action::SetTime => is_it,
        Action::Upload => false,
    }
}

fn prepare(local: &LocalFolder, backup: Option<&LocalFolder>, item: &Item) -> Result<Prepared, Failure> {
    let (above, name) = path_of(item)?;
    let folder = local.descend(above, true)?;
    let mut kept = None;
    match (folder.facts(name)?, item.replaces) {
        (None, _) => {}
        (Some(FoundKind::File(facts)), _) if is_done(item, facts) => return Ok(Prepared::AlreadyDone),
        (Some(FoundKind::File(facts)), Some(before)) if (facts.size, facts.modified) == before => {
            if item.backs_up {
                kept = Some(keep_here(&folder, name, backup, &item.path)?);
            }
        }
        _ => return Err(Failure::conflict(CHANGED)),
    }
    Ok(Prepared::Folder { folder, name: name.to_owned(), kept })
}

/// What needs no byte of the drive.
fn here(local: &LocalFolder, backup: Option<&LocalFolder>, item: &Item) -> Done {
    let (above, name) = path_of(item)?;
    match item.action {
        Action::MakeFolder => {
            let folder = local.descend(above, true)?;
            let is_there = folder.facts(name)? == Some(FoundKind::Folder);
            folder.folder(name)?;
            Ok(if is_there { Became::AlreadyDone } else { Became::Done })
        }
        Action::Move => move_here(local, above, name, item),
        Action::SetTime => {
            let folder = local.descend(above, false)?;
            match (folder.facts(name)?, item.replaces) {
                (Some(FoundKind::File(facts)), _) if is_done(item, facts) => Ok(Became::AlreadyDone),
                (Some(FoundKind::File(facts)), Some(before)) if (facts.size, facts.modified) == before => {
                    folder.set_modified(name, item.modified.unwrap_or(0))?;
                    Ok(Became::Done)
                }
                _ => Err(Failure::conflict(CHANGED)),
            }
        }
        Action::DeleteFolder => {
            let Some(folder) = existing(local, above)? else { return Ok(Became::AlreadyDone) };
            match folder.facts(name)? {
                None => Ok(Became::AlreadyDone),
                Some(FoundKind::Folder) => {
                    folder.remove_folder(name)?;
                    Ok(Became::Done)
                }
                _ => Err(Failure::conflict(CHANGED)),
            }
        }
        _ => delete(local, backup, item),
    }
}

fn move_here(local: &LocalFolder, above: &str, name: &str, item: &Item) -> Done {
    let from = item.from.as_deref().ok_or_else(|| Failure::conflict("the plan does not say where it was"))?;
    let (from_above, from_name) = from.rsplit_once('/').unwrap_or(("", from));
    let before = existing(local, from_above)?;
    let there = before.as_ref().map(|before| before.facts(from_name)).transpose()?.flatten();
    let folder = local.descend(above, true)?;
    match (before, there, folder.facts(name)?) {
        (_, None, Some(FoundKind::File(facts))) if is_done(item, facts) => Ok(Became::AlreadyDone),
        (Some(before), Some(FoundKind::File(facts)), None) if Some((facts.size, facts.modified)) == item.replaces => {
            before.rename(from_name, &folder, name)?;
            Ok(Became::Done)
        }
        _ => Err(Failure::conflict(CHANGED)),
    }
}

fn delete(local: &LocalFolder, backup: Option<&LocalFolder>, item: &Item) -> Done {
    let (above, name) = path_of(item)?;
    let Some(folder) = existing(local, above)? else { return Ok(Became::AlreadyDone) };
    match (folder.facts(name)?, item.replaces) {
        (None, _) => Ok(Became::AlreadyDone),
        (Some(FoundKind::File(facts)), Some(before)) if (facts.size, facts.modified) == before => {
            if item.backs_up {
                keep_here(&folder, name, backup, &item.path)?;
            } else {
                folder.remove_file(name)?;
            }
            Ok(Became::Done)
        }
        _ => Err(Failure::conflict(CHANGED)),
    }
}

/// A folder below, if it is there.
fn existing(local: &LocalFolder, path: &str) -> Result<Option<LocalFolder>, Failure> {
    match local.descend(path, false) {
        Ok(folder) => Ok(Some(folder)),
        Err(Error::Local { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Moves a file to the folder for backups, under another name if there is one of its name already.
fn keep_here(
    folder: &LocalFolder,
    name: &str,
    backup: Option<&LocalFolder>,
    path: &str,
) -> Result<(LocalFolder, String), Failure> {
    let backup = backup.ok_or_else(|| Failure::conflict("the plan does not say where backups go"))?;
    let above = path.rsplit_once('/').map_or("", |(above, _)| above);
    let target = backup.descend(above, true)?;
    let mut free = name.to_owned();
    let mut number = 0;
    while target.facts(&free)?.is_some() {
        number += 1;
        free = numbered(name, EntryKind::File, number);
    }
    folder.rename(name, &target, &free)?;
    Ok((target, free))
}
