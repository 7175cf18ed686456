//! A file that is read while it is sent.

use std::collections::VecDeque;
use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_util::stream;
use serde::{Deserialize, Serialize};

use tokio::sync::OwnedSemaphorePermit;

use crate::Error;

/// What an open file is called in errors.
const OPEN: &str = "the open file";

/// A file of this machine, held open, as it was when it was opened.
#[derive(Debug, Clone)]
pub(super) struct LocalFile {
    file: Arc<File>,
    /// None for a file that was open already.
    path: Option<PathBuf>,
    stamp: Stamp,
    /// Given back when nobody reads it any more.
    _room: Option<Arc<OwnedSemaphorePermit>>,
}

/// What changes when a file does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    version: Version,
    /// When its attributes were changed last, in nanoseconds; who puts the time of its content back changes this one.
    attributes: Option<i64>,
}

/// What tells one version of a file from another, also when it was closed meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Version {
    pub(crate) length: u64,
    /// When its content was changed last, in nanoseconds since 1970.
    modified: Option<i64>,
    /// Its number in its file system: another file can have taken its name, its size and its time.
    inode: Option<u64>,
}

impl Version {
    /// Why it is not a later one; none when it is.
    pub(super) fn difference(&self, now: &Self) -> Option<String> {
        if self == now {
            None
        } else if self.length != now.length {
            Some(format!("it had {} bytes and has {} now", self.length, now.length))
        } else {
            Some("its content was changed, or another file has its name".to_owned())
        }
    }
}

#[cfg(unix)]
impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        let nanos = |seconds: i64, nanos| seconds.checked_mul(1_000_000_000)?.checked_add(nanos);
        let modified = nanos(metadata.mtime(), metadata.mtime_nsec());
        let version = Version { length: metadata.len(), modified, inode: Some(metadata.ino()) };
        Self { version, attributes: nanos(metadata.ctime(), metadata.ctime_nsec()) }
    }
}

#[cfg(not(unix))]
impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        let since = metadata.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        let modified = since.and_then(|since| i64::try_from(since.as_nanos()).ok());
        Self { version: Version { length: metadata.len(), modified, inode: None }, attributes: None }
    }
}

impl LocalFile {
    pub(super) async fn open(path: PathBuf) -> Result<Self, Error> {
        let opened = path.clone();
        let (file, stamp) = blocking(move || open(&opened)).await.map_err(|source| local(&path, source))?;
        Ok(Self { file: Arc::new(file), path: Some(path), stamp, _room: None })
    }

    pub(super) async fn opened(file: File, path: Option<PathBuf>) -> Result<Self, Error> {
        let opened = blocking(move || {
            let metadata = file.metadata()?;
            check(&metadata)?;
            Ok((Stamp::of(&metadata), file))
        });
        let (stamp, file) = opened.await.map_err(|source| local(Path::new(OPEN), source))?;
        Ok(Self { file: Arc::new(file), path, stamp, _room: None })
    }

    /// A part of a reader that was written to the disk.
    pub(super) async fn of_part(file: Arc<File>, room: Option<Arc<OwnedSemaphorePermit>>) -> io::Result<Self> {
        let written = Arc::clone(&file);
        let stamp = blocking(move || Ok(Stamp::of(&written.metadata()?))).await?;
        Ok(Self { file, path: None, stamp, _room: room })
    }

    pub(super) fn length(&self) -> u64 {
        self.stamp.version.length
    }

    pub(super) fn version(&self) -> Version {
        self.stamp.version
    }

    /// Its path from the root, by which it is known the next time; none for a file that was open already.
    pub(super) async fn full_path(&self) -> Result<Option<PathBuf>, Error> {
        let Some(path) = self.path.clone() else { return Ok(None) };
        let full = blocking(move || std::fs::canonicalize(path)).await;
        full.map(Some).map_err(|source| local(self.path(), source))
    }

    fn path(&self) -> &Path {
        self.path.as_deref().unwrap_or(Path::new(OPEN))
    }

    /// Why the bytes that were sent may be no version of the file; none when it is as it was.
    pub(super) async fn change(&self) -> Result<Option<String>, Error> {
        let file = Arc::clone(&self.file);
        let now = blocking(move || file.metadata()).await.map_err(|source| local(self.path(), source))?;
        let (before, now) = (self.stamp, Stamp::of(&now));
        let changed = || (now != before).then(|| "it was changed while it was sent".to_owned());
        let difference = before.version.difference(&now.version).or_else(changed);
        Ok(difference.map(|difference| format!("{}: {difference}", self.path().display())))
    }

