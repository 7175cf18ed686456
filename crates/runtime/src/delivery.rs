//! Brings a call to the server and its answer back: token, limits, attempts, pauses. It is not generic over
//! the operation or its answer, so it is compiled once.

mod attempt;
mod decoding;
mod exchange;
mod recovery;
mod token;
mod turn;

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tracing::Span;

use crate::connections::Pool;
use crate::error::Phase;
use crate::observe::{self, Dropped, Ended};
use crate::settings::Settings;
use crate::token_cache::Bearer;
use crate::{Client, Error, Operation, Request, verdict};

pub(crate) use decoding::{Decode, Decoded};

/// A call under way.
pub(crate) type Delivering = Pin<Box<dyn Future<Output = Result<Decoded, Error>> + Send>>;

/// Makes a call.
pub(crate) fn deliver(request: Request, settings: Arc<Settings>, decode: Decode) -> Delivering {
    let pool = match request.client().pool() {
        Ok(pool) => pool,
        Err(error) => return Box::pin(std::future::ready(Err(error))),
    };
    let mut delivery = Delivery {
        pool,
        request,
        settings,
        started: Instant::now(),
        decode,
        attempts: 0,
        follows_unknown: false,
        bearer: None,
        is_replayed: false,
        stage: Stage::Waiting,
        waited: Duration::ZERO,
    };
    Box::pin(async move { delivery.conduct().await })
}

/// A call on its way. Thousands may wait at the same time, so it holds nothing that can be made when it is sent.
struct Delivery {
    pool: Arc<Pool>,
    request: Request,
    settings: Arc<Settings>,
    started: Instant,
    decode: Decode,
    attempts: u32,
    /// An attempt was sent, may have changed something, and brought no answer that tells.
    follows_unknown: bool,
    /// Token of the last attempt.
    bearer: Option<Bearer>,
    /// The replay after a rejected token has been made.
    is_replayed: bool,
    stage: Stage,
    /// Time in queues of the client.
    waited: Duration,
}

/// What a call does just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// It waits: for a token, for its turn, for the end of a pause.
    Waiting,
    /// A request is being sent, or its answer waited for.
    UnderWay,
    Over,
}

impl Delivery {
    async fn conduct(&mut self) -> Result<Decoded, Error> {
        // Most callers are seen by nobody, and wait.
        let span = Some(observe::call_span(self.operation())).filter(|span| !span.is_disabled()).map(Box::new);
        let result = {
            let mut run = pin!(self.run());
            poll_fn(|context| {
                let _inside = span.as_deref().map(Span::enter);
                run.as_mut().poll(context)
            })
            .await
        };
        self.stage = Stage::Over;
        let attempts = self.attempts;
        let result = result.map_err(|error| {
            error.with(|facts| {
                facts.attempts = attempts;
                facts.follows_unknown = self.follows_unknown;
                facts.waited = self.waited;
                if let Some(list) = self.settings.list.filter(|list| list.at < self.own_deadline()) {
                    list.claim(facts);
                }
            })
        });
        let span = span.map_or_else(Span::none, |span| *span);
        if let Err(error) = &result {
            span.in_scope(|| observe::tell_failed(error, &self.request));
            observe::record_error(&span, error);
        }
        span.record("dingtalk.attempts", attempts);
        if let Some(observer) = self.client().observer() {
            let (duration, error) = (self.started.elapsed(), result.as_ref().err());
            observer.call(&Ended { operation: self.operation(), attempts, duration, error });
        }
        result
    }

    fn client(&self) -> &Client {
        self.request.client()
    }

    fn operation(&self) -> &'static Operation {
        self.request.operation()
    }

    fn deadline(&self) -> Instant {
        let own = self.own_deadline();
        self.settings.list.map_or(own, |list| own.min(list.at))
    }

    /// Without the list that the call is a part of.
    fn own_deadline(&self) -> Instant {
        let deadline = self.started.checked_add(self.settings.timeout);
        deadline.unwrap_or_else(|| self.started + Duration::from_secs(8760 * 3600))
    }

    async fn run(&mut self) -> Result<Decoded, Error> {
        // Refused before anything is sent, it ends like any other call.
        self.request.check()?;
        if let Some(fault) = self.settings.headers.fault() {
            return Err(Error::request(self.operation(), fault.to_owned()));
        }
        self.client().origin(self.operation())?;
        if let Some(list) = self.settings.list {
            list.check(self.operation())?;
        }
        loop {
            self.attempts += 1;
            match self.attempt().await {
                Ok(answer) => return Ok(answer),
                Err(error) => self.recover(verdict::for_effect(self.operation(), error)).await?,
            }
        }
    }
}

/// A call that is dropped before its end leaves a trace.
impl Drop for Delivery {
    fn drop(&mut self) {
        let phase = match self.stage {
            Stage::Over => return,
            Stage::Waiting if !self.follows_unknown => Phase::NotSent,
            Stage::Waiting | Stage::UnderWay => Phase::Unknown,
        };
        let (operation, attempts, duration) = (self.operation(), self.attempts, self.started.elapsed());
        let dropped = Dropped { operation, attempts, duration, phase };
        observe::tell_dropped(&dropped);
        if let Some(observer) = self.client().observer() {
            observer.dropped(&dropped);
        }
    }
}
