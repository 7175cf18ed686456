//! Brings a call to the server and its answer back: token, limits, attempts, pauses. It is not generic over
//! the operation or its answer, so it is compiled once.

use std::any::Any;
use std::time::Duration;

use bytes::Bytes;
use reqwest::Url;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use tokio::time::Instant;
use tracing::{Instrument, Span};

use crate::decode::{Bounds as DecodedBounds, Failure, Unreadable};
use crate::error::Phase;
use crate::observe::{self, Attempt, Ended};
use crate::operation::{Host, Token};
use crate::origin::Origin;
use crate::secret::{censored, holds};
use crate::settings::Settings;
use crate::token_cache::Bearer;
use crate::transport::{self, Bounds};
use crate::{Client, Error, ErrorClass, ErrorKind, Operation, Request, verdict};

/// An answer of any type.
pub(crate) struct Decoded {
    pub(crate) answer: Box<dyn Any + Send>,
    /// What was passed over in its lists.
    pub(crate) unreadable: Vec<Unreadable>,
}

/// Reads an answer.
pub(crate) type Decode = fn(&[u8], DecodedBounds) -> Result<Decoded, Failure>;

/// Larger answers are decoded where they keep no other task waiting: this one takes about a millisecond.
const LARGE: usize = 256 * 1024;

pub(crate) const TOKEN_HEADER: &str = "x-acs-dingtalk-access-token";
pub(crate) const TOKEN_QUERY: &str = "access_token";

/// Makes a call.
pub(crate) async fn deliver(request: Request, settings: Settings, decode: Decode) -> Result<Decoded, Error> {
    if tokio::runtime::Handle::try_current().is_err() {
        return Err(Error::configuration("calls must be awaited in a tokio runtime with I/O and time enabled"));
    }
    let operation = request.operation();
    let span = observe::call_span(operation);
    let started = Instant::now();
    let client = request.client().clone();
    let (result, attempts) = match Delivery::new(request, settings, decode, started) {
        Ok(mut delivery) => {
            let result = delivery.run().instrument(span.clone()).await;
            (result, delivery.attempts)
        }
        // It was refused before anything was sent, and ends like any other call.
        Err(error) => (Err(error), 0),
    };
    let result = result.map_err(|error| error.with(|facts| facts.attempts = attempts));
    span.record("dingtalk.attempts", attempts);
    if let Err(error) = &result {
        observe::record_error(&span, error);
    }
    if let Some(observer) = client.observer() {
        observer.call(&Ended { operation, attempts, duration: started.elapsed(), error: result.as_ref().err() });
    }
    result
}

/// A call on its way.
struct Delivery {
    client: Client,
    operation: &'static Operation,
    request: Request,
    /// For the next attempt, if it was made already.
    url: Option<Url>,
    settings: Settings,
    deadline: Instant,
    decode: Decode,
    attempts: u32,
    /// Token of the last attempt.
    bearer: Option<Bearer>,
    /// The replay after a rejected token has been made.
    is_replayed: bool,
}

impl Delivery {
    fn new(request: Request, settings: Settings, decode: Decode, now: Instant) -> Result<Self, Error> {
        let (client, operation) = (request.client().clone(), request.operation());
        let url = Some(url(&request)?);
        let deadline = now.checked_add(settings.timeout).unwrap_or_else(|| now + Duration::from_hours(8760));
        Ok(Self {
            client,
            operation,
            request,
            url,
            settings,
            deadline,
            decode,
            attempts: 0,
            bearer: None,
            is_replayed: false,
        })
    }

    async fn run(&mut self) -> Result<Decoded, Error> {
        loop {
            self.attempts += 1;
            match self.attempt().await {
                Ok(answer) => return Ok(answer),
                Err(error) => self.recover(verdict::for_effect(self.operation, error)).await?,
            }
        }
    }

    /// One attempt, from the token to the decoded answer.
    async fn attempt(&mut self) -> Result<Decoded, Error> {
        let client = self.client.clone();
        if !self.settings.ignores_bans {
            client.breaker().check()?;
        }
        self.bearer = self.token(&client).await?;
        let permit = client.limiter().admit(self.operation, self.deadline).await?;
        // While the call waited for its turn, the token may have been replaced.
        self.bearer = self.token(&client).await?;
        self.count()?;
        let (request, body) = self.http_request()?;
        let bounds = self.bounds();
        let origin = client.origin(self.operation.host);
        let span = observe::attempt_span(self.operation, origin.host(), origin.port(), self.attempts);
        let started = Instant::now();
        let exchanged = transport::exchange(client.http(), request, body, bounds).instrument(span.clone()).await;
        let result = self.judged(exchanged, &span).await;
        if let Err(error) = &result {
            if error.class() == ErrorClass::Throttled {
                permit.pause(error.retry_after());
            }
            if error.phase() == Phase::NotSent {
                permit.release();
                self.uncount();
            }
        } else {
            drop(permit);
        }
        self.report(&span, started, result.as_ref().err());
        result
    }

    async fn token(&self, client: &Client) -> Result<Option<Bearer>, Error> {
        match self.operation.token {
            Token::None => Ok(None),
            Token::Header | Token::Query => client.tokens()?.token(client, self.deadline).await.map(Some),
        }
    }

