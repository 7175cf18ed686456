//! The calls of a list or a bulk call: what is set for each, and the time for all of them together.

use std::time::Duration;

use tokio::time::Instant;

use crate::error::{Facts, Phase, TimedOut};
use crate::{Answer, Call, Error, Operation};

/// How the calls for one list are made.
pub(crate) struct ListCalls<A> {
    time: Option<Duration>,
    end: Option<ListEnd>,
    adjust: Option<Adjust<A>>,
}

type Adjust<A> = Box<dyn Fn(Call<A>) -> Call<A> + Send + Sync>;

/// When a list must be done.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ListEnd {
    pub(crate) at: Instant,
    time: Duration,
}

impl<A: Answer> ListCalls<A> {
    pub(crate) fn new() -> Self {
        Self { time: None, end: None, adjust: None }
    }

    /// Bounds the time for all calls together.
    pub(crate) fn set_time(&mut self, time: Duration) {
        self.time = Some(time);
    }

    pub(crate) fn set_adjust(&mut self, adjust: impl Fn(Call<A>) -> Call<A> + Send + Sync + 'static) {
        self.adjust = Some(Box::new(adjust));
    }

    /// One of the calls, ready to be made. With the first one, the time begins.
    pub(crate) fn prepared(&mut self, call: Call<A>) -> Call<A> {
        let call = match &self.adjust {
            Some(adjust) => adjust(call),
            None => call,
        };
        let Some(time) = self.time else { return call };
        call.until(*self.end.get_or_insert_with(|| ListEnd::after(time)))
    }
}

impl ListEnd {
    fn after(time: Duration) -> Self {
        let now = Instant::now();
        Self { at: now.checked_add(time).unwrap_or_else(|| now + Duration::from_secs(8760 * 3600)), time }
    }

    /// Refuses a call that comes too late.
    pub(crate) fn check(self, operation: &'static Operation) -> Result<(), Error> {
        if Instant::now() < self.at {
            return Ok(());
        }
        let text = format!("the {:?} for the whole list are over", self.time);
        let error = Error::timeout(TimedOut::List, Phase::NotSent, text);
        Err(error.with(|facts| facts.operation = Some(operation)))
    }

    /// Where a call had less time than it asked for, the list's time ran out, not the call's.
    pub(crate) fn claim(self, facts: &mut Facts) {
        if let Some(TimedOut::Call | TimedOut::Limiter | TimedOut::Connections) = facts.timed_out {
            facts.timed_out = Some(TimedOut::List);
            let what = facts.detail.as_deref().unwrap_or("it did not end");
            facts.detail = Some(format!("{what}, because the {:?} for the whole list are over", self.time).into());
        }
    }
}
