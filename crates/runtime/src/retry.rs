//! Whether and when a call is sent again.

mod after;
mod budget;

use std::fmt;
use std::time::Duration;

use crate::{Error, ErrorClass, ErrorKind};

pub(crate) use after::retry_after;
pub(crate) use budget::Budget;

/// Decides how long to wait before a call is sent again, and when to give up.
///
/// A policy is asked only where sending again can do no harm: it cannot make a client send a call of unknown
/// outcome twice. Nor can it go beyond the call's deadline or the client's retry budget. The one replay
/// after an expired token needs no leave.
pub trait RetryPolicy: fmt::Debug + Send + Sync + 'static {
    /// The pause before the next attempt; none gives up. [`Error::attempts`] tells how many were made,
    /// [`Error::retry_after`] what the server asked for.
    fn pause(&self, failure: &Error) -> Option<Duration>;
}

/// Waits longer after each failure, by chance more or less so that many clients do not come back at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Backoff {
    attempts: u32,
    first: Duration,
    longest: Duration,
}

/// No pause is longer; what is computed with it stays finite.
const LONGEST: Duration = Duration::from_secs(24 * 365 * 3600);
/// The window of the server's limits per second; a call comes through only in a later one.
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

impl Default for Backoff {
    /// Four attempts; pauses of up to 0.4, 0.8 and 1.6 seconds.
    fn default() -> Self {
        Self { attempts: 4, first: Duration::from_millis(400), longest: Duration::from_secs(20) }
    }
}

impl Backoff {
    /// The usual pauses, with another number of attempts in all.
    #[must_use]
    pub fn attempts(attempts: u32) -> Self {
        Self { attempts, ..Self::default() }
    }

    /// Sets the bound of the first pause. Each further one is twice as long, up to `longest`.
    #[must_use]
    pub fn pauses(mut self, first: Duration, longest: Duration) -> Self {
        (self.first, self.longest) = (first, longest);
        self
    }

    fn growing(&self, attempts: u32) -> Duration {
        let bound = self.first.saturating_mul(1 << attempts.saturating_sub(1).min(20)).min(self.longest).min(LONGEST);
        // Between nothing and the bound, but not nothing: a server in trouble needs a breath.
        bound.mul_f64(0.1 + 0.9 * fastrand::f64())
    }
}

impl RetryPolicy for Backoff {
    fn pause(&self, failure: &Error) -> Option<Duration> {
        // An outage of the server that gives tokens is waited for like any other.
        let is_hopeless = failure.kind() == ErrorKind::Banned || failure.attempts() >= self.attempts;
        if is_hopeless || !failure.is_retryable() {
            return None;
        }
        let pause = match failure.class() {
            ErrorClass::Throttled if failure.is_limit_per_minute() => MINUTE.mul_f64(1.0 + 0.1 * fastrand::f64()),
            ErrorClass::Throttled => SECOND.mul_f64(1.0 + 0.5 * fastrand::f64()),
            _ => self.growing(failure.attempts()),
        };
        Some(failure.retry_after().map_or(pause, |asked| asked.max(pause)))
    }
}

impl Error {
    /// The server counts the calls of a minute and has had too many.
    pub(crate) fn is_limit_per_minute(&self) -> bool {
        self.code().is_some_and(|code| code.as_str().contains(".Qpm"))
    }
}

/// Sends nothing again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Never;

impl RetryPolicy for Never {
    fn pause(&self, _: &Error) -> Option<Duration> {
        None
    }
}
