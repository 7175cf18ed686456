//! Journals as they lie there, whoever works with them.

use std::fs::{File, TryLockError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::EXTENSION;

/// A journal that was found.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) path: PathBuf,
    text: Vec<u8>,
    pub(crate) noted: SystemTime,
    /// Whether a transfer has it now.
    pub(crate) is_locked: bool,
}

impl Found {
    /// Reads one; none if there is none, or it can be read by nobody now.
    pub(crate) fn read(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let noted = file.metadata()?.modified()?;
        let is_locked = matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock));
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        Ok(Self { path: path.to_owned(), text, noted, is_locked })
    }

    /// What is noted in it, up to where it is torn.
    pub(crate) fn records<R: serde::de::DeserializeOwned>(&self) -> Vec<R> {
        super::line::read_all(&self.text).0
    }
}

/// All journals of a folder that can be read, in no order.
pub(crate) fn look(folder: &Path) -> io::Result<Vec<Found>> {
    let entries = match std::fs::read_dir(folder) {
        // Nothing was ever noted.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let paths = entries.flatten().map(|entry| entry.path());
    let journals = paths.filter(|path| path.extension().is_some_and(|extension| extension == EXTENSION));
    // One that was just removed is none.
    Ok(journals.filter_map(|path| Found::read(&path).ok()).collect())
}
