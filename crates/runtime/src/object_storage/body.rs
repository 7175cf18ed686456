//! Bytes on their way to the object storage, of a length that was announced.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Body, Frame, SizeHint};

use crate::sync::{Mutex, lock};

/// The bytes of a PUT: exactly as many as were announced, or the request fails.
pub struct Content {
    length: u64,
    pieces: Pieces,
}

enum Pieces {
    Whole(Option<Bytes>),
    /// The lock is never waited for: it makes a stream that only one thread can use at a time `Sync`, as bodies must be.
    Stream(Mutex<Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>>),
}

impl Pieces {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        match self {
            Self::Whole(bytes) => Poll::Ready(bytes.take().map(Ok)),
            Self::Stream(stream) => {
                stream.get_mut().unwrap_or_else(PoisonError::into_inner).as_mut().poll_next(context)
            }
        }
    }
}

impl Content {
    /// Bytes as they come, `length` of them in all. A stream that ends before or goes on after breaks the request
    /// off, so that the storage keeps nothing of it.
    pub fn stream(length: u64, pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Self {
        Self { length, pieces: Pieces::Stream(Mutex::new(Box::pin(pieces))) }
    }

    /// How many bytes there are.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Whether there really is nothing, where nothing was announced: HTTP would not ask.
    pub(super) async fn check_empty(&mut self) -> io::Result<()> {
        while self.length == 0 {
            match std::future::poll_fn(|context| self.pieces.poll(context)).await.transpose()? {
                None => {
                    self.pieces = Pieces::Whole(None);
                    return Ok(());
                }
                Some(piece) if piece.is_empty() => {}
                Some(_) => return Err(changed("it goes on after its announced length")),
            }
        }
        Ok(())
    }

    pub(crate) fn into_body(self) -> (reqwest::Body, Arc<Progress>) {
        let progress = Arc::new(Progress::default());
        let body = Sized { left: self.length, pieces: self.pieces, held: None, progress: Arc::clone(&progress) };
        (reqwest::Body::wrap(body), progress)
    }
}

impl From<Bytes> for Content {
    fn from(bytes: Bytes) -> Self {
        Self { length: bytes.len() as u64, pieces: Pieces::Whole(Some(bytes).filter(|bytes| !bytes.is_empty())) }
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Content").field("length", &self.length).finish_non_exhaustive()
    }
}

/// What became of the bytes so far, seen from outside of the connection.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    /// Grows whenever the connection asks for bytes.
    asked: AtomicU64,
    /// The connection has room, and the source has nothing yet.
    waits_for_source: AtomicBool,
    /// Why the source gave up.
    failure: Mutex<Option<io::Error>>,
}

impl Progress {
    /// A number that changes while bytes move.
    pub(super) fn mark(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// Whether the next move is the source's, so that the storage is not to blame.
    pub(super) fn waits_for_source(&self) -> bool {
        self.waits_for_source.load(Ordering::Relaxed)
    }

    /// Why the source gave up, if it did.
    pub(crate) fn take_failure(&self) -> Option<io::Error> {
        lock(&self.failure).take()
    }
}

struct Sized {
    left: u64,
    pieces: Pieces,
    /// The last announced piece, which goes out when the source has said that nothing follows: HTTP looks at no byte
    /// beyond the announced length, so what grew while it was read would be stored cut.
    held: Option<Bytes>,
    progress: Arc<Progress>,
}

impl Sized {
    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        loop {
            match ready!(self.pieces.poll(context)) {
                None if self.left > 0 => {
                    return Poll::Ready(Some(Err(changed("it ended before its announced length"))));
                }
                None => return Poll::Ready(self.held.take().map(Ok)),
                Some(Err(failure)) => return Poll::Ready(Some(Err(failure))),
                Some(Ok(piece)) if piece.is_empty() => {}
                Some(Ok(piece)) => match self.left.checked_sub(piece.len() as u64) {
                    None => return Poll::Ready(Some(Err(changed("it goes on after its announced length")))),
                    Some(0) => (self.left, self.held) = (0, Some(piece)),
                    Some(left) => {
                        self.left = left;
                        return Poll::Ready(Some(Ok(piece)));
                    }
                },
            }
        }
    }

    /// The failure goes two ways: into the connection, which breaks off, and to whoever waits for the answer.
    fn fail(&self, failure: io::Error) -> io::Error {
        let shown = io::Error::new(failure.kind(), failure.to_string());
        *lock(&self.progress.failure) = Some(failure);
        shown
    }
}

impl Body for Sized {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.progress.asked.fetch_add(1, Ordering::Relaxed);
        let polled = self.poll_piece(context);
        self.progress.waits_for_source.store(polled.is_pending(), Ordering::Relaxed);
        polled.map(|piece| piece.map(|piece| piece.map(Frame::data).map_err(|failure| self.fail(failure))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0 && self.held.is_none() && matches!(self.pieces, Pieces::Whole(None))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left + self.held.as_ref().map_or(0, |piece| piece.len() as u64))
    }
}

fn changed(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, what)
}
