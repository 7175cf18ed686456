//! A reader, part by part.

use std::fmt;
use std::pin::Pin;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt};

use super::parts::{LARGEST_FILE, MOST_PARTS, growing, part_size};
use super::piece::Piece;
use super::spool::Spool;
use crate::allowance::SetAside;
use crate::{Drive, Error};

/// Bytes of a reader that are in memory at the same time, as far as a disk can have the rest.
const HELD: u64 = 8 << 20;
/// Bytes that go to the disk at once.
const BATCH: usize = 1 << 20;

/// A reader, and what has come of it.
pub(super) struct Reading {
    reader: Pin<Box<dyn AsyncRead + Send>>,
    name: String,
    length: Option<u64>,
    /// Size of parts to begin with.
    part: u64,
    /// Parts that there can be at the same time.
    at_once: u64,
    spool: Spool,
    aside: SetAside,
    come: u64,
    parts: u64,
    is_over: bool,
}

impl Reading {
    pub(super) fn new(
        reader: Pin<Box<dyn AsyncRead + Send>>,
        length: Option<u64>,
        name: &str,
        drive: &Drive,
    ) -> Result<Self, Error> {
        let name = name.to_owned();
        let wished = drive.settings().part_size;
        let part = match length {
            None => wished,
            Some(length) => {
                part_size(length, wished).ok_or_else(|| Error::TooLarge { name: name.clone(), most: LARGEST_FILE })?
            }
        };
        // Those on their way, and one that is read meanwhile.
        let at_once = drive.settings().parts_at_once as u64 + 1;
        let (spool, aside) = (Spool::of(drive), drive.allowance().set_aside(&name, length.unwrap_or(0))?);
        Ok(Self { reader, name, length, part, at_once, spool, aside, come: 0, parts: 0, is_over: false })
    }

    pub(super) fn length(&self) -> Option<u64> {
        self.length
    }

    /// Whether nothing follows; known once a part came short.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    /// The bytes of the next part; none after the last. Every part but the last is full.
    pub(super) async fn next(&mut self) -> Result<Option<Piece>, Error> {
        if self.is_over {
            return Ok(None);
        }
        if self.parts == MOST_PARTS {
            return self.expect_end().await;
        }
        let size = match self.length {
            Some(_) => self.part,
            None => growing(self.come, self.part, self.spool.is_there()),
        };
        if self.parts > 0 {
            // What came before is sent in parts.
            self.aside.moved(self.come);
        }
        self.parts += 1;
        let part = if size.saturating_mul(self.at_once) <= HELD || !self.spool.is_there() {
            Piece::Bytes(self.held(size).await?)
        } else {
            let beginning = self.held(size.min(BATCH as u64)).await?;
            if self.is_over { Piece::Bytes(beginning) } else { self.on_disk(beginning, size).await? }
        };
        // The first may be all that there is: nothing at all.
        Ok(Some(part).filter(|part| part.length() > 0 || self.parts == 1))
    }

    /// So many bytes in memory, or fewer if the reader ends.
    async fn held(&mut self, size: u64) -> Result<Bytes, Error> {
        let mut part = BytesMut::new();
        while !self.is_over && (part.len() as u64) < size {
            let left = usize::try_from(size - part.len() as u64).unwrap_or(usize::MAX);
            part.reserve(left.min(64 * 1024));
            let mut room = bytes::BufMut::limit(&mut part, left);
            let read = self.reader.read_buf(&mut room).await.map_err(|failure| self.broken(failure.to_string()))?;
            self.come += read as u64;
            self.is_over = read == 0;
            self.check()?;
            self.aside.need(&self.name, self.come)?;
        }
        Ok(part.freeze())
    }

    /// So many bytes in a file that nobody else sees, or fewer if the reader ends; these come first.
    async fn on_disk(&mut self, beginning: Bytes, size: u64) -> Result<Piece, Error> {
        let mut file = self.spool.file(size).await?;
        let mut left = size - beginning.len() as u64;
        file.write(beginning).await?;
        while !self.is_over && left > 0 {
            let batch = self.held(left.min(BATCH as u64)).await?;
            left -= batch.len() as u64;
            file.write(batch).await?;
        }
        file.into_piece().await
    }

    /// As many as were announced, once it is over, and never more.
    fn check(&self) -> Result<(), Error> {
        match self.length {
            Some(length) if self.come > length => {
                Err(self.broken(format!("it goes on after the {length} bytes that it was to have")))
            }
            Some(length) if self.is_over && self.come < length => {
                Err(self.broken(format!("it ended after {} of {length} bytes", self.come)))
            }
            _ => Ok(()),
        }
    }

    async fn expect_end(&mut self) -> Result<Option<Piece>, Error> {
        let mut one = [0];
        match self.reader.read(&mut one).await {
            Ok(0) => Ok(None),
            Ok(_) => Err(Error::TooLarge { name: self.name.clone(), most: self.come }),
            Err(failure) => Err(self.broken(failure.to_string())),
        }
    }

    fn broken(&self, reason: String) -> Error {
        Error::Source { name: self.name.clone(), reason }
    }
}

impl fmt::Debug for Reading {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Reading")
            .field("length", &self.length)
            .field("come", &self.come)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests;
