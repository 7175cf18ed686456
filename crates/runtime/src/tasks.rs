//! Work that goes on after its call was answered.

mod unfinished;
mod watch;

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use tokio::time::Instant;

use crate::{Answer, Call, Error, Parameter};

pub use unfinished::Unfinished;
pub(crate) use watch::Watch;

/// A request whose work may go on as a task after its answer.
pub trait Lasting: Send + Sync + 'static {
    /// Answer of the request.
    type Answer: Answer;
    /// Answer of the operation that tells how a task stands.
    type Task: Answer;

    /// Begins the work.
    fn start(&self) -> Call<Self::Answer>;

    /// The ids of the tasks that an answer announces; none when the work is done.
    fn task_ids(answer: &Self::Answer) -> Vec<String>;

    /// Asks how a task stands.
    fn task(&self, id: &str) -> Call<Self::Task>;

    /// How a task stands.
    fn state(task: &Self::Task) -> TaskState;
}

/// How a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TaskState {
    /// It is not done yet.
    Running,
    /// It is done.
    Succeeded,
    /// It ended without doing all that it should; its counts tell how much was done.
    Failed,
}

impl TaskState {
    /// The state that a status stands for, given the values that end a task well, and those that end it otherwise. One
    /// that this version does not know counts as running: only a known value ends a task.
    pub fn of<S: Parameter + ?Sized>(status: Option<&S>, succeeded: &[&str], failed: &[&str]) -> Self {
        let status = status.map(Parameter::text);
        match status.as_deref() {
            Some(status) if succeeded.contains(&status) => Self::Succeeded,
            Some(status) if failed.contains(&status) => Self::Failed,
            _ => Self::Running,
        }
    }
}

/// Work that is done.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Finished<A, T> {
    /// Answer of the request.
    pub answer: A,
    /// The tasks that went on after it, as they ended: also those that failed in part or altogether.
    pub tasks: Vec<T>,
}

/// Begins work and waits for its end; a future.
///
/// All tasks of the work are asked about together, at first after half a second and then ever less often, up to every
/// ten seconds. One that cannot be asked about does not end the waiting for the others. Where not all is done in the
/// end, [`Unfinished`] has all that is known, and waiting can go on from it.
#[must_use = "nothing is done until it is awaited"]
pub struct Wait<L: Lasting> {
    request: L,
    begun: Option<Begun<L>>,
    timeout: Duration,
}

/// Work that has begun.
struct Begun<L: Lasting> {
    answer: L::Answer,
    watch: Watch<L::Task>,
}

impl<L: Lasting> Begun<L> {
    fn new(answer: L::Answer) -> Self {
        let watch = Watch::new(L::task_ids(&answer));
        Self { answer, watch }
    }
}

impl<L: Lasting> Wait<L> {
    /// Waits up to ten minutes.
    pub fn new(request: L) -> Self {
        Self { request, begun: None, timeout: Duration::from_secs(10 * 60) }
    }

    /// Goes on from the answer of the request, which was sent before and is not sent again.
    pub fn after(request: L, answer: L::Answer) -> Self {
        Self { begun: Some(Begun::new(answer)), ..Self::new(request) }
    }

    /// Sets how long to wait, from the request to the end of the last task. Work that takes longer goes on.
    ///
    /// An error while a task is waited for names it, see [`Error::task`].
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// What is known where the waiting cannot begin.
    #[cfg(feature = "blocking")]
    pub(crate) fn not_begun(self, error: Error) -> Unfinished<L> {
        Unfinished::new(error, self.request, self.begun)
    }

    async fn run(self) -> Result<Finished<L::Answer, L::Task>, Unfinished<L>> {
        let deadline = after(self.timeout);
        let request = self.request;
        let mut begun = match self.begun {
            Some(begun) => begun,
            None => match request.start().at_most(self.timeout).await {
                Ok(answer) => Begun::new(answer),
                Err(error) => return Err(Unfinished::new(error, request, None)),
            },
        };
        match begun.watch.run(|id| request.task(id), L::state, deadline, self.timeout).await {
            Ok(()) => Ok(Finished { answer: begun.answer, tasks: begun.watch.into_ended() }),
            Err(error) => Err(Unfinished::new(error, request, Some(begun))),
        }
    }
}

pub(crate) fn after(timeout: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(timeout).unwrap_or_else(|| now + Duration::from_secs(24 * 365 * 3600))
}

impl<L: Lasting> IntoFuture for Wait<L> {
    type Output = Result<Finished<L::Answer, L::Task>, Unfinished<L>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<L: Lasting + fmt::Debug> fmt::Debug for Wait<L> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Wait")
            .field("request", &self.request)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// A request that tells how a task stands.
pub trait TaskReader: Send + Sync + 'static {
    /// Its answer.
    type Task: Answer;

    /// Asks how the task stands.
    fn ask(&self) -> Call<Self::Task>;

    /// The id of the task.
    fn id(&self) -> String;

    /// How the task stands.
    fn state(task: &Self::Task) -> TaskState;
}

/// Waits for the end of a task of which no more than the id is known; a future.
#[must_use = "nothing is done until it is awaited"]
pub struct WaitTask<R> {
    request: R,
    timeout: Duration,
}

impl<R: TaskReader> WaitTask<R> {
    /// Waits up to ten minutes.
    pub fn new(request: R) -> Self {
        Self { request, timeout: Duration::from_secs(10 * 60) }
    }

    /// Sets how long to wait. A task that takes longer goes on, and can be waited for again.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    async fn run(self) -> Result<R::Task, Error> {
        let mut watch = Watch::of_old(vec![self.request.id()]);
        watch.run(|_| self.request.ask(), R::state, after(self.timeout), self.timeout).await?;
        watch.into_ended().pop().ok_or_else(|| Error::configuration("the task was not asked about"))
    }
}

impl<R: TaskReader> IntoFuture for WaitTask<R> {
    type Output = Result<R::Task, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<R: fmt::Debug> fmt::Debug for WaitTask<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("WaitTask").field("request", &self.request).field("timeout", &self.timeout).finish()
    }
}
