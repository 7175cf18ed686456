//! Tasks: work on trees that goes on after its call was answered.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{EntryId, RecycleItem, SpaceId, Table};
use crate::clock::Time;

/// How far a task has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TaskStatus {
    /// Nothing is done yet.
    Waiting,
    /// Some of it is done.
    Working,
    /// All of it is done.
    Done,
    /// It has ended, and some of it could not be done.
    Failed,
}

impl TaskStatus {
    /// As the API writes it.
    pub fn wire(self) -> &'static str {
        match self {
            Self::Waiting => "INIT",
            Self::Working => "IN_PROGRESS",
            Self::Done => "SUCCESS",
            Self::Failed => "FAIL",
        }
    }

    /// Whether there is nothing left to do.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed)
    }
}

/// What a task does with each entry of a tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Work {
    /// Copies it; knows the copies so far by their originals.
    Copy(BTreeMap<EntryId, EntryId>),
    /// Takes it over into another space.
    Move(SpaceId),
    /// Deletes it for good.
    Erase,
    /// Puts it into the recycle bin, as part of an item.
    Recycle(RecycleItem),
    /// Takes it out of the recycle bin.
    Restore,
}

/// Work on a tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Its id.
    pub id: u64,
    /// Client id of the app that started it.
    pub app: String,
    /// On whose behalf.
    pub operator: String,
    /// How far it has come.
    pub status: TaskStatus,
    /// What it does.
    pub work: Work,
    /// Top of the tree.
    pub top: EntryId,
    /// Entries that are still to be worked on, in order.
    pub rest: Vec<EntryId>,
    /// How many entries the tree has.
    pub total: u64,
    /// How many of them are done.
    pub succeeded: u64,
    /// How many of them could not be done.
    pub failed: u64,
    /// Why the first of those could not be done.
    pub fail_message: Option<String>,
    /// When it began.
    pub began: Time,
    /// When it ended.
    pub ended: Option<Time>,
}

/// All tasks.
#[derive(Debug, Clone)]
pub struct Tasks {
    pub(super) table: Table<u64, Task>,
    open: BTreeSet<u64>,
}

impl Tasks {
    pub(super) fn new() -> Self {
        Self { table: Table::new("tasks"), open: BTreeSet::new() }
    }

    /// A task.
    pub fn get(&self, id: u64) -> Option<&Task> {
        self.table.get(&id)
    }

    /// The tasks that are not over, the oldest first.
    pub fn open(&self) -> impl Iterator<Item = &Task> {
        self.open.iter().filter_map(|id| self.get(*id))
    }

    /// Adds or replaces a task.
    pub fn put(&mut self, task: Task) {
        if task.status.is_over() {
            self.open.remove(&task.id);
        } else {
            self.open.insert(task.id);
        }
        self.table.insert(task.id, task);
    }

    /// Makes what is derived from the table anew.
    pub(super) fn index(&mut self) {
        self.open = self.table.iter().filter(|(_, task)| !task.status.is_over()).map(|(id, _)| *id).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows go to disk as JSON, whose keys are texts.
    #[test]
    fn a_task_survives_the_way_to_disk_and_back() {
        let task = Task {
            id: 7,
            app: "app".to_owned(),
            operator: "operator".to_owned(),
            status: TaskStatus::Working,
            work: Work::Copy(BTreeMap::from([(EntryId(1), EntryId(2))])),
            top: EntryId(1),
            rest: vec![EntryId(3)],
            total: 2,
            succeeded: 1,
            failed: 0,
            fail_message: None,
            began: Time(5),
            ended: None,
        };
        let row = serde_json::to_string(&task).unwrap_or_default();
        assert_eq!(serde_json::from_str::<Task>(&row).ok(), Some(task));
    }
}
