//! One request and its answer over HTTP, with a bound on everything that the other side can draw out.

mod body;
mod custom;
mod departure;

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderValue, RETRY_AFTER, TRANSFER_ENCODING};
use reqwest::{StatusCode, Version};
use tokio::time::Instant;

use crate::answer_meta::request_id;
use crate::error::{ErrorKind, Facts, Phase, TimedOut};
use crate::verdict::{Extent, Sent, unanswered};
use crate::{Error, retry};
pub(crate) use body::Payload;

pub(crate) use custom::{Attempt, concerns, exchange_through};
pub use custom::{Exchange, HttpAnswer, HttpRequest, Network, Transport, TransportError};

/// Bounds of one attempt.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// Time for the whole attempt, and when it ends.
    pub(crate) time: Duration,
    pub(crate) deadline: Instant,
    /// Longest pause between two pieces of an answer.
    pub(crate) stall: Duration,
    /// Most bytes of an answer.
    pub(crate) size: usize,
    /// The call ends with the attempt.
    pub(crate) is_last: bool,
}

/// An answer, as far as it came.
#[derive(Debug, Clone)]
pub(crate) struct RawAnswer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) end: End,
    /// Why there is no more of the body.
    pub(crate) fault: Option<(Extent, Error)>,
}

/// What tells where a body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The headers, or nothing but the end of the connection.
    Headers,
    /// The protocol itself, as since HTTP/2, or whoever made the answer.
    Surely,
}

/// What only failures are asked is looked for then.
impl RawAnswer {
    /// The id under which the server knows the request, as the headers tell it.
    pub(crate) fn request_id(&self) -> Option<String> {
        request_id(&self.headers)
    }

    /// How long the server asks not to be asked again.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.headers.get(RETRY_AFTER).and_then(|value| retry::retry_after(value.as_bytes(), SystemTime::now()))
    }

    /// Something tells where the body ends, and it is as it was written.
    pub(crate) fn is_sealed(&self) -> bool {
        let is_written = |coding: &HeaderValue| coding.as_bytes().eq_ignore_ascii_case(b"identity");
        // There is no body with 204 that could end.
        self.status == StatusCode::NO_CONTENT
            || (self.end == End::Surely || is_framed(&self.headers))
                && self.headers.get_all(CONTENT_ENCODING).iter().all(is_written)
    }
}

/// Sends a request and reads its answer. An error means that none came, and tells whether the request left.
///
/// What makes the request comes, not the request: a future keeps what it was called with twice.
pub(crate) async fn exchange(
    http: &reqwest::Client,
    request: impl FnOnce() -> (reqwest::Request, Option<Payload>),
    bounds: &Bounds,
) -> Result<RawAnswer, Error> {
    let (head, recall) = {
        let (mut request, body) = request();
        let (body, recall) = body::recallable(body);
        *request.body_mut() = body;
        let mut head = pin!(http.execute(request));
        (tokio::time::timeout_at(bounds.deadline, head.as_mut()).await, recall)
    };
    let error = match head {
        Ok(Ok(mut head)) => return Ok(read(&mut head, bounds).await),
        Ok(Err(error)) => lost(error),
        Err(_) => late("no answer came", bounds),
    };
    if let Some(failure) = recall.take_failure() {
        // The server waits in vain for bytes that it was told of, so it cannot have taken the request for a whole one.
        let failure = Error::new(ErrorKind::Request, Phase::NotSent, format!("a file in it cannot be read: {failure}"));
        return Err(ruled(failure, Sent::Never));
    }
    let never_left = error.phase() == Phase::Unknown && recall.succeeds();
    Err(if never_left { ruled(error, Sent::Nothing) } else { error })
}

async fn read(head: &mut reqwest::Response, bounds: &Bounds) -> RawAnswer {
    let mut answer = RawAnswer {
        status: head.status().as_u16(),
        end: if head.version() > Version::HTTP_11 { End::Surely } else { End::Headers },
        headers: std::mem::take(head.headers_mut()),
        body: Bytes::new(),
        fault: None,
    };
    let announced = head.content_length().unwrap_or_default();
    if usize::try_from(announced).is_ok_and(|announced| announced > bounds.size) {
        answer.fault = Some((Extent::TooLarge, too_large(bounds.size)));
        return answer;
    }
    let mut joined = BytesMut::new();
    answer.fault = loop {
        let piece = match next_piece(head, bounds).await {
            Ok(Some(piece)) => piece,
            Ok(None) => break None,
            Err(error) => break Some((Extent::Cut, error)),
        };
        if answer.body.len() + joined.len() + piece.len() > bounds.size {
            break Some((Extent::TooLarge, too_large(bounds.size)));
        }
        // Small answers come in one piece, which needs no copy.
        if answer.body.is_empty() && joined.is_empty() {
            answer.body = piece;
        } else {
            joined.extend_from_slice(&std::mem::take(&mut answer.body));
            joined.extend_from_slice(&piece);
        }
    };
    if !joined.is_empty() {
        answer.body = joined.freeze();
    }
    answer
}

