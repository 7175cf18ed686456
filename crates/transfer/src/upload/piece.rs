//! What one PUT sends, and what is noted while it does.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use dingtalk_storage::runtime::object_storage::Content;
use futures_core::Stream;
use futures_util::{StreamExt, TryStreamExt, stream};

use super::file::LocalFile;
use super::progress::Meter;
use crate::Error;
use crate::checksum::Crc64;
use crate::pace::Pace;

/// Bytes that are handed on at once, so that progress is told while they move.
const HANDED_ON: usize = 256 * 1024;

/// A file, or a part of one, that can be sent as often as it takes.
#[derive(Debug, Clone)]
pub(super) enum Piece {
    Bytes(Bytes),
    File { file: LocalFile, start: u64, length: u64 },
}

impl Piece {
    pub(super) fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File { length, .. } => *length,
        }
    }

    /// Its file, where it is all of one.
    pub(super) fn file(&self) -> Option<&LocalFile> {
        match self {
            Self::Bytes(_) => None,
            Self::File { file, .. } => Some(file),
        }
    }

    /// What became of sending it, unless it was changed meanwhile: that explains all else.
    pub(super) async fn unless_changed<T>(&self, name: &str, sent: Result<T, Error>) -> Result<T, Error> {
        match self.file() {
            None => sent,
            Some(file) => match file.change().await? {
                Some(reason) => Err(Error::Source { name: name.to_owned(), reason }),
                None => sent,
            },
        }
    }

    /// A part of it.
    pub(super) fn part(&self, start: u64, length: u64) -> Self {
        match self {
            Self::Bytes(bytes) => {
                let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
                Self::Bytes(bytes.slice(place(start)..place(start.saturating_add(length))))
            }
            Self::File { file, start: first, .. } => Self::File { file: file.clone(), start: first + start, length },
        }
    }

    /// The bytes once more, counted by `attempt` as they go.
    pub(super) fn content(&self, attempt: &Arc<Attempt>) -> Content {
        match self {
            Self::Bytes(bytes) => {
                let piece = attempt.pace.piece(HANDED_ON);
                let starts = (0..bytes.len()).step_by(piece);
                let bytes = bytes.clone();
                let slices = starts.map(move |start| bytes.slice(start..bytes.len().min(start + piece)));
                Content::stream(self.length(), counted(stream::iter(slices).map(Ok), attempt))
            }
            Self::File { file, start, length } => {
                let pieces = file.read(*start, *length, attempt.pace.piece(HANDED_ON));
                Content::stream(*length, counted(pieces, attempt))
            }
        }
    }
}

fn counted(
    pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    attempt: &Arc<Attempt>,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    let attempt = Arc::clone(attempt);
    pieces.and_then(move |piece| {
        let attempt = Arc::clone(&attempt);
        async move {
            attempt.pace.pass(piece.len() as u64).await;
            attempt.count(&piece);
            Ok(piece)
        }
    })
}

/// One try to send a piece.
#[derive(Debug)]
pub(super) struct Attempt {
    crc: Mutex<Crc64>,
    sent: AtomicU64,
    meter: Arc<Meter>,
    pace: Arc<Pace>,
}

impl Attempt {
    pub(super) fn new(meter: &Arc<Meter>, pace: &Arc<Pace>) -> Arc<Self> {
        let (meter, pace) = (Arc::clone(meter), Arc::clone(pace));
        Arc::new(Self { crc: Mutex::new(Crc64::new()), sent: AtomicU64::new(0), meter, pace })
    }

    /// CRC-64/XZ of what was sent.
    pub(super) fn crc(&self) -> u64 {
        self.crc.lock().unwrap_or_else(PoisonError::into_inner).value()
    }

    /// Takes back what was told about it, because it comes again.
    pub(super) fn void(&self) {
        self.meter.take_back(self.sent.swap(0, Ordering::Relaxed));
    }

    fn count(&self, piece: &Bytes) {
        self.crc.lock().unwrap_or_else(PoisonError::into_inner).update(piece);
        self.sent.fetch_add(piece.len() as u64, Ordering::Relaxed);
        self.meter.add(piece.len() as u64);
    }
}
