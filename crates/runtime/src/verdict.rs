//! What an answer means: the body of a success, or an error and how far the call came.

mod page;
mod table;

use std::borrow::Cow;
use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;

use crate::decode::{Failure, Field, Object};
use crate::error::{ErrorBody, ErrorKind, Facts, Phase, class_of};
use crate::operation::Envelope;
use crate::repair::mended;
use crate::transport::RawAnswer;
use crate::{Effect, Error, Operation};

pub(crate) use table::{Extent, Sent, unanswered, without_code};
use table::{Ruling, Said, answered};

/// Most bytes of an answer that are kept in an error.
const KEPT: usize = 16 * 1024;
/// Length of a ban when nothing says it.
const BAN: Duration = Duration::from_secs(5 * 60);
const LONGEST_BAN: Duration = Duration::from_secs(3600);

/// The body of what seems to be a success, out of its envelope. It may still say that it is none: that shows when it is
/// read, see [`second_look`]. So good answers are not read twice.
pub(crate) fn judge(operation: &'static Operation, answer: &mut RawAnswer) -> Result<Bytes, Error> {
    let is_good = is_good(answer.status) && answer.fault.is_none();
    if is_good && operation.envelope == Envelope::Plain {
        return Ok(answer.body.clone());
    }
    let body = ErrorBody::read(&answer.body);
    let said = said(answer, &body);
    if is_good && said == Said::Good {
        return match operation.envelope {
            Envelope::Plain => Ok(answer.body.clone()),
            Envelope::Errcode => unwrapped(answer, &body),
            // Whatever stands beside it, nothing else says that the call worked.
            Envelope::Flat if body.is_success() => Ok(answer.body.clone()),
            Envelope::Flat => Err(neither(answer, "it holds no errcode")),
        };
    }
    Err(failed(answer, body, said))
}

/// What an answer comes to that could not be read, or has a field by which failures are told; nothing, if it is good.
pub(crate) fn second_look(answer: &mut RawAnswer, body: ErrorBody) -> Option<Error> {
    let said = said(answer, &body);
    if said == Said::Good { None } else { Some(failed(answer, body, said)) }
}

fn failed(answer: &mut RawAnswer, body: ErrorBody, said: Said) -> Error {
    let ruling = answered(answer.status, extent(answer, &body), said);
    failure(ruling, answer, body)
}

fn is_good(status: u16) -> bool {
    (200..300).contains(&status)
}

fn said(answer: &RawAnswer, body: &ErrorBody) -> Said {
    let is_good = is_good(answer.status);
    let code = body.code();
    if body.is_ban() {
        return Said::Ban;
    }
    if page::is_page(&answer.body) {
        return Said::Page;
    }
    if body.is_error() || (!is_good && code.is_some()) {
        return Said::Code(class_of(Some(answer.status), code.as_ref()));
    }
    // What was cut may be the beginning of an error that has the status of a success.
    let is_success = extent(answer, body) == Extent::Whole || body.is_success();
    if is_good && is_success { Said::Good } else { Said::Nothing }
}

/// How much of an answer came that is no good one.
fn extent(answer: &RawAnswer, body: &ErrorBody) -> Extent {
    match &answer.fault {
        Some((extent, _)) => *extent,
        None if body.is_whole || page::is_page(&answer.body) => Extent::Whole,
        // The server may have been cut off itself. Where nothing tells the end of a body, this is how that looks.
        None if body.is_cut && !answer.body.trim_ascii().is_empty() => Extent::Cut,
        None if answer.is_sealed() => Extent::Whole,
        None => Extent::Cut,
    }
}

fn failure(ruling: Ruling, answer: &mut RawAnswer, body: ErrorBody) -> Error {
    // A refusal that came whole before the rest of its answer was late is no matter of time.
    let timed_out = answer.fault.as_ref().and_then(|(_, fault)| fault.timed_out()).filter(|_| body.code().is_none());
    let fault = answer.fault.take().map(|(_, fault)| fault);
    let fault = fault.as_ref().map(Error::facts);
    let cause = fault.map(|fault| (fault.kind, fault.detail.clone()));
    let source = fault.and_then(|fault| fault.source.clone());
    // What the server said itself matters more.
    let of_fault = fault.and_then(|fault| fault.advice).filter(|_| ruling.kind.is_none());
    let is_cut = cause.is_some() || body.is_cut || !answer.is_sealed();
    let own = if is_good(answer.status) { ErrorKind::Answer } else { ErrorKind::Api };
    let (cause, detail) = cause.unwrap_or((own, detail(ruling, &body)));
    let kind = ruling.kind.unwrap_or(cause);
    let retry_after = answer.retry_after();
    let wait = if kind == ErrorKind::Banned { Some(length_of_ban(&body, retry_after)) } else { retry_after };
    // Redirects are no answers of the API; whatever code they bring is none of its codes.
    let body = if matches!(kind, ErrorKind::Redirect) { ErrorBody::default() } else { body };
    Error::from_facts(Facts {
        status: Some(answer.status),
        code: body.code(),
        message: body.message,
        request_id: body.request_id.or_else(|| answer.request_id()),
        missing_scopes: body.missing_scopes,
        detail,
        advice: of_fault.or_else(|| of_status(answer.status)),
        is_transient: ruling.is_transient,
        retry_after: wait,
        is_body_cut: is_cut || answer.body.len() > KEPT,
        body: kept(&answer.body),
        source,
        timed_out,
        ..Facts::bare(kind, ruling.phase)
    })
}

