//! Downloads to a path: beside its name first, several ranges at the same time, remembered, verified, then renamed.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, stream};

use super::identity::Identity;
use super::journal::{self, Record};
use super::parts::{Part, Parts};
use super::reader::Reader;
use super::{Downloaded, Job};
use crate::local::{LocalFolder, Replaced, Staged, time_of};
use crate::{Error, Integrity};

mod noted;
mod part_writer;
mod writeback;

use noted::Noted;
use part_writer::PartWriter;
use writeback::Writeback;

/// How often a file is fetched that changes meanwhile, or comes damaged.
const TRIES: u32 = 3;
/// Parts of one file at most, so that a journal stays small.
const MOST_PARTS: u64 = 10_000;
const NO_CHECKSUM: &str = "the storage told no checksum";

impl Downloaded {
    /// No byte was asked for.
    pub(super) fn nothing() -> Self {
        Self { size: 0, resumed: 0, integrity: Integrity::Unverified { crc64: 0 } }
    }
}

/// Makes an empty file, for a range of no bytes.
pub(super) async fn nothing(path: PathBuf) -> Result<Downloaded, Error> {
    let mut staged = stage(path).await?;
    let empty = move || staged.bytes().preallocate(0).and_then(|()| staged.persist());
    blocking(empty).await?;
    Ok(Downloaded::nothing())
}

/// `replaces_only` is what had the name when a download was begun that goes on now.
pub(super) async fn download(
    job: Arc<Job>,
    path: PathBuf,
    accept_unverified: bool,
    replaces_only: Option<Replaced>,
) -> Result<Downloaded, Error> {
    let mut staged = stage(path.clone()).await?;
    if let Some(Replaced(replaced)) = replaces_only {
        staged.replace_only(replaced)?;
    }
    fetch_to(job, staged, path, accept_unverified).await
}

/// Beneath a folder that is held by its handle.
pub(super) async fn into_folder(
    job: Arc<Job>,
    folder: LocalFolder,
    name: String,
    modified: Option<i64>,
    accept_unverified: bool,
) -> Result<Downloaded, Error> {
    let mut staged = blocking(move || folder.stage_named(&name)).await?;
    staged.set_modified(modified.map(time_of));
    let path = staged.path().to_owned();
    fetch_to(job, staged, path, accept_unverified).await
}

async fn fetch_to(job: Arc<Job>, staged: Staged, path: PathBuf, accept_unverified: bool) -> Result<Downloaded, Error> {
    let needs_proof = staged.replaces() && !accept_unverified;
    let noted = Noted::open(&job, path, accept_unverified).await?;
    let writeback = Writeback::new(staged.unlocked());
    let mut arriving = Arriving { job, staged, writeback, noted, parts: Parts::default(), needs_proof };
    arriving.keep(true);
    if needs_proof && !arriving.job.wanted.is_whole() {
        return Err(arriving.unproved("the storage's checksum is that of a whole file"));
    }
    match arriving.fetch_unchanged().await {
        Ok(downloaded) => arriving.persist(downloaded).await,
        Err(error) => Err(arriving.stopped(error)),
    }
}

async fn stage(path: PathBuf) -> Result<Staged, Error> {
    let name = path.file_name().map(OsString::from);
    let name = name.ok_or_else(|| Error::LocalName { name: path.display().to_string(), reason: "it names no file" })?;
    blocking(move || LocalFolder::open(path.parent().unwrap_or(Path::new("")))?.stage(&name)).await
}

/// A file on its way.
struct Arriving {
    job: Arc<Job>,
    staged: Staged,
    writeback: Writeback,
    /// What is written down; none where there is no place for it.
    noted: Option<Noted>,
    /// What is there.
    parts: Parts,
    /// Whether there is a file that only verified bytes may replace.
    needs_proof: bool,
}

