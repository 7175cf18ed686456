//! Bodies of requests that tell whether any of them was taken to be sent.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// Whether a request may have begun to leave.
#[derive(Debug)]
pub(super) struct Begun(Option<Arc<AtomicBool>>);

impl Begun {
    /// Without a body nobody can tell. With one, the server lacks what it needs until it was taken: the head
    /// announces its length.
    pub(super) fn is_possible(&self) -> bool {
        self.0.as_ref().is_none_or(|taken| taken.load(Ordering::Acquire))
    }
}

/// A body to send, and the means to learn later whether it was.
pub(super) fn tracked(bytes: Option<Bytes>) -> (Option<reqwest::Body>, Begun) {
    let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty()) else { return (None, Begun(None)) };
    let taken = Arc::new(AtomicBool::new(false));
    let body = Tracked { bytes: Some(bytes), taken: Arc::clone(&taken) };
    (Some(reqwest::Body::wrap(body)), Begun(Some(taken)))
}

struct Tracked {
    bytes: Option<Bytes>,
    taken: Arc<AtomicBool>,
}

impl Body for Tracked {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.taken.store(true, Ordering::Release);
        Poll::Ready(self.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}
