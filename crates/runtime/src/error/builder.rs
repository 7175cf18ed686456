//! Errors for the tests of applications.

use std::time::Duration;

use bytes::Bytes;

use super::{Error, ErrorKind, Facts, Phase, TimedOut};
use crate::{ErrorCode, Operation};

/// Makes an [`Error`] as a call could give it, **for tests** of code that handles errors.
///
/// What is not said follows from the kind, as far as it does: an [`ErrorKind::Api`] was refused, an
/// [`ErrorKind::OutcomeUnknown`] is of unknown outcome, and so on. Nothing keeps one from making an error that no
/// call gives.
///
/// ```
/// use dingtalk_runtime::{Error, ErrorBuilder, ErrorCode, ErrorKind, Phase};
///
/// fn is_gone(error: &Error) -> bool {
///     error.code() == Some(&ErrorCode::DentryNotExist)
/// }
///
/// let error = ErrorBuilder::new(ErrorKind::Api).status(404).code("dentryNotExist").request_id("R-1").build();
/// assert!(is_gone(&error));
/// assert_eq!(error.phase(), Phase::Refused);
/// ```
#[derive(Debug, Clone)]
#[must_use = "a builder is not an error yet"]
pub struct ErrorBuilder(Error);

impl ErrorBuilder {
    /// An error of this kind, for tests.
    pub fn new(kind: ErrorKind) -> Self {
        let phase = match kind {
            ErrorKind::Configuration
            | ErrorKind::Request
            | ErrorKind::Credentials
            | ErrorKind::Connect
            | ErrorKind::CallsUsedUp => Phase::NotSent,
            ErrorKind::Api | ErrorKind::Redirect | ErrorKind::Banned | ErrorKind::Storage | ErrorKind::Source => {
                Phase::Refused
            }
            ErrorKind::Connection | ErrorKind::Timeout | ErrorKind::OutcomeUnknown => Phase::Unknown,
            ErrorKind::Answer | ErrorKind::Absent | ErrorKind::Paging => Phase::Applied,
        };
        let is_transient = matches!(kind, ErrorKind::Connect | ErrorKind::Connection | ErrorKind::Timeout);
        Self(Error::from_facts(Facts { is_transient, attempts: 1, ..Facts::bare(kind, phase) }))
    }

    /// Sets how far the call came.
    pub fn phase(self, phase: Phase) -> Self {
        self.with(|facts| facts.phase = phase)
    }

    /// Sets the operation that was called.
    pub fn operation(self, operation: &'static Operation) -> Self {
        self.with(|facts| facts.operation = Some(operation))
    }

    /// Sets the HTTP status of the answer.
    pub fn status(self, status: u16) -> Self {
        self.with(|facts| facts.status = Some(status))
    }

    /// Sets the error code of the API.
    pub fn code(self, code: impl Into<ErrorCode>) -> Self {
        let code = code.into();
        self.with(|facts| facts.code = Some(code))
    }

    /// Sets the server's message.
    pub fn message(self, message: impl Into<String>) -> Self {
        let message = message.into();
        self.with(|facts| facts.message = Some(message))
    }

    /// Sets the id under which the server knows the call.
    pub fn request_id(self, id: impl Into<String>) -> Self {
        let id = id.into();
        self.with(|facts| facts.request_id = Some(id))
    }

    /// Sets the permissions that the app lacks.
    pub fn missing_scopes(self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let scopes = scopes.into_iter().map(Into::into).collect();
        self.with(|facts| facts.missing_scopes = scopes)
    }

    /// Sets whether the same call could go better later.
    pub fn transient(self, is_transient: bool) -> Self {
        self.with(|facts| facts.is_transient = is_transient)
    }

    /// Sets how long to wait before the next try.
    pub fn retry_after(self, wait: Duration) -> Self {
        self.with(|facts| facts.retry_after = Some(wait))
    }

    /// Sets how many times the call was sent.
    pub fn attempts(self, attempts: u32) -> Self {
        self.with(|facts| facts.attempts = attempts)
    }

    /// Sets the id of the task that was waited for.
    pub fn task(self, id: impl Into<String>) -> Self {
        let id = id.into();
        self.with(|facts| facts.task = Some(id))
    }

    /// Sets whose time ran out.
    pub fn timed_out(self, timed_out: TimedOut) -> Self {
        self.with(|facts| facts.timed_out = Some(timed_out))
    }

    /// Sets the body of the answer.
    pub fn body(self, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        self.with(|facts| facts.body = body)
    }

    /// Sets the error that this one came from.
    pub fn source(self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.with(|facts| facts.source = Some(std::sync::Arc::new(source)))
    }

    /// The error.
    #[must_use]
    pub fn build(self) -> Error {
        self.0
    }

    fn with(self, change: impl FnOnce(&mut Facts)) -> Self {
        Self(self.0.with(change))
    }
}
