//! One stretch on its way to the disk, with its checksum.

use bytes::Bytes;
use tokio::task::JoinHandle;

use super::Part;
use crate::Error;
use crate::checksum::Crc64;
use crate::local::StagedBytes;

/// Bytes that are written at once.
const BATCH: usize = 512 << 10;

/// Writes a stretch while more of it comes: one batch is on its way to the disk, another one is collected.
pub(super) struct PartWriter {
    bytes: StagedBytes,
    /// Where in the remote file the local one begins.
    base: u64,
    start: u64,
    at: u64,
    pieces: Vec<Bytes>,
    held: usize,
    running: Option<JoinHandle<Result<Crc64, Error>>>,
}

impl PartWriter {
    pub(super) fn new(bytes: StagedBytes, base: u64, start: u64) -> Self {
        Self { bytes, base, start, at: start, pieces: Vec::new(), held: 0, running: None }
    }

    /// Where the next byte goes.
    pub(super) fn at(&self) -> u64 {
        self.at
    }

    /// Bytes so far.
    pub(super) fn length(&self) -> u64 {
        self.at - self.start
    }

    pub(super) async fn write(&mut self, piece: Bytes) -> Result<(), Error> {
        self.at += piece.len() as u64;
        self.held += piece.len();
        self.pieces.push(piece);
        if self.held >= BATCH { self.flush().await } else { Ok(()) }
    }

    /// Waits until all of it is written.
    pub(super) async fn finish(mut self) -> Result<Part, Error> {
        self.flush().await?;
        let crc = self.written().await?.value();
        Ok(Part { range: self.start..self.at, crc })
    }

    async fn flush(&mut self) -> Result<(), Error> {
        let mut crc = self.written().await?;
        let pieces = std::mem::take(&mut self.pieces);
        let mut offset = self.at - self.base - self.held as u64;
        self.held = 0;
        let bytes = self.bytes.clone();
        self.running = Some(tokio::task::spawn_blocking(move || {
            for piece in pieces {
                crc.update(&piece);
                bytes.write_all_at(&piece, offset)?;
                offset += piece.len() as u64;
            }
            Ok(crc)
        }));
        Ok(())
    }

    /// The checksum of what was written, when all that was on its way is.
    async fn written(&mut self) -> Result<Crc64, Error> {
        match self.running.take() {
            None => Ok(Crc64::new()),
            Some(running) => {
                let done = running.await;
                done.unwrap_or_else(|lost| Err(Error::Answer(format!("work on a file was lost: {lost}"))))
            }
        }
    }
}
