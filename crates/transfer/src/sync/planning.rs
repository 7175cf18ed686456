//! From two trees to a plan.

pub(super) mod backups;
mod renames;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use dingtalk_storage::runtime::ErrorClass;
use dingtalk_storage::types::DentryId;
use futures_util::{StreamExt, TryStreamExt, stream};

use super::compare::{Comparer, Verdict};
use super::differences::{Differences, Gone, NewFolder, Scope, Task, differences};
use super::names::check_drive_name;
use super::plan::{Action, CostOptions, Item, Plan, PlannedEntry, Root, Route, SyncDirection};
use super::tree::Tree;
use super::{Existing, Refused, Side, TreeSync, drive_tree, local_tree};
use crate::local::LocalFolder;
use crate::{Category, Drive, Entry, Error};

pub(super) async fn plan(sync: TreeSync) -> Result<Plan, Error> {
    let sight = Sight::of(&sync).await?;
    let Sight { direction, local, .. } = &sight;
    let (direction, local) = (*direction, local.clone());
    let folder = Root::of(&sight.folder, &sight.missing);
    let backup = match &sync.backup {
        Some(backup) => Some(backups::place(backup, &sight, &folder).await?),
        None => None,
    };
    let (source, target) = sight.source_and_target();
    let mut found = differences(source, target, sight.scope(&sync));
    let gap = source.gap.as_ref().or(target.gap.as_ref()).cloned();
    let withheld = gap.filter(|_| sync.switches.delete);
    if withheld.is_some() {
        (found.gone, found.gone_folders) = Default::default();
    }
    let settings = sight.drive.settings();
    let route = Route {
        direction,
        local,
        folder,
        backup,
        for_good: sync.switches.for_good,
        cost: CostOptions {
            single_put: settings.single_put,
            part_size: settings.part_size,
            monthly_calls: sync.monthly_calls,
        },
    };
    let (compare, deletes) = (sight.comparer(&sync), sync.switches.delete);
    let mut planning = Planning { compare, existing: sync.existing, deletes, plan: Plan::new(route) };
    planning.plan.withheld = withheld;
    if direction == SyncDirection::Down {
        planning.confirm(&mut found).await?;
    }
    let moves =
        if sync.switches.track_renames { renames::find(&planning.compare, &mut found).await } else { Vec::new() };
    let deletions = found.gone.len() as u64;
    if let Some(most) = sync.max_delete.filter(|most| deletions > *most) {
        return Err(Error::TooManyDeletions { planned: deletions, most });
    }
    planning.fill(found, moves).await?;
    planning.plan.listing_calls = sight.listing_calls;
    planning.plan.planning_calls = sight.drive.calls().count();
    Ok(planning.plan)
}

/// Both sides, as they were looked at.
pub(super) struct Sight {
    drive: Drive,
    direction: SyncDirection,
    local: PathBuf,
    /// None where there is nothing yet.
    root: Option<LocalFolder>,
    folder: Entry,
    /// Names of folders below it that are still to be made, the last of which is the one that is meant.
    missing: Vec<String>,
    here: Tree,
    there: Tree,
    listing: drive_tree::Listing,
    listing_calls: u64,
}

impl Sight {
    /// Reads both trees.
    pub(super) async fn of(sync: &TreeSync) -> Result<Self, Error> {
        let drive = sync.drive.limited(None);
        let (direction, local, folder, missing) = sides(sync)?;
        if !folder.is_folder() {
            return Err(Error::NotAFolder(folder.name));
        }
        let root = open(local.clone(), direction).await?;
        let filter = sync.filter.clone();
        // What the filter keeps out of the target is looked at only to delete it.
        let of_target = filter.clone().filter(|_| !sync.switches.delete_excluded);
        let (of_local, of_drive) = match direction {
            SyncDirection::Up => (filter, of_target),
            SyncDirection::Down => (of_target, filter),
        };
        let here = match root.clone() {
            Some(root) => {
                let state = drive.state_dir();
                blocking(move || local_tree::read(&root, of_local.as_ref(), state.as_deref())).await?
            }
            None => Tree::default(),
        };
        let (listing, there) = if missing.is_empty() {
            let listing = drive_tree::list(&drive, &folder).await?;
            let there = drive_tree::read(&folder, &listing, of_drive.as_ref());
            (listing, there)
        } else {
            (drive_tree::Listing { is_complete: true, ..drive_tree::Listing::default() }, Tree::default())
        };
        let listing_calls = drive.calls().count();
        Ok(Self { drive, direction, local, root, folder, missing, here, there, listing, listing_calls })
    }

    pub(super) fn source_and_target(&self) -> (&Tree, &Tree) {
        match self.direction {
            SyncDirection::Up => (&self.here, &self.there),
            SyncDirection::Down => (&self.there, &self.here),
        }
    }

