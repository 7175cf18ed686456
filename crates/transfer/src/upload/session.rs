//! An upload as far as it came. One whose source is a file is noted in a journal, and goes on after a crash.

mod noted;
pub(crate) mod record;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use dingtalk_storage::types::UploadKey;

use super::commit::{self, Commit};
use super::file::LocalFile;
use super::parts::{self, Part, Whole};
use super::{Done, Job, Start};
use crate::{Entry, Error};

pub(super) use noted::Noted;
use noted::{Committing, Kept};
use record::Record;

/// An upload that was begun, just now or by an earlier process.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) key: UploadKey,
    pub(super) part_size: u64,
    marker: Option<String>,
    start: Start,
    /// Commits of earlier processes.
    committing: Option<Committing>,
    stored: Mutex<BTreeMap<i32, Part>>,
    noted: Option<Noted>,
}

impl Session {
    /// Begins an upload of which nothing survives the process.
    pub(super) async fn begin(job: &Job, length: Option<u64>, part_size: u64) -> Result<Self, Error> {
        let key = parts::begin(job, length).await?;
        Ok(Self {
            key,
            part_size,
            marker: job.marker.clone(),
            start: Start::Fresh,
            committing: None,
            stored: Mutex::default(),
            noted: None,
        })
    }

    /// Goes on with the upload of a file where it stopped the last time, or begins it.
    pub(super) async fn open(job: &Job, file: &LocalFile, part_size: u64) -> Result<Self, Error> {
        let Some((noted, kept)) = Noted::open(job, file).await? else {
            return Self::begin(job, Some(file.length()), part_size).await;
        };
        let Some(kept) = kept else {
            let mut session = Self::begin(job, Some(file.length()), part_size).await?;
            session.noted = Some(noted);
            session.note_beginning(job).await?;
            return Ok(session);
        };
        Ok(Self::kept(job, noted, kept))
    }

    /// The commit of a file in one piece that an earlier process sent; or where the one that comes is noted, if there is
    /// a place for journals.
    pub(super) async fn of_commit(job: &Job, file: &LocalFile) -> Result<(Option<Self>, Option<Noted>), Error> {
        Ok(match Noted::open_commit(job, file).await? {
            None => (None, None),
            Some((noted, None)) => (None, Some(noted)),
            Some((noted, Some(kept))) => (Some(Self::kept(job, noted, kept)), None),
        })
    }

    /// What is noted.
    fn kept(job: &Job, noted: Noted, kept: Kept) -> Self {
        let bytes = kept.stored.values().map(|part| part.size).sum();
        job.meter.skip(bytes);
        Self {
            key: kept.begun.upload_key.as_str().into(),
            part_size: kept.begun.part_size,
            marker: kept.begun.marker,
            start: Start::Resumed { bytes },
            committing: kept.committing,
            stored: Mutex::new(kept.stored),
            noted: Some(noted),
        }
    }

    /// Begins once more, because what was begun cannot go on.
    pub(super) async fn begin_anew(&mut self, job: &Job, length: u64, reason: &Error) -> Result<(), Error> {
        let given_up = std::mem::take(&mut *self.stored());
        job.meter.take_back(given_up.values().map(|part| part.size).sum());
        self.key = parts::begin(job, Some(length)).await?;
        self.start = Start::Anew { reason: reason.to_string() };
        if let Some(noted) = &self.noted {
            noted.journal.clear().await?;
        }
        self.note_beginning(job).await
    }

    async fn note_beginning(&mut self, job: &Job) -> Result<(), Error> {
        match &mut self.noted {
            Some(noted) => noted.begun(job, &self.key, self.part_size, self.marker.as_deref()).await,
            None => Ok(()),
        }
    }

    async fn note(&self, record: Record) -> Result<(), Error> {
        match &self.noted {
            Some(noted) => noted.journal.append(&record).await,
            None => Ok(()),
        }
    }

    /// Notes a part, once the storage has it.
    pub(super) async fn add(&self, number: i32, part: Part) -> Result<(), Error> {
        self.stored().insert(number, part);
        let Part { size, crc64, is_verified } = part;
        self.note(Record::Stored { part: number, size, crc64, is_verified }).await
    }

    /// Numbers of the parts that the storage does not have yet.
    pub(super) fn missing(&self, count: i32) -> BTreeSet<i32> {
        let stored = self.stored();
        (1..=count).filter(|number| !stored.contains_key(number)).collect()
    }

    /// The file that an earlier commit made, if one was sent and made it.
    pub(super) async fn committed_before(&self, job: &Job, size: u64) -> Result<Option<Entry>, Error> {
        match self.committing {
            Some(Committing { first, last }) => {
                let commit = Commit { size, ..self.commit_of(&self.whole()) };
                commit::find_earlier(job, &commit, first, last).await
            }
            None => Ok(None),
        }
    }

    /// Whether a commit was sent of which nobody knows what became.
    pub(super) fn was_committing(&self) -> bool {
        self.committing.is_some()
    }

    /// Commits all parts.
    pub(super) async fn commit(&self, job: &Job) -> Result<Entry, Error> {
        let at = commit::unix_millis();
        self.note(Record::Committing { at }).await?;
        let answer = commit::commit(job, &self.commit_of(&self.whole())).await;
        if let Err(error) = &answer
            && !matches!(error, Error::CommitUnknown { .. })
            // A refusal may come of what an earlier one did.
            && !self.was_committing()
        {
            self.note(Record::Refused).await?;
        }
        answer
    }

    fn commit_of(&self, whole: &Whole) -> Commit<'_> {
        let (size, crc64) = (whole.size, whole.integrity().crc64());
        Commit { key: &self.key, size, crc64, marker: self.marker.as_deref() }
    }

    fn whole(&self) -> Whole {
        self.stored().values().fold(Whole::new(), |whole, part| whole.with(*part))
    }

    /// What it became; the journal goes, for nothing is left to do.
    pub(super) async fn done(self, entry: Entry) -> Result<Done, Error> {
        let done = Done { entry, integrity: self.whole().integrity(), start: self.start.clone() };
        if let Some(noted) = self.noted {
            // The file is stored; a journal that stays is found to be done the next time.
            let _ = noted.journal.remove().await;
        }
        Ok(done)
    }

    /// Why it stopped, and what is needed to go on.
    pub(super) async fn stopped(self, error: Error, length: u64) -> Error {
        let stored = self.stored().values().map(|part| part.size).sum();
        let Some(noted) = self.noted else { return error };
        match error {
            // Parts of two versions of a file are parts of none.
            Error::Source { .. } => {
                let _ = noted.journal.remove().await;
                error
            }
            Error::CommitUnknown { .. } => error,
            _ => {
                let journal = noted.journal.path().to_owned();
                Error::Stopped { source: Box::new(error), journal, stored, length }
            }
        }
    }

    fn stored(&self) -> MutexGuard<'_, BTreeMap<i32, Part>> {
        self.stored.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
