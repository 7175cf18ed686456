//! The journal of a download, and what it is about.

use std::path::{Path, PathBuf};

use super::super::Job;
use super::super::journal::{self, Begun, Record};
use super::blocking;
use crate::Error;
use crate::checksum::Crc64;
use crate::journal::{ExactPath, Journal};
use crate::local::Occupant;

/// The journal of a download. It goes when it is dropped, until it is told to stay.
#[derive(Debug)]
pub(super) struct Noted {
    pub(super) journal: Journal<Record>,
    /// What it said when it was opened.
    pub(super) before: Vec<Record>,
    /// Whether it says what is on its way, so that parts of it can be noted.
    pub(super) has_begun: bool,
    target: ExactPath,
    accept_unverified: bool,
}

impl Noted {
    /// Opens the journal of whatever goes to a path; none where there is no place for journals.
    pub(super) async fn open(job: &Job, path: PathBuf, accept_unverified: bool) -> Result<Option<Self>, Error> {
        let target = full_path(path.clone()).await?;
        // Paths that are no Unicode can look alike.
        let bytes = format!("{:016x}", Crc64::of(target.as_os_str().as_encoded_bytes()));
        let identity = serde_json::json!(["download", target.to_string_lossy(), bytes]).to_string();
        let Some((mut journal, before)) = Journal::of(&job.drive, &identity, &path).await? else { return Ok(None) };
        // What is about another file goes when this one does not arrive, either.
        let has_begun = journal::read(job, &before).is_some();
        journal.keep(has_begun);
        Ok(Some(Self { journal, before, has_begun, target: target.into(), accept_unverified }))
    }

    /// Says what is on its way now, if anything tells its content from another one.
    pub(super) async fn begin(&mut self, job: &Job, replaced: Option<&Occupant>) -> Result<(), Error> {
        self.forget().await?;
        if let Some(begun) = Begun::of(job, &self.target, self.accept_unverified, replaced) {
            self.journal.note(&Record::Download(Box::new(begun))).await?;
            self.has_begun = true;
        }
        Ok(())
    }

    /// Forgets what was on its way.
    pub(super) async fn forget(&mut self) -> Result<(), Error> {
        self.before.clear();
        self.has_begun = false;
        self.journal.keep(false);
        self.journal.clear().await
    }
}

/// A path from the root, by which it is known the next time.
async fn full_path(path: PathBuf) -> Result<PathBuf, Error> {
    blocking(move || {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder =
            folder.canonicalize().map_err(|source| Error::Local { action: "find", path: path.clone(), source })?;
        Ok(folder.join(path.file_name().unwrap_or_default()))
    })
    .await
}
