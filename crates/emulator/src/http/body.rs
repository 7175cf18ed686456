//! Bodies of answers: bytes, chunks in memory or ranges of files, delivered as a fault wants it.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::task::JoinHandle;

use super::Control;

/// Bytes that are read from a file at once.
const READ: u64 = 1 << 20;

/// Where a stretch of bytes comes from.
#[derive(Debug, Clone)]
pub enum Source {
    /// Memory.
    Memory(Bytes),
    /// A range of a file.
    File {
        /// The file.
        path: PathBuf,
        /// Offset of the first byte.
        from: u64,
        /// How many bytes.
        length: u64,
    },
}

impl Source {
    fn length(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::File { length, .. } => *length,
        }
    }
}

/// What happens to a body on its way.
#[derive(Debug, Clone, Default)]
pub struct Delivery {
    /// After so many bytes, fewer than there are, nothing more comes: with a reset, or with an orderly close.
    pub cut: Option<(u64, bool)>,
    /// After so many bytes, fewer than there are, nothing comes for this long; without a duration, for ever.
    pub stall: Option<(u64, Option<Duration>)>,
    /// This bit is wrong, counted from the first.
    pub flip: Option<u64>,
    /// No more than so many bytes in a second.
    pub rate: Option<u64>,
}

impl Delivery {
    /// How many of the next bytes may go out before something happens.
    fn stretch(&self, sent: u64, length: usize) -> usize {
        let stops = [self.cut.map(|(at, _)| at), self.stall.map(|(at, _)| at)];
        let stop = stops.into_iter().flatten().filter(|at| *at > sent).min().map(|at| at - sent);
        let stop = stop.into_iter().chain(self.rate.map(|rate| (rate / 10).max(1))).min();
        stop.and_then(|stop| usize::try_from(stop).ok()).map_or(length, |stop| length.min(stop))
    }
}

/// A file that is being read; the next bytes are read while the last ones are sent.
struct Reading {
    next: JoinHandle<io::Result<(File, Vec<u8>)>>,
    /// Bytes that are still to come, those of `next` included.
    left: u64,
}

impl Reading {
    fn start(path: PathBuf, from: u64, length: u64) -> Self {
        let open = move || {
            let mut file = File::open(path)?;
            file.seek(io::SeekFrom::Start(from))?;
            read(file, length.min(READ))
        };
        Self { next: tokio::task::spawn_blocking(open), left: length }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
        let (file, bytes) = match Pin::new(&mut self.next).poll(context) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(joined) => joined.map_err(io::Error::other)??,
        };
        self.left -= bytes.len() as u64;
        let wanted = self.left.min(READ);
        if wanted > 0 {
            self.next = tokio::task::spawn_blocking(move || read(file, wanted));
        }
        Poll::Ready(Ok(bytes.into()))
    }
}

fn read(mut file: File, wanted: u64) -> io::Result<(File, Vec<u8>)> {
    let mut bytes = Vec::with_capacity(usize::try_from(wanted).unwrap_or_default());
    (&mut file).take(wanted).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == wanted {
        Ok((file, bytes))
    } else {
        Err(io::Error::other("the stored file is shorter than it was"))
    }
}

/// The body of an answer.
pub struct Body {
    sources: VecDeque<Source>,
    reading: Option<Reading>,
    /// What a fault held back of the last bytes.
    rest: Option<Bytes>,
    length: u64,
    sent: u64,
    delivery: Delivery,
    control: Option<Arc<Control>>,
    pause: Option<Pin<Box<tokio::time::Sleep>>>,
    seen_flushes: Option<u64>,
}

impl Body {
    /// A body of these bytes.
    pub fn new(sources: impl IntoIterator<Item = Source>) -> Self {
        let sources: VecDeque<Source> = sources.into_iter().filter(|each| each.length() > 0).collect();
        let length = sources.iter().map(Source::length).sum();
        Self {
            sources,
            reading: None,
            rest: None,
            length,
            sent: 0,
            delivery: Delivery::default(),
            control: None,
            pause: None,
            seen_flushes: None,
        }
    }

