//! Bodies of requests that can be called back until they leave.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::departure::Departure;

/// The sender's end of a request.
#[derive(Debug)]
pub(super) struct Recall(Option<Arc<Departure>>);

impl Recall {
    /// Calls the request back; whether the server cannot have got it, nor ever will.
    ///
    /// Without a body nobody can tell. With one, the server lacks what it needs until it was taken: the head
    /// announces its length.
    pub(super) fn succeeds(&self) -> bool {
        self.0.as_ref().is_some_and(|departure| departure.withdraw())
    }
}

/// A body to send, and the means to call it back.
pub(super) fn recallable(bytes: Option<Bytes>) -> (Option<reqwest::Body>, Recall) {
    let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty()) else { return (None, Recall(None)) };
    let departure = Arc::new(Departure::new());
    let body = Recallable { bytes: Some(bytes), departure: Arc::clone(&departure) };
    (Some(reqwest::Body::wrap(body)), Recall(Some(departure)))
}

struct Recallable {
    bytes: Option<Bytes>,
    departure: Arc<Departure>,
}

/// The sender has given up meanwhile, and counts on it that nothing leaves.
#[derive(Debug)]
struct CalledBack;

impl fmt::Display for CalledBack {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the request was called back")
    }
}

impl std::error::Error for CalledBack {}

impl Body for Recallable {
    type Data = Bytes;
    type Error = CalledBack;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, CalledBack>>> {
        if !self.departure.take() {
            return Poll::Ready(Some(Err(CalledBack)));
        }
        Poll::Ready(self.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn poll(body: &mut reqwest::Body) -> Option<bool> {
        let mut context = Context::from_waker(std::task::Waker::noop());
        match Pin::new(body).poll_frame(&mut context) {
            Poll::Ready(frame) => frame.map(|frame| frame.is_ok()),
            Poll::Pending => unreachable!("it waits for nothing"),
        }
    }

    #[test]
    fn a_body_that_was_called_back_never_leaves_and_one_that_left_is_not_called_back() {
        let (body, recall) = recallable(Some(Bytes::from_static(b"{}")));
        assert!(recall.succeeds());
        let mut body = body.unwrap();
        assert_eq!((poll(&mut body), poll(&mut body)), (Some(false), Some(false)));
        assert!(recall.succeeds());

        let (body, recall) = recallable(Some(Bytes::from_static(b"{}")));
        let mut body = body.unwrap();
        assert_eq!(poll(&mut body), Some(true));
        assert!(!recall.succeeds());
        assert_eq!(poll(&mut body), None);
    }

    #[test]
    fn nobody_can_call_back_what_has_no_body() {
        for nothing in [None, Some(Bytes::new())] {
            let (body, recall) = recallable(nothing);
            assert!(body.is_none() && !recall.succeeds());
        }
    }
}
