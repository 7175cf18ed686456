//! What is in a folder of this machine, and changes to it, without leaving it.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cap_fs_ext::{DirExt, FollowSymlinks, OpenOptionsFollowExt};
use cap_std::fs::{FileType, Metadata, OpenOptions};

use super::{LocalFolder, name};
use crate::Error;

/// Something in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) name: OsString,
    pub(crate) kind: FoundKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FoundKind {
    File(FileFacts),
    Folder,
    /// A link, a pipe or a device: what it leads to is not of this tree.
    Other,
}

/// What tells whether a file was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileFacts {
    pub(crate) size: u64,
    /// When its content was changed last, in milliseconds since 1970.
    pub(crate) modified: i64,
}

impl FileFacts {
    fn of(metadata: &Metadata) -> Self {
        let modified = metadata.modified().map(cap_std::time::SystemTime::into_std);
        Self { size: metadata.len(), modified: modified.map_or(0, millis) }
    }

    pub(crate) fn of_open(file: &File) -> io::Result<Self> {
        let metadata = file.metadata()?;
        Ok(Self { size: metadata.len(), modified: metadata.modified().map_or(0, millis) })
    }
}

/// A time in milliseconds since 1970.
pub(crate) fn millis(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
        Err(before) => {
            let before = before.duration();
            let partial = before.subsec_nanos() % 1_000_000 != 0;
            -i64::try_from(before.as_millis()).unwrap_or(i64::MAX) - i64::from(partial)
        }
    }
}

/// The time of milliseconds since 1970.
pub(crate) fn time_of(millis: i64) -> SystemTime {
    let since = Duration::from_millis(millis.unsigned_abs());
    let time = if millis < 0 { UNIX_EPOCH.checked_sub(since) } else { UNIX_EPOCH.checked_add(since) };
    time.unwrap_or(UNIX_EPOCH)
}

impl LocalFolder {
    /// All that is in it. What vanishes meanwhile is passed over.
    pub(crate) fn entries(&self) -> Result<Vec<Found>, Error> {
        let failed = |source| self.failed("list", "", source);
        let mut found = Vec::new();
        for entry in self.dir.entries().map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let kind = entry.file_type().and_then(|kind| match kind {
                kind if kind == FileType::dir() => Ok(FoundKind::Folder),
                kind if kind == FileType::file() => Ok(FoundKind::File(FileFacts::of(&entry.metadata()?))),
                _ => Ok(FoundKind::Other),
            });
            match kind {
                Ok(kind) => found.push(Found { name: entry.file_name(), kind }),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(failed(error)),
            }
        }
        Ok(found)
    }

    /// A folder in it that is there. A link is not followed.
    pub(crate) fn existing(&self, name: &str) -> Result<Self, Error> {
        let plain = name::check(name)?;
        let dir = self.dir.open_dir_nofollow(plain).map_err(|source| self.failed("open the folder", name, source))?;
        Ok(Self { dir: Arc::new(dir), path: self.path.join(plain) })
    }

    /// The folder at the end of a path with slashes, which is made on wish. No link is followed, and nothing leads out.
    ///
    /// # Errors
    ///
    /// [`Error::LocalName`] if a name leads elsewhere, [`Error::Local`] if something on the way is no folder.
    pub fn descend(&self, path: &str, make: bool) -> Result<Self, Error> {
        let mut folder = self.clone();
        for name in path.split('/').filter(|name| !name.is_empty()) {
            folder = if make { folder.folder(name)? } else { folder.existing(name)? };
        }
        Ok(folder)
    }

    /// A file in it, to be read. A link is not followed, and a pipe not waited for.
    ///
    /// # Errors
    ///
    /// [`Error::LocalName`] if the name leads elsewhere, [`Error::Local`] if there is no such file.
    pub fn open_file(&self, name: &str) -> Result<File, Error> {
        let plain = name::check(name)?;
        if matches!(self.facts(name)?, Some(FoundKind::Folder | FoundKind::Other)) {
            let reason = "it is a folder, a link, a pipe or a device";
            return Err(self.failed("read", name, io::Error::new(io::ErrorKind::InvalidInput, reason)));
        }
        let mut options = OpenOptions::new();
        options.read(true).follow(FollowSymlinks::No);
        let file = self.dir.open_with(plain, &options).map_err(|source| self.failed("read", name, source))?;
        Ok(file.into_std())
    }

    /// What has a name; none if nothing has.
    pub(crate) fn facts(&self, name: &str) -> Result<Option<FoundKind>, Error> {
        match self.dir.symlink_metadata(name::check(name)?) {
            Ok(there) if there.is_dir() => Ok(Some(FoundKind::Folder)),
            Ok(there) if there.is_file() => Ok(Some(FoundKind::File(FileFacts::of(&there)))),
            Ok(_) => Ok(Some(FoundKind::Other)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.failed("look at", name, error)),
        }
    }

    /// Whether anything has a name, also a link that leads nowhere.
    ///
    /// # Errors
    ///
    /// [`Error::LocalName`] if the name leads elsewhere, [`Error::Local`] if it cannot be looked at.
    pub fn has(&self, name: &str) -> Result<bool, Error> {
        Ok(self.facts(name)?.is_some())
    }

    /// Takes a file away.
    pub(crate) fn remove_file(&self, name: &str) -> Result<(), Error> {
        self.dir.remove_file(name::check(name)?).map_err(|source| self.failed("remove", name, source))
    }

    /// Takes an empty folder away.
    pub(crate) fn remove_folder(&self, name: &str) -> Result<(), Error> {
        self.dir.remove_dir(name::check(name)?).map_err(|source| self.failed("remove the folder", name, source))
    }

    /// Moves a file to another folder, where nothing may have its name.
    pub(crate) fn rename(&self, name: &str, folder: &Self, new: &str) -> Result<(), Error> {
        if folder.facts(new)?.is_some() {
            let taken = io::Error::from(io::ErrorKind::AlreadyExists);
            return Err(folder.failed("move a file to", new, taken));
        }
        let moved = self.dir.rename(name::check(name)?, &folder.dir, name::check(new)?);
        moved.map_err(|source| self.failed("move", name, source))
    }

    /// Sets when a file was changed last.
    pub(crate) fn set_modified(&self, name: &str, modified: i64) -> Result<(), Error> {
        let plain = name::check(name)?;
        let mut options = OpenOptions::new();
        options.write(true).follow(FollowSymlinks::No);
        let set = self.dir.open_with(plain, &options).and_then(|file| file.into_std().set_modified(time_of(modified)));
        set.map_err(|source| self.failed("set the time of", name, source))
    }

    /// Whether a folder takes names for the same that differ in capital and small letters alone.
    pub(crate) fn ignores_case(&self) -> Result<bool, Error> {
        let name = format!(".dingtalk-Case-{:016x}", fastrand::u64(..));
        let made = self.dir.create(&name).map_err(|source| self.failed("write", &name, source))?;
        drop(made);
        let is_found = self.dir.symlink_metadata(name.to_ascii_lowercase()).is_ok();
        self.remove_file(&name)?;
        Ok(is_found)
    }

    fn failed(&self, action: &'static str, name: &str, source: io::Error) -> Error {
        let path = if name.is_empty() { self.path.clone() } else { self.path.join(name) };
        Error::Local { action, path, source }
    }
}
