//! One run of a plan, phase by phase.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::{StreamExt, stream};

use super::arrival::Arrival;
use super::budget::Budget;
use super::folders::Folders;
use super::now::Now;
use super::report::{Became, Failure, Outcome, Report};
use super::{Execution, OnOutcome, OnProgress, SyncProgress};
use crate::local::LocalFolder;
use crate::sync::drive_tree;
use crate::sync::plan::{Action, BackupPlace, Item, Plan, SyncDirection, calls_of};
use crate::sync::planning::backups::check_apart;
use crate::sync::planning::blocking;
use crate::{Drive, Error};

/// What an item came to.
pub(super) type Done = Result<Became, Failure>;

/// One run of a plan.
pub(super) struct Run<'a> {
    pub(super) drive: Drive,
    pub(super) plan: &'a Plan,
    /// The folder of this machine.
    pub(super) local: LocalFolder,
    /// The folder of this machine for backups.
    pub(super) backup: Option<LocalFolder>,
    pub(super) folders: Folders<'a>,
    pub(super) budget: Budget,
    /// How the drive is now; none where the plan has just been made.
    pub(super) now: Option<Now>,
    shard: (usize, usize),
    on_outcome: Option<OnOutcome>,
    progress: Arc<Progress>,
    outcomes: Mutex<Vec<Outcome>>,
}

impl<'a> Run<'a> {
    pub(super) async fn begin(execution: &Execution<'a>) -> Result<Self, Error> {
        let plan = execution.plan;
        let drive = execution.drive.limited(execution.max_calls);
        let local = match plan.route.direction {
            SyncDirection::Up => open(plan.route.local.clone()).await?,
            SyncDirection::Down => make(plan.route.local.clone()).await?,
        };
        let backup = match &plan.route.backup {
            Some(BackupPlace::Local(path)) if plan.items.iter().any(|item| item.backs_up) => {
                let (place, changed) = (path.clone(), plan.route.local.clone());
                // Somebody may have put a link there since it was planned.
                blocking(move || check_apart(&place, &changed)).await?;
                Some(make(path.clone()).await?)
            }
            _ => None,
        };
        let folder = plan.route.folder.make(&drive).await?;
        let now = match (plan.take_fresh(), plan.route.direction) {
            (false, SyncDirection::Up) if !plan.is_empty() => Some(Now::new(drive_tree::list(&drive, &folder).await?)),
            _ => None,
        };
        let (shard, on_outcome) = (execution.shard, execution.on_outcome.clone());
        let is_whole = shard.1 == 1;
        let mine = || plan.items.iter().skip(shard.0).step_by(shard.1).filter(|item| is_whole || !is_deletion(item));
        let bytes = mine().filter(|item| item.action.moves_bytes()).map(|item| item.size).sum();
        Ok(Self {
            folders: Folders::new(&drive, plan, folder),
            budget: Budget::new(drive.calls()),
            drive,
            plan,
            local,
            backup,
            now,
            shard,
            on_outcome,
            progress: Arc::new(Progress {
                listener: execution.on_progress.clone(),
                items: AtomicUsize::new(mine().count()),
                bytes,
                items_done: AtomicUsize::new(0),
                bytes_done: Mutex::new(0),
            }),
            outcomes: Mutex::default(),
        })
    }

    pub(super) async fn all(mut self) -> Result<Report, Error> {
        self.phase(&[Action::MakeFolder]).await;
        self.phase(&[Action::Move]).await;
        self.phase(&[Action::Upload, Action::Download, Action::SetTime]).await;
        self.delete().await;
        let mut outcomes = self.outcomes.into_inner().unwrap_or_else(PoisonError::into_inner);
        outcomes.sort_by_key(|outcome| outcome.item);
        let calls = self.drive.calls().by_operation();
        Ok(Report {
            outcomes,
            refused: self.plan.refused.clone(),
            withheld: self.plan.withheld.clone(),
            calls: calls.into_iter().map(|(operation, calls)| (operation.to_owned(), calls)).collect(),
        })
    }

    /// Deletes, if all is there that comes before.
    async fn delete(&mut self) {
        let deletions = self.items(&DELETIONS);
        if deletions.is_empty() {
            return;
        }
        let is_part = self.shard.1 > 1;
        let became = match self.has_arrived() {
            false => Became::Withheld,
            true if !is_part => return self.delete_all().await,
            true => match self.look_for_others().await {
                Ok(Arrival::All(now)) => {
                    self.now = now.or(self.now.take());
                    self.progress.items.fetch_add(deletions.len(), Ordering::Relaxed);
                    return self.delete_all().await;
                }
                // Who is through later does it.
                Ok(Arrival::Some) => return,
                Ok(Arrival::Unknown) => Became::NotStarted,
                Err(error) => Became::Failed(error.into()),
            },
        };
        if is_part {
            self.progress.items.fetch_add(deletions.len(), Ordering::Relaxed);
        }
        for (number, item) in deletions {
            self.over(number, item, became.clone());
        }
    }

