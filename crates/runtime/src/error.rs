//! What can go wrong with a call, and what to do about it.

mod advice;
mod answer;
mod boundary;
mod build;
mod builder;
mod class;
mod display;
mod kind;
mod timed_out;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use crate::{Effect, ErrorClass, ErrorCode, Operation, OssError};

pub(crate) use answer::{ErrorBody, shown};
pub use builder::ErrorBuilder;
pub(crate) use class::class_of;
pub use kind::{ErrorKind, Phase};
pub use timed_out::TimedOut;

/// Why a call failed.
///
/// [`kind`](Self::kind) is the coarse answer, [`code`](Self::code) the API's own, and
/// [`phase`](Self::phase) tells how far the call came. `Display` is a sentence that says what happened and
/// what to do. No part of an error shows a secret.
#[derive(Clone)]
pub struct Error(Arc<Facts>);

#[derive(Clone)]
pub(crate) struct Facts {
    pub(crate) kind: ErrorKind,
    pub(crate) phase: Phase,
    pub(crate) operation: Option<&'static Operation>,
    pub(crate) status: Option<u16>,
    pub(crate) code: Option<ErrorCode>,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) missing_scopes: Vec<String>,
    /// What this crate has to say, where the server said nothing or too little.
    pub(crate) detail: Option<Cow<'static, str>>,
    /// What to do, where the cause tells more than the kind.
    pub(crate) advice: Option<&'static str>,
    /// The same call could go better later.
    pub(crate) is_transient: bool,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) attempts: u32,
    /// An earlier attempt was sent, may have changed something, and brought no answer that tells.
    pub(crate) follows_unknown: bool,
    pub(crate) timed_out: Option<TimedOut>,
    /// Time in queues of the client.
    pub(crate) waited: Duration,
    pub(crate) task: Option<String>,
    pub(crate) storage: Option<Arc<OssError>>,
    pub(crate) body: Bytes,
    /// The body is not the whole answer.
    pub(crate) is_body_cut: bool,
    pub(crate) source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// How far the call came.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.0.phase
    }

    /// The operation that was called.
    #[must_use]
    pub fn operation(&self) -> Option<&'static Operation> {
        self.0.operation
    }

    /// HTTP status of the last answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// Error code of the API.
    #[must_use]
    pub fn code(&self) -> Option<&ErrorCode> {
        self.0.code.as_ref()
    }

    /// Kind of problem that the API named. Codes that this version does not know are judged by their form,
    /// and answers without a code by their status.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        class_of(self.0.status, self.0.code.as_ref())
    }

    /// The server's message.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// Id under which the server knows the call; the support of DingTalk asks for it.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Permissions that the app lacks.
    #[must_use]
    pub fn missing_scopes(&self) -> &[String] {
        &self.0.missing_scopes
    }

    /// Whether the same call may be made again without harm and could go better then.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.0.is_transient && self.is_safe_to_repeat()
    }

    /// How long to wait before the next try, when the server or a limit says so.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How many times the call was sent or tried to be sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether an earlier attempt of this call was sent and nothing tells whether it was applied: that one may have
    /// done what this one was refused for. So a deletion that is sent again and meets something that does not exist
    /// has most likely deleted it.
    #[must_use]
    pub fn follows_unknown_attempt(&self) -> bool {
        self.0.follows_unknown
    }

    /// Whose time ran out, if that is why the call failed: that of the call, of one attempt, or of a queue of the
    /// client. A write that was sent is of [unknown outcome](ErrorKind::OutcomeUnknown) then, but tells this too.
    #[must_use]
    pub fn timed_out(&self) -> Option<TimedOut> {
        self.0.timed_out
    }

    /// How much of the call's time went by in the client's limiter and while it waited for a connection.
    #[must_use]
    pub fn waited(&self) -> Duration {
        self.0.waited
    }

    /// Id of the task that was waited for. The work had begun and may go on; the operation that tells how a task
    /// stands takes this id, which comes as the type that is asked for: `let task: Option<TaskId> = error.task();`, or
    /// `Option<&str>`.
    #[must_use]
    pub fn task<'a, Id: From<&'a str>>(&'a self) -> Option<Id> {
        self.0.task.as_deref().map(Id::from)
    }

    /// What the object storage said, where the error is one of its own.
    #[must_use]
    pub fn storage(&self) -> Option<&OssError> {
        self.0.storage.as_deref()
    }

    /// Page of the documentation about the operation.
    #[must_use]
    pub fn documentation(&self) -> Option<String> {
        self.0.operation.and_then(crate::Operation::documentation)
    }

    /// The beginning of the answer, at most 16 KiB. It may hold what the API tells about people and files. Values that
    /// the call sent are replaced by `***` where they are repeated; where the access token is, nothing is kept.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.0.body
    }

    /// Whether a second call can do no harm: the first was not applied, or being applied twice is the same.
    pub(crate) fn is_safe_to_repeat(&self) -> bool {
        let is_harmless = self.0.operation.is_none_or(|operation| operation.effect != Effect::Write);
        is_harmless || matches!(self.0.phase, Phase::NotSent | Phase::Refused)
    }

    pub(crate) fn facts(&self) -> &Facts {
        &self.0
    }

    /// The same error with other facts.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Facts)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let facts = &*self.0;
        formatter
            .debug_struct("Error")
            // A `main` that returns the error shows nothing else, and only the sentence says what to do.
            .field("text", &self.to_string())
            .field("kind", &facts.kind)
            .field("phase", &facts.phase)
            .field("operation", &facts.operation.map(|operation| operation.name))
            .field("status", &facts.status)
            .field("code", &facts.code)
            .field("message", &facts.message)
            .field("request_id", &facts.request_id)
            .field("missing_scopes", &facts.missing_scopes)
            .field("detail", &facts.detail)
            .field("retry_after", &facts.retry_after)
            .field("attempts", &facts.attempts)
            .field("timed_out", &facts.timed_out)
            .field("waited", &facts.waited)
            .field("task", &facts.task)
            .field("storage", &facts.storage)
            .field("source", &facts.source)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|source| &**source as &(dyn std::error::Error + 'static))
    }
}
