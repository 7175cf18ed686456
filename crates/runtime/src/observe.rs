//! Seeing what a client does: spans, and a hook for counters and clocks.

use std::time::Duration;

use tracing::Span;
use tracing::field::Empty;

use crate::decode::Unreadable;
use crate::{Error, Operation};

/// Sees the calls of a client, for counting and timing. It is called on the way, so it must be quick.
pub trait Observer: std::fmt::Debug + Send + Sync + 'static {
    /// An attempt ended.
    fn attempt(&self, attempt: &Attempt<'_>) {
        let _ = attempt;
    }

    /// A call ended. Calls that are dropped before their end are not seen.
    fn call(&self, call: &Ended<'_>) {
        let _ = call;
    }
}

/// One attempt at a call.
#[derive(Debug)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The operation.
    pub operation: &'static Operation,
    /// Number of the attempt, from 1.
    pub number: u32,
    /// Time from sending to the end of the answer.
    pub duration: Duration,
    /// Why it failed, if it did.
    pub error: Option<&'a Error>,
}

/// A call that ended.
#[derive(Debug)]
#[non_exhaustive]
pub struct Ended<'a> {
    /// The operation.
    pub operation: &'static Operation,
    /// How many times it was sent or tried to be sent.
    pub attempts: u32,
    /// Time from the first poll to the result.
    pub duration: Duration,
    /// Why it failed, if it did.
    pub error: Option<&'a Error>,
}

/// Span of a whole call.
pub(crate) fn call_span(operation: &'static Operation) -> Span {
    tracing::info_span!(
        target: "dingtalk",
        "call",
        otel.kind = "internal",
        otel.name = operation.name,
        dingtalk.operation = operation.name,
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
    span.record("error.type", tracing::field::debug(error.kind()));
    span.record("dingtalk.phase", tracing::field::debug(error.phase()));
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

/// Warns of an answer in which something was passed over.
pub(crate) fn record_unreadable(operation: &'static Operation, count: usize, first: &Unreadable) {
    tracing::warn!(
        target: "dingtalk",
        {
            dingtalk.operation = operation.name,
            dingtalk.unreadable = count,
            dingtalk.first_unreadable = %first
        },
        "parts of the answer cannot be read"
    );
}