/// Whether HTTP/1 tells where a body ends. Any transfer coding but `chunked` goes before a length, and ends with the
/// connection, were it in order or not.
fn is_framed(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter().peekable();
    match codings.peek() {
        Some(_) => codings.all(|coding| coding.as_bytes().trim_ascii().eq_ignore_ascii_case(b"chunked")),
        None => headers.contains_key(CONTENT_LENGTH),
    }
}

async fn next_piece(head: &mut reqwest::Response, bounds: &Bounds) -> Result<Option<Bytes>, Error> {
    let mut piece = pin!(head.chunk());
    // As a rule it is there, and nobody needs a clock.
    if let Poll::Ready(piece) = poll_fn(|context| Poll::Ready(piece.as_mut().poll(context))).await {
        return piece.map_err(lost);
    }
    let stalled = Instant::now().checked_add(bounds.stall).unwrap_or(bounds.deadline);
    let patience = stalled.min(bounds.deadline);
    match tokio::time::timeout_at(patience, piece).await {
        Ok(Ok(piece)) => Ok(piece),
        Ok(Err(error)) => Err(lost(error)),
        Err(_) if patience < bounds.deadline => {
            Err(out_of_time(TimedOut::Stall, "the answer stopped and did not go on", bounds.stall))
        }
        Err(_) => Err(late("the answer did not end", bounds)),
    }
}

/// The time of the attempt is up.
fn late(what: &'static str, bounds: &Bounds) -> Error {
    let whose = if bounds.is_last { TimedOut::Call } else { TimedOut::Attempt };
    out_of_time(whose, what, bounds.time)
}

/// Time ran out while an answer, or the rest of one, was waited for.
pub(crate) fn out_of_time(whose: TimedOut, what: &'static str, after: Duration) -> Error {
    ruled(Error::timeout(whose, Phase::Unknown, format!("{what} within {after:?}")), Sent::Perhaps)
}

fn too_large(size: usize) -> Error {
    let error = Error::new(ErrorKind::Answer, Phase::Unknown, format!("it is larger than {size} bytes"));
    error.with(|facts| facts.advice = Some("Let larger answers in with `largest_answer` of the client or the call."))
}

fn ruled(error: Error, sent: Sent) -> Error {
    let ruling = unanswered(sent);
    error.with(|facts| (facts.phase, facts.is_transient) = (ruling.phase, ruling.is_transient))
}

/// What a failure of the HTTP client means, where no answer came.
pub(crate) fn lost(error: reqwest::Error) -> Error {
    let server = error.url().and_then(server_of);
    // The URL holds what the user asked for.
    let error = error.without_url();
    let kind = if error.is_builder() {
        ErrorKind::Request
    } else if error.is_connect() {
        ErrorKind::Connect
    } else {
        ErrorKind::Connection
    };
    let cause = innermost(&error);
    let (sent, advice) = if error.is_builder() {
        (Sent::Never, None)
    } else if error.is_connect() {
        obstacle(&error, &cause)
    } else {
        (Sent::Perhaps, None)
    };
    let detail = match server {
        Some(server) if kind == ErrorKind::Connect => format!("{cause}, on the way to {server}"),
        _ => cause,
    };
    let facts = Facts {
        detail: Some(detail.into()),
        advice,
        source: Some(Arc::new(error)),
        ..Facts::bare(kind, Phase::Unknown)
    };
    ruled(Error::from_facts(facts), sent)
}

/// The server that a URL leads to: its name, and its port where that is not the usual one.
fn server_of(url: &reqwest::Url) -> Option<String> {
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// What kept a connection from coming about, by whether a second try meets it as well.
fn obstacle(error: &reqwest::Error, cause: &str) -> (Sent, Option<&'static str>) {
    // A wrong password stays wrong, and some proxies lock out whoever repeats it.
    let is_for_proxy = cause.contains("proxy authorization required") || cause.contains("credentials not accepted");
    if is_bad_certificate(error) {
        let advice = "Check the address of the server, the clock, and what stands between here and there: nobody but \
                      the server has a certificate for it.";
        (Sent::Never, Some(advice))
    } else if is_for_proxy {
        (Sent::Never, Some("Give the proxy the right user name and password; trying again changes nothing."))
    } else {
        (Sent::Nothing, None)
    }
}

/// The cause at the bottom says most: "connection refused", "certificate expired".
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

/// A wrong certificate stays wrong: a second try would only hide it for a while.
fn is_bad_certificate(error: &(dyn std::error::Error + 'static)) -> bool {
    if let Some(tls) = error.downcast_ref::<rustls::Error>() {
        return matches!(tls, rustls::Error::InvalidCertificate(_));
    }
    // An I/O error hides the error in it from `source`.
    let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    let inner = inner.map(|inner| inner as &(dyn std::error::Error + 'static));
    inner.or_else(|| error.source()).is_some_and(is_bad_certificate)
}
