//! A file that is read while it is sent.

use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use futures_core::Stream;
use futures_util::stream;

use crate::Error;

/// Bytes that are read at once.
const PIECE: usize = 256 * 1024;

/// A file of this machine, held open, as it was when it was opened.
#[derive(Debug, Clone)]
pub(super) struct LocalFile {
    file: Arc<File>,
    path: PathBuf,
    stamp: Stamp,
}

/// What changes when a file does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self { length: metadata.len(), modified: metadata.modified().ok() }
    }
}

impl LocalFile {
    pub(super) async fn open(path: PathBuf) -> Result<Self, Error> {
        let opened = path.clone();
        let (file, stamp) = blocking(move || open(&opened)).await.map_err(|source| local(&path, source))?;
        Ok(Self { file: Arc::new(file), path, stamp })
    }

    pub(super) fn length(&self) -> u64 {
        self.stamp.length
    }

    /// Why the bytes that were sent may be no version of the file; none when it is as it was.
    pub(super) async fn change(&self) -> Result<Option<String>, Error> {
        let file = Arc::clone(&self.file);
        let now = blocking(move || file.metadata()).await.map_err(|source| local(&self.path, source))?;
        let (before, now) = (self.stamp, Stamp::of(&now));
        let path = self.path.display();
        Ok(if now.length != before.length {
            Some(format!("{path} had {} bytes when it was opened and has {} now", before.length, now.length))
        } else if now != before {
            Some(format!("{path} was changed while it was sent"))
        } else {
            None
        })
    }

    /// The bytes from `start` on, `length` of them.
    pub(super) fn read(&self, start: u64, length: u64) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
        let end = start.saturating_add(length);
        stream::try_unfold((Arc::clone(&self.file), start), move |(file, at)| async move {
            let wanted = usize::try_from(end.saturating_sub(at)).unwrap_or(PIECE).min(PIECE);
            if wanted == 0 {
                return Ok(None);
            }
            let reader = Arc::clone(&file);
            let piece = blocking(move || {
                let mut piece = vec![0; wanted];
                let read = read_at(&reader, &mut piece, at)?;
                piece.truncate(read);
                Ok(Bytes::from(piece))
            });
            let piece = piece.await?;
            if piece.is_empty() {
                let ended = format!("the file ended at byte {at}, {end} were expected");
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, ended));
            }
            let next = at + piece.len() as u64;
            Ok(Some((piece, (file, next))))
        })
    }
}

fn open(path: &Path) -> io::Result<(File, Stamp)> {
    // Before it is opened, for opening a pipe waits for who writes.
    if !std::fs::metadata(path)?.is_file() {
        let advice = "it is no regular file; give a reader for what is none";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, advice));
    }
    let file = File::open(path)?;
    let stamp = Stamp::of(&file.metadata()?);
    Ok((file, stamp))
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
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}
