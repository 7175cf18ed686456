//! A file on its way: its bytes beside its name, until all of them are there.

use std::ffi::{OsStr, OsString};
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt};
use cap_std::fs::{Dir, OpenOptions};

use super::occupant::Occupant;
use super::preallocation::preallocate;
use crate::Error;
use crate::checksum::Crc64;

/// How often a lock is tried that a write of a dropped transfer may still hold.
const LOCK_TRIES: u32 = 20;
const LOCK_PAUSE: Duration = Duration::from_millis(25);

/// A file on its way. While it lives, no other transfer writes to the same name. What is dropped unfinished is taken
/// away, unless it was told to [`keep`](Self::keep) it, or it was there before.
#[derive(Debug)]
pub(crate) struct Staged {
    dir: Arc<Dir>,
    path: PathBuf,
    name: OsString,
    data_name: String,
    /// Locked, so that nobody else writes to it.
    data: Arc<File>,
    is_kept: bool,
    /// What had the name to begin with, and is replaced; anything else that has it at the end is not.
    replaced: Option<Occupant>,
    /// When its content was changed last; none for when it came.
    modified: Option<SystemTime>,
}

impl Staged {
    pub(super) fn open(dir: Arc<Dir>, folder: &Path, name: OsString) -> Result<Self, Error> {
        let path = folder.join(&name);
        let local = |action, path: PathBuf| move |source| Error::Local { action, path, source };
        if dir.symlink_metadata(&name).is_ok_and(|there| there.is_dir()) {
            return Err(local("replace", path)(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder")));
        }
        check_replaceable(&path)?;
        let data_name = staged_name(&name);
        let data = lock(&dir, &data_name, &path)?;
        // What was kept before stays, until it is known that it is of no use.
        let is_kept = data.metadata().is_ok_and(|metadata| metadata.len() > 0);
        let replaced = Occupant::of(&dir, &name);
        Ok(Self { dir, path, name, data_name, data: Arc::new(data), is_kept, replaced, modified: None })
    }

    /// What had the name to begin with.
    pub(crate) fn replaced(&self) -> Option<&Occupant> {
        self.replaced.as_ref()
    }

    /// Says what may be replaced: what had the name when something was begun that goes on now. Fails if something else
    /// has it.
    pub(crate) fn replace_only(&mut self, replaced: Option<Occupant>) -> Result<(), Error> {
        self.replaced = replaced;
        self.check_replaced()
    }

    fn check_replaced(&self) -> Result<(), Error> {
        if Occupant::of(&self.dir, &self.name) == self.replaced { Ok(()) } else { Err(self.changed()) }
    }

    fn changed(&self) -> Error {
        Error::TargetChanged { path: self.path.clone() }
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
        StagedBytes { file: Arc::clone(&self.data), path: self.path.clone() }
    }

    /// Another handle to its bytes, without the lock; none where there cannot be one.
    pub(crate) fn unlocked(&self) -> Option<File> {
        open_file(&self.dir, &self.data_name).ok()
    }

    /// Sets when its content was changed last.
    pub(crate) fn set_modified(&mut self, modified: Option<SystemTime>) {
        self.modified = modified;
    }

    /// Whether its bytes stay when it is dropped unfinished.
    pub(crate) fn keep(&mut self, is_kept: bool) {
        self.is_kept = is_kept;
    }

    /// Whether they do.
    pub(crate) fn is_kept(&self) -> bool {
        self.is_kept
    }

    /// Gives it its name, when all bytes are on the disk. What had the name to begin with is replaced in one step; what
    /// somebody else has put there meanwhile stays.
    pub(crate) fn persist(&mut self) -> Result<(), Error> {
        self.check_replaced()?;
        if let Ok(there) = self.dir.metadata(&self.name) {
            // Who may read it is the user's decision.
            let _ = self.dir.set_permissions(&self.data_name, there.permissions());
        }
        let timed = self.modified.map_or(Ok(()), |modified| self.data.set_modified(modified));
        timed.and_then(|()| self.data.sync_all()).map_err(self.failed("finish"))?;
        // That took a while.
        self.check_replaced()?;
        self.take_name()?;
        // The file is whole whether or not this is on the disk yet.
        if let Ok(dir) = self.dir.try_clone() {
            let _ = dir.into_std_file().sync_all();
        }
        self.is_kept = true;
        Ok(())
    }

    fn take_name(&self) -> Result<(), Error> {
        if self.replaced.is_none() {
            // A link to the same bytes is made only where nothing has the name, which a rename does not care for.
            match self.dir.hard_link(&self.data_name, &self.dir, &self.name) {
                Ok(()) => {
                    let _ = self.dir.remove_file(&self.data_name);
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(self.changed()),
                // A file system without such links.
                Err(_) => {}
            }
        }
        self.dir.rename(&self.data_name, &self.dir, &self.name).map_err(self.failed("finish"))
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
        }
    }
}

/// The bytes of a file on its way, for any thread.
#[derive(Debug, Clone)]
pub(crate) struct StagedBytes {
    /// With its lock: a write that a dropped transfer has left behind must not meet the next one.
    file: Arc<File>,
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

/// Refuses to replace a pipe, a socket or a device, or a link to one: others write to it and read from it, and a file of
/// its name would be in their way.
///
/// # Errors
///
/// [`Error::Local`].
pub fn check_replaceable(path: &Path) -> Result<(), Error> {
    match std::fs::metadata(path) {
        Ok(there) if !there.is_file() && !there.is_dir() => {
            let reason = "it is a pipe, a socket or a device, and no file";
            let source = io::Error::new(io::ErrorKind::InvalidInput, reason);
            Err(Error::Local { action: "replace", path: path.to_owned(), source })
        }
        _ => Ok(()),
    }
}

/// What a file is called beside its name, in its folder. It has a length of its own: the name itself may be as long as
/// names can be.
pub(crate) fn staged_name(name: &OsStr) -> String {
    format!(".dingtalk-{:016x}.part", Crc64::of(name.as_encoded_bytes()))
}

/// Opens and locks the bytes of a name, also when who held them before took them away meanwhile.
fn lock(dir: &Dir, name: &str, target: &Path) -> Result<File, Error> {
    let local = |source| Error::Local { action: "write beside", path: target.to_owned(), source };
    let mut tries = 0;
    loop {
        let file = open_file(dir, name).map_err(local)?;
        match file.try_lock() {
            Ok(()) if is_there(dir, name, &file) => return Ok(file),
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
            // A file system without locks.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => return Ok(file),
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
