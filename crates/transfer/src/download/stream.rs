//! The bytes of a file as they come.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::stream;

use super::reader::Reader;
use super::{Downloaded, Job, Wanted};
use crate::checksum::Crc64;
use crate::{Error, Integrity};

/// The bytes of a file as they come, in order. It goes on by itself where a connection was cut.
#[must_use = "a stream does nothing until it is polled"]
pub struct ByteStream {
    bytes: Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>>,
    outcome: Arc<OnceLock<Downloaded>>,
    job: Option<Arc<Job>>,
}

impl ByteStream {
    /// All that a download wants.
    pub(super) fn new(job: Result<Arc<Job>, Error>) -> Self {
        let wanted = job.as_ref().map_or_else(|_| Wanted::default(), |job| job.wanted);
        Self::of_range(job, wanted)
    }

    pub(super) fn of_range(job: Result<Arc<Job>, Error>, wanted: Wanted) -> Self {
        let outcome = Arc::new(OnceLock::new());
        let told = Arc::clone(&outcome);
        let kept = job.as_ref().ok().map(Arc::clone);
        let bytes = match job {
            Ok(job) => Box::pin(pieces(job, wanted, told)) as Pin<Box<dyn Stream<Item = _> + Send>>,
            Err(error) => Box::pin(stream::iter([Err(error)])),
        };
        Self { bytes, outcome, job: kept }
    }

    /// The next bytes; none after the last.
    ///
    /// # Errors
    ///
    /// Those of [`Download::to_path`](super::Download::to_path) that are not about a path. After an error nothing
    /// comes any more.
    pub async fn try_next(&mut self) -> Result<Option<Bytes>, Error> {
        std::future::poll_fn(|context| self.bytes.as_mut().poll_next(context)).await.transpose()
    }

    /// Bytes of the whole file, whatever was asked of it; known once the first of them came, if the storage told it.
    #[must_use]
    pub fn file_size(&self) -> Option<u64> {
        self.job.as_ref().and_then(|job| job.identity().size)
    }

    /// Whether the bytes were held against the storage's checksum; none before the end.
    #[must_use]
    pub fn integrity(&self) -> Option<Integrity> {
        self.outcome.get().map(|outcome| outcome.integrity)
    }

    pub(super) fn outcome(&self) -> Option<Downloaded> {
        self.outcome.get().cloned()
    }
}

/// What it takes to read on.
struct Reading {
    job: Arc<Job>,
    wanted: Wanted,
    reader: Reader,
    crc: Crc64,
    has_begun: bool,
    outcome: Arc<OnceLock<Downloaded>>,
}

fn pieces(
    job: Arc<Job>,
    wanted: Wanted,
    outcome: Arc<OnceLock<Downloaded>>,
) -> impl Stream<Item = Result<Bytes, Error>> + Send {
    let reader = Reader::new(Arc::clone(&job), wanted.start, wanted.end);
    let reading = Reading { job, wanted, reader, crc: Crc64::new(), has_begun: false, outcome };
    stream::try_unfold(reading, |mut reading| async move { Ok(reading.next().await?.map(|piece| (piece, reading))) })
}

impl Reading {
    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        let wanted = self.wanted;
        if wanted.is_empty() {
            let _ = self.outcome.set(Downloaded::nothing());
            return Ok(None);
        }
        if !self.has_begun {
            self.reader.open().await?;
            self.has_begun = true;
            self.job.begin(0, self.reader.end().map(|end| end.saturating_sub(wanted.start)))?;
        }
        if let Some(piece) = self.reader.next().await? {
            self.crc.update(&piece);
            self.job.counter.add(piece.len() as u64);
            return Ok(Some(piece));
        }
        let got = wanted.start..self.reader.at();
        let integrity = self.job.judge(self.crc.value(), wanted, &got)?;
        let _ = self.outcome.set(Downloaded { size: got.end - got.start, resumed: 0, integrity });
        Ok(None)
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.bytes.as_mut().poll_next(context)
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ByteStream").field("outcome", &self.outcome.get()).finish_non_exhaustive()
    }
}
