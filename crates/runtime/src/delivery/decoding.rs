//! From an answer's bytes to its value.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tracing::Span;

use super::Delivery;
use crate::decode::{Bounds, Document, Failure, Unreadable};
use crate::error::Phase;
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
        let status = answer.status;
        let meta = self.settings.keeps_meta.then(|| {
            let headers = answer.headers.take().map(|headers| *headers).unwrap_or_default();
            Box::new(AnswerMeta::new(status, headers, &answer.body, self.attempts))
        });
        let body = verdict::judge(self.operation(), answer)?;
        let (decode, bounds, operation) = (self.decode, self.settings.decoded, self.operation());
        let read = move |body: &[u8]| read(decode, operation, body, bounds);
        let result = if body.len() < LARGE {
            read(&body)
        } else {
            read_aside(read, body.clone())
                .await
                .ok_or_else(|| Error::new(ErrorKind::Answer, Phase::Applied, "decoding it ended without a result"))?
        };
        let mut decoded = result.map_err(|failure| verdict::undecodable(status, &body, &failure))?;
        // Failures write theirs.
        span.record("http.response.status_code", status);
        decoded.meta = meta;
        if let Some(first) = decoded.unreadable.first() {
            observe::tell_unreadable(decoded.unreadable.len(), first);
        }
        Ok(decoded)
    }
}

/// Reads an answer in a thread that no task waits for, unless there is none to be had.
async fn read_aside(
    read: impl Fn(&[u8]) -> Result<Decoded, Failure> + Copy + Send + 'static,
    body: Bytes,
) -> Option<Result<Decoded, Failure>> {
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
fn read(decode: Decode, operation: &'static Operation, body: &[u8], bounds: Bounds) -> Result<Decoded, Failure> {
    decode(Document::new(body, bounds).of(operation)).or_else(|failure| match mended(body, None) {
        Some(mended) if failure.is_not_json() => decode(Document::new(&mended, bounds).of(operation)),
        _ => Err(failure),
    })
}
