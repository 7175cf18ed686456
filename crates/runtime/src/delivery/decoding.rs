//! From an answer's bytes to its value.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tracing::Span;

use super::Delivery;
use crate::decode::{Bounds, Document, Failure, Unreadable};
use crate::error::{ErrorBody, Phase};
use crate::operation::Envelope;
use crate::repair::mended;
use crate::sync::{Mutex, lock};
use crate::transport::RawAnswer;
use crate::{AnswerMeta, Error, ErrorKind, Operation, observe, verdict};

/// An answer of any type.
pub(crate) struct Decoded {
    pub(crate) answer: Box<dyn Any + Send>,
    /// What was passed over in its lists.
    pub(crate) unreadable: Vec<Unreadable>,
    /// What came beside it, if that is asked for.
    pub(crate) meta: Option<Box<AnswerMeta>>,
    /// It has a field by which failures are told.
    may_be_failure: bool,
}

impl Decoded {
    pub(crate) fn new(answer: Box<dyn Any + Send>, document: Document<'_>) -> Self {
        let may_be_failure = document.may_be_failure();
        Self { answer, unreadable: document.into_unreadable(), meta: None, may_be_failure }
    }
}

/// Reads an answer.
pub(crate) type Decode = fn(Document<'_>) -> Result<Decoded, Failure>;

/// Larger answers are decoded where they keep no other task waiting: this one takes about a millisecond.
const LARGE: usize = 256 * 1024;
/// A thread for it is waited for so long. The application may keep all that its runtime has, and do so until this very
/// call ends.
const PATIENCE: Duration = Duration::from_millis(100);

impl Delivery {
    pub(super) async fn decoded(&self, mut answer: RawAnswer, span: &Span) -> Result<Decoded, Error> {
        let (status, operation) = (answer.status, self.operation());
        let body = verdict::judge(operation, &mut answer)?;
        let (decode, bounds) = (self.decode, self.settings.decoded);
        let read = move |body: &[u8]| read(decode, operation, body, bounds);
        let read = if body.len() < LARGE {
            read(&body)
        } else {
            read_aside(read, body.clone())
                .await
                .ok_or_else(|| Error::new(ErrorKind::Answer, Phase::Applied, "decoding it ended without a result"))?
        };
        if let Some(error) = read.doubt.and_then(|said| verdict::second_look(operation, &mut answer, said)) {
            return Err(error);
        }
        let mut decoded = read.result.map_err(|failure| verdict::undecodable(&answer, &body, &failure))?;
        // Failures write theirs.
        span.record("http.response.status_code", status);
        if let (false, Some(id)) = (span.is_disabled(), answer.request_id()) {
            span.record("dingtalk.request_id", id);
        }
        if self.settings.keeps_meta {
            let headers = answer.headers.take().map(|headers| *headers).unwrap_or_default();
            decoded.meta = Some(Box::new(AnswerMeta::new(status, headers, &answer.body, self.attempts)));
        }
        if let Some(first) = decoded.unreadable.first() {
            observe::tell_unreadable(decoded.unreadable.len(), first);
        }
        Ok(decoded)
    }
}

/// What came of reading an answer.
struct Read {
    result: Result<Decoded, Failure>,
    /// What it says as the body of an error, where it may be one.
    doubt: Option<ErrorBody>,
}

/// Reads an answer in a thread that no task waits for, unless there is none to be had.
async fn read_aside(read: impl Fn(&[u8]) -> Read + Copy + Send + 'static, body: Bytes) -> Option<Read> {
    let work = Arc::new(Mutex::new(Some(body)));
    let begin = move |work: &Mutex<Option<Bytes>>| lock(work).take().map(|body| read(&body));
    let mut aside = tokio::task::spawn_blocking({
        let work = Arc::clone(&work);
        move || begin(&work)
    });
    if let Ok(Ok(result)) = tokio::time::timeout(PATIENCE, &mut aside).await {
        return result;
    }
    match begin(&work) {
        Some(result) => Some(result),
        None => aside.await.ok().flatten(),
    }
}

/// Reads an answer, if need be with its broken texts mended.
fn read(decode: Decode, operation: &'static Operation, body: &[u8], bounds: Bounds) -> Read {
    let result = decode(Document::new(body, bounds).of(operation)).or_else(|failure| match mended(body, None) {
        Some(mended) if failure.is_not_json() => decode(Document::new(&mended, bounds).of(operation)),
        _ => Err(failure),
    });
    // Out of its envelope it is the answer alone, and the envelope has told how it stands.
    let is_doubtful = operation.envelope == Envelope::Plain && result.as_ref().map_or(true, |read| read.may_be_failure);
    Read { result, doubt: is_doubtful.then(|| ErrorBody::read(body)) }
}
