//! Bodies of requests that can be called back until they leave.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use reqwest::header::HeaderValue;

use super::departure::Departure;
use crate::Request;
use crate::form::{Form, Piece};
use crate::object_storage::Progress;

/// What a body holds.
#[derive(Clone)]
pub(crate) struct Payload {
    content: Content,
    length: u64,
}

#[derive(Clone)]
enum Content {
    Json(Bytes),
    Form(Vec<Piece>),
}

impl Payload {
    /// The body of a request with its type, if it has one.
    pub(crate) fn of(request: &Request) -> (Option<HeaderValue>, Option<Self>) {
        if let Some(form) = request.form_body().map(Form::encoded) {
            let payload = Self { content: Content::Form(form.pieces), length: form.length };
            return (HeaderValue::try_from(form.content_type).ok(), Some(payload));
        }
        let json = request.json_body();
        let content_type = json.is_some().then(|| HeaderValue::from_static("application/json; charset=utf-8"));
        (content_type, json.map(Self::from))
    }
}

impl Payload {
    /// The JSON, where it is no form.
    pub(super) fn json(&self) -> Option<&Bytes> {
        match &self.content {
            Content::Json(bytes) => Some(bytes),
            Content::Form(_) => None,
        }
    }

    /// How many bytes it has.
    pub(super) fn length(&self) -> u64 {
        self.length
    }
}

impl From<Bytes> for Payload {
    fn from(bytes: Bytes) -> Self {
        Self { length: bytes.len() as u64, content: Content::Json(bytes) }
    }
}

/// The sender's end of a request.
#[derive(Debug, Default)]
pub(super) struct Recall {
    departure: Option<Arc<Departure>>,
    /// What became of the streams in it.
    streams: Vec<Arc<Progress>>,
}

impl Recall {
    /// Calls the request back; whether the server cannot have got it, nor ever will.
    ///
    /// Without a body nobody can tell. With one, the server lacks what it needs until it was taken: the head
    /// announces its length.
    pub(super) fn succeeds(&self) -> bool {
        self.departure.as_ref().is_some_and(|departure| departure.withdraw())
    }

    /// Why a stream gave up, if one did.
    pub(super) fn take_failure(&self) -> Option<io::Error> {
        self.streams.iter().find_map(|stream| stream.take_failure())
    }
}

/// A body to send, and the means to call it back.
pub(super) fn recallable(payload: Option<Payload>) -> (Option<reqwest::Body>, Recall) {
    let Some(payload) = payload.filter(|payload| payload.length > 0) else { return (None, Recall::default()) };
    let departure = Arc::new(Departure::new());
    let mut streams = Vec::new();
    let (current, pieces) = match payload.content {
        Content::Json(bytes) => (Some(Open::Bytes(bytes)), Vec::new()),
        Content::Form(pieces) => (None, pieces),
    };
    let open = |piece| match piece {
        Piece::Bytes(bytes) => Open::Bytes(bytes),
        Piece::Stream(file) => {
            let (body, progress) = file.open().into_body();
            streams.push(progress);
            Open::Stream(body)
        }
    };
    let rest: Vec<Open> = pieces.into_iter().map(open).collect();
    let (rest, left) = (rest.into_iter(), payload.length);
    let body = Recallable { current, rest, left, departure: Arc::clone(&departure) };
    (Some(reqwest::Body::wrap(body)), Recall { departure: Some(departure), streams })
}

struct Recallable {
    current: Option<Open>,
    rest: std::vec::IntoIter<Open>,
    /// Bytes that are still to leave.
    left: u64,
    departure: Arc<Departure>,
}

/// A piece that is read.
enum Open {
    Bytes(Bytes),
    Stream(reqwest::Body),
}

impl Recallable {
    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Broken>>> {
        loop {
            let polled = match &mut self.current {
                None => None,
                Some(Open::Bytes(bytes)) => (!bytes.is_empty()).then(|| std::mem::take(bytes)),
                Some(Open::Stream(body)) => match ready!(Pin::new(body).poll_frame(context)) {
                    Some(Ok(frame)) => Some(frame.into_data().unwrap_or_default()),
                    // Why is told to the sender by the stream itself.
                    Some(Err(_)) => return Poll::Ready(Some(Err(Broken::Stream))),
                    None => None,
                },
            };
            match polled {
                Some(bytes) if bytes.is_empty() => {}
                Some(bytes) => return Poll::Ready(Some(Ok(bytes))),
                None => {
                    self.current = self.rest.next();
                    if self.current.is_none() {
                        return Poll::Ready(None);
                    }
                }
            }
        }
    }
}

/// Why nothing more of a body leaves.
#[derive(Debug)]
enum Broken {
    /// The sender has given up meanwhile, and counts on it that nothing leaves.
    CalledBack,
    /// A stream in it has no more.
    Stream,
}

impl fmt::Display for Broken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::CalledBack => "the request was called back",
            Self::Stream => "a file in the request cannot be read",
        })
    }
}

impl std::error::Error for Broken {}

impl Body for Recallable {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        if !self.departure.take() {
            return Poll::Ready(Some(Err(Broken::CalledBack)));
        }
        let polled = ready!(self.poll_piece(context));
        if let Some(Ok(bytes)) = &polled {
            self.left = self.left.saturating_sub(bytes.len() as u64);
        }
        Poll::Ready(polled.map(|piece| piece.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
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
        let (body, recall) = recallable(Some(Bytes::from_static(b"{}").into()));
        assert!(recall.succeeds());
        let mut body = body.unwrap();
        assert_eq!((poll(&mut body), poll(&mut body)), (Some(false), Some(false)));
        assert!(recall.succeeds());

        let (body, recall) = recallable(Some(Bytes::from_static(b"{}").into()));
        let mut body = body.unwrap();
        assert_eq!(poll(&mut body), Some(true));
        assert!(!recall.succeeds());
        assert_eq!(poll(&mut body), None);
    }

    #[test]
    fn nobody_can_call_back_what_has_no_body() {
        for nothing in [None, Some(Bytes::new().into())] {
            let (body, recall) = recallable(nothing);
            assert!(body.is_none() && !recall.succeeds());
        }
    }
}