    pub(super) fn scope(&self, sync: &TreeSync) -> Scope {
        let ignores_case = self.direction == SyncDirection::Down && ignores_case(self.root.as_ref(), &self.local);
        Scope {
            direction: self.direction,
            delete: sync.switches.delete,
            delete_excluded: sync.switches.delete_excluded,
            empty_folders: sync
                .empty_folders
                .unwrap_or_else(|| !sync.filter.as_ref().is_some_and(super::Filter::has_paths)),
            ignores_case: sync.switches.ignores_case || ignores_case,
        }
    }

    pub(super) fn comparer(&self, sync: &TreeSync) -> Comparer {
        Comparer {
            drive: self.drive.clone(),
            local: self.root.clone(),
            direction: self.direction,
            compare: sync.compare,
            window: u64::try_from(sync.window.as_millis()).unwrap_or(u64::MAX),
        }
    }
}

/// Whether a folder, or one that is still to be made, takes capital and small letters for the same.
fn ignores_case(root: Option<&LocalFolder>, path: &Path) -> bool {
    let there = match root {
        Some(root) => Some(root.clone()),
        None => path.ancestors().skip(1).find_map(|above| LocalFolder::open(above).ok()),
    };
    there.is_some_and(|there| there.ignores_case().unwrap_or(false))
}

/// The two folders of a sync, and which of them is changed; the last are names of those that are not there yet.
fn sides(sync: &TreeSync) -> Result<(SyncDirection, PathBuf, Entry, Vec<String>), Error> {
    let (direction, local, folder, missing) = match (&sync.source, &sync.target) {
        (Side::Local(local), Side::Drive(folder)) => (SyncDirection::Up, local, folder, Vec::new()),
        (Side::Local(local), Side::New(within, names)) => (SyncDirection::Up, local, within, names.clone()),
        (Side::Drive(folder), Side::Local(local)) => (SyncDirection::Down, local, folder, Vec::new()),
        _ => {
            return Err(Error::Plan("one folder has to be of this machine, and the other one of the drive".to_owned()));
        }
    };
    missing.iter().try_for_each(|name| check_drive_name(name))?;
    Ok((direction, local.clone(), Entry::clone(folder), missing))
}

/// Opens the folder of this machine; none where one is to be filled that is not there yet.
async fn open(path: PathBuf, direction: SyncDirection) -> Result<Option<LocalFolder>, Error> {
    blocking(move || match LocalFolder::open(path) {
        Err(Error::Local { source, .. })
            if direction == SyncDirection::Down && source.kind() == std::io::ErrorKind::NotFound =>
        {
            Ok(None)
        }
        opened => opened.map(Some),
    })
    .await
}

pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Answer(error.to_string()))?
}

/// A plan on its way.
pub(super) struct Planning {
    compare: Comparer,
    existing: Existing,
    deletes: bool,
    plan: Plan,
}

impl Planning {
    /// Asks the drive once more, in another way, for what is to be deleted here because it is not there.
    async fn confirm(&mut self, found: &mut Differences) -> Result<(), Error> {
        let mut lists: HashMap<DentryId, Option<HashSet<String>>> = HashMap::new();
        for gone in found.gone.iter().chain(&found.gone_folders) {
            let Some(folder) = &gone.missing.0 else { continue };
            if !lists.contains_key(&folder.id) {
                let names = drive_tree::names(&self.compare.drive, folder).await?;
                lists.insert(folder.id.clone(), names);
            }
        }
        let mut doubt = None;
        let mut is_missing = |gone: &Gone| {
            let (Some(folder), name) = &gone.missing else { return false };
            let is_missing = lists.get(&folder.id).and_then(Option::as_ref).is_some_and(|names| !names.contains(name));
            if !is_missing {
                doubt.get_or_insert_with(|| format!("two listings of the drive disagree about {}", gone.path));
            }
            is_missing
        };
        let all = found.gone.iter().chain(&found.gone_folders).filter(|gone| !is_missing(gone)).count();
        if all > 0 {
            // One lie makes the whole listing doubtful.
            (found.gone, found.gone_folders) = Default::default();
            self.plan.withheld = doubt;
        }
        Ok(())
    }

