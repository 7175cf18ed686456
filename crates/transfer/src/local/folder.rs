//! A folder of this machine, held by its handle.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cap_fs_ext::DirExt;
use cap_std::ambient_authority;
use cap_std::fs::Dir;

use super::{Staged, name};
use crate::Error;

/// A folder of this machine, held by its handle: what is opened in it stays beneath it, also when somebody renames it or
/// puts a link in its place.
#[derive(Debug, Clone)]
pub struct LocalFolder {
    pub(super) dir: Arc<Dir>,
    /// For messages.
    pub(super) path: PathBuf,
}

/// What tells a folder from others, whatever path leads to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FolderIdentity(#[cfg(unix)] (u64, u64), #[cfg(not(unix))] PathBuf);

impl FolderIdentity {
    /// Of a folder by its path; none if there is none.
    #[cfg(unix)]
    pub(crate) fn at(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        let metadata = std::fs::metadata(path).ok()?;
        Some(Self((metadata.dev(), metadata.ino())))
    }

    /// Of a folder by its path; none if there is none.
    #[cfg(not(unix))]
    pub(crate) fn at(path: &Path) -> Option<Self> {
        std::fs::canonicalize(path).ok().map(Self)
    }
}

impl LocalFolder {
    /// What tells it from others.
    #[cfg(unix)]
    pub(crate) fn identity(&self) -> Option<FolderIdentity> {
        use cap_std::fs::MetadataExt;
        let metadata = self.dir.dir_metadata().ok()?;
        Some(FolderIdentity((metadata.dev(), metadata.ino())))
    }

    /// What tells it from others.
    #[cfg(not(unix))]
    pub(crate) fn identity(&self) -> Option<FolderIdentity> {
        FolderIdentity::at(&self.path)
    }

    /// Opens a folder that is there. Links in this path are followed: it is the user's own.
    ///
    /// # Errors
    ///
    /// [`Error::Local`] if it is not there, is no folder or may not be opened.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let path = path.into();
        let opened = if path.as_os_str().is_empty() { Path::new(".") } else { path.as_path() };
        let dir = Dir::open_ambient_dir(opened, ambient_authority());
        let dir = dir.map_err(|source| Error::Local { action: "open the folder", path: path.clone(), source })?;
        Ok(Self { dir: Arc::new(dir), path })
    }

    /// Its path, as it was when it was opened.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens a folder in it, and makes it if it is not there. A link is not followed.
    ///
    /// # Errors
    ///
    /// [`Error::LocalName`] if the name leads elsewhere, [`Error::Local`] if something else has the name.
    pub fn folder(&self, name: &str) -> Result<Self, Error> {
        let plain = name::check(name)?;
        let path = self.path.join(plain);
        let local = |action| {
            let path = path.clone();
            move |source| Error::Local { action, path, source }
        };
        match self.dir.create_dir(plain) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(local("make the folder")(error));
            }
            _ => {}
        }
        let dir = self.dir.open_dir_nofollow(plain).map_err(local("open the folder"))?;
        Ok(Self { dir: Arc::new(dir), path })
    }

    /// Writes a whole file: it has its name when all bytes are on the disk.
    ///
    /// # Errors
    ///
    /// [`Error::LocalName`] if the name leads elsewhere, [`Error::Local`] if it cannot be written.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let mut staged = self.stage(name::check(name)?)?;
        staged.keep(false);
        staged.bytes().preallocate(bytes.len() as u64)?;
        staged.bytes().write_all_at(bytes, 0)?;
        staged.persist()
    }

    /// A file to be written beside its name, which came from elsewhere.
    pub(crate) fn stage_named(&self, name: &str) -> Result<Staged, Error> {
        self.stage(name::check(name)?)
    }

    /// A file to be written beside its name. `name` must be plain.
    pub(crate) fn stage(&self, name: &OsStr) -> Result<Staged, Error> {
        if !name::is_plain(name) {
            let name = name.to_string_lossy().into_owned();
            return Err(Error::LocalName { name, reason: "it is no plain name" });
        }
        Staged::open(Arc::clone(&self.dir), &self.path, OsString::from(name))
    }
}
