//! What a plan costs: calls of the API, by operation.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Action, BackupPlace, Item, Route, SyncDirection};
use crate::upload::url_calls;

/// What one call deletes.
pub(in crate::sync) const BATCH: usize = 50;
/// Files that one call looks at.
const LOOKED_AT: usize = 30;

/// Files that go together; for good they go when they were looked at together.
pub(in crate::sync) fn batch(for_good: bool) -> usize {
    if for_good { LOOKED_AT } else { BATCH }
}

pub(super) const ADD_FOLDER: &str = "storage_v1.AddFolder";
const MOVE: &str = "storage_v1.MoveDentry";
const RENAME: &str = "storage_v1.RenameDentry";
const LIST: &str = "storage_v1.ListDentries";
const LOOK: &str = "storage_v1.GetDentries";
const DELETE: &str = "storage_v1.DeleteDentries";
const STAMP: &str = "storage_v1.UpdateDentryAppProperties";
const ASK: &str = "storage_v2.GetFileUploadInfo";
const BEGIN: &str = "storage_v1.InitMultipartFileUpload";
const PARTS: &str = "storage_v1.GetMultipartFileUploadInfos";
const COMMIT: &str = "storage_v2.CommitFile";
const FETCH: &str = "storage_v1.GetFileDownloadInfo";

/// What the number of calls depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::sync) struct CostOptions {
    pub(in crate::sync) single_put: u64,
    pub(in crate::sync) part_size: u64,
    /// Calls that the organization has in a month.
    pub(in crate::sync) monthly_calls: u64,
}

/// Calls that a plan takes when nothing goes wrong, by operation: as many as a run of it spends that meets no fault.
///
/// Parts of a large file are counted at 30 URLs per call, which a connection has that takes a part in less than
/// two thirds of the time that URLs work, divided by 30; a slower one asks more often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Cost {
    /// All calls.
    pub calls: u64,
    /// Calls by operation.
    pub by_operation: BTreeMap<&'static str, u64>,
    /// Calls that the organization has in a month.
    pub monthly_calls: u64,
}

impl Cost {
    pub(in crate::sync) fn of<'a>(route: &Route, items: impl IntoIterator<Item = &'a Item>) -> Self {
        let mut by_operation: BTreeMap<&'static str, u64> = BTreeMap::new();
        let mut add = |operation, calls: u64| {
            if calls > 0 {
                *by_operation.entry(operation).or_default() += calls;
            }
        };
        let (mut files, mut folders, mut backs_up) = (0_usize, BTreeMap::<usize, usize>::new(), false);
        for item in items {
            backs_up |= item.backs_up;
            match (item.action, route.direction) {
                (Action::Delete, SyncDirection::Up) if !item.backs_up => files += 1,
                (Action::DeleteFolder, SyncDirection::Up) => {
                    // It is looked into first: what has come into it since is not to be lost.
                    add(LIST, 1);
                    *folders.entry(depth(&item.path)).or_default() += 1;
                }
                _ => calls(item, route).for_each(|(operation, calls)| add(operation, calls)),
            }
        }
        let deletions = files.div_ceil(batch(route.for_good)) as u64;
        add(DELETE, deletions);
        // What goes for good is looked at right before.
        add(LOOK, if route.for_good { deletions } else { 0 });
        for deleted in folders.into_values() {
            add(DELETE, deleted.div_ceil(BATCH) as u64);
        }
        let backup = match &route.backup {
            Some(BackupPlace::Drive(root)) if backs_up => root.missing.len(),
            _ => 0,
        };
        add(ADD_FOLDER, (route.folder.missing.len() + backup) as u64);
        let calls = by_operation.values().sum();
        Self { calls, by_operation, monthly_calls: route.cost.monthly_calls }
    }

    /// The share of the month's calls, in percent.
    #[must_use]
    pub fn share(&self) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "it is shown with one digit")]
        let share = self.calls as f64 * 100.0 / self.monthly_calls.max(1) as f64;
        share
    }

    /// The operations that it needs.
    #[must_use]
    pub fn operations(&self) -> BTreeSet<&'static str> {
        self.by_operation.keys().copied().collect()
    }
}

/// How deep a path is.
pub(in crate::sync) fn depth(path: &str) -> usize {
    path.matches('/').count()
}

/// The calls of an item that shares none with others.
fn calls(item: &Item, route: &Route) -> impl Iterator<Item = (&'static str, u64)> + use<> {
    let mut calls = Vec::new();
    match (item.action, route.direction) {
        (Action::MakeFolder, SyncDirection::Up) => calls.push((ADD_FOLDER, 1)),
        (Action::Move, SyncDirection::Up) => {
            let (moves, renames) = steps(item);
            calls.extend([(MOVE, u64::from(moves)), (RENAME, u64::from(renames))]);
        }
        (Action::Upload, SyncDirection::Up) => {
            if item.size > route.cost.single_put {
                calls.extend([(BEGIN, 1), (PARTS, url_calls(item.size, route.cost.part_size))]);
            } else {
                calls.push((ASK, 1));
            }
            calls.push((COMMIT, 1));
            match (&item.entry, item.backs_up) {
                (Some(_), true) => calls.push((MOVE, 1)),
                // What a new version does not take over from its commit is written after it.
                (Some(_), false) => calls.push((STAMP, 1)),
                (None, _) => {}
            }
        }
        (Action::SetTime, SyncDirection::Up) => calls.push((STAMP, 1)),
        (Action::Delete, SyncDirection::Up) => calls.push((MOVE, 1)),
        (Action::Download, SyncDirection::Down) => calls.push((FETCH, 1)),
        _ => {}
    }
    calls.into_iter()
}

/// Calls of one item that shares none with others.
pub(in crate::sync) fn calls_of(item: &Item, route: &Route) -> u64 {
    calls(item, route).map(|(_, calls)| calls).sum()
}

/// Whether a move in the drive goes to another folder, and whether it gets another name.
pub(in crate::sync) fn steps(item: &Item) -> (bool, bool) {
    let Some(entry) = &item.entry else { return (false, false) };
    let target = item.folder.as_ref().and_then(|folder| folder.ids.as_ref());
    (target.is_none_or(|(id, _)| *id != entry.parent), entry.name != item.name)
}

impl fmt::Display for Cost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} calls, {:.1} % of {} a month", self.calls, self.share(), self.monthly_calls)?;
        for (operation, calls) in &self.by_operation {
            write!(formatter, "\n  {calls:>7} {operation}")?;
        }
        Ok(())
    }
}
