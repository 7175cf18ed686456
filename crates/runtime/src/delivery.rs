//! Brings a call to the server and its answer back: token, limits, attempts, pauses. It is not generic over
//! the operation or its answer, so it is compiled once.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::Url;
use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;
use tracing::{Instrument, Span};

use crate::authorization::authorize;
use crate::censor::Censor;
use crate::connections::Pool;
use crate::decode::{Bounds as DecodedBounds, Failure, Unreadable};
use crate::error::Phase;
use crate::limiter::{Lane, Permit};
use crate::observe::{self, Attempt, Dropped, Ended, Paused, Queue, Retry, Waited};
use crate::operation::{Host, Token};
use crate::origin::Origin;
use crate::repair::mended;
use crate::settings::Settings;
use crate::token_cache::{Bearer, TokenCache};
use crate::transport::{self, Bounds, Network};
use crate::{AnswerMeta, Client, Effect, Error, ErrorClass, ErrorKind, Method, Operation, Request, verdict};

/// An answer of any type.
pub(crate) struct Decoded {
    pub(crate) answer: Box<dyn Any + Send>,
    /// What was passed over in its lists.
    pub(crate) unreadable: Vec<Unreadable>,
    /// What came beside it, if that is asked for.
    pub(crate) meta: Option<Box<AnswerMeta>>,
}

/// Reads an answer.
pub(crate) type Decode = fn(&[u8], DecodedBounds) -> Result<Decoded, Failure>;

/// Larger answers are decoded where they keep no other task waiting: this one takes about a millisecond.
const LARGE: usize = 256 * 1024;

/// A call under way.
pub(crate) type Delivering = Pin<Box<dyn Future<Output = Result<Decoded, Error>> + Send>>;

/// Makes a call.
pub(crate) fn deliver(request: Request, settings: Arc<Settings>, decode: Decode) -> Delivering {
    let pool = match request.client().pool() {
        Ok(pool) => pool,
        Err(error) => return Box::pin(std::future::ready(Err(error))),
    };
    let mut delivery = Delivery {
        client: request.client().clone(),
        pool,
        operation: request.operation(),
        request,
        settings,
        started: Instant::now(),
        decode,
        attempts: 0,
        follows_unknown: false,
        bearer: None,
        is_replayed: false,
        is_under_way: false,
        is_over: false,
        waited: Duration::ZERO,
    };
    Box::pin(async move { delivery.conduct().await })
}

/// A call on its way. Thousands may wait at the same time, so it holds nothing that can be made when it is sent.
struct Delivery {
    client: Client,
    pool: Arc<Pool>,
    operation: &'static Operation,
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
    /// A request is being sent, or its answer waited for.
    is_under_way: bool,
    is_over: bool,
    /// Time in queues of the client.
    waited: Duration,
}

impl Delivery {
    async fn conduct(&mut self) -> Result<Decoded, Error> {
        // Most callers are seen by nobody, and wait.
        let span = Some(observe::call_span(self.operation)).filter(|span| !span.is_disabled()).map(Box::new);
        let result = {
            let mut run = pin!(self.run());
            poll_fn(|context| {
                let _inside = span.as_deref().map(Span::enter);
                run.as_mut().poll(context)
            })
            .await
        };
        self.is_over = true;
        let attempts = self.attempts;
        let result = result.map_err(|error| {
            error.with(|facts| {
                facts.attempts = attempts;
                facts.follows_unknown = self.follows_unknown;
                facts.waited = self.waited;
            })
        });
        let span = span.map_or_else(Span::none, |span| *span);
        if let Err(error) = &result {
            span.in_scope(|| observe::tell_failed(error, &self.request));
            observe::record_error(&span, error);
        }
        span.record("dingtalk.attempts", attempts);
        if let Some(observer) = self.client.observer() {
            let (duration, error) = (self.started.elapsed(), result.as_ref().err());
            observer.call(&Ended { operation: self.operation, attempts, duration, error });
        }
        result
    }

