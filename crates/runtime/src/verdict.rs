//! What an answer means: the body of a success, or an error and how far the call came.

use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;

use crate::decode::{Failure, Field, Object};
use crate::error::{ErrorBody, ErrorKind, Facts, Phase, class_of};
use crate::operation::Envelope;
use crate::transport::RawAnswer;
use crate::{Effect, Error, ErrorClass, Operation};

/// Most bytes of an answer that are kept in an error.
const KEPT: usize = 16 * 1024;
/// Length of a ban when the server does not say.
const BAN: Duration = Duration::from_mins(5);
const LONGEST_BAN: Duration = Duration::from_hours(1);

/// The body of a success, out of its envelope.
pub(crate) fn judge(operation: &'static Operation, answer: RawAnswer) -> Result<Bytes, Error> {
    let status = answer.status;
    if (300..400).contains(&status) {
        return Err(failure(ErrorKind::Redirect, Phase::Refused, &answer));
    }
    if answer.is_html {
        return Err(page(&answer));
    }
    let is_success = (200..300).contains(&status);
    if is_success && operation.envelope == Envelope::Plain && !ErrorBody::may_be_error(&answer.body) {
        return Ok(answer.body);
    }
    let body = ErrorBody::read(&answer.body);
    if body.is_ban() {
        return Err(ban(&answer, body.wait.as_deref()));
    }
    if !is_success || body.is_error() {
        return Err(api_error(&answer, body));
    }
    match operation.envelope {
        Envelope::Plain => Ok(answer.body),
        Envelope::Errcode => unwrapped(&answer, &body),
    }
}

/// An answer that does not have the shape that the operation's has.
pub(crate) fn undecodable(status: u16, body: &Bytes, failure: &Failure) -> Error {
    let detail = if body.is_empty() { "it is empty".to_owned() } else { failure.to_string() };
    Error::from_facts(Facts {
        status: Some(status),
        detail: Some(detail.into()),
        // What was cut on its way may come whole the next time; another shape will come again.
        is_transient: failure.is_broken(),
        body: kept(body),
        ..Facts::bare(ErrorKind::Answer, Phase::Applied)
    })
}

/// The kind of an error depends on what the call may have changed.
pub(crate) fn for_effect(operation: &'static Operation, error: Error) -> Error {
    let is_write = operation.effect == Effect::Write;
    let kind = match (error.phase(), error.kind()) {
        (Phase::Unknown, ErrorKind::Connection | ErrorKind::Timeout | ErrorKind::Api | ErrorKind::Answer)
            if is_write =>
        {
            ErrorKind::OutcomeUnknown
        }
        (Phase::Applied, ErrorKind::Connection | ErrorKind::Timeout) if is_write => ErrorKind::Answer,
        (_, kind) => kind,
    };
    error.with(|facts| {
        facts.kind = kind;
        facts.operation = Some(operation);
    })
}

fn failure(kind: ErrorKind, phase: Phase, answer: &RawAnswer) -> Error {
    Error::from_facts(facts(kind, phase, answer))
}

fn facts(kind: ErrorKind, phase: Phase, answer: &RawAnswer) -> Facts {
    Facts {
        status: Some(answer.status),
        retry_after: answer.retry_after,
        body: kept(&answer.body),
        ..Facts::bare(kind, phase)
    }
}

/// A copy, so that the error does not hold on to a large answer.
fn kept(body: &Bytes) -> Bytes {
    if body.len() <= KEPT { body.clone() } else { Bytes::copy_from_slice(body.get(..KEPT).unwrap_or_default()) }
}

/// A web page instead of an answer: the gateway's page about a ban, or one of a server that is in trouble.
fn page(answer: &RawAnswer) -> Error {
    match answer.status {
        500..=599 => Error::from_facts(Facts { is_transient: true, ..facts(ErrorKind::Api, Phase::Unknown, answer) }),
        // Refusals of this one request, such as a URL that is too long. Others come through.
        400 | 404 | 405 | 411 | 413 | 414 | 415 | 431 => failure(ErrorKind::Api, Phase::Refused, answer),
        _ => ban(answer, None),
    }
}

fn ban(answer: &RawAnswer, minutes: Option<&str>) -> Error {
    let minutes = minutes.and_then(|minutes| minutes.parse::<u32>().ok()).filter(|minutes| *minutes > 0);
    let wait = minutes.map_or(BAN, |minutes| Duration::from_mins(1) * minutes).min(LONGEST_BAN);
    let facts = facts(ErrorKind::Banned, Phase::Refused, answer);
    Error::from_facts(Facts { retry_after: Some(wait), is_transient: true, ..facts })
}

fn api_error(answer: &RawAnswer, body: ErrorBody) -> Error {
    let code = body.code();
    let (phase, is_transient) = match class_of(Some(answer.status), code.as_ref()) {
        ErrorClass::Server | ErrorClass::Timeout => (Phase::Unknown, true),
        ErrorClass::Throttled | ErrorClass::Concurrency => (Phase::Refused, true),
        _ => (Phase::Refused, false),
    };
    Error::from_facts(Facts {
        code,
        message: body.message,
        request_id: body.request_id,
        missing_scopes: body.missing_scopes,
        is_transient,
        ..facts(ErrorKind::Api, phase, answer)
    })
}

/// The result of the older API, out of its envelope; `{}` when there is none.
fn unwrapped(answer: &RawAnswer, body: &ErrorBody) -> Result<Bytes, Error> {
    match <Wrapped as crate::Answer>::decode(&answer.body) {
        Ok(Wrapped { result: Some(place) }) => Ok(answer.body.slice(place)),
        Ok(Wrapped { result: None }) if body.errcode.is_some() => Ok(Bytes::from_static(b"{}")),
        Ok(Wrapped { result: None }) => {
            let facts = facts(ErrorKind::Answer, Phase::Applied, answer);
            Err(Error::from_facts(Facts { detail: Some("it holds neither errcode nor result".into()), ..facts }))
        }
        Err(failure) => Err(undecodable(answer.status, &answer.body, &failure)),
    }
}

/// The part of the older API's answer that counts.
#[derive(Default)]
struct Wrapped {
    result: Option<Range<usize>>,
}

impl Object for Wrapped {
    fn field(&mut self, name: &str, value: Field<'_>) -> Result<(), Failure> {
        match name {
            "result" => value.place(&mut self.result),
            _ => value.skip(),
        }
    }
}
