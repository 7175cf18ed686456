//! Files down, in one call: `drive.download(file).to_path("a.pdf")`.

mod counter;
mod identity;
pub(crate) mod journal;
mod open_file;
mod parts;
mod reader;
mod remedy;
mod remote_file;
mod stream;
mod to_path;
mod to_writer;
mod urls;

use std::fmt;
use std::ops::{Bound, Range, RangeBounds};
use std::path::Path;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::AsyncWrite;

use crate::allowance::SetAside;
use crate::local::Replaced;
use crate::{Drive, Error, Integrity, LocalFolder, Progress};

use counter::{Counter, Listener};
use identity::Identity;
pub use open_file::OpenFile;
pub use remote_file::RemoteFile;
pub use stream::ByteStream;
use urls::Urls;

impl Drive {
    /// Downloads a file: an [`Entry`](crate::Entry), its space and id, or its uuid. It takes one call of the API, and
    /// one more where the file is known by its uuid alone.
    pub fn download(&self, file: impl Into<RemoteFile>) -> Download {
        Download {
            drive: self.clone(),
            file: file.into(),
            version: None,
            wanted: Wanted::default(),
            listener: None,
            accept_unverified: false,
            replaces_only: None,
            aside: None,
        }
    }
}

/// A download to set up; it begins when it is told where to.
#[must_use = "a download does nothing until it is told where to"]
pub struct Download {
    drive: Drive,
    file: RemoteFile,
    version: Option<i64>,
    wanted: Wanted,
    listener: Option<Listener>,
    accept_unverified: bool,
    /// What had the name when it was begun, for one that goes on.
    replaces_only: Option<Replaced>,
    /// Bytes that are set aside for it already.
    aside: Option<SetAside>,
}

/// What a download gave.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Downloaded {
    /// Bytes that there are.
    pub size: u64,
    /// Those of them that an earlier, unfinished download had left.
    pub resumed: u64,
    /// Whether the storage's checksum was held against that of the bytes. It is that of a whole file: a
    /// [`range`](Download::range) is never verified.
    pub integrity: Integrity,
}

/// Which bytes of the file are wanted; no end is that of the file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Wanted {
    start: u64,
    end: Option<u64>,
}

impl Wanted {
    fn new(range: &impl RangeBounds<u64>) -> Self {
        let start = match range.start_bound() {
            Bound::Included(start) => *start,
            Bound::Excluded(before) => before.saturating_add(1),
            Bound::Unbounded => 0,
        };
        let end = match range.end_bound() {
            Bound::Included(last) => Some(last.saturating_add(1)),
            Bound::Excluded(end) => Some(*end),
            Bound::Unbounded => None,
        };
        Self { start, end }
    }

    fn is_whole(self) -> bool {
        self.start == 0 && self.end.is_none()
    }

    fn is_empty(self) -> bool {
        self.end.is_some_and(|end| end <= self.start)
    }

    /// What of it a file has.
    fn of(self, size: u64) -> Range<u64> {
        self.start..self.end.unwrap_or(size).min(size)
    }
}

/// What all steps of a download share.
#[derive(Debug)]
struct Job {
    drive: Drive,
    file: RemoteFile,
    version: Option<i64>,
    wanted: Wanted,
    urls: Urls,
    /// Which of the URLs worked last; the first, to begin with.
    good_url: AtomicUsize,
    identity: Mutex<Identity>,
    counter: Counter,
    aside: Mutex<SetAside>,
}

impl Job {
    /// What is known of the file's content so far.
    fn identity(&self) -> MutexGuard<'_, Identity> {
        self.identity.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to count, now that it is known how many bytes are there and how many there will be.
    fn begin(&self, done: u64, total: Option<u64>) -> Result<(), Error> {
        self.counter.begin(done, total);
        let mut aside = self.aside.lock().unwrap_or_else(PoisonError::into_inner);
        aside.need(&self.file.name(), total.unwrap_or(0).saturating_sub(done))
    }

    /// What came of what was wanted is right, wrong, or nobody can tell. `here` is the checksum of so many bytes.
    fn judge(&self, here: u64, wanted: Wanted, got: &Range<u64>) -> Result<Integrity, Error> {
        let identity = self.identity().clone();
        let is_whole = got.start == 0 && identity.size.map_or(wanted.is_whole(), |size| size == got.end);
        match identity.crc64 {
            Some(there) if is_whole && there == here => Ok(Integrity::Verified { crc64: here }),
            Some(there) if is_whole => Err(Error::Damaged { name: self.file.name(), here, there }),
            _ => Ok(Integrity::Unverified { crc64: here }),
        }
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        let moved = self.counter.moved();
        self.aside.get_mut().unwrap_or_else(PoisonError::into_inner).moved(moved);
    }
}

impl Download {
    /// Asks for a part of the file, counted in bytes from 0; an end behind that of the file is that of the file.
    pub fn range(mut self, range: impl RangeBounds<u64>) -> Self {
        self.wanted = Wanted::new(&range);
        self
    }

    /// Asks for a version of the file; the default is the newest.
    pub fn version(mut self, version: i64) -> Self {
        self.version = Some(version);
        self
    }

    /// Is told how far it has come. It is called between pieces, so it must not take long.
    pub fn on_progress(mut self, listener: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.listener = Some(Arc::new(listener));
        self
    }

    /// Takes the bytes that come of some that were set aside for it.
    pub(crate) fn counted_by(mut self, aside: SetAside) -> Self {
        self.aside = Some(aside);
        self
    }