    /// The bytes from `start` on, `length` of them, in pieces of at most `piece`.
    pub(super) fn read(
        &self,
        start: u64,
        length: u64,
        piece: usize,
    ) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
        let end = start.saturating_add(length);
        stream::try_unfold((Arc::clone(&self.file), start, Buffers::default()), move |(file, at, buffers)| async move {
            let wanted = usize::try_from(end.saturating_sub(at)).unwrap_or(piece).min(piece);
            if wanted == 0 {
                return Ok(None);
            }
            let (read, file, buffers) = blocking(move || {
                let mut buffers = buffers;
                let mut buffer = buffers.take(wanted);
                let read = read_at(&file, &mut buffer, at)?;
                buffer.truncate(read);
                Ok((buffers.lend(buffer), file, buffers))
            })
            .await?;
            if read.is_empty() {
                let ended = format!("the file ended at byte {at}, {end} were expected");
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, ended));
            }
            let next = at + read.len() as u64;
            Ok(Some((read, (file, next, buffers))))
        })
    }
}

/// Where pieces begin, as what is read does: elsewhere, some processors copy at a third of their speed.
const PAGE: usize = 4096;

/// Memory of pieces that were sent, for those that come next: to take it anew from the system, and to clear it, took a
/// fifth of an upload's time.
#[derive(Debug, Default)]
struct Buffers(VecDeque<Bytes>);

impl Buffers {
    /// A connection holds the piece that it sends and the one behind it.
    const MOST: usize = 3;

    /// So many bytes of any content, in memory that nobody looks at any more if there is some.
    fn take(&mut self, length: usize) -> BytesMut {
        let free = self.0.iter().position(|lent| lent.is_unique() && lent.len() >= length);
        let free = free.and_then(|free| self.0.remove(free)).and_then(|free| free.try_into_mut().ok());
        let mut buffer = free.unwrap_or_else(|| {
            let mut room = BytesMut::zeroed(length + PAGE);
            room.split_off(room.as_ptr().align_offset(PAGE).min(PAGE))
        });
        buffer.truncate(length);
        buffer
    }

    fn lend(&mut self, buffer: BytesMut) -> Bytes {
        let lent = buffer.freeze();
        self.0.push_back(lent.clone());
        if self.0.len() > Self::MOST {
            self.0.pop_front();
        }
        lent
    }
}

fn open(path: &Path) -> io::Result<(File, Stamp)> {
    // Before it is opened, for opening a pipe waits for who writes.
    check(&std::fs::metadata(path)?)?;
    let file = File::open(path)?;
    let stamp = Stamp::of(&file.metadata()?);
    // Those of `/proc` say so of themselves, and have.
    if stamp.version.length == 0 && read_at(&file, &mut [0], 0)? > 0 {
        let advice = "it says that it has no bytes, and has some; read it as a stream";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, advice));
    }
    Ok((file, stamp))
}

fn check(metadata: &Metadata) -> io::Result<()> {
    let advice = "it is no regular file; what is none is read as a stream";
    if metadata.is_file() { Ok(()) } else { Err(io::Error::new(io::ErrorKind::InvalidInput, advice)) }
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, at)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, at)
}

fn local(path: &Path, source: io::Error) -> Error {
    Error::Local { action: "read", path: path.to_owned(), source }
}

/// Work with files, away from the threads that drive connections.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "what is missing is a failed test")]
mod tests {
    use std::collections::BTreeSet;
    use std::pin::pin;

    use futures_util::TryStreamExt;

    use super::*;

    #[tokio::test]
    async fn memory_is_used_again_and_never_while_somebody_looks_at_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let content: Vec<u8> = (0_u8..=199).flat_map(|value| [value; 10]).collect();
        std::fs::write(&path, &content).unwrap();
        let file = LocalFile::open(path).await.unwrap();

        let held: Vec<Bytes> = file.read(0, 1_995, 10).try_collect().await.unwrap();
        assert_eq!(held.concat(), content.get(..1_995).unwrap());

        let (mut pieces, mut places) = (pin!(file.read(5, 1_990, 10)), BTreeSet::new());
        let mut at = 5;
        while let Some(piece) = pieces.try_next().await.unwrap() {
            assert_eq!(piece, content.get(at..at + piece.len()).unwrap());
            at += piece.len();
            places.insert(piece.as_ptr());
        }
        assert_eq!(at, 1_995);
        assert!(places.len() <= Buffers::MOST, "{}", places.len());
    }
}