    fn deadline(&self) -> Instant {
        let deadline = self.started.checked_add(self.settings.timeout);
        deadline.unwrap_or_else(|| self.started + Duration::from_hours(8760))
    }

    async fn run(&mut self) -> Result<Decoded, Error> {
        // Refused before anything is sent, it ends like any other call.
        self.request.check()?;
        if let Some(fault) = self.settings.headers.fault() {
            return Err(Error::request(self.operation, fault.to_owned()));
        }
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
        if !self.settings.ignores_bans {
            self.client.breaker().check()?;
        }
        // Nobody waits for a turn who has no token.
        self.token().await?;
        let (permit, connection) = self.turn().await?;
        // While the call waited for its turn, the token may have been replaced.
        self.bearer = self.token().await?;
        // What is large is made only now, in memory of its own.
        let result = Box::pin(self.answered(connection)).await;
        self.is_under_way = false;
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
        let (request, body) = self.http_request()?;
        self.count()?;
        self.is_under_way = true;
        let started = Instant::now();
        let span = {
            let origin = self.client.origin(self.operation.host);
            observe::attempt_span(self.operation, origin.host(), origin.port(), self.attempts)
        };
        let exchanged = self.exchanged(request, body).instrument(span.clone()).await;
        drop(connection);
        let result = self.judged(exchanged, &span).await;
        if result.as_ref().is_err_and(|error| error.phase() == Phase::NotSent) {
            self.uncount();
        }
        self.report(&span, started, result.as_ref().err());
        result
    }

    async fn exchanged(
        &self,
        mut request: reqwest::Request,
        body: Option<Bytes>,
    ) -> Result<transport::RawAnswer, Error> {
        let (place, mut bounds) = (self.operation.token, self.bounds());
        if let Some(custom) = self.client.transport()
            && transport::concerns(custom, self.operation)
        {
            bounds.keeps_headers = true;
            let mut bearer = self.bearer.clone();
            if custom.sees_secrets() {
                authorize(&mut request, bearer.take().as_ref(), place);
            }
            let network = Network { pool: Arc::clone(&self.pool), bearer, bounds };
            let (operation, number) = (self.operation, self.attempts);
            let attempt = transport::Attempt { operation, number, request, body, network };
            return Box::pin(transport::exchange_through(custom, attempt)).await;
        }
        authorize(&mut request, self.bearer.as_ref(), place);
        let is_https = self.client.origin(self.operation.host).is_https();
        transport::exchange(self.pool.http(is_https)?, request, body, bounds).await
    }

    /// Waits until the call may be sent: by the app's limits, and by the client's own bound on connections.
    async fn turn(&mut self) -> Result<(Option<Permit>, OwnedSemaphorePermit), Error> {
        let Some(per_second) = self.client.per_second() else { return Ok((None, self.connection().await?)) };
        let lane = self.client.app().limiter().lane(self.operation);
        loop {
            let mut permit = self.permit(&lane, per_second).await?;
            // Not the other way round: callers that wait for their turn would keep connections from those that need
            // none.
            if let Some(connection) = self.pool.free_connection() {
                return Ok((Some(permit), connection));
            }
            let connection = self.connection().await?;
            if permit.begin() {
                return Ok((Some(permit), connection));
            }
        }
    }

    async fn permit(&mut self, lane: &Arc<Lane>, per_second: u32) -> Result<Permit, Error> {
        if let Some(place) = lane.free_place(per_second) {
            return Ok(Permit::new(lane, place));
        }
        let since = Instant::now();
        let place = lane.wait(per_second, self.deadline()).await;
        self.note_wait(Queue::Limiter, since);
        let place = place.ok_or_else(|| lane.late(self.operation, per_second))?;
        Ok(Permit::new(lane, place))
    }

    async fn connection(&mut self) -> Result<OwnedSemaphorePermit, Error> {
        if let Some(connection) = self.pool.free_connection() {
            return Ok(connection);
        }
        let since = Instant::now();
        let connection = self.pool.connection(self.deadline()).await;
        self.note_wait(Queue::Connections, since);
        connection
    }

