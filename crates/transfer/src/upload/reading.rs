//! A reader, part by part.

use std::fmt;
use std::pin::Pin;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt};

use super::parts::{LARGEST_FILE, growing, part_size};
use crate::Error;

/// A reader, and what has come of it.
pub(super) struct Reading {
    reader: Pin<Box<dyn AsyncRead + Send>>,
    name: String,
    length: Option<u64>,
    /// Size of parts to begin with.
    part: u64,
    come: u64,
    is_over: bool,
}

impl Reading {
    pub(super) fn new(
        reader: Pin<Box<dyn AsyncRead + Send>>,
        length: Option<u64>,
        name: &str,
        wished: u64,
    ) -> Result<Self, Error> {
        let name = name.to_owned();
        let part = match length {
            None => wished,
            Some(length) => {
                part_size(length, wished).ok_or_else(|| Error::TooLarge { name: name.clone(), most: LARGEST_FILE })?
            }
        };
        Ok(Self { reader, name, length, part, come: 0, is_over: false })
    }

    pub(super) fn length(&self) -> Option<u64> {
        self.length
    }

    /// Whether nothing follows; known once a part came short.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    /// The bytes of a part, counted from 1; none after the last. Every part but the last is full.
    pub(super) async fn part(&mut self, number: i32) -> Result<Bytes, Error> {
        let size = match self.length {
            Some(_) => Some(self.part),
            None => growing(u64::from(number.max(1).unsigned_abs()), self.part),
        };
        let Some(size) = size else { return self.expect_end().await };
        let mut part = BytesMut::new();
        while !self.is_over && (part.len() as u64) < size {
            let left = usize::try_from(size - part.len() as u64).unwrap_or(usize::MAX);
            part.reserve(left.min(64 * 1024));
            let mut room = bytes::BufMut::limit(&mut part, left);
            let read = self.reader.read_buf(&mut room).await.map_err(|failure| self.broken(failure.to_string()))?;
            self.come += read as u64;
            self.is_over = read == 0;
            self.check()?;
        }
        Ok(part.freeze())
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

    async fn expect_end(&mut self) -> Result<Bytes, Error> {
        let mut one = [0];
        match self.reader.read(&mut one).await {
            Ok(0) => Ok(Bytes::new()),
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
