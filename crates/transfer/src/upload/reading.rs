//! A reader, part by part.

use std::fmt;
use std::pin::Pin;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt};

use super::memory::{Held, Place};
use super::parts::{LARGEST_FILE, MOST_PARTS, growing, part_size};
use super::piece::Piece;
use super::spool::Spool;
use crate::allowance::SetAside;
use crate::{Drive, Error};

/// Bytes that go to the disk at once.
const BATCH: usize = 1 << 20;
/// Bytes of memory that are taken at once where nobody knows what comes; what is taken doubles from there.
const STEP: u64 = 64 << 10;

/// A reader, and what has come of it.
pub(super) struct Reading {
    reader: Pin<Box<dyn AsyncRead + Send>>,
    name: String,
    length: Option<u64>,
    /// Size of parts to begin with.
    part: u64,
    /// Parts that there can be at the same time.
    at_once: u64,
    /// Memory for its parts, as far as there was enough of it for all that are there at the same time.
    place: Option<Place>,
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
        let place = drive.reader_memory().place(part.saturating_mul(at_once).min(length.unwrap_or(u64::MAX)));
        let (spool, aside) = (Spool::of(drive), drive.allowance().set_aside(&name, length.unwrap_or(0))?);
        Ok(Self { reader, name, length, part, at_once, place, spool, aside, come: 0, parts: 0, is_over: false })
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
        let part = if self.has_place_for(size) || !self.spool.is_there() {
            Piece::Bytes(self.held(size).await?)
        } else {
            let beginning = self.held(size.min(BATCH as u64)).await?;
            if self.is_over { Piece::Bytes(beginning) } else { self.on_disk(beginning, size).await? }
        };
        // The first may be all that there is: nothing at all.
        Ok(Some(part).filter(|part| part.length() > 0 || self.parts == 1))
    }

    /// Whether parts of that size are in memory, as many as there are at the same time.
    fn has_place_for(&self, size: u64) -> bool {
        let needed = size.saturating_mul(self.at_once).min(self.length.unwrap_or(u64::MAX));
        self.place.as_ref().is_some_and(|place| needed <= place.bytes())
    }

    /// So many bytes in memory, or fewer if the reader ends.
    async fn held(&mut self, size: u64) -> Result<Bytes, Error> {
        let mut part = Held::new(self.place.as_ref());
        // Where it is known what comes, the memory is taken at once.
        let ahead = self.length.map_or(STEP, |length| length.saturating_sub(self.come));
        while !self.is_over && (part.bytes.len() as u64) < size {
            let left = size - part.bytes.len() as u64;
            part.bytes.reserve(usize::try_from(left.min(ahead)).unwrap_or(usize::MAX));
            let mut room = bytes::BufMut::limit(&mut part.bytes, usize::try_from(left).unwrap_or(usize::MAX));
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