    fn note_wait(&mut self, queue: Queue, since: Instant) {
        let duration = since.elapsed();
        self.waited += duration;
        observe::tell_waited(queue, duration);
        if let Some(observer) = self.client.observer() {
            observer.waited(&Waited { operation: self.operation, queue, duration });
        }
    }

    /// The server refused the call because there are too many of its kind: the others wait as well.
    fn pause_all(&self, permit: &Permit, error: &Error) {
        let Some(duration) = permit.pause(error) else { return };
        observe::tell_paused(error, duration);
        if let Some(observer) = self.client.observer() {
            observer.paused(&Paused { operation: self.operation, duration, error });
        }
    }

    async fn token(&self) -> Result<Option<Bearer>, Error> {
        match self.operation.token {
            Token::None => return Ok(None),
            Token::User => return self.request.bearer().map(Some),
            Token::Header | Token::Query => {}
        }
        let tokens = self.client.tokens()?;
        match tokens.held() {
            Some(bearer) => Ok(Some(bearer)),
            None => Box::pin(tokens.token(&self.client, self.deadline())).await.map(Some),
        }
    }

    /// Where the token of this call comes from; that of a person comes from the caller, and nobody here can renew it.
    fn tokens(&self) -> Option<&TokenCache> {
        if self.operation.token == Token::User { None } else { self.client.tokens().ok() }
    }

    /// Address and body are made for each attempt: there is hardly ever a second one to keep them for.
    fn http_request(&self) -> Result<(reqwest::Request, Option<Bytes>), Error> {
        let url = url(&self.request)?;
        let body = self.request.json_body();
        let mut request = reqwest::Request::new(self.operation.method.into(), url);
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if body.is_some() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        } else if matches!(self.operation.method, Method::Post | Method::Put) {
            // Some servers wait for a body where nothing tells that there is none.
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        self.settings.headers.add_to(headers);
        Ok((request, body))
    }

    fn bounds(&self) -> Bounds {
        let now = Instant::now();
        let left = self.deadline().saturating_duration_since(now);
        let is_last = left <= self.settings.attempt_timeout;
        let time = left.min(self.settings.attempt_timeout);
        let (stall, size) = (self.settings.stall_timeout, self.settings.largest_answer);
        Bounds { time, deadline: now + time, stall, size, is_last, keeps_headers: self.settings.keeps_meta }
    }

    async fn judged(&self, exchanged: Result<transport::RawAnswer, Error>, span: &Span) -> Result<Decoded, Error> {
        let result = match exchanged {
            Ok(answer) => self.decoded(answer, span).await,
            Err(error) => Err(error),
        };
        self.remember(&result);
        result.map_err(|error| self.without_secrets(error))
    }

