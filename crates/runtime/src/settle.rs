//! What became of each element of a bulk call, with the tasks that went on after it.

use std::collections::HashMap;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use crate::error::Phase;
use crate::tasks::{Watch, after};
use crate::{Batched, Batches, Error, ErrorCode, ErrorKind, TaskCalls, TaskState};

/// What an outcome says of its element.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Said {
    /// Whether it was done.
    pub success: Option<bool>,
    /// Why it was not.
    pub code: Option<ErrorCode>,
    /// The task that goes on.
    pub task: Option<String>,
}

/// What became of an element.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Settled {
    /// It is done, at once or by a task that has ended well.
    Done,
    /// A task of this id goes on with it, and had not ended when the time for waiting was over.
    Task(String),
    /// It was not done: [`Error::code`] says why where the server did.
    Refused(Error),
    /// It may be done in whole, in part or not at all: its call was sent and not answered, its task ended without doing
    /// all, or cannot be asked about ([`Error::task`]).
    Unknown(Error),
}

impl Settled {
    /// Whether it is done.
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done)
    }

    /// The task that goes on, as the type of ids that is asked for: `TaskId`, or `&str`.
    pub fn task<'a, Id: From<&'a str>>(&'a self) -> Option<Id> {
        if let Self::Task(id) = self { Some(id.as_str().into()) } else { None }
    }

    /// Why it is not done, or why nobody knows.
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Refused(error) | Self::Unknown(error) => Some(error),
            Self::Done | Self::Task(_) => None,
        }
    }
}

impl From<Error> for Settled {
    fn from(error: Error) -> Self {
        match error.phase() {
            Phase::NotSent | Phase::Refused => Self::Refused(error),
            Phase::Unknown | Phase::Applied => Self::Unknown(error),
        }
    }
}

impl From<Said> for Settled {
    fn from(said: Said) -> Self {
        let Said { success, code, task } = said;
        let code = code.filter(|code| !code.as_str().is_empty());
        match (success, code, task.filter(|task| !task.is_empty())) {
            (Some(false), code, _) | (None, code @ Some(_), None) => Self::Refused(refused(code)),
            (_, _, Some(task)) => Self::Task(task),
            // An answer without a word about success is one.
            (Some(true) | None, _, None) => Self::Done,
        }
    }
}

fn refused(code: Option<ErrorCode>) -> Error {
    let text = code.as_ref().map_or("the server did not do it, and does not say why", |_| "the server did not do it");
    Error::new(ErrorKind::Api, Phase::Refused, text).with(|facts| facts.code = code)
}

/// Makes the calls of a bulk operation and waits for all tasks that go on after them; a future.
///
/// Its result has each element, in the order of the list, with what became of it. Nothing ends it early: a call that
/// fails settles its elements, and the calls after it are made all the same. The tasks are asked about together, as
/// [`Wait`](crate::Wait) does.
#[must_use = "nothing is done until it is awaited"]
pub struct Settle<B: Batched> {
    calls: Batches<B>,
    timeout: Duration,
}

impl<B: Batched> Settle<B> {
    /// Waits up to ten minutes for the tasks.
    pub(crate) fn new(calls: Batches<B>) -> Self {
        Self { calls, timeout: Duration::from_secs(10 * 60) }
    }

    /// Sets how long to wait for tasks after the last call. Those that take longer go on, as [`Settled::Task`].
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    async fn run(mut self) -> Vec<(B::Element, Settled)> {
        let mut settled = Vec::new();
        while let Some((element, outcome)) = self.calls.next().await {
            let became: Settled = match outcome {
                Ok(outcome) => B::said(&outcome).into(),
                Err(error) => error.into(),
            };
            settled.push((element, became));
        }
        let tasks = settled.iter().filter_map(|(_, became)| became.task::<&str>().map(str::to_owned)).collect();
        let ends = ends(&self.calls.into_request(), tasks, self.timeout).await;
        for (_, became) in &mut settled {
            if let Some(end) = became.task().and_then(|id: &str| ends.get(id)) {
                *became = end.clone();
            }
        }
        settled
    }
}

/// How the tasks ended that did, or were lost. Several elements may share one.
async fn ends<B: Batched>(request: &B, mut tasks: Vec<String>, timeout: Duration) -> HashMap<String, Settled> {
    let Some(TaskCalls { ask, state }) = B::TASKS else { return HashMap::new() };
    tasks.sort_unstable();
    tasks.dedup();
    let mut watch = Watch::new(tasks);
    // What it says of some task is what stands at that task.
    let _ = watch.run(|id| ask(request, id), state, after(timeout), timeout).await;
    let ended = |task: &B::Task, id: &str| match state(task) {
        TaskState::Succeeded => Settled::Done,
        TaskState::Running | TaskState::Failed => Settled::Unknown(incomplete(id)),
    };
    let ends = watch.ended().map(|(id, task)| (id.to_owned(), ended(task, id)));
    ends.chain(watch.lost().map(|(id, error)| (id.to_owned(), Settled::Unknown(error)))).collect()
}

fn incomplete(id: &str) -> Error {
    let text = "its task ended without doing all that it should; look what is done before doing it again";
    Error::new(ErrorKind::OutcomeUnknown, Phase::Unknown, text).with(|facts| facts.task = Some(id.to_owned()))
}

impl<B: Batched + Send + Sync + 'static> IntoFuture for Settle<B>
where
    B::Element: Send + Sync,
    B::Outcome: Send + Sync,
{
    type Output = Vec<(B::Element, Settled)>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<B: Batched + fmt::Debug> fmt::Debug for Settle<B> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Settle").field("calls", &self.calls).field("timeout", &self.timeout).finish()
    }
}
