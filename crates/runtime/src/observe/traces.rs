//! What the client tells `tracing`: spans of calls and attempts, and events at levels that are shown without setting
//! anything up. An event stands in the span of its call and repeats none of its attributes.

use std::time::Duration;

use tracing::Span;
use tracing::field::{Empty, debug};

use super::{Dropped, Queue};
use crate::decode::Unreadable;
use crate::error::Phase;
use crate::{Effect, Error, ErrorCode, Operation, Request};

/// Shorter waits are usual.
const LONG_WAIT: Duration = Duration::from_secs(1);

/// Span of a whole call.
pub(crate) fn call_span(operation: &'static Operation) -> Span {
    tracing::info_span!(
        target: "dingtalk",
        "call",
        otel.kind = "internal",
        otel.name = operation.name,
        http.response.status_code = Empty,
        dingtalk.attempts = Empty,
        dingtalk.request_id = Empty,
        dingtalk.code = Empty,
        dingtalk.phase = Empty,
        "error.type" = Empty,
    )
}

/// Span of one attempt, with the attribute names of OpenTelemetry's HTTP clients. The path is the template:
/// ids may be personal.
pub(crate) fn attempt_span(operation: &'static Operation, host: &str, port: u16, number: u32) -> Span {
    tracing::debug_span!(
        target: "dingtalk",
        "attempt",
        otel.kind = "client",
        http.request.method = operation.method.as_str(),
        http.request.resend_count = number - 1,
        server.address = host,
        server.port = port,
        url.template = operation.path,
        http.response.status_code = Empty,
        dingtalk.request_id = Empty,
        dingtalk.code = Empty,
        dingtalk.phase = Empty,
        "error.type" = Empty,
    )
}

/// Writes into a span how it failed.
pub(crate) fn record_error(span: &Span, error: &Error) {
    if span.is_disabled() {
        return;
    }
    span.record("error.type", debug(error.kind()));
    span.record("dingtalk.phase", debug(error.phase()));
    if let Some(status) = error.status() {
        span.record("http.response.status_code", status);
    }
    if let Some(code) = error.code() {
        span.record("dingtalk.code", code.as_str());
    }
    if let Some(id) = error.request_id() {
        span.record("dingtalk.request_id", id);
    }
}

/// An event about a failure, with what one looks into it by.
macro_rules! tell_failure {
    ($level:ident, $error:expr, { $($name:ident $(. $more:ident)* = $value:expr),* }, $text:literal) => {
        tracing::$level!(
            target: "dingtalk",
            {
                $($name$(.$more)* = $value,)*
                error = debug($error.kind()),
                phase = debug($error.phase()),
                status = $error.status(),
                code = $error.code().map(ErrorCode::as_str),
                request_id = $error.request_id()
            },
            $text
        )
    };
}

/// A call has failed.
pub(crate) fn tell_failed(error: &Error, request: &Request) {
    tell_failure!(info, error, { path = display(request.shown_path()) }, "the call failed");
}

/// A call will be sent again.
pub(crate) fn tell_retry(error: &Error, pause: Duration) {
    tell_failure!(warn, error, { attempts = error.attempts(), pause = debug(pause) }, "the call is sent again after a pause");
}

/// The server throttles an operation.
pub(crate) fn tell_paused(error: &Error, pause: Duration) {
    tell_failure!(warn, error, { pause = debug(pause) }, "the operation is called too often, all its calls pause");
}

/// A call has waited for its turn.
pub(crate) fn tell_waited(queue: Queue, waited: Duration) {
    if waited >= LONG_WAIT {
        tracing::info!(target: "dingtalk", { queue = debug(queue), waited = debug(waited) }, "the call waited for its turn");
    } else {
        tracing::debug!(target: "dingtalk", { queue = debug(queue), waited = debug(waited) }, "the call waited for its turn");
    }
}

/// The server rejected the token of a call.
pub(crate) fn tell_replaced(error: &Error) {
    tell_failure!(info, error, {}, "the access token was rejected, the call is sent again with a new one");
}

/// There is a new token.
pub(crate) fn tell_fetched(life: Option<Duration>) {
    tracing::info!(target: "dingtalk", { life = life.map(debug) }, "an access token was fetched");
}

/// There is none.
pub(crate) fn tell_not_fetched(error: &Error) {
    tell_failure!(warn, error, {}, "no access token could be fetched");
}

/// A call was dropped. Its span is gone.
pub(crate) fn tell_dropped(call: &Dropped) {
    let (operation, after) = (call.operation, call.duration);
    if call.phase == Phase::Unknown && operation.effect == Effect::Write {
        tracing::warn!(
            target: "dingtalk",
            { dingtalk.operation = operation.name, after = debug(after) },
            "the call was dropped while it was under way; whether it was applied is unknown"
        );
    } else {
        tracing::debug!(
            target: "dingtalk",
            { dingtalk.operation = operation.name, after = debug(after) },
            "the call was dropped before its end"
        );
    }
}

/// Something was passed over in an answer.
pub(crate) fn tell_unreadable(unreadable: &[Unreadable]) {
    if let Some(first) = unreadable.first() {
        let count = unreadable.len();
        tracing::warn!(target: "dingtalk", { unreadable = count, first = display(first) }, "parts of the answer cannot be read");
    }
}

/// A stream of events is open.
#[cfg(feature = "stream")]
pub(crate) fn tell_stream_open() {
    tracing::info!(target: "dingtalk", "the stream of events is open");
}

/// It has ended, and the next will be opened.
#[cfg(feature = "stream")]
pub(crate) fn tell_stream_end(end: &impl std::fmt::Debug) {
    tracing::info!(target: "dingtalk", { end = debug(end) }, "the stream of events has ended, and is opened again");
}

/// None could be opened, but perhaps later.
#[cfg(feature = "stream")]
pub(crate) fn tell_stream_lost(error: &Error) {
    tell_failure!(warn, error, {}, "no stream of events could be opened, it is tried again after a pause");
}

/// An event is of no form that is known.
#[cfg(feature = "stream")]
pub(crate) fn tell_unread_event(error: &impl std::fmt::Display) {
    tracing::warn!(target: "dingtalk", { error = display(error) }, "an event cannot be read and is asked for again");
}

/// Something came that is no frame, and nobody knows whom to answer.
#[cfg(feature = "stream")]
pub(crate) fn tell_unread_frame(bytes: usize) {
    tracing::warn!(target: "dingtalk", { bytes }, "a frame of the stream cannot be read and stays without an answer");
}

/// A handler has failed.
#[cfg(feature = "stream")]
pub(crate) fn tell_unhandled_event(event: Option<&str>, error: &impl std::fmt::Display) {
    // An id is short, unless something is wrong with it.
    let event = event.map(|id| id.chars().take(100).collect::<String>());
    tracing::warn!(target: "dingtalk", { event, error = display(error) }, "an event was not handled and is asked for again");
}
