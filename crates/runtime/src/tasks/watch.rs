//! Tasks that are waited for together.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;
use tracing::Instrument;

use super::TaskState;
use crate::error::{Phase, TimedOut};
use crate::{Answer, Call, Error};

const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// How often in a row asking about a task may fail, each with the attempts of a call, before it counts as lost: each costs
/// calls of the month, and says nothing new.
const MOST_FAILURES: u32 = 8;

/// Tasks that are asked about at the same time. Were it all of some thousands, the time of the last calls would be over
/// before their turn comes in the limiter.
const AT_ONCE: usize = 200;

/// Some tasks, and what is known about each.
pub(crate) struct Watch<T> {
    tasks: Vec<Task<T>>,
    pause: Duration,
}

struct Task<T> {
    id: String,
    stand: Stand<T>,
    /// How often asking about it has failed since it was last answered.
    failures: u32,
}

/// What is known about a task.
enum Stand<T> {
    /// It goes on, as far as one knows.
    Open,
    /// It has ended, well or not.
    Ended(T),
    /// It cannot be asked about.
    Lost(Error),
}

impl<T> Watch<T> {
    /// Tasks that have just begun. Of those that are announced several times, one.
    pub(crate) fn new(ids: Vec<String>) -> Self {
        let mut seen = HashSet::new();
        let each_once = ids.into_iter().filter(|id| seen.insert(id.clone()));
        let tasks = each_once.map(|id| Task { id, stand: Stand::Open, failures: 0 }).collect();
        Self { tasks, pause: FIRST_PAUSE }
    }

    /// Tasks that may have ended long ago, so that they are asked about at once.
    pub(crate) fn of_old(ids: Vec<String>) -> Self {
        Self { pause: Duration::ZERO, ..Self::new(ids) }
    }

    /// What was lost may be found again.
    pub(crate) fn again(mut self) -> Self {
        for task in &mut self.tasks {
            if let Stand::Lost(_) = task.stand {
                task.stand = Stand::Open;
                task.failures = 0;
            }
        }
        Self { pause: Duration::ZERO, ..self }
    }

    /// The tasks that have ended, in their order.
    pub(crate) fn ended(&self) -> impl Iterator<Item = (&str, &T)> {
        self.tasks.iter().filter_map(|task| match &task.stand {
            Stand::Ended(ended) => Some((task.id.as_str(), ended)),
            _ => None,
        })
    }

    /// The tasks that cannot be asked about, with why.
    pub(crate) fn lost(&self) -> impl Iterator<Item = (&str, Error)> {
        self.tasks.iter().filter_map(|task| match &task.stand {
            Stand::Lost(error) => {
                Some((task.id.as_str(), error.clone().with(|facts| facts.task = Some(task.id.clone()))))
            }
            _ => None,
        })
    }

    /// The tasks of which no end is known.
    pub(crate) fn open(&self) -> impl Iterator<Item = &str> {
        self.tasks.iter().filter(|task| !matches!(task.stand, Stand::Ended(_))).map(|task| task.id.as_str())
    }

    pub(crate) fn into_ended(self) -> Vec<T> {
        let ended = |task: Task<T>| if let Stand::Ended(ended) = task.stand { Some(ended) } else { None };
        self.tasks.into_iter().filter_map(ended).collect()
    }

    /// The tasks that are still to be asked about.
    fn asked(&self) -> impl Iterator<Item = (usize, &str)> {
        let tasks = self.tasks.iter().enumerate();
        tasks.filter(|(_, task)| matches!(task.stand, Stand::Open)).map(|(place, task)| (place, task.id.as_str()))
    }
}

impl<T: Answer> Watch<T> {
    /// Asks about all tasks again and again until each has ended or cannot be asked about.
    pub(crate) async fn run(
        &mut self,
        ask: impl Fn(&str) -> Call<T>,
        state: fn(&T) -> TaskState,
        deadline: Instant,
        timeout: Duration,
    ) -> Result<(), Error> {
        while self.asked().next().is_some() {
            let next = Instant::now() + self.pause;
            tokio::time::sleep_until(next.min(deadline)).await;
            if next > deadline {
                return Err(self.unfinished(timeout));
            }
            self.pause = self.pause.mul_f64(1.5).clamp(FIRST_PAUSE, LONGEST_PAUSE);
            // What was heard until the deadline counts.
            let _ = tokio::time::timeout_at(deadline, self.round(&ask, state)).await;
        }
        self.lost().next().map_or(Ok(()), |(_, error)| Err(error))
    }

    /// Asks about each once, many at the same time.
    async fn round(&mut self, ask: &impl Fn(&str) -> Call<T>, state: fn(&T) -> TaskState) {
        let mut calls = JoinSet::new();
        let mut waiting = self.asked().map(|(place, id)| (place, ask(id))).collect::<VecDeque<_>>();
        loop {
            while calls.len() < AT_ONCE
                && let Some((place, call)) = waiting.pop_front()
            {
                calls.spawn(async move { (place, call.await) }.in_current_span());
            }
            let Some(answered) = calls.join_next().await else { return };
            let Ok((place, answer)) = answered else { continue };
            let Some(task) = self.tasks.get_mut(place) else { continue };
            match answer {
                Ok(answer) if state(&answer) == TaskState::Running => task.failures = 0,
                Ok(answer) => task.stand = Stand::Ended(answer),
                Err(error) => {
                    task.failures += 1;
                    // The work goes on whether or not it can be asked about just now.
                    if !error.is_retryable() || task.failures == MOST_FAILURES {
                        task.stand = Stand::Lost(error);
                    }
                }
            }
        }
    }

    fn unfinished(&self, after: Duration) -> Error {
        let (open, all) = (self.open().count(), self.tasks.len());
        let text = match (open, all) {
            (_, 1) => {
                format!("the task had not ended after {after:?} and goes on")
            }
            _ => format!("{open} of {all} tasks had not ended after {after:?} and go on"),
        };
        Error::timeout(TimedOut::Tasks, Phase::Applied, text).with(|facts| {
            facts.is_transient = false;
            facts.task = self.open().next().map(str::to_owned);
        })
    }
}
