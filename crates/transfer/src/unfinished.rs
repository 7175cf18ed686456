//! Transfers that stopped before their end: what there is, going on with one, and forgetting it.

mod resume;

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::download::journal as download;
use crate::journal::{Found, Journal, look};
use crate::local::staged_name;
use crate::upload::record as upload;
use crate::{Drive, Error};

pub use resume::{Resume, Resumed};

/// Which way a transfer goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Into the drive.
    Up,
    /// To this machine.
    Down,
}

/// A transfer that stopped before its end, or is on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unfinished {
    /// What resumes it.
    pub journal: PathBuf,
    /// Which way it goes.
    pub direction: Direction,
    /// The file of this machine: the source of an upload, the target of a download.
    pub local: PathBuf,
    /// What the file of the drive is called.
    pub name: String,
    /// Person whose transfer it is, by the unionId; who resumes it has to be the same.
    pub operator: String,
    /// Bytes that are there, as far as it is noted.
    pub done: u64,
    /// All bytes.
    pub total: u64,
    /// When something was noted last.
    pub noted: SystemTime,
    /// Whether it is on its way now, in this process or another one.
    pub is_running: bool,
}

/// What a journal begins with.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Beginning {
    Upload(Box<upload::Begun>),
    Download(Box<download::Begun>),
}

impl Drive {
    /// Transfers of this machine's user that stopped before their end, with those that are on their way; the last noted
    /// first. Nothing is asked for: it is what the journals in [`state_dir`](crate::DriveBuilder::state_dir) say.
    ///
    /// # Errors
    ///
    /// [`Error::Local`] if the journals cannot be read.
    pub async fn unfinished(&self) -> Result<Vec<Unfinished>, Error> {
        let Some(folder) = self.journals().await else { return Ok(Vec::new()) };
        let mut unfinished = in_background(folder, |folder| {
            let found = look(folder)?;
            Ok(found.iter().filter_map(Unfinished::of).collect::<Vec<_>>())
        })
        .await?;
        unfinished.sort_by_key(|one| std::cmp::Reverse(one.noted));
        Ok(unfinished)
    }

    /// Forgets a transfer that stopped. What a download has brought goes; of an upload, the storage gives up its parts
    /// by itself.
    ///
    /// # Errors
    ///
    /// [`Error::NotATransfer`] if the journal is none, [`Error::InUse`] if it is on its way now.
    pub async fn forget(&self, journal: impl AsRef<Path>) -> Result<(), Error> {
        let (found, beginning) = self.look_at(journal.as_ref()).await?;
        // Locked, so that nobody goes on with it meanwhile.
        let held = Journal::<serde_json::Value>::open_at(found.path.clone()).await;
        let (held, _) = held.map_err(|error| match error {
            Error::InUse { .. } => Error::InUse { path: beginning.local() },
            error => error,
        })?;
        in_background(found.path.clone(), move |_| {
            remove_what_it_brought(&found);
            Ok(())
        })
        .await?;
        held.remove().await
    }

    /// A journal of this drive, with what it begins with.
    async fn look_at(&self, journal: &Path) -> Result<(Found, Beginning), Error> {
        let refuse = |reason: &str| Error::NotATransfer { journal: journal.to_owned(), reason: reason.to_owned() };
        let folder = self.journals().await.ok_or_else(|| refuse("this drive keeps no journals"))?;
        let asked = journal.to_owned();
        let found = in_background(folder, move |folder| {
            let is_here = asked.parent().map(Path::canonicalize).transpose()? == Some(folder.canonicalize()?);
            if is_here { Found::read(&asked).map(Some) } else { Ok(None) }
        });
        let found = match found.await {
            Ok(found) => found.ok_or_else(|| refuse("it is not in the folder where this drive keeps them"))?,
            Err(_) => return Err(refuse("there is none, or it cannot be read")),
        };
        let beginning = beginning(&found).ok_or_else(|| refuse("it says nothing that can be used"))?;
        Ok((found, beginning))
    }
}

impl Beginning {
    fn local(&self) -> PathBuf {
        match self {
            Self::Upload(begun) => begun.source.clone().into(),
            Self::Download(begun) => begun.target.clone().into(),
        }
    }
}

impl Unfinished {
    fn of(found: &Found) -> Option<Self> {
        let beginning = beginning(found)?;
        let local = beginning.local();
        let (direction, name, operator, done, total) = match beginning {
            Beginning::Upload(begun) => {
                let done = upload::bytes(&found.records());
                (Direction::Up, begun.name, begun.operator, done, begun.version.length)
            }
            Beginning::Download(begun) => {
                let (done, total) = (download::bytes(&found.records()), begun.length());
                (Direction::Down, begun.name, begun.operator, done, total)
            }
        };
        let (journal, noted, is_running) = (found.path.clone(), found.noted, found.is_locked);
        Some(Self { journal, direction, local, name, operator, done, total, noted, is_running })
    }
}

fn beginning(found: &Found) -> Option<Beginning> {
    found.records().into_iter().next()
}

/// Removes what a download has brought so far, with its journal.
pub(crate) fn remove_what_it_brought(found: &Found) {
    if let Some(beginning @ Beginning::Download(_)) = beginning(found) {
        remove_staged(&beginning.local());
    }
}

fn remove_staged(target: &Path) {
    if let (Some(folder), Some(name)) = (target.parent(), target.file_name()) {
        let _ = std::fs::remove_file(folder.join(staged_name(name)));
    }
}

/// Work with files, away from the threads that drive connections.
async fn in_background<T: Send + 'static>(
    path: PathBuf,
    work: impl FnOnce(&Path) -> std::io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let shown = path.clone();
    let done = tokio::task::spawn_blocking(move || work(&path)).await.map_err(std::io::Error::other);
    done.flatten().map_err(|source| Error::Local { action: "read", path: shown, source })
}
