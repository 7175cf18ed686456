//! Bulk calls of any length.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;

use crate::error::Phase;
use crate::list_calls::ListCalls;
use crate::{Answer, Call, Error, ErrorKind, Said, Settle, TaskState};

/// A request that does the same to each element of a list, up to a maximum at once.
pub trait Batched: Unpin {
    /// What the list holds.
    type Element: Clone + Unpin;
    /// What the answer says about one element.
    type Outcome: Unpin;
    /// Answer of one call.
    type Answer: Answer;
    /// Answer about a task that goes on for an element.
    type Task: Answer;
    /// The documented maximum of elements.
    const MAX: usize;

    /// The call for some of the elements.
    fn part(&self, elements: &[Self::Element]) -> Call<Self::Answer>;

    /// The outcomes in an answer about so many elements.
    fn outcomes(answer: Self::Answer, elements: usize) -> Vec<Self::Outcome>;

    /// Whether an outcome is about an element; none where it does not say. Without it, outcomes belong to
    /// elements by their order.
    fn is_about(outcome: &Self::Outcome, element: &Self::Element) -> Option<bool> {
        let _ = (outcome, element);
        None
    }

    /// What an outcome says of its element.
    fn said(outcome: &Self::Outcome) -> Said {
        let _ = outcome;
        Said::default()
    }

    /// How tasks are asked about; none where no element leaves one behind.
    const TASKS: Option<TaskCalls<Self>> = None;
}

/// How the tasks of a bulk operation are asked about.
#[derive(Debug)]
pub struct TaskCalls<B: Batched + ?Sized> {
    /// The call for a task of this id.
    pub ask: fn(&B, &str) -> Call<B::Task>,
    /// How a task stands by its answer.
    pub state: fn(&B::Task) -> TaskState,
}

/// An element with its outcome, or with the error of the call that it was part of. `Ok` says that the call was answered:
/// what the answer says of the element may be that it was not done, which [`Settled`](crate::Settled) tells apart.
pub type Outcome<B> = (<B as Batched>::Element, Result<<B as Batched>::Outcome, Error>);

/// A bulk call of any length: as many calls as it takes, one after the other, and one outcome for each element.
///
/// A call that fails gives its error to each of its elements; the calls after it are made all the same. Whoever only wants to
/// know what was done and what was not takes [`settle`](Self::settle).
#[must_use = "nothing is done until the outcomes are taken"]
pub struct Batches<B: Batched> {
    request: B,
    waiting: VecDeque<B::Element>,
    running: Option<Part<B>>,
    done: VecDeque<Outcome<B>>,
    calls: ListCalls<B::Answer>,
}

/// Some of the elements, and the call for them.
struct Part<B: Batched> {
    elements: Vec<B::Element>,
    call: Call<B::Answer>,
}

impl<B: Batched> Batches<B> {
    /// The calls for a list of elements.
    pub fn new(request: B, elements: impl IntoIterator<Item = B::Element>) -> Self {
        Self {
            request,
            waiting: elements.into_iter().collect(),
            running: None,
            done: VecDeque::new(),
            calls: ListCalls::new(),
        }
    }

    /// Sets the time for all calls together, from when the first is made; without it, only each call has one.
    ///
    /// Outcomes that came by then stay. Each element after them has an error that says
    /// [so](crate::TimedOut::List), and in its [phase](Error::phase) whether the call for it was sent: after the time
    /// no more calls are made.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.calls.set_time(timeout);
        self
    }

    /// Sets something for each call: its time, its retries, a header.
    pub fn each_call(mut self, adjust: impl Fn(Call<B::Answer>) -> Call<B::Answer> + Send + Sync + 'static) -> Self {
        self.calls.set_adjust(adjust);
        self
    }

    /// The next element with its outcome; none after the last one.
    pub async fn next(&mut self) -> Option<Outcome<B>> {
        std::future::poll_fn(|context| self.poll_outcome(context)).await
    }

    /// All elements with their outcomes, in the order of the elements.
    pub async fn all(mut self) -> Vec<Outcome<B>> {
        let mut outcomes = Vec::with_capacity(self.waiting.len());
        while let Some(outcome) = self.next().await {
            outcomes.push(outcome);
        }
        outcomes
    }

    /// Makes all calls, waits for the tasks that go on after them, and tells what became of each element.
    pub fn settle(self) -> Settle<B> {
        Settle::new(self)
    }

    pub(crate) fn into_request(self) -> B {
        self.request
    }

    fn poll_outcome(&mut self, context: &mut Context<'_>) -> Poll<Option<Outcome<B>>> {
        loop {
            if let Some(outcome) = self.done.pop_front() {
                return Poll::Ready(Some(outcome));
            }
            if let Some(part) = &mut self.running {
                let answer = ready!(Pin::new(&mut part.call).poll(context));
                let elements = self.running.take().map(|part| part.elements).unwrap_or_default();
                self.done = paired::<B>(elements, answer);
                continue;
            }
            let size = self.waiting.len().min(B::MAX.max(1));
            if size == 0 {
                return Poll::Ready(None);
            }
            let elements: Vec<B::Element> = self.waiting.drain(..size).collect();
            let call = self.calls.prepared(self.request.part(&elements));
            self.running = Some(Part { elements, call });
        }
    }
}

/// Gives each element its outcome.
fn paired<B: Batched>(elements: Vec<B::Element>, answer: Result<B::Answer, Error>) -> VecDeque<Outcome<B>> {
    let mut outcomes = match answer {
        Ok(answer) => B::outcomes(answer, elements.len()),
        Err(error) => return elements.into_iter().map(|element| (element, Err(error.clone()))).collect(),
    };
    let says_about = |outcome: &B::Outcome| elements.iter().any(|element| B::is_about(outcome, element).is_some());
    if !outcomes.iter().any(says_about) {
        if outcomes.len() != elements.len() {
            outcomes.clear();
        }
        let outcomes = outcomes.into_iter().map(Ok).chain(std::iter::repeat_with(|| Err(missing())));
        return elements.into_iter().zip(outcomes).collect();
    }
    let mut find = |element: &B::Element| {
        let place = outcomes.iter().position(|outcome| B::is_about(outcome, element) == Some(true));
        place.map(|place| outcomes.swap_remove(place)).ok_or_else(missing)
    };
    elements.into_iter().map(|element| (element.clone(), find(&element))).collect()
}

fn missing() -> Error {
    Error::new(ErrorKind::Answer, Phase::Applied, "it says nothing about this element, or not which outcome is whose")
}

impl<B: Batched> Stream for Batches<B> {
    type Item = Outcome<B>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_outcome(context)
    }
}

impl<B: Batched + fmt::Debug> fmt::Debug for Batches<B> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Batches")
            .field("request", &self.request)
            .field("waiting", &self.waiting.len())
            .finish_non_exhaustive()
    }
}
