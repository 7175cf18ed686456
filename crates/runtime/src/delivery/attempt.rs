//! One attempt of a call, from the token to the decoded answer.

use std::future::{Future, poll_fn};
use std::pin::pin;

use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;
use tracing::Span;

use super::decoding::finished_aside;
use super::{Decoded, Delivery, Stage};
use crate::censor::Censor;
use crate::error::Phase;
use crate::observe::{self, Attempt};
use crate::{Error, ErrorClass, ErrorKind};

impl Delivery {
    /// One attempt, from the token to the decoded answer.
    pub(super) async fn attempt(&mut self) -> Result<Decoded, Error> {
        if !self.settings.ignores_bans {
            self.client().breaker().check()?;
        }
        // Nobody waits for a turn who has no token.
        self.bearer = self.token().await?;
        let (permit, connection) = self.turn().await?;
        // What is large is made only now, in memory of its own.
        let result = Box::pin(self.answered(connection)).await;
        self.stage = Stage::Waiting;
        if let Err(error) = &result {
            if let (ErrorClass::Throttled, Some(permit)) = (error.class(), &permit) {
                self.pause_all(permit, error);
            }
            if let (Phase::NotSent, Some(permit)) = (error.phase(), permit) {
                permit.release();
            }
        }
        result
    }

    /// The answer to a request that may be sent now.
    async fn answered(&mut self, connection: OwnedSemaphorePermit) -> Result<Decoded, Error> {
        let url = self.url()?;
        self.count()?;
        self.stage = Stage::UnderWay;
        let started = Instant::now();
        let span = {
            let origin = self.client().origin(self.operation())?;
            observe::attempt_span(self.operation(), origin.host(), origin.port(), self.attempts)
        };
        let exchanged = {
            let bounds = self.bounds(started);
            let mut exchange = pin!(self.exchanged(url, &bounds));
            poll_fn(|context| span.in_scope(|| exchange.as_mut().poll(context))).await
        };
        drop(connection);
        let result = match exchanged.map(|answer| self.reading(answer, &span)) {
            Ok(reading) if reading.is_large() => finished_aside(reading).await,
            Ok(reading) => reading.finish(),
            Err(error) => Err(error),
        };
        if let Ok(decoded) = &result {
            observe::tell_unreadable(&decoded.unreadable);
        }
        self.remember(&result);
        let result = result.map_err(|error| self.without_secrets(error));
        if result.as_ref().is_err_and(|error| error.phase() == Phase::NotSent) {
            self.uncount();
        }
        self.report(&span, started, result.as_ref().err());
        result
    }

    /// What an answer tells about the server and the token.
    fn remember(&self, result: &Result<Decoded, Error>) {
        match result {
            Ok(_) => {
                self.client().budget().reward();
                self.client().breaker().close();
            }
            Err(error) => match (error.kind(), error.retry_after(), error.code()) {
                (ErrorKind::Banned, Some(wait), _) => self.client().breaker().open(wait),
                // A code comes from the API itself, which nobody reaches while banned.
                (ErrorKind::Api, _, Some(_)) => self.client().breaker().close(),
                _ => {}
            },
        }
        self.accept_token(result);
    }

    /// A server may repeat in its message what it was sent.
    fn without_secrets(&self, error: Error) -> Error {
        let token = self.bearer.as_ref().map(|bearer| bearer.expose().to_owned());
        let own = self.settings.headers.secrets();
        let secrets: Vec<String> = token.into_iter().chain(self.request.secrets().iter().cloned()).chain(own).collect();
        let all = Censor::new(self.request.sent_values().into_iter().chain(secrets.iter().cloned()));
        let secrets = Censor::new(secrets);
        error.with(|facts| facts.censor(&all, &secrets))
    }

    fn count(&self) -> Result<(), Error> {
        if self.operation().is_metered() && !self.client().counter().add(self.operation()) {
            return Err(Error::new(ErrorKind::CallsUsedUp, Phase::NotSent, "it was not sent"));
        }
        Ok(())
    }

    fn uncount(&self) {
        if self.operation().is_metered() {
            self.client().counter().take_back(self.operation());
        }
    }

    fn report(&self, span: &Span, started: Instant, error: Option<&Error>) {
        if let Some(error) = error {
            observe::record_error(span, error);
        }
        if let Some(observer) = self.client().observer() {
            observer.attempt(&Attempt {
                operation: self.operation(),
                number: self.attempts,
                duration: started.elapsed(),
                error,
            });
        }
    }
}