    /// Lets [`to_path`](Self::to_path) replace a file also by bytes that nothing vouches for but their number: those of
    /// a range, and those of a storage that tells no checksum.
    pub fn accept_unverified(mut self) -> Self {
        self.accept_unverified = true;
        self
    }

    /// Writes it to a file of this machine. The bytes go to a hidden file beside it, `.dingtalk-<number>.part`, which
    /// gets the name when all of them are there, verified and on the disk; until then, a file that has the name stays
    /// as it is. A link of that name is replaced, not followed. What somebody puts under the name meanwhile, or changes
    /// there, is not replaced.
    ///
    /// A large file comes in ranges, several at the same time. What a download that was cut, dropped or killed has left
    /// is used by the next one to the same path, if the file is still the same, and by [`Drive::resume`]: what was there
    /// is read again before it is believed. Without a folder for state
    /// ([`DriveBuilder::resume`](crate::DriveBuilder::resume)) nothing is left.
    ///
    /// # Errors
    ///
    /// [`Error::Local`] if it cannot be written, before any byte is fetched if the disk is too small;
    /// [`Error::Damaged`] if the bytes are not those of the storage; [`Error::Unverified`] if they would replace a file
    /// and nothing says that they are right; [`Error::InUse`] if another download writes to the same path; [`Error::TargetChanged`];
    /// [`Error::TooManyBytes`] if the drive has a maximum; [`Error::Changed`], [`Error::OutOfRange`],
    /// [`Error::NotAFile`]; [`Error::Api`] if the API or the storage refused. [`Error::Stopped`] if one of them stopped
    /// a download that can be gone on with; it has the cause.
    pub async fn to_path(self, path: impl AsRef<Path>) -> Result<Downloaded, Error> {
        let path = path.as_ref().to_owned();
        let (accept_unverified, replaces_only) = (self.accept_unverified, self.replaces_only.clone());
        let job = self.job()?;
        if job.wanted.is_empty() {
            return to_path::nothing(path).await;
        }
        to_path::download(job, path, accept_unverified, replaces_only).await
    }

    /// Writes it to a file of a folder that is held by its handle, as [`to_path`](Self::to_path) does: nothing is written
    /// outside of that folder, whatever the name says and whatever somebody swaps in meanwhile.
    ///
    /// # Errors
    ///
    /// Those of [`to_path`](Self::to_path), and [`Error::LocalName`] if the name leads elsewhere.
    pub async fn to_folder(self, folder: &LocalFolder, name: &str) -> Result<Downloaded, Error> {
        self.into_folder(folder.clone(), name, None).await
    }

    /// Writes it to a file of a folder, where nothing leads out of that, and sets when it was changed last.
    pub(crate) async fn into_folder(
        self,
        folder: LocalFolder,
        name: &str,
        modified: Option<i64>,
    ) -> Result<Downloaded, Error> {
        let accept_unverified = self.accept_unverified;
        to_path::into_folder(self.job()?, folder, name.to_owned(), modified, accept_unverified).await
    }

    /// The CRC-64/XZ of the file as the storage tells it; none where it tells none. It takes one call of the API and at
    /// most one byte.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if the API or the storage refused.
    pub async fn checksum(self) -> Result<Option<u64>, Error> {
        let job = self.range(..1).job()?;
        reader::Reader::new(Arc::clone(&job), 0, Some(1)).open().await?;
        let crc64 = job.identity().crc64;
        Ok(crc64)
    }

    /// Writes it to a writer, from its beginning to its end, and flushes that. Returns the writer's bytes as they are
    /// known then: what is damaged is told after it was written.
    ///
    /// # Errors
    ///
    /// Those of [`to_path`](Self::to_path), and [`Error::Writer`] if the writer fails.
    pub async fn to_writer(self, writer: impl AsyncWrite + Unpin) -> Result<Downloaded, Error> {
        to_writer::download(self.bytes_stream(), writer).await
    }

    /// Gives the bytes as they come. Nothing is asked for before the stream is. That the bytes are damaged is its last
    /// item; [`ByteStream::integrity`] says after its end whether they were held against the storage's checksum.
    pub fn bytes_stream(self) -> ByteStream {
        ByteStream::new(self.job())
    }

    /// Keeps the file open, to read it here and there: all its reads share signed URLs, and are of one content. The
    /// [`range`](Self::range) does not count. Nothing is asked for before something is read.
    ///
    /// # Errors
    ///
    /// [`Error::NotAFile`] if it is a folder.
    pub fn open(mut self) -> Result<OpenFile, Error> {
        // Who reads here and there is not to be stopped by the size of the whole.
        self.aside = Some(self.drive.allowance().set_aside(&self.file.name(), 0)?);
        Ok(OpenFile::new(self.job()?))
    }

    fn job(self) -> Result<Arc<Job>, Error> {
        self.file.check()?;
        let aside = if let Some(aside) = self.aside {
            aside
        } else {
            let wanted = self.file.expected_size().map(|size| self.wanted.of(size));
            let bytes = wanted.map_or(0, |wanted| wanted.end.saturating_sub(wanted.start));
            self.drive.allowance().set_aside(&self.file.name(), bytes)?
        };
        Ok(Arc::new(Job {
            drive: self.drive,
            file: self.file,
            version: self.version,
            wanted: self.wanted,
            urls: Urls::default(),
            good_url: AtomicUsize::new(0),
            identity: Mutex::default(),
            counter: Counter::new(self.listener),
            aside: Mutex::new(aside),
        }))
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Download");
        shown.field("file", &self.file).field("version", &self.version).field("wanted", &self.wanted);
        shown.finish_non_exhaustive()
    }
}
