//! A plan is carried out.

mod arrival;
mod budget;
mod deleting;
mod down;
mod folders;
mod now;
mod report;
mod run;
mod up;

use std::fmt;
use std::sync::Arc;

use super::plan::Plan;
use crate::{Drive, Error};

pub use report::{Became, Failure, Outcome, Report};
use run::Run;

impl Drive {
    /// Carries out a plan; [`Execution::run`] does it.
    pub fn execute<'a>(&self, plan: &'a Plan) -> Execution<'a> {
        Execution { drive: self.clone(), plan, shard: (0, 1), max_calls: None, on_outcome: None, on_progress: None }
    }
}

type OnOutcome = Arc<dyn Fn(&Outcome) + Send + Sync>;
type OnProgress = Arc<dyn Fn(SyncProgress) + Send + Sync>;

/// How far a sync has come. What has to be sent again is taken back, so bytes can become fewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SyncProgress {
    /// Items that are over.
    pub items_done: usize,
    /// All items.
    pub items: usize,
    /// Bytes that were sent or fetched.
    pub bytes_done: u64,
    /// All bytes.
    pub bytes: u64,
}

/// A plan to be carried out.
#[must_use = "nothing is done until it is run"]
pub struct Execution<'a> {
    drive: Drive,
    plan: &'a Plan,
    shard: (usize, usize),
    max_calls: Option<u64>,
    on_outcome: Option<OnOutcome>,
    on_progress: Option<OnProgress>,
}

impl Execution<'_> {
    /// Carries out one of `count` equal parts of the plan, counted from 1, so that as many machines share it. They need not
    /// know of each other: folders that several need are made by whoever comes first.
    ///
    /// Deletions are no part's own. Who is through with a part looks whether all is there that all parts were to bring, and
    /// only then deletes what the plan deletes: so the last part does it. Where a part fails or is killed, nothing is deleted until it was carried
    /// out again; its report, or that of the whole plan, has the deletions then.
    pub fn shard(mut self, number: usize, count: usize) -> Self {
        let count = count.max(1);
        self.shard = (number.saturating_sub(1).min(count - 1), count);
        self
    }

    /// Makes at most so many calls, retries included. An item is begun only if what is left is enough for it; the others
    /// are [`Became::NotStarted`].
    pub fn max_calls(mut self, calls: u64) -> Self {
        self.max_calls = Some(calls);
        self
    }

    /// Is told what became of each item, as soon as it is known.
    pub fn on_outcome(mut self, listener: impl Fn(&Outcome) + Send + Sync + 'static) -> Self {
        self.on_outcome = Some(Arc::new(listener));
        self
    }

    /// Is told how far it has come. It is called between pieces, so it must not take long.
    pub fn on_progress(mut self, listener: impl Fn(SyncProgress) + Send + Sync + 'static) -> Self {
        self.on_progress = Some(Arc::new(listener));
        self
    }

    /// Carries it out: folders first, then moves, then transfers, several at the same time
    /// ([`DriveBuilder::files_at_once`](crate::DriveBuilder::files_at_once)), and deletions in the end. What fails stops
    /// nothing else. A large file that is cut goes on where it was when the plan, or a new one, is carried out.
    ///
    /// A plan that this process has made in the last ten minutes is carried out at once; any other, and one that was
    /// carried out before, only after the side that is changed was looked at again: what is done already is not done again, and what has become
    /// another one is left alone.
    ///
    /// # Errors
    ///
    /// Only what keeps it from beginning: [`Error::Local`] if the folder of this machine is not there, [`Error::Api`] if
    /// the drive cannot be listed again. What goes wrong with an item is in the report.
    pub async fn run(self) -> Result<Report, Error> {
        let run = Box::pin(Run::begin(&self)).await?;
        run.all().await
    }
}

impl fmt::Debug for Execution<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Execution");
        shown.field("items", &self.plan.items.len()).field("shard", &self.shard).field("max_calls", &self.max_calls);
        shown.finish_non_exhaustive()
    }
}