    /// A body of bytes in memory.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self::new([Source::Memory(bytes.into())])
    }

    /// The next bytes; nothing at the end.
    pub async fn next(&mut self) -> Option<io::Result<Bytes>> {
        std::future::poll_fn(|context| self.poll_bytes(context)).await
    }

    /// Bytes of the whole body.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The same body, delivered as a fault wants it.
    #[must_use]
    pub fn delivered(mut self, delivery: Delivery, control: Arc<Control>) -> Self {
        self.delivery = delivery;
        self.control = Some(control);
        self
    }

    /// What the fault does at this place of the body; ready when nothing, or no longer anything, is to happen.
    fn poll_fault(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let Some((at, duration)) = self.delivery.stall
            && self.sent >= at
        {
            let Some(duration) = duration else { return Poll::Pending };
            self.delivery.stall = None;
            self.pause = Some(Box::pin(tokio::time::sleep(duration)));
        }
        if let Some(pause) = &mut self.pause {
            if pause.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            self.pause = None;
        }
        match self.delivery.cut {
            Some((at, reset)) if self.sent >= at => self.poll_cut(reset, context).map(Err),
            _ => Poll::Ready(Ok(())),
        }
    }

    /// Ends the connection once everything so far has left.
    fn poll_cut(&mut self, reset: bool, context: &mut Context<'_>) -> Poll<io::Error> {
        if let Some(control) = &self.control {
            let seen = *self.seen_flushes.get_or_insert_with(|| control.flushes());
            control.wake_at_flush(context.waker());
            if control.flushes() == seen {
                return Poll::Pending;
            }
            if reset {
                control.reset();
            }
        }
        Poll::Ready(io::Error::other("cut by a fault"))
    }

    fn poll_bytes(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        if let Some(rest) = self.rest.take() {
            return Poll::Ready(Some(Ok(rest)));
        }
        loop {
            if let Some(reading) = self.reading.as_mut().filter(|reading| reading.left > 0) {
                return reading.poll(context).map(Some);
            }
            match self.sources.pop_front() {
                None => return Poll::Ready(None),
                Some(Source::Memory(bytes)) => return Poll::Ready(Some(Ok(bytes))),
                Some(Source::File { path, from, length }) => {
                    self.reading = Some(Reading::start(path, from, length));
                }
            }
        }
    }

    /// The next bytes, as far as they may go out undisturbed, and with the wrong bit.
    fn prepare(&mut self, mut bytes: Bytes) -> Bytes {
        let stretch = self.delivery.stretch(self.sent, bytes.len());
        if stretch < bytes.len() {
            self.rest = Some(bytes.split_off(stretch));
        }
        if let Some(bit) = self.delivery.flip
            && (self.sent..self.sent + bytes.len() as u64).contains(&(bit / 8))
        {
            let mut changed = bytes.to_vec();
            let place = usize::try_from(bit / 8 - self.sent).unwrap_or_default();
            if let Some(byte) = changed.get_mut(place) {
                *byte ^= 1 << (bit % 8);
            }
            bytes = changed.into();
        }
        if let Some(rate) = self.delivery.rate {
            let millis = (bytes.len() as u64).saturating_mul(1000).div_ceil(rate.max(1));
            self.pause = Some(Box::pin(tokio::time::sleep(Duration::from_millis(millis))));
        }
        self.sent += bytes.len() as u64;
        bytes
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match self.poll_fault(context) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(Err(error)) => return Poll::Ready(Some(Err(error))),
            Poll::Ready(Ok(())) => {}
        }
        match self.poll_bytes(context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Some(Ok(bytes))) => {
                let bytes = self.prepare(bytes);
                Poll::Ready(Some(Ok(Frame::data(bytes))))
            }
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(error))),
            // A body of a known length is left behind its last byte, so nothing can be done here.
            Poll::Ready(None) => Poll::Ready(None),
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length.saturating_sub(self.sent))
    }

    fn is_end_stream(&self) -> bool {
        self.length == 0
    }
}
