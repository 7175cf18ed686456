//! Where replaced and deleted files go: on the side that is changed, and apart from what is changed.

use std::collections::BTreeSet;
use std::path::Path;

use super::{Planning, Sight, blocking};
use crate::local::is_beneath;
use crate::sync::Side;
use crate::sync::names::{Holder, check_drive_name};
use crate::sync::plan::{Action, BackupPlace, Item, PlannedFolder, Root, SyncDirection};
use crate::{Entry, Error};

/// The place that is meant, if nothing that is changed is in it, nor it in that. Of the drive, folders above are asked for
/// where they are not known, one call each.
pub(super) async fn place(backup: &Side, sight: &Sight, folder: &Root) -> Result<BackupPlace, Error> {
    match (backup, sight.direction) {
        (Side::Drive(place), SyncDirection::Up) if place.is_folder() => there(place, &[], sight, folder).await,
        (Side::New(within, names), SyncDirection::Up) if within.is_folder() => {
            names.iter().try_for_each(|name| check_drive_name(name))?;
            there(within, names, sight, folder).await
        }
        (Side::Local(path), SyncDirection::Down) => {
            let (place, local) = (path.clone(), sight.local.clone());
            blocking(move || check_apart(&place, &local)).await?;
            Ok(BackupPlace::Local(path.clone()))
        }
        _ => Err(Error::Plan("the folder for backups has to be of the side that is changed".to_owned())),
    }
}

async fn there(within: &Entry, names: &[String], sight: &Sight, folder: &Root) -> Result<BackupPlace, Error> {
    let place = Root::of(within, names);
    let is_listed = || place.space == folder.space && sight.listing.entries.contains_key(&place.id);
    if place.is_within(folder) || is_listed() {
        return Err(within_each_other(true));
    }
    if place.space == folder.space && place.missing.is_empty() {
        let paths = sight.drive.paths(&folder.space);
        let is_it = |above: &Entry| above.id == place.id;
        if folder.is_within(&place) || is_root(within) || paths.above(&sight.folder).await?.iter().any(is_it) {
            return Err(within_each_other(false));
        }
    }
    Ok(BackupPlace::Drive(place))
}

fn is_root(folder: &Entry) -> bool {
    folder.id == dingtalk_storage::types::DentryId::root()
}

/// Refuses a folder of this machine for backups that is in the one that is changed, or the other way round, also where only
/// links lead there.
pub(in crate::sync) fn check_apart(backup: &Path, local: &Path) -> Result<(), Error> {
    if is_beneath(backup, local) {
        Err(within_each_other(true))
    } else if is_beneath(local, backup) {
        Err(within_each_other(false))
    } else {
        Ok(())
    }
}

fn within_each_other(is_backup_inside: bool) -> Error {
    Error::Plan(if is_backup_inside {
        "the folder for backups is within the folder that is changed".to_owned()
    } else {
        "the folder that is changed is within the folder for backups".to_owned()
    })
}

impl Planning {
    /// Folders of the drive that hold backups. They are asked for whether or not they exist, so that the cost is known.
    pub(super) fn backup_folders<'a>(&self, items: impl Iterator<Item = &'a Item>) -> Vec<Item> {
        if self.plan.route.direction == SyncDirection::Down {
            return Vec::new();
        }
        let mut paths = BTreeSet::new();
        for item in items.filter(|item| item.backs_up) {
            paths.extend(item.path.match_indices('/').filter_map(|(at, _)| item.path.get(..at).map(str::to_owned)));
        }
        let make = |path: String| {
            let (above, name) = path.rsplit_once('/').unwrap_or(("", &path));
            let written = Holder::Drive.write(name).unwrap_or_else(|_| name.to_owned());
            let folder = Some(PlannedFolder { path: above.to_owned(), ids: None });
            Item { folder, is_backup: true, ..Item::new(Action::MakeFolder, path.clone(), written) }
        };
        paths.into_iter().map(make).collect()
    }
}
