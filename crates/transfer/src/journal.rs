//! What must survive the process: one file per transfer, which only grows, until the transfer is done.
//!
//! A line is a checksum and a record. What a crash left of a last line is cut off when the file is opened again; all
//! before it counts. A file is locked as long as its transfer runs, so that no second process works on the same one,
//! and only its user can read it. Records hold no token, no signature and no URL.

mod collect;
mod exact_path;
mod line;
mod look;

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::checksum::Crc64;
use crate::{Drive, Error};

pub(crate) use collect::collect;
pub(crate) use exact_path::ExactPath;
pub(crate) use look::{Found, look};

/// Extension of the files.
const EXTENSION: &str = "journal";
/// How often a lock is tried: a transfer that was just dropped may still have a write on its way.
const LOCK_TRIES: u32 = 20;
const LOCK_PAUSE: Duration = Duration::from_millis(25);

/// The file of one transfer, locked.
#[derive(Debug)]
pub(crate) struct Journal<R> {
    file: Arc<File>,
    path: PathBuf,
    is_kept: bool,
    record: PhantomData<fn(R)>,
}

/// What an opened journal has, and what was noted before.
pub(crate) type Opened<R> = (Journal<R>, Vec<R>);

impl<R: Serialize + DeserializeOwned> Journal<R> {
    /// Opens the journal of a transfer of a drive that works on this file; none where there is no place for journals.
    pub(crate) async fn of(drive: &Drive, identity: &str, file: &Path) -> Result<Option<Opened<R>>, Error> {
        let Some(folder) = drive.journals().await else { return Ok(None) };
        match Self::open(&folder, identity).await {
            Ok(opened) => Ok(Some(opened)),
            Err(Error::InUse { .. }) => Err(Error::InUse { path: file.to_owned() }),
            // Who asked for no folder goes without, for example where the home cannot be written to.
            Err(Error::Local { .. }) if drive.settings().state_dir.is_none() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Opens the file of a transfer, and makes it if it is the first time. `identity` is what makes a transfer the same
    /// one. Returns what was noted so far.
    pub(crate) async fn open(folder: &Path, identity: &str) -> Result<Opened<R>, Error> {
        Self::open_at(folder.join(format!("{:016x}.{EXTENSION}", Crc64::of(identity.as_bytes())))).await
    }

    /// Opens a file by its path.
    pub(crate) async fn open_at(path: PathBuf) -> Result<Opened<R>, Error> {
        let mut tries = 0;
        loop {
            let opened = path.clone();
            match blocking(move || open(&opened)).await.map_err(|source| local("open the journal", &path, source))? {
                Some((file, text)) => {
                    let journal = Self { file: Arc::new(file), path, is_kept: true, record: PhantomData };
                    return journal.read(text).await;
                }
                None if tries == LOCK_TRIES => return Err(Error::InUse { path }),
                None => tokio::time::sleep(LOCK_PAUSE).await,
            }
            tries += 1;
        }
    }

    /// The records of a text, up to the first that is none; what follows is cut off.
    async fn read(self, text: Vec<u8>) -> Result<(Self, Vec<R>), Error> {
        let (records, good) = line::read_all(&text);
        if good < text.len() {
            self.cut(good as u64).await?;
        }
        Ok((self, records))
    }

    /// Adds a record, which is on the disk when this returns.
    pub(crate) async fn append(&self, record: &R) -> Result<(), Error> {
        self.append_all(std::slice::from_ref(record)).await
    }

    /// Adds records at once. What a crash leaves of them is the first ones.
    pub(crate) async fn append_all(&self, records: &[R]) -> Result<(), Error> {
        self.write(records, true).await
    }

    /// Adds a record that a loss of power may cost, because it is held against what is there before it is believed.
    pub(crate) async fn note(&self, record: &R) -> Result<(), Error> {
        self.write(std::slice::from_ref(record), false).await
    }

    async fn write(&self, records: &[R], is_durable: bool) -> Result<(), Error> {
        let lines: Result<Vec<_>, _> = records.iter().map(line::written).collect();
        let lines = lines.map_err(|failure| self.failed("write", failure.into()))?.concat();
        let file = Arc::clone(&self.file);
        let written = blocking(move || {
            (&*file).write_all(&lines)?;
            if is_durable { file.sync_data() } else { Ok(()) }
        });
        written.await.map_err(|source| self.failed("write to the journal", source))
    }

    /// Whether it stays when it is dropped; it does, unless it is told otherwise.
    pub(crate) fn keep(&mut self, is_kept: bool) {
        self.is_kept = is_kept;
    }

    /// Forgets all that was noted.
    pub(crate) async fn clear(&self) -> Result<(), Error> {
        self.cut(0).await
    }

    /// Removes the file: its transfer is done, or cannot go on.
    pub(crate) async fn remove(mut self) -> Result<(), Error> {
        let path = self.path.clone();
        self.is_kept = true;
        // While it is locked, so that nobody begins to use what is about to go.
        blocking(move || std::fs::remove_file(path)).await.map_err(|source| self.failed("remove the journal", source))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    async fn cut(&self, length: u64) -> Result<(), Error> {
        let file = Arc::clone(&self.file);
        let cut = blocking(move || {
            file.set_len(length)?;
            (&*file).seek(SeekFrom::Start(length))?;
            file.sync_data()
        });
        cut.await.map_err(|source| self.failed("cut the journal", source))
    }

    fn failed(&self, action: &'static str, source: io::Error) -> Error {
        local(action, &self.path, source)
    }
}

impl<R> Drop for Journal<R> {
    fn drop(&mut self) {
        if !self.is_kept {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

fn local(action: &'static str, path: &Path, source: io::Error) -> Error {
    Error::Local { action, path: path.to_owned(), source }
}

/// The locked file and what is in it; none while another has the lock.
fn open(path: &Path) -> io::Result<Option<(File, Vec<u8>)>> {
    if let Some(folder) = path.parent() {
        make_folder(folder)?;
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(failure)) => return Err(failure),
    }
    // Who had the lock before may have removed the file.
    if !is_at(&file, path)? {
        return Ok(None);
    }
    let mut text = Vec::new();
    file.read_to_end(&mut text)?;
    if text.is_empty() {
        sync_folder(path)?;
    }
    Ok(Some((file, text)))
}

pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Whether a path still leads to an open file.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let here = file.metadata()?;
    match std::fs::metadata(path) {
        Ok(there) => Ok((here.dev(), here.ino()) == (there.dev(), there.ino())),
        Err(failure) if failure.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(failure) => Err(failure),
    }
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> io::Result<bool> {
    path.try_exists()
}

/// Has the name of a new file on the disk.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Work with files, away from the threads that drive connections.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

#[cfg(test)]
mod tests;
