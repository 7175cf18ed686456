//! Seeing what a client does: a hook for counters and clocks, and what it tells `tracing`.

mod traces;

use std::time::Duration;

use crate::error::Phase;
use crate::{Error, Operation};

pub(crate) use traces::*;

/// Sees the calls of a client, for counting and timing. It is called on the way, so it must be quick.
pub trait Observer: std::fmt::Debug + Send + Sync + 'static {
    /// An attempt ended.
    fn attempt(&self, attempt: &Attempt<'_>) {
        let _ = attempt;
    }

    /// A call ended. For one that is dropped before its end see [`dropped`](Self::dropped).
    fn call(&self, call: &Ended<'_>) {
        let _ = call;
    }

    /// A call's future was dropped before its end, by a time-out or `select!` around it.
    fn dropped(&self, call: &Dropped) {
        let _ = call;
    }

    /// A call has waited in a queue of the client, in vain or not. Who need not wait is not told.
    fn waited(&self, wait: &Waited) {
        let _ = wait;
    }

    /// An attempt failed, and the call pauses before the next.
    fn retry(&self, retry: &Retry<'_>) {
        let _ = retry;
    }

    /// The server refused a call because there are too many, so all calls of its operation wait.
    fn paused(&self, pause: &Paused<'_>) {
        let _ = pause;
    }
}

/// One attempt at a call.
#[derive(Debug)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The operation.
    pub operation: &'static Operation,
    /// Number of the attempt, from 1.
    pub number: u32,
    /// Time from sending to the end of the answer.
    pub duration: Duration,
    /// Why it failed, if it did.
    pub error: Option<&'a Error>,
}

/// A call that ended.
#[derive(Debug)]
#[non_exhaustive]
pub struct Ended<'a> {
    /// The operation.
    pub operation: &'static Operation,
    /// How many times it was sent or tried to be sent.
    pub attempts: u32,
    /// Time from the first poll to the result.
    pub duration: Duration,
    /// Why it failed, if it did.
    pub error: Option<&'a Error>,
}

/// A call that was dropped before its end.
#[derive(Debug)]
#[non_exhaustive]
pub struct Dropped {
    /// The operation.
    pub operation: &'static Operation,
    /// How many attempts were begun.
    pub attempts: u32,
    /// Time from the first poll until it was dropped.
    pub duration: Duration,
    /// [`Phase::Unknown`] if a request was under way, whose outcome nobody learns.
    pub phase: Phase,
}

/// A queue of the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Queue {
    /// The limiter, which keeps each operation under the rate of the server.
    Limiter,
    /// That for the client's connections.
    Connections,
}

/// A wait in a queue of the client.
#[derive(Debug)]
#[non_exhaustive]
pub struct Waited {
    /// The operation.
    pub operation: &'static Operation,
    /// Where the call waited.
    pub queue: Queue,
    /// How long.
    pub duration: Duration,
}

/// A call that will be sent again.
#[derive(Debug)]
#[non_exhaustive]
pub struct Retry<'a> {
    /// The operation.
    pub operation: &'static Operation,
    /// How many attempts were made.
    pub attempts: u32,
    /// Time until the next.
    pub pause: Duration,
    /// Why the last one failed.
    pub error: &'a Error,
}

/// A pause of an operation, for all who share the limits of the app.
#[derive(Debug)]
#[non_exhaustive]
pub struct Paused<'a> {
    /// The operation.
    pub operation: &'static Operation,
    /// How long.
    pub duration: Duration,
    /// The server's refusal.
    pub error: &'a Error,
}