impl Arriving {
    /// Fetches all of one content.
    async fn fetch_unchanged(&mut self) -> Result<Downloaded, Error> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.fetch().await {
                // What is there is of no use any more: the next try begins at nothing.
                Err(error @ (Error::Changed { .. } | Error::Damaged { .. })) => {
                    self.forget().await?;
                    if tries == TRIES {
                        return Err(error);
                    }
                }
                fetched => return fetched,
            }
        }
    }

    async fn fetch(&mut self) -> Result<Downloaded, Error> {
        self.parts = self.remembered().await?;
        let mut reader = self.first_reader();
        reader.open().await?;
        if reader.is_whole() && self.parts.bytes() > 0 {
            // The storage does not know ranges any more, so what is there is of no use.
            self.forget().await?;
            reader = self.first_reader();
            reader.open().await?;
        }
        let resumed = self.parts.bytes();
        self.begin(resumed).await?;
        if reader.is_whole() {
            let end = self.job.identity().size.map(|size| self.job.wanted.of(size).end);
            reader.extend(end.or(self.job.wanted.end));
            self.receive_all(reader).await?;
        } else {
            self.receive_ranges(reader).await?;
        }
        self.finish(resumed).await
    }

    /// What an earlier download has left, as far as it is still there.
    async fn remembered(&mut self) -> Result<Parts, Error> {
        let Some((identity, parts)) = self.noted.as_ref().and_then(|noted| journal::read(&self.job, &noted.before))
        else {
            return Ok(Parts::default());
        };
        let (bytes, base) = (self.staged.bytes(), self.job.wanted.start);
        let mut found = blocking(move || {
            let mut found = Parts::default();
            for part in parts.iter() {
                // After a loss of power, a journal can know of bytes that never came to the disk.
                if bytes.checksum(part.range.start - base, part.range.end - base)? == Some(part.crc) {
                    found.add(part.clone());
                }
            }
            Ok(found)
        })
        .await?;
        let wanted = self.job.wanted.of(identity.size.unwrap_or(0));
        if found.missing(&wanted, wanted.end).next().is_none() {
            // The storage has to be asked whether the file is still the same, and gives at least one byte then.
            found.forget_last();
        }
        if found.bytes() > 0 {
            *self.job.identity() = identity;
        }
        Ok(found)
    }

    /// What is asked for first: a part if there are many, or all of it.
    fn first_reader(&self) -> Reader {
        let (job, parts, wanted, largest) = (&self.job, &self.parts, self.job.wanted, self.part_size());
        let range = match job.identity().size {
            Some(size) if parts.bytes() > 0 => parts.missing(&wanted.of(size), largest).next(),
            _ => None,
        };
        if let Some(range) = range {
            return Reader::new(Arc::clone(job), range.start, Some(range.end));
        }
        let expected = job.file.expected_size().map(|size| wanted.of(size));
        let end = match expected {
            Some(expected) if expected.end.saturating_sub(expected.start) <= largest => wanted.end,
            _ => Some(wanted.end.unwrap_or(u64::MAX).min(wanted.start.saturating_add(largest))),
        };
        Reader::new(Arc::clone(job), wanted.start, end)
    }

    /// Prepares the file, now that it is known what comes.
    async fn begin(&mut self, resumed: u64) -> Result<(), Error> {
        let identity = self.job.identity().clone();
        if self.needs_proof && identity.crc64.is_none() {
            return Err(self.unproved(NO_CHECKSUM));
        }
        let wanted = identity.size.map(|size| self.job.wanted.of(size));
        let length = wanted.map(|wanted| wanted.end.saturating_sub(wanted.start));
        let bytes = self.staged.bytes();
        if let Some(noted) = self.noted.as_mut().filter(|_| resumed == 0) {
            noted.begin(&self.job, self.staged.replaced()).await?;
        }
        blocking(move || bytes.preallocate(length.unwrap_or(0))).await?;
        self.keep(resumed > 0);
        self.job.begin(resumed, length)
    }

    /// Takes all that comes, from where the reader is to its end.
    async fn receive_all(&mut self, mut reader: Reader) -> Result<(), Error> {
        let mut writer = self.writer(reader.at());
        while let Some(mut piece) = reader.next().await? {
            self.job.counter.add(piece.len() as u64);
            while !piece.is_empty() {
                let room = self.part_size() - writer.length();
                let room = usize::try_from(room).unwrap_or(usize::MAX).min(piece.len());
                writer.write(piece.split_to(room)).await?;
                if writer.length() == self.part_size() {
                    let next = self.writer(writer.at());
                    self.record(std::mem::replace(&mut writer, next).finish().await?).await?;
                }
            }
        }
        if writer.length() > 0 {
            self.record(writer.finish().await?).await?;
        }
        Ok(())
    }

    /// Takes what is missing, several ranges at the same time; the first of them is on its way already.
    async fn receive_ranges(&mut self, first: Reader) -> Result<(), Error> {
        let size = self.job.identity().size;
        let size = size.ok_or_else(|| Error::Answer("a part of a file came without its size".into()))?;
        let missing = self.parts.missing(&self.job.wanted.of(size), self.part_size());
        let (mut first, job, bytes) = (Some(first), Arc::clone(&self.job), self.staged.bytes());
        let started = missing.map(move |range| {
            let reader = first.take();
            let mut reader = reader.unwrap_or_else(|| Reader::new(Arc::clone(&job), range.start, None));
            reader.extend(Some(range.end));
            receive(Arc::clone(&job), reader, PartWriter::new(bytes.clone(), job.wanted.start, range.start))
        });
        let mut received = stream::iter(started).buffer_unordered(self.job.drive.settings().parts_at_once);
        while let Some(part) = received.try_next().await? {
            self.record(part).await?;
        }
        Ok(())
    }

    /// Writes down that a part is there.
    async fn record(&mut self, part: Part) -> Result<(), Error> {
        if let Some(noted) = self.noted.as_mut().filter(|noted| noted.has_begun) {
            noted.journal.note(&Record::from(&part)).await?;
            self.keep(true);
        }
        self.writeback.wrote(part.range.end - part.range.start);
        self.parts.add(part);
        Ok(())
    }

    async fn finish(&mut self, resumed: u64) -> Result<Downloaded, Error> {
        let (start, bytes) = (self.job.wanted.start, self.parts.bytes());
        let got = start..start + bytes;
        if let Some(size) = self.job.identity().size
            && got != self.job.wanted.of(size)
        {
            return Err(Error::Answer(format!("{bytes} bytes came of {size}")));
        }
        let integrity = self.job.judge(self.parts.checksum(), self.job.wanted, &got)?;
        if self.needs_proof && !integrity.is_verified() {
            self.forget().await?;
            return Err(self.unproved(NO_CHECKSUM));
        }
        Ok(Downloaded { size: bytes, resumed, integrity })
    }

    /// Gives the file its name.
    async fn persist(self, downloaded: Downloaded) -> Result<Downloaded, Error> {
        let Self { mut staged, noted, .. } = self;
        blocking(move || staged.persist()).await?;
        if let Some(noted) = noted {
            // The file is whole; a journal that stays is found to be of no use the next time.
            let _ = noted.journal.remove().await;
        }
        Ok(downloaded)
    }

    /// Whether what is there stays, should it end here.
    fn keep(&mut self, is_kept: bool) {
        let is_kept = is_kept && self.noted.as_ref().is_some_and(|noted| noted.has_begun);
        self.staged.keep(is_kept);
        if let Some(noted) = &mut self.noted {
            noted.journal.keep(is_kept);
        }
    }

    /// Begins anew.
    async fn forget(&mut self) -> Result<(), Error> {
        self.parts = Parts::default();
        *self.job.identity() = Identity::default();
        self.keep(false);
        match &mut self.noted {
            Some(noted) => noted.forget().await,
            None => Ok(()),
        }
    }

    /// Why it stopped, and what is needed to go on.
    fn stopped(self, error: Error) -> Error {
        let Some(noted) = self.noted.as_ref().filter(|_| self.staged.is_kept()) else { return error };
        let wanted = self.job.wanted.of(self.job.identity().size.unwrap_or(0));
        let (stored, length) = (self.parts.bytes(), wanted.end.saturating_sub(wanted.start));
        Error::Stopped { source: Box::new(error), journal: noted.journal.path().to_owned(), stored, length }
    }

    fn unproved(&self, reason: &'static str) -> Error {
        Error::Unverified { path: self.staged.path().to_owned(), reason }
    }

    /// Bytes of a range, and so what a crash costs; no file has more than 10,000 of them.
    fn part_size(&self) -> u64 {
        let least = self.job.identity().size.map_or(0, |size| size.div_ceil(MOST_PARTS));
        self.job.drive.settings().part_size.max(least)
    }

    fn writer(&self, start: u64) -> PartWriter {
        PartWriter::new(self.staged.bytes(), self.job.wanted.start, start)
    }
}

async fn receive(job: Arc<Job>, mut reader: Reader, mut writer: PartWriter) -> Result<Part, Error> {
    while let Some(piece) = reader.next().await? {
        job.counter.add(piece.len() as u64);
        writer.write(piece).await?;
    }
    writer.finish().await
}

/// Work with files, away from the threads that drive connections.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|lost| Err(Error::Answer(format!("work on a file was lost: {lost}"))))
}
