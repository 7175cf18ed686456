//! Whether all has come that a plan brings, whoever has brought it.
//!
//! What is to go may be the last copy of what did not come, for example under another name. Who carries out a whole plan knows
//! what became of each item; who carries out a part of it looks.

use super::down::is_here;
use super::now::{Left, Now};
use super::run::Run;
use crate::Error;
use crate::sync::drive_tree;
use crate::sync::plan::{Action, Item, PlannedFolder, SyncDirection};
use crate::sync::planning::blocking;

/// What a look shows.
#[derive(Debug)]
pub(super) enum Arrival {
    /// All is there, on the drive as it is now.
    All(Option<Now>),
    /// Another part has still to bring something.
    Some,
    /// There are no calls left to look.
    Unknown,
}

impl Run<'_> {
    /// Looks whether all parts are through. The last one finds that they are, for it looks when it is through itself.
    pub(super) async fn look_for_others(&self) -> Result<Arrival, Error> {
        if self.plan.route.direction == SyncDirection::Down {
            let (local, items) = (self.local.clone(), self.plan.items.clone());
            let all = blocking(move || Ok(items.iter().all(|item| is_here(&local, item)))).await?;
            return Ok(if all { Arrival::All(None) } else { Arrival::Some });
        }
        if !self.budget.begin(self.plan.calls_to_look_again()) {
            return Ok(Arrival::Unknown);
        }
        let now = Now::new(drive_tree::list(&self.drive, self.folders.root()).await?);
        let all = self.plan.items.iter().all(|item| self.is_there(item, &now));
        Ok(if all { Arrival::All(Some(now)) } else { Arrival::Some })
    }

    fn is_there(&self, item: &Item, now: &Now) -> bool {
        let folder = || self.folders.there(item.folder.as_ref()?, now);
        let left = match (item.action, &item.entry) {
            (Action::Delete | Action::DeleteFolder, _) => return true,
            // Folders for backups are made when something comes into them.
            (Action::MakeFolder, _) if item.is_backup => return true,
            (Action::MakeFolder, _) => {
                let folder = PlannedFolder { path: item.path.clone(), ids: None };
                return self.folders.there(&folder, now).is_some();
            }
            (Action::Move, Some(planned)) => folder().map(|folder| now.left_of_move(planned, &folder, &item.name)),
            (Action::Upload, _) => folder().map(|folder| now.left_of_upload(item, &folder)),
            (Action::SetTime, Some(planned)) => Some(now.left_of_time(item, planned)),
            _ => None,
        };
        left == Some(Left::Nothing)
    }
}
