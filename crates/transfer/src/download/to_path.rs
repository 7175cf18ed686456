//! Downloads to a path: beside its name first, several ranges at the same time, remembered, verified, then renamed.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, stream};

use super::identity::Identity;
use super::journal::{self, Remembered};
use super::parts::{Part, Parts};
use super::reader::Reader;
use super::{Downloaded, Job};
use crate::local::{LocalFolder, Staged};
use crate::{Error, Integrity};

mod part_writer;

use part_writer::PartWriter;

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
    let staged = stage(path).await?;
    blocking(move || staged.persist()).await?;
    Ok(Downloaded::nothing())
}

pub(super) async fn download(job: Arc<Job>, path: PathBuf, accept_unverified: bool) -> Result<Downloaded, Error> {
    let staged = stage(path).await?;
    let needs_proof = staged.replaces() && !accept_unverified;
    let mut arriving = Arriving { job, staged, needs_proof };
    if needs_proof && !arriving.job.wanted.is_whole() {
        return Err(arriving.unproved("the storage's checksum is that of a whole file"));
    }
    let mut tries = 0;
    let downloaded = loop {
        tries += 1;
        match arriving.fetch().await {
            // What is there is of no use any more: the next try begins at nothing.
            Err(error @ (Error::Changed { .. } | Error::Damaged { .. })) => {
                arriving.forget()?;
                if tries == TRIES {
                    return Err(error);
                }
            }
            fetched => break fetched?,
        }
    };
    blocking(move || arriving.staged.persist()).await?;
    Ok(downloaded)
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
    /// Whether there is a file that only verified bytes may replace.
    needs_proof: bool,
}

impl Arriving {
    async fn fetch(&mut self) -> Result<Downloaded, Error> {
        let mut parts = self.remembered().await?;
        let mut reader = self.first_reader(&parts);
        reader.open().await?;
        if reader.is_whole() && parts.bytes() > 0 {
            // The storage does not know ranges any more, so what is there is of no use.
            self.forget()?;
            parts = Parts::default();
            reader = self.first_reader(&parts);
            reader.open().await?;
        }
        let resumed = parts.bytes();
        self.begin(resumed).await?;
        if reader.is_whole() {
            let end = self.job.identity().size.map(|size| self.job.wanted.of(size).end);
            reader.extend(end.or(self.job.wanted.end));
            self.receive_all(reader, &mut parts).await?;
        } else {
            self.receive_ranges(reader, &mut parts).await?;
        }
        self.finish(&parts, resumed)
    }

    /// What an earlier download has left, as far as it is still there.
    async fn remembered(&mut self) -> Result<Parts, Error> {
        let journal = self.staged.read_journal()?;
        let Some(Remembered { identity, parts, length }) = journal::read(&self.job, &journal) else {
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
            self.staged.cut_journal(length)?;
            *self.job.identity() = identity;
        }
        Ok(found)
    }

    /// What is asked for first: a part if there are many, or all of it.
    fn first_reader(&self, parts: &Parts) -> Reader {
        let (job, wanted, largest) = (&self.job, self.job.wanted, self.part_size());
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
        if resumed == 0 {
            self.staged.reset_journal(journal::beginning(&self.job).unwrap_or_default().as_bytes())?;
        }
        blocking(move || bytes.preallocate(length.unwrap_or(0))).await?;
        self.staged.keep(resumed > 0);
        self.job.counter.begin(resumed, length);
        Ok(())
    }

    /// Takes all that comes, from where the reader is to its end.
    async fn receive_all(&mut self, mut reader: Reader, parts: &mut Parts) -> Result<(), Error> {
        let mut writer = self.writer(reader.at());
        while let Some(mut piece) = reader.next().await? {
            self.job.counter.add(piece.len() as u64);
            while !piece.is_empty() {
                let room = self.part_size() - writer.length();
                let room = usize::try_from(room).unwrap_or(usize::MAX).min(piece.len());
                writer.write(piece.split_to(room)).await?;
                if writer.length() == self.part_size() {
                    let next = self.writer(writer.at());
                    self.record(std::mem::replace(&mut writer, next).finish().await?, parts)?;
                }
            }
        }
        if writer.length() > 0 {
            self.record(writer.finish().await?, parts)?;
        }
        Ok(())
    }

    /// Takes what is missing, several ranges at the same time; the first of them is on its way already.
    async fn receive_ranges(&mut self, first: Reader, parts: &mut Parts) -> Result<(), Error> {
        let size = self.job.identity().size;
        let size = size.ok_or_else(|| Error::Answer("a part of a file came without its size".into()))?;
        let missing = parts.missing(&self.job.wanted.of(size), self.part_size());
        let (mut first, job, bytes) = (Some(first), Arc::clone(&self.job), self.staged.bytes());
        let started = missing.map(move |range| {
            let reader = first.take();
            let mut reader = reader.unwrap_or_else(|| Reader::new(Arc::clone(&job), range.start, None));
            reader.extend(Some(range.end));
            receive(Arc::clone(&job), reader, PartWriter::new(bytes.clone(), job.wanted.start, range.start))
        });
        let mut received = stream::iter(started).buffer_unordered(self.job.drive.settings().parts_at_once);
        while let Some(part) = received.try_next().await? {
            self.record(part, parts)?;
        }
        Ok(())
    }

    /// Writes down that a part is there.
    fn record(&mut self, part: Part, parts: &mut Parts) -> Result<(), Error> {
        if journal::beginning(&self.job).is_some() {
            self.staged.append_journal(journal::done(&part).as_bytes())?;
            self.staged.keep(true);
        }
        parts.add(part);
        Ok(())
    }

    fn finish(&mut self, parts: &Parts, resumed: u64) -> Result<Downloaded, Error> {
        let start = self.job.wanted.start;
        let got = start..start + parts.bytes();
        if let Some(size) = self.job.identity().size
            && got != self.job.wanted.of(size)
        {
            return Err(Error::Answer(format!("{} bytes came of {size}", parts.bytes())));
        }
        let integrity = self.job.judge(parts.checksum(), &got)?;
        if self.needs_proof && !integrity.is_verified() {
            self.forget()?;
            return Err(self.unproved(NO_CHECKSUM));
        }
        Ok(Downloaded { size: parts.bytes(), resumed, integrity })
    }

    /// Begins anew.
    fn forget(&mut self) -> Result<(), Error> {
        self.staged.keep(false);
        *self.job.identity() = Identity::default();
        self.staged.reset_journal(b"")
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
