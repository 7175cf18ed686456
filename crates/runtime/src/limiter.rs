//! Keeps each operation under the rate that the server allows.

mod queue;
mod window;

use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::runtime::{Handle, Id};
use tokio::time::{Instant, Sleep};

use crate::error::{Phase, TimedOut};
use crate::sync::{Mutex, lock};
use crate::{Error, Operation};

use queue::{Queue, Turn};
use window::Place;

const SHORTEST_PAUSE: Duration = Duration::from_secs(1);
/// The window of the server's limits per minute: until it is over, every call is refused.
const MINUTE: Duration = Duration::from_secs(60);
/// An operation is tried again after so long, whatever one answer said.
const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);

/// Limits by operation, each made when first needed.
#[derive(Debug)]
pub(crate) struct Limiter {
    start: Instant,
    lanes: Mutex<HashMap<&'static str, Arc<Lane>>>,
}

/// The calls of one operation.
#[derive(Debug)]
pub(crate) struct Lane {
    start: Instant,
    queue: Mutex<Queue<Id>>,
}

impl Limiter {
    pub(crate) fn new() -> Self {
        Self { start: Instant::now(), lanes: Mutex::new(HashMap::new()) }
    }

    /// The calls of an operation.
    pub(crate) fn lane(&self, operation: &'static Operation) -> Arc<Lane> {
        let mut lanes = lock(&self.lanes);
        let lane = lanes
            .entry(operation.name)
            .or_insert_with(|| Arc::new(Lane { start: self.start, queue: Mutex::new(Queue::new()) }));
        Arc::clone(lane)
    }
}

impl Lane {
    /// A place for a call, so many a second, if one is free now and nobody waits for it.
    pub(crate) fn free_place(&self, most: u32) -> Option<Place> {
        lock(&self.queue).take(most, self.start.elapsed())
    }

    /// Nothing ends a pause before its time, so it is not waited for in vain.
    fn is_paused_beyond(&self, deadline: Instant) -> bool {
        let until = lock(&self.queue).window.paused_until();
        self.start.checked_add(until).is_none_or(|until| until >= deadline)
    }

    /// What is left of a pause that the server asked for.
    fn pause_left(&self) -> Option<Duration> {
        let until = lock(&self.queue).window.paused_until();
        Some(until.saturating_sub(self.start.elapsed())).filter(|left| !left.is_zero())
    }

    /// Waits for a place; none when the deadline comes first.
    pub(crate) fn wait(&self, most: u32, deadline: Instant) -> impl Future<Output = Option<Place>> {
        let number = lock(&self.queue).enter();
        let caller = Caller { lane: self, number, most, runtime: Handle::current().id(), deadline };
        // Not an `async fn`, which would hold what it was given besides: thousands may wait.
        async move {
            let mut sleep = pin!(tokio::time::sleep_until(caller.deadline));
            poll_fn(|context| caller.poll(sleep.as_mut(), context)).await
        }
    }

    /// The error of a caller whose time is up.
    pub(crate) fn late(&self, operation: &'static Operation, per_second: u32) -> Error {
        let pause_left = self.pause_left();
        let text = match pause_left {
            Some(_) => {
                "in the client's own limiter: the server said that the operation is called too often, and asked \
                        for a longer pause than there is time"
                    .to_owned()
            }
            None => format!(
                "all the time went by in the client's own limiter, which lets {per_second} calls of {} through per \
                 second",
                operation.name
            ),
        };
        Error::timeout(TimedOut::Limiter, Phase::NotSent, text).with(|facts| {
            facts.operation = Some(operation);
            facts.retry_after = pause_left;
        })
    }
}

/// A caller that waits.
struct Caller<'a> {
    lane: &'a Lane,
    number: u64,
    most: u32,
    runtime: Id,
    deadline: Instant,
}

impl Caller<'_> {
    fn poll(&self, mut sleep: Pin<&mut Sleep>, context: &mut Context<'_>) -> Poll<Option<Place>> {
        let (lane, caller) = (self.lane, (self.most, self.runtime));
        loop {
            if lane.is_paused_beyond(self.deadline) || Instant::now() >= self.deadline {
                return Poll::Ready(None);
            }
            let (turn, wakers) = lock(&lane.queue).poll(self.number, caller, context.waker(), lane.start.elapsed());
            wakers.wake();
            let look_again = match turn {
                Turn::Go(place) => return Poll::Ready(Some(place)),
                Turn::Wait(until) => lane.start.checked_add(until).map_or(self.deadline, |at| at.min(self.deadline)),
            };
            if sleep.deadline() != look_again {
                sleep.as_mut().reset(look_again);
            }
            if sleep.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
        }
    }
}

impl Drop for Caller<'_> {
    /// It waits no longer, whatever the reason.
    fn drop(&mut self) {
        let wakers = lock(&self.lane.queue).leave(self.number, self.lane.start.elapsed());
        wakers.wake();
    }
}

/// The right to send one call. Its place is free again one window after this ends.
#[derive(Debug)]
pub(crate) struct Permit {
    lane: Option<Arc<Lane>>,
    place: Place,
}

impl Permit {
    pub(crate) fn new(lane: &Arc<Lane>, place: Place) -> Self {
        Self { lane: Some(Arc::clone(lane)), place }
    }

    /// The call is sent only now; false when it waited so long that the place is free again.
    pub(crate) fn begin(&mut self) -> bool {
        let Some(lane) = &self.lane else { return true };
        let now = lane.start.elapsed();
        let Some(place) = lock(&lane.queue).window.begin(self.place, now) else {
            self.lane = None;
            return false;
        };
        self.place = place;
        true
    }

    /// The call was not sent.
    pub(crate) fn release(mut self) {
        if let Some(lane) = self.lane.take() {
            lane.change(|queue, _| queue.window.release(self.place));
        }
    }

    /// The server says that the operation is called too often, by others as well: all calls of it wait as long as
    /// the server asks, or until the next window of the limit, which is a second or a minute.
    /// Tells how long.
    pub(crate) fn pause(&self, refusal: &Error) -> Option<Duration> {
        self.lane.as_ref().map(|lane| {
            let window = if refusal.is_limit_per_minute() { MINUTE } else { SHORTEST_PAUSE };
            let pause = refusal.retry_after().unwrap_or_default().clamp(window, LONGEST_PAUSE);
            let until = lane.start.elapsed().saturating_add(pause);
            lock(&lane.queue).window.pause(until);
            pause
        })
    }
}

impl Lane {
    /// Changes what is in use, and lets those who wait know.
    fn change(&self, change: impl FnOnce(&mut Queue<Id>, Duration)) {
        let wakers = {
            let mut queue = lock(&self.queue);
            let now = self.start.elapsed();
            change(&mut queue, now);
            queue.look(now)
        };
        wakers.wake();
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(lane) = self.lane.take() {
            lane.change(|queue, answered| queue.window.settle(self.place, answered));
        }
    }
}
