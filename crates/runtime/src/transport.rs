//! One request and its answer over HTTP, with a bound on everything that the other side can draw out.

mod body;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use tokio::time::Instant;

use crate::error::{ErrorKind, Facts, Phase};
use crate::{Error, retry};

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
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct RawAnswer {
    pub(crate) status: u16,
    pub(crate) is_html: bool,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Bytes,
}

/// Sends a request and reads its answer. The error tells how far it came.
pub(crate) async fn exchange(
    http: &reqwest::Client,
    mut request: reqwest::Request,
    body: Option<Bytes>,
    bounds: Bounds,
) -> Result<RawAnswer, Error> {
    let (body, begun) = body::tracked(body);
    *request.body_mut() = body;
    let head = match tokio::time::timeout_at(bounds.deadline, http.execute(request)).await {
        Ok(Ok(head)) => Ok(head),
        Ok(Err(error)) => Err(lost(error)),
        Err(_) => Err(Error::timeout(Phase::Unknown, "no answer came", bounds.time)),
    };
    let head = head
        .map_err(|error| if begun.is_possible() { error } else { error.with(|facts| facts.phase = Phase::NotSent) })?;
    let status = head.status().as_u16();
    let is_html = is_html(head.headers());
    let retry_after =
        head.headers().get(RETRY_AFTER).and_then(|value| retry::retry_after(value.as_bytes(), SystemTime::now()));
    let body = match read(head, bounds).await {
        Ok(body) => body,
        Err(error) => {
            return Err(error.with(|facts| {
                facts.status = Some(status);
                facts.phase = phase_of_cut(status);
                facts.retry_after = retry_after;
            }));
        }
    };
    let is_html = is_html || begins_like_html(&body);
    Ok(RawAnswer { status, is_html, retry_after, body })
}

/// What the status tells when the rest of the answer was lost.
fn phase_of_cut(status: u16) -> Phase {
    match status {
        200..=299 => Phase::Applied,
        500..=599 => Phase::Unknown,
        _ => Phase::Refused,
    }
}

async fn read(mut head: reqwest::Response, bounds: Bounds) -> Result<Bytes, Error> {
    let announced = head.content_length().unwrap_or_default();
    if usize::try_from(announced).is_ok_and(|announced| announced > bounds.size) {
        return Err(too_large(bounds.size));
    }
    let mut first = Bytes::new();
    let mut joined = BytesMut::new();
    while let Some(piece) = next_piece(&mut head, bounds).await? {
        if first.len() + joined.len() + piece.len() > bounds.size {
            return Err(too_large(bounds.size));
        }
        // Small answers come in one piece, which needs no copy.
        if first.is_empty() && joined.is_empty() {
            first = piece;
        } else {
            joined.extend_from_slice(&std::mem::take(&mut first));
            joined.extend_from_slice(&piece);
        }
    }
    Ok(if joined.is_empty() { first } else { joined.freeze() })
}

async fn next_piece(head: &mut reqwest::Response, bounds: Bounds) -> Result<Option<Bytes>, Error> {
    let stalled = Instant::now().checked_add(bounds.stall).unwrap_or(bounds.deadline);
    let patience = stalled.min(bounds.deadline);
    match tokio::time::timeout_at(patience, head.chunk()).await {
        Ok(Ok(piece)) => Ok(piece),
        Ok(Err(error)) => Err(lost(error)),
        Err(_) if patience < bounds.deadline => {
            Err(Error::timeout(Phase::Unknown, "the answer stopped and did not go on", bounds.stall))
        }
        Err(_) => Err(Error::timeout(Phase::Unknown, "the answer did not end", bounds.time)),
    }
}

fn too_large(size: usize) -> Error {
    Error::new(ErrorKind::Answer, Phase::Unknown, format!("it is larger than {size} bytes"))
}

fn is_html(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).map(reqwest::header::HeaderValue::as_bytes).unwrap_or_default();
    kind.get(..9).is_some_and(|kind| kind.eq_ignore_ascii_case(b"text/html"))
}

/// Pages come under other content types too.
fn begins_like_html(body: &[u8]) -> bool {
    let body = body.trim_ascii_start();
    let begins = |text: &[u8]| body.get(..text.len()).is_some_and(|start| start.eq_ignore_ascii_case(text));
    begins(b"<!doctype html") || begins(b"<html")
}

/// What a failure of the HTTP client means for the call.
pub(crate) fn lost(error: reqwest::Error) -> Error {
    // The URL holds what the user asked for.
    let error = error.without_url();
    let (kind, phase) = if error.is_builder() {
        (ErrorKind::Request, Phase::NotSent)
    } else if error.is_connect() {
        (ErrorKind::Connect, Phase::NotSent)
    } else {
        (ErrorKind::Connection, Phase::Unknown)
    };
    let is_transient = kind != ErrorKind::Request && !is_bad_certificate(&error);
    let detail = innermost(&error);
    let facts =
        Facts { detail: Some(detail.into()), is_transient, source: Some(Arc::new(error)), ..Facts::bare(kind, phase) };
    Error::from_facts(facts)
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