    async fn decoded(&self, mut answer: transport::RawAnswer, span: &Span) -> Result<Decoded, Error> {
        let status = answer.status;
        let meta = self.settings.keeps_meta.then(|| {
            let headers = answer.headers.take().map(|headers| *headers).unwrap_or_default();
            Box::new(AnswerMeta::new(status, headers, &answer.body, self.attempts))
        });
        let body = verdict::judge(self.operation, answer)?;
        let (decode, bounds) = (self.decode, self.settings.decoded);
        let result = if body.len() < LARGE {
            read(decode, &body, bounds)
        } else {
            let body = body.clone();
            let decoding = tokio::task::spawn_blocking(move || read(decode, &body, bounds));
            decoding
                .await
                .map_err(|_| Error::new(ErrorKind::Answer, Phase::Applied, "the runtime ended before it was decoded"))?
        };
        let mut decoded = result.map_err(|failure| verdict::undecodable(status, &body, &failure))?;
        // Failures write theirs.
        span.record("http.response.status_code", status);
        decoded.meta = meta;
        if let Some(first) = decoded.unreadable.first() {
            observe::tell_unreadable(decoded.unreadable.len(), first);
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
        if let (Some(bearer), Some(tokens), true) = (&self.bearer, self.tokens(), tells_that_token_is_good(result)) {
            tokens.accept(bearer);
        }
    }

    /// A server may repeat in its message what it was sent.
    fn without_secrets(&self, error: Error) -> Error {
        let token = self.bearer.as_ref().map(|bearer| bearer.expose().to_owned());
        let own = self.settings.headers.values().map(str::to_owned);
        let secrets: Vec<String> = token.into_iter().chain(self.request.secrets().iter().cloned()).chain(own).collect();
        let all = Censor::new(self.request.sent_values().into_iter().chain(secrets.iter().cloned()));
        let secrets = Censor::new(secrets);
        error.with(|facts| facts.censor(&all, &secrets))
    }

    /// Waits until the call may be sent again, or gives up.
    async fn recover(&mut self, error: Error) -> Result<(), Error> {
        if self.may_replay(&error) {
            self.is_replayed = true;
            observe::tell_replaced(&error);
            return Ok(());
        }
        let (attempts, follows_unknown) = (self.attempts, self.follows_unknown);
        let error = error.with(|facts| (facts.attempts, facts.follows_unknown) = (attempts, follows_unknown));
        if !error.is_safe_to_repeat() {
            return Err(error);
        }
        let Some(pause) = self.settings.policy.pause(&error) else { return Err(error) };
        let now = Instant::now();
        if now.checked_add(pause).is_none_or(|until| until >= self.deadline()) {
            return Err(error.with(|facts| facts.retry_after = Some(pause)));
        }
        if costs_budget(&error) && !self.client.budget().take(self.client.age()) {
            return Err(error);
        }
        observe::tell_retry(&error, pause);
        if let Some(observer) = self.client.observer() {
            observer.retry(&Retry { operation: self.operation, attempts, pause, error: &error });
        }
        tokio::time::sleep(pause).await;
        // Whoever changes nothing has nothing to find out.
        let may_have_changed = matches!(error.phase(), Phase::Unknown | Phase::Applied);
        self.follows_unknown |= may_have_changed && self.operation.effect != Effect::Read;
        Ok(())
    }

    /// A rejected token is replaced once; the server refused the call, so any effect may be sent again.
    fn may_replay(&self, error: &Error) -> bool {
        let is_rejected =
            error.kind() == ErrorKind::Api && error.phase() == Phase::Refused && error.class() == ErrorClass::Token;
        match (&self.bearer, self.tokens()) {
            (Some(bearer), Some(tokens)) if is_rejected => tokens.reject(bearer, error) && !self.is_replayed,
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

/// A call that is dropped before its end leaves a trace.
impl Drop for Delivery {
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        let phase = if self.is_under_way || self.follows_unknown { Phase::Unknown } else { Phase::NotSent };
        let (operation, attempts, duration) = (self.operation, self.attempts, self.started.elapsed());
        let dropped = Dropped { operation, attempts, duration, phase };
        observe::tell_dropped(&dropped);
        if let Some(observer) = self.client.observer() {
            observer.dropped(&dropped);
        }
    }
}

fn url(request: &Request) -> Result<Url, Error> {
    let operation = request.operation();
    let address = request.address(request.client().origin(operation.host).as_str())?;
    Url::parse(&address).map_err(|_| Error::request(operation, "its parameters make no URL"))
}

/// Reads an answer, if need be with its broken texts mended.
fn read(decode: Decode, body: &[u8], bounds: DecodedBounds) -> Result<Decoded, Failure> {
    decode(body, bounds).or_else(|failure| match mended(body, None) {
        Some(mended) if failure.is_not_json() => decode(&mended, bounds),
        _ => Err(failure),
    })
}

/// Whether an answer shows that the API took the token: a success, or an error that it has a code for. What came from
/// nobody, or from a gateway in trouble, tells nothing.
fn tells_that_token_is_good(result: &Result<Decoded, Error>) -> bool {
    match result {
        Ok(_) => true,
        Err(error) => match error.kind() {
            ErrorKind::Api => error.code().is_some() && error.class() != ErrorClass::Token,
            ErrorKind::Answer => error.phase() == Phase::Applied,
            _ => false,
        },
    }
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
