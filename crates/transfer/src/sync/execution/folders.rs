//! Folders of the drive that items need, each made once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use dingtalk_storage::types::{ConflictStrategy, DentryId};
use tokio::sync::OnceCell;

use super::now::Now;
use super::report::Failure;
use crate::sync::plan::{Action, BackupPlace, Item, Plan, PlannedFolder};
use crate::{Drive, Entry};

/// Whether it is a folder for backups, and its path.
type Key = (bool, String);

/// A folder that is there, and whether it was before.
#[derive(Debug, Clone)]
pub(super) struct Ready {
    pub(super) entry: Entry,
    pub(super) was_there: bool,
}

type Cell = Arc<OnceCell<Result<Ready, Failure>>>;

/// The folders of a plan that has to make some.
#[derive(Debug)]
pub(super) struct Folders<'a> {
    drive: Drive,
    plan: &'a Plan,
    /// The folder of the plan.
    root: Entry,
    made: HashMap<Key, &'a Item>,
    cells: Mutex<HashMap<Key, Cell>>,
}

impl<'a> Folders<'a> {
    pub(super) fn new(drive: &Drive, plan: &'a Plan, root: Entry) -> Self {
        let made = plan.items.iter().filter(|item| item.action == Action::MakeFolder);
        let made = made.map(|item| ((item.is_backup, item.path.clone()), item)).collect();
        Self { drive: drive.clone(), plan, root, made, cells: Mutex::default() }
    }

    /// The folder of the plan.
    pub(super) fn root(&self) -> &Entry {
        &self.root
    }

    /// A folder, made if that is left to do, with those above it.
    pub(super) async fn get(&self, folder: &PlannedFolder, now: Option<&Now>) -> Result<Entry, Failure> {
        Ok(self.ready(folder, false, now).await?.entry)
    }

    /// The folder for the backup of something.
    pub(super) async fn backup_of(&self, path: &str, now: Option<&Now>) -> Result<Entry, Failure> {
        let above = path.rsplit_once('/').map_or("", |(above, _)| above);
        let folder = PlannedFolder { path: above.to_owned(), ids: None };
        Ok(self.ready(&folder, true, now).await?.entry)
    }

    pub(super) async fn ready(
        &self,
        folder: &PlannedFolder,
        is_backup: bool,
        now: Option<&Now>,
    ) -> Result<Ready, Failure> {
        let there = |entry| Ok(Ready { entry, was_there: true });
        let route = &self.plan.route;
        match (&route.backup, is_backup) {
            (Some(BackupPlace::Drive(root)), true) if folder.path.is_empty() => {
                let once = self.cell((true, String::new()));
                let make = async || Ok(Ready { entry: root.make(&self.drive).await?, was_there: true });
                return once.get_or_init(make).await.clone();
            }
            (_, false) if folder.path.is_empty() => return there(self.root.clone()),
            _ => {}
        }
        if let Some(entry) = folder.entry(&route.folder.space) {
            return there(entry);
        }
        let key = (is_backup, folder.path.clone());
        let item = self.made.get(&key).ok_or_else(|| Failure::conflict("the plan does not say where its folder is"))?;
        self.cell(key).get_or_init(|| Box::pin(self.make(item, now))).await.clone()
    }

    /// Id of a folder that is there; none is made.
    pub(super) fn there(&self, folder: &PlannedFolder, now: &Now) -> Option<DentryId> {
        if folder.path.is_empty() {
            return Some(self.root.id.clone());
        }
        if let Some((id, _)) = &folder.ids {
            return Some(id.clone());
        }
        let item = self.made.get(&(false, folder.path.clone()))?;
        let above = self.there(item.folder.as_ref()?, now)?;
        let there = now.at(&above, &item.name)?;
        there.is_folder().then(|| there.id.clone())
    }

    fn cell(&self, key: Key) -> Cell {
        Arc::clone(self.cells.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default())
    }

    async fn make(&self, item: &Item, now: Option<&Now>) -> Result<Ready, Failure> {
        let above =
            item.folder.as_ref().ok_or_else(|| Failure::conflict("the plan does not say where its folder is"))?;
        let above = self.ready(above, item.is_backup, now).await?.entry;
        if let Some(there) = now.and_then(|now| now.at(&above.id, &item.name)).filter(|there| there.is_folder()) {
            return Ok(Ready { entry: there.clone(), was_there: true });
        }
        let existing = ConflictStrategy::ReturnDentryIfExists;
        let made = self.drive.make_folder_or(&above, &item.name, existing).await;
        made.map(|entry| Ready { entry, was_there: false }).map_err(Failure::from)
    }
}