/// What this crate has to say about an answer that nothing cut on its way.
fn detail(ruling: Ruling, body: &ErrorBody) -> Option<Cow<'static, str>> {
    match ruling.kind {
        None if body.is_cut => Some("the text ends too early".into()),
        None => Some("nothing tells whether it is whole".into()),
        Some(ErrorKind::Answer) if ruling.phase == Phase::Unknown => Some("it tells neither success nor error".into()),
        Some(ErrorKind::Api) if body.says_failure() => Some("it says that the call did not succeed".into()),
        _ => None,
    }
}

/// Advice about a status that no API gives.
fn of_status(status: u16) -> Option<&'static str> {
    (status == 407).then_some("Give the proxy the right user name and password; trying again changes nothing.")
}

/// What the ban says of itself, or the gateway in the head of its page.
fn length_of_ban(body: &ErrorBody, retry_after: Option<Duration>) -> Duration {
    let minutes = body.wait.as_deref().and_then(|minutes| minutes.parse::<u32>().ok());
    let told = [minutes.map(|minutes| Duration::from_secs(60) * minutes), retry_after];
    told.into_iter().flatten().find(|told| !told.is_zero()).unwrap_or(BAN).min(LONGEST_BAN)
}

/// An answer that does not have the shape that the operation's has.
pub(crate) fn undecodable(answer: &RawAnswer, body: &Bytes, failure: &Failure) -> Error {
    undecoded(answer, Said::Good, body, failure)
}

fn undecoded(answer: &RawAnswer, said: Said, body: &Bytes, failure: &Failure) -> Error {
    let detail = if body.is_empty() { "it is empty".to_owned() } else { failure.to_string() };
    // What was cut on its way may come whole the next time; another shape will come again.
    let extent = if failure.is_broken() { Extent::Cut } else { Extent::Whole };
    let ruling = answered(answer.status, extent, said);
    Error::from_facts(Facts {
        status: Some(answer.status),
        request_id: answer.request_id(),
        detail: Some(detail.into()),
        advice: failure.is_about_bounds().then_some("Raise that bound, if the answer is one that is expected."),
        is_transient: ruling.is_transient,
        is_body_cut: failure.is_broken() || body.len() > KEPT,
        body: kept(body),
        ..Facts::bare(ErrorKind::Answer, ruling.phase)
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

/// A copy, so that the error does not hold on to a large answer.
fn kept(body: &Bytes) -> Bytes {
    if body.len() <= KEPT { body.clone() } else { Bytes::copy_from_slice(body.get(..KEPT).unwrap_or_default()) }
}

/// The result of the older API, out of its envelope; `{}` when there is none.
fn unwrapped(answer: &RawAnswer, body: &ErrorBody) -> Result<Bytes, Error> {
    let read = |bytes: &Bytes| {
        let wrapped = <Wrapped as crate::Answer>::decode(bytes)?;
        Ok(wrapped.result.map(|place| bytes.slice(place)))
    };
    let result = read(&answer.body).or_else(|failure: Failure| match mended(&answer.body, None) {
        Some(mended) if failure.is_not_json() => read(&mended.into()),
        _ => Err(failure),
    });
    match result {
        Ok(Some(result)) => Ok(result),
        Ok(None) if body.is_success() => Ok(Bytes::from_static(b"{}")),
        Ok(None) => Err(neither(answer, "it holds neither errcode nor result")),
        Err(failure) => {
            let said = if body.is_success() { Said::Good } else { Said::Nothing };
            Err(undecoded(answer, said, &answer.body, &failure))
        }
    }
}

/// The error of an answer of the older API that says neither that it is a success nor that it is an error.
fn neither(answer: &RawAnswer, detail: &'static str) -> Error {
    let ruling = answered(answer.status, Extent::Whole, Said::Nothing);
    Error::from_facts(Facts {
        status: Some(answer.status),
        request_id: answer.request_id(),
        detail: Some(detail.into()),
        is_transient: ruling.is_transient,
        is_body_cut: answer.body.len() > KEPT,
        body: kept(&answer.body),
        ..Facts::bare(ErrorKind::Answer, ruling.phase)
    })
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
