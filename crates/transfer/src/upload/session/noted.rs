//! The journal of an upload, and what it says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use dingtalk_storage::types::UploadKey;

use super::super::Job;
use super::super::commit;
use super::super::file::{LocalFile, Version};
use super::super::parts::Part;
use super::record::{Begun, FORMAT, Record};
use crate::Error;
use crate::checksum::Crc64;
use crate::journal::Journal;

/// The journal, and what it is about.
#[derive(Debug)]
pub(in super::super) struct Noted {
    pub(super) journal: Journal<Record>,
    identity: String,
    source: PathBuf,
    version: Version,
}

/// When commits were sent of which nobody knows what became, in milliseconds since 1970.
#[derive(Debug, Clone, Copy)]
pub(super) struct Committing {
    pub(super) first: i64,
    pub(super) last: i64,
}

/// What an earlier process came to.
pub(super) struct Kept {
    pub(super) begun: Begun,
    pub(super) stored: BTreeMap<i32, Part>,
    pub(super) committing: Option<Committing>,
}

impl Noted {
    /// Opens the journal of an upload; none where there is no place for journals.
    pub(super) async fn open(job: &Job, file: &LocalFile) -> Result<Option<(Self, Option<Kept>)>, Error> {
        let Some((noted, kept)) = Self::read(job, file).await? else { return Ok(None) };
        match kept.as_ref().and_then(|kept| kept.begun.version.difference(&noted.version)) {
            Some(difference) => Err(noted.changed(difference)),
            None => Ok(Some((noted, kept))),
        }
    }

    /// Opens the journal of an upload in one piece. It has a commit of the file as it is, or nothing: there is nothing else
    /// to go on with.
    pub(super) async fn open_commit(job: &Job, file: &LocalFile) -> Result<Option<(Self, Option<Kept>)>, Error> {
        let Some((mut noted, kept)) = Self::read(job, file).await? else { return Ok(None) };
        let is_of_commit =
            |kept: &Kept| kept.committing.is_some() && kept.begun.version.difference(&noted.version).is_none();
        match kept {
            Some(kept) if !is_of_commit(&kept) => {
                noted.journal.clear().await?;
                noted.journal.keep(false);
                Ok(Some((noted, None)))
            }
            kept => Ok(Some((noted, kept))),
        }
    }

    async fn read(job: &Job, file: &LocalFile) -> Result<Option<(Self, Option<Kept>)>, Error> {
        let Some(source) = file.full_path().await? else { return Ok(None) };
        let identity = identity(job, &source);
        let Some((mut journal, records)) = Journal::of(&job.drive, &identity, &source).await? else { return Ok(None) };
        let is_empty = records.is_empty();
        let kept = if job.start_over { None } else { kept(records, &identity) };
        // One that says nothing yet is not left behind.
        journal.keep(kept.is_some());
        let noted = Self { journal, identity, source, version: file.version() };
        if kept.is_none() && !is_empty {
            noted.journal.clear().await?;
        }
        Ok(Some((noted, kept)))
    }

    pub(super) async fn begun(
        &mut self,
        job: &Job,
        key: &UploadKey,
        part_size: u64,
        marker: Option<&str>,
    ) -> Result<(), Error> {
        self.journal.append(&self.beginning(job, key, part_size, marker)).await?;
        self.journal.keep(true);
        Ok(())
    }

    /// Notes that all bytes are stored and about to be committed, at once: a small file waits for the disk once.
    pub(in super::super) async fn committing(&mut self, job: &Job, key: &UploadKey, whole: Part) -> Result<(), Error> {
        let Part { size, crc64, is_verified } = whole;
        let records = [
            self.beginning(job, key, size.max(1), job.marker.as_deref()),
            Record::Stored { part: 1, size, crc64, is_verified },
            Record::Committing { at: commit::unix_millis() },
        ];
        self.journal.append_all(&records).await?;
        self.journal.keep(true);
        Ok(())
    }

    /// Removes the journal: what it is about is known. One that stays is found to be done the next time.
    pub(in super::super) async fn finish(self) {
        let _ = self.journal.remove().await;
    }

    fn beginning(&self, job: &Job, key: &UploadKey, part_size: u64, marker: Option<&str>) -> Record {
        Record::Upload(Box::new(Begun {
            format: FORMAT,
            identity: self.identity.clone(),
            operator: job.drive.client().operator().as_str().to_owned(),
            source: self.source.clone().into(),
            version: self.version,
            folder: job.folder.uuid.clone(),
            name: job.name.clone(),
            options: job.options.clone(),
            part_size,
            upload_key: key.expose().to_owned(),
            marker: marker.map(str::to_owned),
        }))
    }

    fn changed(&self, difference: String) -> Error {
        Error::SourceChanged { path: self.source.clone(), difference, journal: self.journal.path().to_owned() }
    }
}

/// What makes an upload the same one: who uploads which file to where under which name.
fn identity(job: &Job, source: &Path) -> String {
    let operator = job.drive.client().operator().as_str();
    let folder = job.folder.uuid.as_str();
    // Paths that are no Unicode can look alike.
    let path = format!("{:016x}", Crc64::of(source.as_os_str().as_encoded_bytes()));
    let shown = source.to_string_lossy();
    serde_json::json!(["upload", operator, folder, job.name, shown, path]).to_string()
}

fn kept(records: Vec<Record>, identity: &str) -> Option<Kept> {
    let mut records = records.into_iter();
    let Some(Record::Upload(begun)) = records.next() else { return None };
    if begun.format != FORMAT || begun.identity != identity || begun.part_size == 0 {
        return None;
    }
    let mut kept = Kept { begun: *begun, stored: BTreeMap::new(), committing: None };
    for record in records {
        match record {
            Record::Upload(_) => return None,
            Record::Stored { part, size, crc64, is_verified } => {
                kept.stored.insert(part, Part { size, crc64, is_verified });
            }
            Record::Committing { at } => {
                let first = kept.committing.map_or(at, |committing| committing.first);
                kept.committing = Some(Committing { first, last: at });
            }
            Record::Refused => kept.committing = None,
        }
    }
    Some(kept)
}
