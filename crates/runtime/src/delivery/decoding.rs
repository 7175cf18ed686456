//! From an answer's bytes to its value.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use tracing::Span;

use super::Delivery;
use crate::decode::{Bounds, Document, Failure, Unreadable};
use crate::error::{ErrorBody, Phase};
use crate::operation::Envelope;
use crate::repair::mended;
use crate::sync::{Mutex, lock};
use crate::transport::RawAnswer;
use crate::{AnswerMeta, Error, ErrorKind, Operation, verdict};

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
    /// An answer, ready to be read.
    pub(super) fn reading(&self, answer: RawAnswer, span: &Span) -> Reading {
        let (operation, decode, bounds) = (self.operation(), self.decode, self.settings.decoded);
        let (attempts, keeps_meta) = (self.attempts, self.settings.keeps_meta);
        Reading { answer, operation, decode, bounds, attempts, keeps_meta, span: span.clone() }
    }
}

/// An answer that is to be read, with all that this takes.
pub(super) struct Reading {
    answer: RawAnswer,
    operation: &'static Operation,
    decode: Decode,
    bounds: Bounds,
    attempts: u32,
    keeps_meta: bool,
    /// That of the attempt.
    span: Span,
}

impl Reading {
    pub(super) fn is_large(&self) -> bool {
        self.answer.body.len() >= LARGE
    }

    /// The value.
    pub(super) fn finish(mut self) -> Result<Decoded, Error> {
        let (operation, answer) = (self.operation, &mut self.answer);
        let body = verdict::judge(operation, answer)?;
        let read = read(self.decode, operation, &body, self.bounds.of_size(answer.body.len()));
        if let Some(error) = read.doubt.and_then(|said| verdict::second_look(answer, said)) {
            return Err(error);
        }
        let mut decoded = read.result.map_err(|failure| verdict::undecodable(answer, &body, &failure))?;
        // Failures tell theirs.
        if !self.span.is_disabled() {
            self.span.record("http.response.status_code", answer.status);
            self.span.record("dingtalk.request_id", answer.request_id());
        }
        if self.keeps_meta {
            let headers = std::mem::take(&mut answer.headers);
            decoded.meta = Some(Box::new(AnswerMeta::new(answer.status, headers, &answer.body, self.attempts)));
        }
        Ok(decoded)
    }
}

/// Reads an answer in a thread that no task waits for, unless there is none to be had.
pub(super) async fn finished_aside(reading: Reading) -> Result<Decoded, Error> {
    let work = Arc::new(Mutex::new(Some(reading)));
    let begin = |work: &Mutex<Option<Reading>>| lock(work).take().map(Reading::finish);
    let mut aside = tokio::task::spawn_blocking({
        let work = Arc::clone(&work);
        move || begin(&work)
    });
    let finished = match tokio::time::timeout(PATIENCE, &mut aside).await {
        Ok(Ok(finished)) => finished,
        _ => match begin(&work) {
            Some(finished) => Some(finished),
            None => aside.await.ok().flatten(),
        },
    };
    finished.unwrap_or_else(|| Err(Error::new(ErrorKind::Answer, Phase::Unknown, "decoding it ended without a result")))
}

/// What came of reading a body.
struct Read {
    result: Result<Decoded, Failure>,
    /// What it says as the body of an error, where it may be one.
    doubt: Option<ErrorBody>,
}

/// Reads a body, if need be with its broken texts mended.
fn read(decode: Decode, operation: &'static Operation, body: &[u8], bounds: Bounds) -> Read {
    let result = decode(Document::new(body, bounds).of(operation)).or_else(|failure| match mended(body, None) {
        Some(mended) if failure.is_not_json() => {
            let bounds = bounds.beside(mended.len().saturating_sub(body.len()));
            decode(Document::new(&mended, bounds).of(operation))
        }
        _ => Err(failure),
    });
    // Out of its envelope it is the answer alone, and the envelope has told how it stands.
    let is_doubtful = operation.envelope == Envelope::Plain && result.as_ref().map_or(true, |read| read.may_be_failure);
    Read { result, doubt: is_doubtful.then(|| ErrorBody::read(body)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::READ;

    /// What reading a body takes at most, in times of its size.
    fn times(body: &[u8]) -> u64 {
        let decode = |mut document: Document<'_>| {
            let value = <serde_json::Value as crate::Answer>::read(&mut document)?;
            Ok(Decoded::new(Box::new(value), document))
        };
        let memory =
            allocation_counter::measure(|| drop(read(decode, &READ, body, Bounds::default().of_size(body.len()))));
        memory.bytes_max.div_ceil(body.len() as u64)
    }

    #[test]
    fn a_body_that_is_mended_becomes_no_more_than_eight_times_its_size() {
        const SIZE: usize = 256 * 1024;
        let flaws: [&[u8]; 8] = [b"\xff", b"\x01", b"\xce\xde", b"\\q", b"\\ud83d", b"\xe6\x96", b"\t\xff", b"x"];
        for flaw in flaws {
            let text = flaw.repeat(SIZE / flaw.len());
            let half = flaw.repeat(SIZE / 2 / flaw.len());
            let bodies = [
                [b"{\"message\":\"\xff", text.as_slice(), b"\",\"code\":\"x\"}"].concat(),
                [b"{\"message\":\"\xff", half.as_slice(), b"\",\"list\":[", &b"[],".repeat(SIZE / 6), b"0]}"].concat(),
                [b"{\"message\":\"\xff", half.as_slice(), b"\",\"list\":[", &b"\"\xff\",".repeat(SIZE / 8), b"0]}"]
                    .concat(),
                [b"{\"message\":\"", text.as_slice()].concat(),
            ];
            for (number, body) in bodies.iter().enumerate() {
                let times = times(body);
                assert!(times <= 8, "{times} times: {} in {number}", flaw.escape_ascii());
            }
        }
    }
}