    async fn delete_all(&self) {
        self.delete_files().await;
        self.delete_folders().await;
    }

    /// Whether all that comes before deletions was done.
    fn has_arrived(&self) -> bool {
        let outcomes = self.outcomes.lock().unwrap_or_else(PoisonError::into_inner);
        outcomes.iter().all(|outcome| matches!(outcome.became, Became::Done | Became::AlreadyDone))
    }

    /// The items of this run that have one of some actions, with their places in the plan. Deletions are those of all.
    pub(super) fn items(&self, actions: &[Action]) -> Vec<(usize, &'a Item)> {
        let items = self.plan.items.iter().enumerate();
        let is_mine = |number: usize, item: &Item| is_deletion(item) || number % self.shard.1 == self.shard.0;
        items.filter(|(number, item)| actions.contains(&item.action) && is_mine(*number, item)).collect()
    }

    async fn phase(&self, actions: &[Action]) {
        let at_once = self.drive.settings().files_at_once;
        let items = stream::iter(self.items(actions)).map(|(number, item)| self.item(number, item));
        items.buffer_unordered(at_once).for_each(|()| std::future::ready(())).await;
    }

    /// One item, from its beginning to what became of it.
    pub(super) async fn item(&self, number: usize, item: &Item) {
        let calls = calls_of(item, &self.plan.route);
        let mut moved = 0;
        let became = if self.budget.begin(calls) {
            let done = match self.plan.route.direction {
                SyncDirection::Up => Box::pin(self.up(item, &mut moved)).await,
                SyncDirection::Down => Box::pin(self.down(item, &mut moved)).await,
            };
            if matches!(done, Ok(Became::AlreadyDone | Became::OverLimit)) {
                self.budget.give_back(calls);
            }
            done.unwrap_or_else(Became::Failed)
        } else {
            Became::NotStarted
        };
        self.moved(number, item, moved, became);
    }

    /// Notes what became of an item that no bytes were moved for.
    pub(super) fn over(&self, number: usize, item: &Item, became: Became) {
        self.moved(number, item, 0, became);
    }

    fn moved(&self, number: usize, item: &Item, moved: u64, became: Became) {
        let (action, path, size) = (item.action, item.path.clone(), item.size);
        let outcome = Outcome { item: number, action, path, size, moved, became };
        self.progress.items_done.fetch_add(1, Ordering::Relaxed);
        self.progress.tell();
        if let Some(listener) = &self.on_outcome {
            listener(&outcome);
        }
        self.outcomes.lock().unwrap_or_else(PoisonError::into_inner).push(outcome);
    }

    /// What takes the progress of one file for that of all.
    pub(super) fn listener(&self) -> impl Fn(crate::Progress) + Send + Sync + use<> {
        let (progress, before) = (Arc::clone(&self.progress), Mutex::new(0_u64));
        move |now: crate::Progress| {
            let mut before = before.lock().unwrap_or_else(PoisonError::into_inner);
            {
                let mut done = progress.bytes_done.lock().unwrap_or_else(PoisonError::into_inner);
                *done = (*done + now.done).saturating_sub(*before);
            }
            *before = now.done;
            progress.tell();
        }
    }
}

const DELETIONS: [Action; 2] = [Action::Delete, Action::DeleteFolder];

fn is_deletion(item: &Item) -> bool {
    DELETIONS.contains(&item.action)
}

/// How far a run has come.
struct Progress {
    listener: Option<OnProgress>,
    /// A part that comes last has deletions as well.
    items: AtomicUsize,
    bytes: u64,
    items_done: AtomicUsize,
    bytes_done: Mutex<u64>,
}

impl Progress {
    fn tell(&self) {
        if let Some(listener) = &self.listener {
            let bytes_done = *self.bytes_done.lock().unwrap_or_else(PoisonError::into_inner);
            let items_done = self.items_done.load(Ordering::Relaxed);
            let items = self.items.load(Ordering::Relaxed);
            listener(SyncProgress { items_done, items, bytes_done, bytes: self.bytes });
        }
    }
}

async fn open(path: PathBuf) -> Result<LocalFolder, Error> {
    blocking(move || LocalFolder::open(path)).await
}

async fn make(path: PathBuf) -> Result<LocalFolder, Error> {
    blocking(move || {
        let made = std::fs::create_dir_all(&path);
        made.map_err(|source| Error::Local { action: "make the folder", path: path.clone(), source })?;
        LocalFolder::open(path)
    })
    .await
}
