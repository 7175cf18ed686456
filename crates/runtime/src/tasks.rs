//! Work that goes on after its call was answered.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use tokio::time::Instant;

use crate::error::Phase;
use crate::{Answer, Call, Error, ErrorKind};

const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

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
    /// The state that a status stands for. One that this version does not know counts as running: only a
    /// known word ends a task.
    pub fn of(status: Option<&str>) -> Self {
        match status {
            Some("SUCCESS") => Self::Succeeded,
            Some("FAIL") => Self::Failed,
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
#[must_use = "nothing is done until it is awaited"]
pub struct Wait<L> {
    request: L,
    timeout: Duration,
}

impl<L: Lasting> Wait<L> {
    /// Waits up to ten minutes.
    pub fn new(request: L) -> Self {
        Self { request, timeout: Duration::from_mins(10) }
    }

    /// Sets how long to wait, from the request to the end of the last task. Work that takes longer goes on.
    ///
    /// An error while a task is waited for names it, see [`Error::task`].
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    async fn run(self) -> Result<Finished<L::Answer, L::Task>, Error> {
        let now = Instant::now();
        let deadline = now.checked_add(self.timeout).unwrap_or_else(|| now + Duration::from_hours(24 * 365));
        let answer = self.request.start().at_most(self.timeout).await?;
        let mut tasks = Vec::new();
        for id in L::task_ids(&answer) {
            let ended = tokio::time::timeout_at(deadline, ended(&self.request, &id)).await;
            let ended = ended.unwrap_or_else(|_| Err(unfinished(self.timeout)));
            tasks.push(ended.map_err(|error| error.with(|facts| facts.task = Some(id)))?);
        }
        Ok(Finished { answer, tasks })
    }
}

/// Asks again and again until the task has ended.
async fn ended<L: Lasting>(request: &L, id: &str) -> Result<L::Task, Error> {
    let mut pause = FIRST_PAUSE;
    loop {
        tokio::time::sleep(pause).await;
        pause = pause.mul_f64(1.5).min(LONGEST_PAUSE);
        match request.task(id).await {
            Ok(task) if L::state(&task) == TaskState::Running => {}
            // The work goes on whether or not it can be asked about just now.
            Err(error) if error.is_retryable() => {}
            ended => return ended,
        }
    }
}

fn unfinished(after: Duration) -> Error {
    let text = format!("the task had not ended after {after:?} and goes on; ask for it later by its id");
    Error::new(ErrorKind::Timeout, Phase::Applied, text)
}

impl<L: Lasting> IntoFuture for Wait<L> {
    type Output = Result<Finished<L::Answer, L::Task>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<L: fmt::Debug> fmt::Debug for Wait<L> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Wait").field("request", &self.request).field("timeout", &self.timeout).finish()
    }
}
