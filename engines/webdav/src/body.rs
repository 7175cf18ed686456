//! The body of a request, held against what was announced of it.

use std::error::Error as StdError;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use crate::asked::Asked;
use crate::failure::Failure;

/// A body that breaks where it stands still, and where it has another length than was announced: what is written then
/// is not committed.
pub struct Checked<B> {
    body: B,
    asked: Asked,
    /// Bytes that are still to come, where somebody has said how many there are.
    left: Option<u64>,
    patience: Duration,
    stall: Pin<Box<Sleep>>,
}

impl<B> Checked<B> {
    pub fn new(body: B, asked: Asked, announced: Option<u64>, patience: Duration) -> Self {
        Self { body, asked, left: announced, patience, stall: Box::pin(sleep(patience)) }
    }

    fn broken(&self, status: StatusCode, kind: io::ErrorKind, message: &str) -> io::Error {
        let _ = self.asked.told::<()>(Err(Failure::new(status, message)));
        io::Error::new(kind, message)
    }
}

impl<B> Body for Checked<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: StdError + Send + Sync + 'static,
{
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let frame = match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Ready(frame) => frame,
            Poll::Pending if self.stall.as_mut().poll(context).is_pending() => return Poll::Pending,
            Poll::Pending => {
                let message = "nothing came for too long; nothing was stored";
                return Poll::Ready(Some(Err(self.broken(
                    StatusCode::REQUEST_TIMEOUT,
                    io::ErrorKind::TimedOut,
                    message,
                ))));
            }
        };
        let until = tokio::time::Instant::now() + self.patience;
        self.stall.as_mut().reset(until);
        let came = match &frame {
            Some(Ok(frame)) => frame.data_ref().map_or(0, |data| data.len() as u64),
            _ => 0,
        };
        let is_over = frame.is_none();
        let fits = self.left.is_none_or(|left| came <= left && !(is_over && left > 0));
        if !fits {
            let message = "the body has another length than was announced; nothing was stored";
            let broken = self.broken(StatusCode::BAD_REQUEST, io::ErrorKind::InvalidData, message);
            return Poll::Ready(Some(Err(broken)));
        }
        self.left = self.left.map(|left| left - came);
        match frame {
            Some(Err(error)) => {
                let message = format!("the request was cut: {error}; nothing was stored");
                Poll::Ready(Some(Err(self.broken(StatusCode::BAD_REQUEST, io::ErrorKind::UnexpectedEof, &message))))
            }
            Some(Ok(frame)) => Poll::Ready(Some(Ok(frame))),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream() && self.left.is_none_or(|left| left == 0)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
