//! A file on its way: its bytes beside its name, with a journal of what is there, until all of it is.

use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt};
use cap_std::fs::{Dir, OpenOptions};

use super::preallocation::preallocate;
use crate::Error;
use crate::checksum::Crc64;

/// How often a lock is tried that a write of a dropped transfer may still hold.
const LOCK_TRIES: u32 = 20;
const LOCK_PAUSE: Duration = Duration::from_millis(25);
/// Longest journal that is read, in bytes: 10,000 parts take a tenth of it.
const LONGEST_JOURNAL: u64 = 16 << 20;

/// A file on its way. While it lives, no other transfer writes to the same name. What is dropped unfinished is taken
/// away, unless it was told to [`keep`](Self::keep) it.
#[derive(Debug)]
pub(crate) struct Staged {
    dir: Arc<Dir>,
    path: PathBuf,
    name: OsString,
    data_name: String,
    journal_name: String,
    data: Arc<File>,
    journal: Arc<File>,
    is_kept: bool,
}

impl Staged {
    pub(super) fn open(dir: Arc<Dir>, folder: &Path, name: OsString) -> Result<Self, Error> {
        let path = folder.join(&name);
        let local = |action, path: PathBuf| move |source| Error::Local { action, path, source };
        if dir.symlink_metadata(&name).is_ok_and(|there| there.is_dir()) {
            return Err(local("replace", path)(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder")));
        }
        // The names of their own length: that of the file may be as long as names can be.
        let mut key = Crc64::new();
        key.update(name.as_encoded_bytes());
        let key = key.value();
        let (data_name, journal_name) = (format!(".dingtalk-{key:016x}.part"), format!(".dingtalk-{key:016x}.journal"));
        let journal = lock(&dir, &journal_name, &path)?;
        let data = open_file(&dir, &data_name).map_err(local("write", folder.join(&data_name)))?;
        Ok(Self {
            dir,
            path,
            name,
            data_name,
            journal_name,
            data: Arc::new(data),
            journal: Arc::new(journal),
            is_kept: false,
        })
    }

    /// The name that it will have.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether there is something under its name already.
    pub(crate) fn replaces(&self) -> bool {
        self.dir.symlink_metadata(&self.name).is_ok()
    }

    /// What writes and reads its bytes, from any thread.
    pub(crate) fn bytes(&self) -> StagedBytes {
        StagedBytes { file: Arc::clone(&self.data), _lock: Arc::clone(&self.journal), path: self.path.clone() }
    }

    /// What the journal of an earlier transfer says.
    pub(crate) fn read_journal(&mut self) -> Result<Vec<u8>, Error> {
        let mut text = Vec::new();
        let mut journal = &*self.journal;
        let read = journal.seek(SeekFrom::Start(0)).and_then(|_| {
            Read::take(journal, LONGEST_JOURNAL).read_to_end(&mut text)?;
            journal.seek(SeekFrom::End(0))
        });
        read.map_err(self.failed("read the journal of"))?;
        Ok(text)
    }

    /// Begins the journal anew.
    pub(crate) fn reset_journal(&mut self, beginning: &[u8]) -> Result<(), Error> {
        self.cut_journal(0)?;
        self.append_journal(beginning)
    }

    /// Cuts the journal behind what of it is good.
    pub(crate) fn cut_journal(&mut self, length: u64) -> Result<(), Error> {
        let cut = self.journal.set_len(length).and_then(|()| (&*self.journal).seek(SeekFrom::Start(length)));
        cut.map(drop).map_err(self.failed("write the journal of"))
    }

    /// Adds to the journal.
    pub(crate) fn append_journal(&self, line: &[u8]) -> Result<(), Error> {
        (&*self.journal).write_all(line).map_err(self.failed("write the journal of"))
    }

    /// Whether bytes and journal stay when it is dropped unfinished.
    pub(crate) fn keep(&mut self, is_kept: bool) {
        self.is_kept = is_kept;
    }

    /// Gives it its name, when all bytes are on the disk. What had the name is replaced in one step.
    pub(crate) fn persist(mut self) -> Result<(), Error> {
        if let Ok(there) = self.dir.metadata(&self.name) {
            // Who may read it is the user's decision.
            let _ = self.dir.set_permissions(&self.data_name, there.permissions());
        }
        let stored = self.data.sync_all().and_then(|()| self.dir.rename(&self.data_name, &self.dir, &self.name));
        stored.map_err(self.failed("finish"))?;
        // The file is whole whether or not this is on the disk yet.
        let _ = self.dir.remove_file(&self.journal_name);
        if let Ok(dir) = self.dir.try_clone() {
            let _ = dir.into_std_file().sync_all();
        }
        self.is_kept = true;
        Ok(())
    }

    fn failed(&self, action: &'static str) -> impl FnOnce(io::Error) -> Error + use<> {
        let path = self.path.clone();
        move |source| Error::Local { action, path, source }
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.is_kept {
            let _ = self.dir.remove_file(&self.data_name);
            let _ = self.dir.remove_file(&self.journal_name);
        }
    }
}

/// The bytes of a file on its way, for any thread.
#[derive(Debug, Clone)]
pub(crate) struct StagedBytes {
    file: Arc<File>,
    /// A write that a dropped transfer has left behind must not meet the next one.
    _lock: Arc<File>,
    path: PathBuf,
}

impl StagedBytes {
    /// Takes the room for all of them, so that a full disk shows before they are fetched.
    pub(crate) fn preallocate(&self, length: u64) -> Result<(), Error> {
        preallocate(&self.file, length).map_err(|source| self.failed("make room for", source))
    }

    pub(crate) fn write_all_at(&self, bytes: &[u8], offset: u64) -> Result<(), Error> {
        write_all_at(&self.file, bytes, offset).map_err(|source| self.failed("write", source))
    }

    /// CRC-64/XZ of a stretch; none where the file is shorter.
    pub(crate) fn checksum(&self, start: u64, end: u64) -> Result<Option<u64>, Error> {
        let mut crc = Crc64::new();
        let mut buffer = vec![0; 256 << 10];
        let mut at = start;
        while at < end {
            let wanted = usize::try_from(end - at).unwrap_or(usize::MAX).min(buffer.len());
            let Some(room) = buffer.get_mut(..wanted) else { break };
            let read = read_at(&self.file, room, at).map_err(|source| self.failed("read again", source))?;
            let Some(bytes) = room.get(..read).filter(|bytes| !bytes.is_empty()) else { return Ok(None) };
            crc.update(bytes);
            at += read as u64;
        }
        Ok(Some(crc.value()))
    }

    fn failed(&self, action: &'static str, source: io::Error) -> Error {
        Error::Local { action, path: self.path.clone(), source }
    }
}

/// Opens and locks the journal of a name, also when who held it before took it away meanwhile.
fn lock(dir: &Dir, name: &str, target: &Path) -> Result<File, Error> {
    let local = |source| Error::Local { action: "lock the journal of", path: target.to_owned(), source };
    let mut tries = 0;
    loop {
        let journal = open_file(dir, name).map_err(local)?;
        match journal.try_lock() {
            Ok(()) if is_there(dir, name, &journal) => return Ok(journal),
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
            // A file system without locks.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => return Ok(journal),
            Err(TryLockError::Error(error)) => return Err(local(error)),
        }
        tries += 1;
        if tries == LOCK_TRIES {
            return Err(Error::InUse { path: target.to_owned() });
        }
    }
}

/// Whether an open file is still the one that a folder has under a name.
#[cfg(unix)]
fn is_there(dir: &Dir, name: &str, file: &File) -> bool {
    use cap_std::fs::MetadataExt as _;
    use std::os::unix::fs::MetadataExt as _;
    let there = dir.symlink_metadata(name).map(|there| (there.dev(), there.ino()));
    let here = file.metadata().map(|here| (here.dev(), here.ino()));
    matches!((there, here), (Ok(there), Ok(here)) if there == here)
}

/// Where an open file keeps its name.
#[cfg(not(unix))]
fn is_there(_: &Dir, _: &str, _: &File) -> bool {
    true
}

/// Opens a file to read and write, and makes it if it is not there; a link is not followed.
fn open_file(dir: &Dir, name: &str) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).follow(FollowSymlinks::No);
    let open = || dir.open_with(name, &options).map(cap_std::fs::File::into_std);
    let file = open()?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{name} beside it is no regular file")));
    }
    if has_other_names(&metadata) {
        // Somebody's file outside, perhaps: what is written here must not be seen there.
        dir.remove_file(name)?;
        return open();
    }
    Ok(file)
}

#[cfg(unix)]
fn has_other_names(metadata: &std::fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(metadata) > 1
}

#[cfg(not(unix))]
fn has_other_names(_: &std::fs::Metadata) -> bool {
    false
}

#[cfg(unix)]
fn write_all_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn write_all_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = std::os::windows::fs::FileExt::seek_write(file, bytes, offset)?;
        let rest = bytes.get(written..).filter(|_| written > 0);
        bytes = rest.ok_or_else(|| io::Error::from(io::ErrorKind::WriteZero))?;
        offset += written as u64;
    }
    Ok(())
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}