    async fn fill(&mut self, mut found: Differences, moves: Vec<Item>) -> Result<(), Error> {
        let at_once = self.compare.drive.settings().files_at_once;
        self.plan.refused = std::mem::take(&mut found.refused);
        let mut pairs = std::mem::take(&mut found.pairs);
        if self.existing == Existing::Keep {
            self.plan.kept = pairs.drain(..).map(|task| task.path).collect();
        }
        let verdicts = stream::iter(pairs).map(|task| {
            let compare = &self.compare;
            async move {
                match compare.verdict(&task).await {
                    Err(error) if !concerns_one_file(&error) => Err(error),
                    verdict => Ok((task, verdict)),
                }
            }
        });
        let compared: Vec<(Task, Result<Verdict, Error>)> = verdicts.buffered(at_once).try_collect().await?;
        let mut verdicts = Vec::with_capacity(compared.len());
        for (task, verdict) in compared {
            match verdict {
                Ok(verdict) => verdicts.push((task, verdict)),
                Err(error) => self.leave_uncompared(&task, &error),
            }
        }
        if self.plan.withheld.is_some() {
            (found.gone, found.gone_folders) = Default::default();
        }
        let mut transfers: Vec<Item> = found.new.iter().map(|task| self.transfer(task)).collect();
        let mut times = Vec::new();
        for (task, verdict) in &verdicts {
            match verdict {
                Verdict::Same => self.plan.same += 1,
                Verdict::OtherTime(crc) => times.push(Item { crc64: Some(*crc), ..self.set_time(task) }),
                Verdict::Different if self.existing == Existing::Refuse => {
                    let reason = "it is there already and differs, and nothing is to be replaced";
                    let category = Some(Category::Conflict);
                    self.plan
                        .refused
                        .push(Refused { exists: true, ..Refused::new(task.path.clone(), reason, category) });
                }
                Verdict::Different => transfers.push(self.transfer(task)),
            }
        }
        transfers.sort_by(|one, other| one.path.cmp(&other.path));
        let deletions: Vec<Item> = found.gone.iter().map(|gone| self.deletion(gone)).collect();
        let mut folders: Vec<Item> =
            found.gone_folders.iter().map(|gone| removal(Action::DeleteFolder, gone)).collect();
        folders.sort_by_key(|item| std::cmp::Reverse(super::plan::depth(&item.path)));
        let made: Vec<Item> = found.folders.iter().map(folder).collect();
        let backups = self.backup_folders(transfers.iter().chain(&deletions));
        let all = [made, backups, moves, transfers, times, deletions, folders];
        self.plan.items = all.into_iter().flatten().collect();
        Ok(())
    }

    /// A file that cannot be compared stays as it is on both sides. Nobody knows what it is, so it may be what something that
    /// is to go was renamed to: nothing goes.
    fn leave_uncompared(&mut self, task: &Task, error: &Error) {
        if self.deletes {
            self.plan.withheld.get_or_insert_with(|| format!("{} could not be compared", task.path));
        }
        self.plan.refused.push(Refused::new(task.path.clone(), &error.to_string(), Some(error.category())));
    }

    fn backs_up(&self) -> bool {
        self.plan.route.backup.is_some()
    }

    fn transfer(&self, task: &Task) -> Item {
        let action = if self.plan.route.direction == SyncDirection::Up { Action::Upload } else { Action::Download };
        let item = self.about(action, task);
        Item { backs_up: task.target.is_some() && self.backs_up(), ..item }
    }

    fn set_time(&self, task: &Task) -> Item {
        self.about(Action::SetTime, task)
    }

    fn about(&self, action: Action, task: &Task) -> Item {
        let (entry, here) = match self.plan.route.direction {
            SyncDirection::Up => (task.target.as_ref().and_then(|target| target.entry.as_ref()), None),
            SyncDirection::Down => (task.source.entry.as_ref(), task.target.as_ref()),
        };
        Item {
            local: Some(task.local.clone()),
            folder: Some(task.folder.clone()),
            entry: entry.map(PlannedEntry::of),
            size: task.source.size,
            modified: task.source.modified,
            replaces: here.map(|file| (file.size, file.modified.unwrap_or(0))),
            ..Item::new(action, task.path.clone(), task.name.clone())
        }
    }

    fn deletion(&self, gone: &Gone) -> Item {
        let file = gone.file.as_ref();
        Item {
            size: file.map_or(0, |file| file.size),
            modified: file.and_then(|file| file.modified),
            replaces: file.filter(|_| gone.entry.is_none()).map(|file| (file.size, file.modified.unwrap_or(0))),
            backs_up: self.backs_up(),
            ..removal(Action::Delete, gone)
        }
    }
}

fn folder(new: &NewFolder) -> Item {
    Item {
        local: Some(new.local.clone()),
        folder: Some(new.folder.clone()),
        ..Item::new(Action::MakeFolder, new.path.clone(), new.name.clone())
    }
}

fn removal(action: Action, gone: &Gone) -> Item {
    Item {
        local: gone.entry.is_none().then(|| gone.local.clone()),
        folder: Some(gone.folder.clone()),
        entry: gone.entry.as_ref().map(PlannedEntry::of),
        ..Item::new(action, gone.path.clone(), gone.name.clone())
    }
}

/// Whether a file alone cannot be compared, and others can.
fn concerns_one_file(error: &Error) -> bool {
    match error.category() {
        // The network, the calls that are left and the credentials are those of all files.
        Category::Temporary | Category::Limit | Category::OutcomeUnknown => false,
        Category::Access => matches!(error, Error::Api(error) if error.class() == ErrorClass::Permission),
        _ => true,
    }
}

/// Values by their keys.
pub(super) fn grouped<K: Ord, V>(items: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, Vec<V>> {
    let mut groups: BTreeMap<K, Vec<V>> = BTreeMap::new();
    for (key, value) in items {
        groups.entry(key).or_default().push(value);
    }
    groups
}
