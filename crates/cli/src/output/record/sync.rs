//! Folders that are made equal or compared.

use std::collections::BTreeMap;

use dingtalk_storage_transfer::{Action, Became, Report};
use serde::Serialize;

/// Something that a sync does.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SyncedRecord {
    /// What is done.
    pub action: SyncAction,
    /// Path below both folders.
    pub path: String,
    /// Bytes of the file.
    pub size: u64,
    /// Whether it is done; otherwise it is planned.
    pub done: bool,
    /// Whether it was done before, so that nothing was left to do.
    pub already: bool,
}

/// Something that is left alone on both sides.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LeftAloneRecord {
    /// Path below both folders.
    pub path: String,
    /// Why, for people.
    pub reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum SyncAction {
    MakeFolder,
    Move,
    Upload,
    Download,
    SetTime,
    Delete,
    DeleteFolder,
    Other,
}

impl SyncAction {
    /// For people.
    pub fn word(self) -> &'static str {
        match self {
            Self::MakeFolder => "make folder  ",
            Self::Move => "move         ",
            Self::Upload => "upload       ",
            Self::Download => "download     ",
            Self::SetTime => "set time     ",
            Self::Delete => "delete       ",
            Self::DeleteFolder => "delete folder",
            Self::Other => "other        ",
        }
    }
}

impl From<Action> for SyncAction {
    fn from(action: Action) -> Self {
        match action {
            Action::MakeFolder => Self::MakeFolder,
            Action::Move => Self::Move,
            Action::Upload => Self::Upload,
            Action::Download => Self::Download,
            Action::SetTime => Self::SetTime,
            Action::Delete => Self::Delete,
            Action::DeleteFolder => Self::DeleteFolder,
            _ => Self::Other,
        }
    }
}

/// What a sync is going to do, in all.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PlanRecord {
    /// Things to do.
    pub items: usize,
    /// Files that are the same on both sides.
    pub same: u64,
    /// Files and folders that are left alone on both sides.
    pub left_alone: usize,
    /// Bytes to be sent or fetched.
    pub bytes: u64,
    /// Calls of the API, if nothing goes wrong.
    pub calls: u64,
    /// The same by operation.
    pub calls_by_operation: BTreeMap<String, u64>,
    /// Share of the calls that an organization has in a month without paying.
    pub percent_of_month: f64,
}

/// What became of a sync that several machines shared, in all.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SyncReportRecord {
    /// Things that were to be done.
    pub items: usize,
    /// Of them, those that were done.
    pub done: usize,
    /// Those that were found done.
    pub already_done: usize,
    /// Those that failed.
    pub failed: usize,
    /// Those that were not begun.
    pub not_started: usize,
    /// Those of which no result tells.
    pub not_told: usize,
    /// Calls of the API that it took.
    pub calls: u64,
    /// The same by operation.
    pub calls_by_operation: BTreeMap<String, u64>,
}

impl SyncReportRecord {
    /// Of so many items.
    pub fn of(report: &Report, items: usize) -> Self {
        let count = |became: &Became| report.outcomes.iter().filter(|outcome| outcome.became == *became).count();
        let (done, already_done, failed) =
            (count(&Became::Done), count(&Became::AlreadyDone), report.failures().count());
        Self {
            items,
            done,
            already_done,
            failed,
            not_started: report.outcomes.len().saturating_sub(done + already_done + failed),
            not_told: items.saturating_sub(report.outcomes.len()),
            calls: report.all_calls(),
            calls_by_operation: report.calls.clone(),
        }
    }
}

/// A file that is not the same in two folders.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DifferenceRecord {
    /// In what it is not the same.
    pub difference: DifferenceKind,
    /// Path below both folders.
    pub path: String,
    /// Its bytes.
    pub size: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum DifferenceKind {
    OnlySource,
    OnlyTarget,
    Differs,
    NotCompared,
}
