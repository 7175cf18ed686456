//! Keeps each operation under the rate that the server allows.

mod window;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::error::Phase;
use crate::sync::{Mutex, lock};
use crate::{Error, Operation};

use window::Window;

const SHORTEST_PAUSE: Duration = Duration::from_secs(1);
/// An operation is tried again after so long, whatever one answer said.
const LONGEST_PAUSE: Duration = Duration::from_mins(5);

/// Limits by operation, each made when first needed.
#[derive(Debug)]
pub(crate) struct Limiter {
    per_second: Option<u32>,
    start: Instant,
    lanes: Mutex<HashMap<&'static str, Arc<Lane>>>,
}

/// The calls of one operation.
#[derive(Debug)]
struct Lane {
    start: Instant,
    window: Mutex<Window>,
    /// Held by the next call while it waits: those behind it are served in the order of their coming.
    turn: tokio::sync::Mutex<()>,
    /// A place may be free earlier than it seemed.
    freed: Notify,
}

impl Limiter {
    pub(crate) fn new(per_second: Option<u32>) -> Self {
        Self { per_second, start: Instant::now(), lanes: Mutex::new(HashMap::new()) }
    }

    /// Waits until the operation may be called.
    pub(crate) async fn admit(&self, operation: &'static Operation, deadline: Instant) -> Result<Permit, Error> {
        let Some(lane) = self.lane(operation) else { return Ok(Permit { lane: None, place: 0, sent: Duration::ZERO }) };
        let Some(place) = lane.place(deadline).await else { return Err(late(operation, lane.pause_left())) };
        let sent = lane.start.elapsed();
        Ok(Permit { lane: Some(lane), place, sent })
    }

    fn lane(&self, operation: &'static Operation) -> Option<Arc<Lane>> {
        let places = self.per_second? as usize;
        let mut lanes = lock(&self.lanes);
        let lane = lanes.entry(operation.name).or_insert_with(|| {
            Arc::new(Lane {
                start: self.start,
                window: Mutex::new(Window::new(places)),
                turn: tokio::sync::Mutex::new(()),
                freed: Notify::new(),
            })
        });
        Some(Arc::clone(lane))
    }
}

impl Lane {
    /// Nothing ends a pause before its time, so it is not waited for in vain.
    fn is_paused_beyond(&self, deadline: Instant) -> bool {
        let until = lock(&self.window).paused_until();
        self.start.checked_add(until).is_none_or(|until| until >= deadline)
    }

    /// What is left of a pause that the server asked for.
    fn pause_left(&self) -> Option<Duration> {
        let until = lock(&self.window).paused_until();
        Some(until.saturating_sub(self.start.elapsed())).filter(|left| !left.is_zero())
    }

    /// Takes a place; none when the deadline comes first.
    async fn place(&self, deadline: Instant) -> Option<usize> {
        if self.is_paused_beyond(deadline) {
            return None;
        }
        let _turn = match self.turn.try_lock() {
            Ok(turn) => turn,
            Err(_) => tokio::time::timeout_at(deadline, self.turn.lock()).await.ok()?,
        };
        loop {
            let taken = lock(&self.window).take(self.start.elapsed());
            let free_at = match taken {
                Ok(place) => return Some(place),
                Err(free_at) => self.start.checked_add(free_at).unwrap_or(deadline),
            };
            if self.is_paused_beyond(deadline) || Instant::now() >= deadline {
                return None;
            }
            // Either way the places are looked at again.
            let _ = tokio::time::timeout_at(free_at.min(deadline), self.freed.notified()).await;
        }
    }
}

fn late(operation: &'static Operation, pause_left: Option<Duration>) -> Error {
    let text = match pause_left {
        Some(_) => {
            "the server said that the operation is called too often, and asked for a longer pause than there is time"
        }
        None => "the client's own limit of calls per second left no room before the deadline",
    };
    Error::new(crate::ErrorKind::Timeout, Phase::NotSent, text).with(|facts| {
        facts.operation = Some(operation);
        facts.is_transient = true;
        facts.retry_after = pause_left;
    })
}

/// The right to send one call. Its place is free again one window after this ends.
#[derive(Debug)]
pub(crate) struct Permit {
    lane: Option<Arc<Lane>>,
    place: usize,
    sent: Duration,
}

impl Permit {
    /// The call was not sent.
    pub(crate) fn release(mut self) {
        if let Some(lane) = self.lane.take() {
            lock(&lane.window).release(self.place);
            lane.freed.notify_one();
        }
    }

    /// The server says that the operation is called too often, by others as well: all calls of it wait as long as
    /// the server asks, or until its next window.
    pub(crate) fn pause(&self, asked: Option<Duration>) {
        if let Some(lane) = &self.lane {
            let pause = asked.unwrap_or_default().clamp(SHORTEST_PAUSE, LONGEST_PAUSE);
            let until = lane.start.elapsed().saturating_add(pause);
            lock(&lane.window).pause(until);
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(lane) = self.lane.take() {
            let answered = lane.start.elapsed();
            lock(&lane.window).settle(self.place, self.sent, answered);
            lane.freed.notify_one();
        }
    }
}
