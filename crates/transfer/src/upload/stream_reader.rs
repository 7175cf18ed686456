//! A stream of pieces as a reader.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use futures_core::Stream;
use tokio::io::{AsyncRead, ReadBuf};

/// Gives the bytes of a stream's pieces.
pub(super) struct StreamReader {
    stream: Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>,
    piece: Bytes,
}

impl StreamReader {
    pub(super) fn new(stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Self {
        Self { stream: Box::pin(stream), piece: Bytes::new() }
    }
}

impl AsyncRead for StreamReader {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, room: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        // An empty piece is no end.
        while self.piece.is_empty() {
            match ready!(self.stream.as_mut().poll_next(context)).transpose()? {
                Some(piece) => self.piece = piece,
                None => return Poll::Ready(Ok(())),
            }
        }
        let length = self.piece.len().min(room.remaining());
        room.put_slice(self.piece.get(..length).unwrap_or_default());
        self.piece.advance(length);
        Poll::Ready(Ok(()))
    }
}