    /// Address and body are made for each attempt: there is hardly ever a second one to keep them for.
    fn http_request(&mut self) -> Result<(reqwest::Request, Option<Bytes>), Error> {
        let url = self.url.take().map_or_else(|| url(&self.request), Ok)?;
        let body = self.request.json_body();
        let mut request = reqwest::Request::new(self.operation.method.into(), url);
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if body.is_some() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        }
        match (&self.bearer, self.operation.token) {
            (Some(bearer), Token::Header) => {
                headers.insert(TOKEN_HEADER, bearer.header.clone());
            }
            (Some(bearer), Token::Query) => {
                request.url_mut().query_pairs_mut().append_pair(TOKEN_QUERY, bearer.expose());
            }
            _ => {}
        }
        Ok((request, body))
    }

    fn bounds(&self) -> Bounds {
        let now = Instant::now();
        let time = self.settings.attempt_timeout.min(self.deadline.saturating_duration_since(now));
        let (stall, size) = (self.settings.stall_timeout, self.settings.largest_answer);
        Bounds { time, deadline: now + time, stall, size }
    }

    async fn judged(&self, exchanged: Result<transport::RawAnswer, Error>, span: &Span) -> Result<Decoded, Error> {
        let result = match exchanged {
            Ok(answer) => self.decoded(answer, span).await,
            Err(error) => Err(error),
        };
        self.remember(&result);
        result.map_err(|error| self.without_secrets(error))
    }

    async fn decoded(&self, answer: transport::RawAnswer, span: &Span) -> Result<Decoded, Error> {
        let status = answer.status;
        span.record("http.response.status_code", status);
        let body = verdict::judge(self.operation, answer)?;
        let (decode, bounds) = (self.decode, self.settings.decoded);
        let result = if body.len() < LARGE {
            decode(&body, bounds)
        } else {
            let body = body.clone();
            let decoding = tokio::task::spawn_blocking(move || decode(&body, bounds));
            decoding
                .await
                .map_err(|_| Error::new(ErrorKind::Answer, Phase::Applied, "the runtime ended before it was decoded"))?
        };
        let decoded = result.map_err(|failure| verdict::undecodable(status, &body, &failure))?;
        if let Some(first) = decoded.unreadable.first() {
            observe::record_unreadable(self.operation, decoded.unreadable.len(), first);
        }
        Ok(decoded)
    }

    /// What an answer tells about the server and the token.
    fn remember(&self, result: &Result<Decoded, Error>) {
        match result {
            Ok(_) => {
                self.client.budget().reward();
                self.client.breaker().close();
            }
            Err(error) => match (error.kind(), error.retry_after(), error.code()) {
                (ErrorKind::Banned, Some(wait), _) => self.client.breaker().open(wait),
                // A code comes from the API itself, which nobody reaches while banned.
                (ErrorKind::Api, _, Some(_)) => self.client.breaker().close(),
                _ => {}
            },
        }
        let is_rejected = result.as_ref().is_err_and(|error| error.class() == ErrorClass::Token);
        if let (Some(bearer), Ok(tokens), true, false) =
            (&self.bearer, self.client.tokens(), self.is_replayed, is_rejected)
        {
            tokens.accept(bearer);
        }
    }

    /// A server may repeat in its message what it was sent.
    fn without_secrets(&self, error: Error) -> Error {
        let token = self.bearer.as_ref().map(Bearer::expose).unwrap_or_default();
        error.with(|facts| {
            facts.censor(|text| self.request.censor(censored(text, &[token])));
            if holds(&facts.body, token) {
                facts.body = Bytes::new();
            }
        })
    }

    /// Waits until the call may be sent again, or gives up.
    async fn recover(&mut self, error: Error) -> Result<(), Error> {
        if self.may_replay(&error) {
            self.is_replayed = true;
            return Ok(());
        }
        let attempts = self.attempts;
        let error = error.with(|facts| facts.attempts = attempts);
        if !error.is_safe_to_repeat() {
            return Err(error);
        }
        let Some(pause) = self.settings.policy.pause(&error) else { return Err(error) };
        let now = Instant::now();
        if now.checked_add(pause).is_none_or(|until| until >= self.deadline) {
            return Err(error.with(|facts| facts.retry_after = Some(pause)));
        }
        if costs_budget(&error) && !self.client.budget().take(self.client.age()) {
            return Err(error);
        }
        tokio::time::sleep(pause).await;
        Ok(())
    }

    /// A rejected token is replaced once; the server refused the call, so any effect may be sent again.
    fn may_replay(&self, error: &Error) -> bool {
        let is_rejected =
            error.kind() == ErrorKind::Api && error.phase() == Phase::Refused && error.class() == ErrorClass::Token;
        match (&self.bearer, self.client.tokens()) {
            (Some(bearer), Ok(tokens)) if is_rejected => tokens.reject(bearer, error) && !self.is_replayed,
            _ => false,
        }
    }

    fn count(&self) -> Result<(), Error> {
        if self.operation.is_metered() && !self.client.counter().add() {
            return Err(Error::new(ErrorKind::CallsUsedUp, Phase::NotSent, "it was not sent"));
        }
        Ok(())
    }

    fn uncount(&self) {
        if self.operation.is_metered() {
            self.client.counter().take_back();
        }
    }

    fn report(&self, span: &Span, started: Instant, error: Option<&Error>) {
        if let Some(error) = error {
            observe::record_error(span, error);
        }
        if let Some(observer) = self.client.observer() {
            observer.attempt(&Attempt {
                operation: self.operation,
                number: self.attempts,
                duration: started.elapsed(),
                error,
            });
        }
    }
}

fn url(request: &Request) -> Result<Url, Error> {
    let operation = request.operation();
    let address = request.address(request.client().origin(operation.host).as_str())?;
    Url::parse(&address).map_err(|_| Error::request(operation, "its parameters make no URL"))
}

/// Refusals and missing tokens are paced by limits of their own; only signs of an outage cost.
fn costs_budget(error: &Error) -> bool {
    error.phase() != Phase::Refused && error.kind() != ErrorKind::Credentials
}

impl Client {
    pub(crate) fn origin(&self, host: Host) -> &Origin {
        match host {
            Host::Api => self.api(),
            Host::Oapi => self.oapi(),
        }
    }
}
