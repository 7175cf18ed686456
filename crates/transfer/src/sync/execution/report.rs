//! What became of a plan.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::sync::plan::{Action, Refused};

/// What became of a plan. Those of several machines [add up](Self::add).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Report {
    /// What became of each item.
    pub outcomes: Vec<Outcome>,
    /// What was left alone by the plan.
    pub refused: Vec<Refused>,
    /// Why nothing was deleted although that was wished.
    pub withheld: Option<String>,
    /// Calls by operation.
    pub calls: BTreeMap<String, u64>,
}

/// What became of one item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Outcome {
    /// Place of the item in the plan, counted from 0.
    pub item: usize,
    /// What was to be done.
    pub action: Action,
    /// Path of the item.
    pub path: String,
    /// Bytes of the file that it is about.
    #[serde(default)]
    pub size: u64,
    /// Bytes that were sent or fetched for it by this run.
    #[serde(default)]
    pub moved: u64,
    /// What became of it.
    pub became: Became,
}

/// What became of an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Became {
    /// It was done.
    Done,
    /// It had been done before.
    AlreadyDone,
    /// It failed; nothing of it was done, unless the failure says otherwise.
    Failed(Failure),
    /// It was not begun, because there were not calls enough.
    NotStarted,
    /// It was not begun, because its bytes are more than is left of
    /// [`DriveBuilder::max_transfer`](crate::DriveBuilder::max_transfer).
    OverLimit,
    /// It was to be deleted, and was not, because something did not arrive before, be it of another part of the plan.
    Withheld,
}

impl Became {
    /// Lower is better.
    fn rank(&self) -> u8 {
        match self {
            Self::Done => 0,
            Self::AlreadyDone => 1,
            Self::Failed(_) => 2,
            Self::NotStarted | Self::OverLimit | Self::Withheld => 3,
        }
    }
}

/// Why an item failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Failure {
    /// Name of the kind of failure, as [`Category::name`](crate::Category::name) has it.
    pub category: String,
    /// What happened, and what to do.
    pub message: String,
}

impl Failure {
    pub(super) fn conflict(message: &str) -> Self {
        Self { category: crate::Category::Conflict.name().to_owned(), message: message.to_owned() }
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        Self { category: error.category().name().to_owned(), message: error.to_string() }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl Report {
    /// Whether both sides are the same now, as far as anybody looks: all was done, and nothing was left alone.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let is_done = |outcome: &Outcome| matches!(outcome.became, Became::Done | Became::AlreadyDone);
        self.outcomes.iter().all(is_done) && self.refused.is_empty() && self.withheld.is_none()
    }

    /// The items that failed.
    pub fn failures(&self) -> impl Iterator<Item = (&Outcome, &Failure)> {
        self.outcomes.iter().filter_map(|outcome| match &outcome.became {
            Became::Failed(failure) => Some((outcome, failure)),
            _ => None,
        })
    }

    /// All calls.
    #[must_use]
    pub fn all_calls(&self) -> u64 {
        self.calls.values().sum()
    }

    /// Adds what became of another part of the same plan, or of the same part another time: of an item that several have
    /// it is the best.
    pub fn add(&mut self, other: Self) {
        self.outcomes.extend(other.outcomes);
        self.outcomes.sort_by_key(|outcome| (outcome.item, outcome.became.rank()));
        self.outcomes.dedup_by_key(|outcome| outcome.item);
        for (operation, calls) in other.calls {
            *self.calls.entry(operation).or_default() += calls;
        }
        if self.refused.is_empty() {
            self.refused = other.refused;
        }
        self.withheld = self.withheld.take().or(other.withheld);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_item_that_several_reports_have_the_best_counts() {
        let report = |outcomes: &[(usize, Became)]| Report {
            outcomes: outcomes
                .iter()
                .map(|(item, became)| Outcome {
                    item: *item,
                    action: Action::Upload,
                    path: item.to_string(),
                    size: 0,
                    moved: 0,
                    became: became.clone(),
                })
                .collect(),
            calls: BTreeMap::from([("storage_v2.CommitFile".to_owned(), 1)]),
            ..Report::default()
        };
        let failed = || Became::Failed(Failure::conflict("taken"));
        let mut all = report(&[(2, failed()), (0, Became::Done), (4, Became::NotStarted)]);
        all.add(report(&[(1, Became::AlreadyDone), (2, Became::AlreadyDone), (4, failed())]));
        all.add(report(&[(0, Became::AlreadyDone), (1, failed())]));
        let outcomes = all.outcomes.iter().map(|outcome| (outcome.item, outcome.became.clone()));
        let expected = [(0, Became::Done), (1, Became::AlreadyDone), (2, Became::AlreadyDone), (4, failed())];
        assert_eq!(outcomes.collect::<Vec<_>>(), expected);
        assert_eq!(all.all_calls(), 3);
    }
}
