//! A file that is read.

use std::fmt;
use std::io::SeekFrom;
use std::sync::Mutex;

use bytes::{Buf, Bytes};
use dav_server::fs::{DavFile, DavMetaData, FsError, FsFuture};
use dingtalk_storage_transfer::{ByteStream, Category, Entry, Error};
use http::StatusCode;

use super::meta_of;
use crate::asked::Asked;
use crate::failure::Failure;
use crate::place::Place;
use crate::range::Range;

/// A file that is read.
///
/// Its bytes are asked for before the answer begins, so that its length is that of what comes, and what cannot be
/// fetched is told by a status. The last bytes of a whole file are held back until the storage's checksum has been held
/// against all of them: a client that has all bytes has the right ones.
pub(super) struct Reading {
    asked: Asked,
    entry: Entry,
    open: Option<Open>,
    /// Where the next byte is read.
    at: u64,
}

/// Bytes that are on their way. Nothing but the exclusive owner looks into the lock: it makes the stream `Sync`.
struct Open {
    stream: Mutex<ByteStream>,
    wanted: Range,
    /// Came, and was not read yet.
    piece: Bytes,
    /// Where the byte after the piece is.
    come: u64,
}

impl Open {
    async fn new(asked: &Asked, entry: &Entry, wanted: Range) -> Result<Self, Error> {
        let download = asked.drive().download(entry);
        let mut stream = match wanted.end {
            Some(end) => download.range(wanted.start..end).bytes_stream(),
            None => download.range(wanted.start..).bytes_stream(),
        };
        let piece = stream.try_next().await?.unwrap_or_default();
        let come = wanted.start + piece.len() as u64;
        Ok(Self { stream: Mutex::new(stream), wanted, piece, come })
    }

    fn stream(&mut self) -> &mut ByteStream {
        self.stream.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Waits for a piece; none where there is nothing left.
    async fn fill(&mut self) -> Result<(), Error> {
        if self.piece.is_empty()
            && let Some(piece) = self.stream().try_next().await?
        {
            self.come += piece.len() as u64;
            self.piece = piece;
        }
        Ok(())
    }

    /// Whether the piece is the last of a whole file.
    fn is_last(&self, entry: &Entry) -> bool {
        self.wanted == Range::WHOLE && self.come >= entry.size
    }

    /// Waits for the end, behind which the checksum is.
    async fn end(&mut self) -> Result<bool, Error> {
        Ok(self.stream().try_next().await?.is_none())
    }
}

impl Reading {
    pub(super) async fn open(place: &Place, path: String, asked: &Asked) -> Result<Self, Failure> {
        let entry = place.entry(&path, asked).await?;
        let mut file = Self { asked: asked.clone(), entry, open: None, at: 0 };
        let Some(wanted) = asked.range() else {
            // The bytes may not be wanted at all, and what is told of the file has to be true.
            if !file.asked.is("HEAD") {
                file.entry = place.entry_now(&path, asked).await?;
            }
            return Ok(file);
        };
        let mut open = file.begin(wanted).await;
        if open.as_ref().map_or_else(is_outdated, Option::is_none) {
            // It may have become another one since it was seen. Behind the end of what it is now, nothing is to be read.
            file.entry = place.entry_now(&path, asked).await?;
            open = file.begin(wanted).await;
        }
        file.at = wanted.start;
        file.open = open.map_err(|error| asked.failure_of(&error))?;
        Ok(file)
    }

    /// Asks for bytes; none where the file is another one than was seen, or has none there.
    async fn begin(&self, wanted: Range) -> Result<Option<Open>, Error> {
        if wanted.start > 0 && wanted.start >= self.entry.size {
            return Ok(None);
        }
        let mut open = Open::new(&self.asked, &self.entry, wanted).await?;
        if open.stream().file_size().is_some_and(|size| size != self.entry.size) {
            return Ok(None);
        }
        // What has come already is told to be damaged by a status.
        if open.is_last(&self.entry) && !open.end().await? {
            return Err(Error::Changed { name: self.entry.name.clone() });
        }
        Ok(Some(open))
    }

    async fn read(&mut self, count: usize) -> Result<Bytes, Failure> {
        let asked = self.asked.clone();
        let told = |error: Error| {
            let failure = asked.failure_of(&error);
            tracing::warn!(url = asked.url(), "an answer is cut: {error}");
            failure
        };
        let at = self.at;
        if self.open.as_ref().is_none_or(|open| open.come - open.piece.len() as u64 != at) {
            let wanted = Range { start: at, end: None };
            self.open = Some(Open::new(&self.asked, &self.entry, wanted).await.map_err(told)?);
        }
        let Some(open) = &mut self.open else { return Ok(Bytes::new()) };
        open.fill().await.map_err(told)?;
        if open.piece.is_empty() || (open.is_last(&self.entry) && !open.end().await.map_err(told)?) {
            return Err(told(Error::Changed { name: self.entry.name.clone() }));
        }
        let piece = open.piece.split_to(open.piece.len().min(count));
        self.at += piece.len() as u64;
        Ok(piece)
    }
}

/// Whether it can be that the file has become another one since it was seen.
fn is_outdated(error: &Error) -> bool {
    matches!(error, Error::Changed { .. } | Error::OutOfRange { .. }) || error.category() == Category::NotFound
}

impl DavFile for Reading {
    fn metadata(&mut self) -> FsFuture<'_, Box<dyn DavMetaData>> {
        Box::pin(std::future::ready(Ok(meta_of(&self.entry, &self.asked))))
    }

    fn read_bytes(&mut self, count: usize) -> FsFuture<'_, Bytes> {
        Box::pin(async move {
            let asked = self.asked.clone();
            asked.told(self.read(count).await)
        })
    }

    fn seek(&mut self, to: SeekFrom) -> FsFuture<'_, u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.entry.size.checked_add_signed(by),
        };
        self.at = at.unwrap_or(self.at);
        Box::pin(std::future::ready(at.ok_or(FsError::GeneralFailure)))
    }

    fn write_buf(&mut self, _: Box<dyn Buf + Send>) -> FsFuture<'_, ()> {
        Box::pin(std::future::ready(Err(FsError::Forbidden)))
    }

    fn write_bytes(&mut self, _: Bytes) -> FsFuture<'_, ()> {
        Box::pin(std::future::ready(Err(FsError::Forbidden)))
    }

    fn flush(&mut self) -> FsFuture<'_, ()> {
        let refused = self.asked.told(Err(Failure::new(StatusCode::FORBIDDEN, "the file is open to be read")));
        Box::pin(std::future::ready(refused))
    }
}

impl fmt::Debug for Reading {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Reading").field("entry", &self.entry).field("at", &self.at).finish_non_exhaustive()
    }
}
