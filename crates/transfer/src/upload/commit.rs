//! The last step: once, also where its answer is lost.

mod evidence;
mod listing;

use std::time::{SystemTime, UNIX_EPOCH};

use dingtalk_storage::runtime::Phase;
use dingtalk_storage::types::{AppProperty, ConflictStrategy, PropertyVisibility, UploadKey};

use super::Job;
use crate::sync::Stamp;
use crate::{Entry, Error};

use evidence::Finding;
use listing::find;

/// Name of the property that tells a file of an upload from all others.
pub(super) const MARKER: &str = "dingtalk-storage-upload";
/// Calls that a lost answer may cost.
const MOST_CALLS: usize = 2;
/// Calls that may go into what became of an earlier process, behind whose commit there can be many others.
const MOST_CALLS_LATER: usize = 20;
/// An answer that comes within so many milliseconds tells how late it is at the server.
const QUICK: i64 = 2_000;
/// How long a commit can be on its way before its caller gives up, in milliseconds.
const LONGEST: i64 = 15 * 60 * 1_000;

/// What is to be made a file.
pub(super) struct Commit<'a> {
    pub(super) key: &'a UploadKey,
    pub(super) size: u64,
    /// CRC-64/XZ of its bytes.
    pub(super) crc64: u64,
    /// Value of the property that the file gets, for uploads that are marked.
    pub(super) marker: Option<&'a str>,
}

/// Makes the file. After a lost answer the folder is asked for it, which takes at most two calls; where it clearly is
/// not there, it is committed once more.
pub(super) async fn commit(job: &Job, commit: &Commit<'_>) -> Result<Entry, Error> {
    let began = unix_millis();
    let lost = match call(job, commit).await {
        Err(Error::Api(error)) if is_lost(&error) => error,
        answer => return answer,
    };
    let unknown = |evidence| unknown(job, commit.size, evidence, Some(lost.clone()));
    match find(job, commit, (began, unix_millis()), MOST_CALLS).await {
        Ok(Finding::Stored(entry)) => return Ok(*entry),
        Ok(Finding::Unclear(evidence)) => return Err(unknown(evidence)),
        // That the search itself failed is evidence of nothing.
        Err(error) => return Err(unknown(format!("the folder could not be listed ({error})"))),
        Ok(Finding::NotStored) if lost.phase() == Phase::Applied => {
            return Err(unknown("the server said that it was stored, and it is not there".to_owned()));
        }
        Ok(Finding::NotStored) => {}
    }
    let again = call(job, commit).await;
    again.map_err(|error| unknown(format!("it was not there after the first commit, and the second failed ({error})")))
}

/// The file of a commit that earlier processes sent between two times, if it is there.
pub(super) async fn find_earlier(
    job: &Job,
    commit: &Commit<'_>,
    first: i64,
    last: i64,
) -> Result<Option<Entry>, Error> {
    let ended = last.saturating_add(LONGEST).min(unix_millis());
    match find(job, commit, (first, ended), MOST_CALLS_LATER).await? {
        Finding::Stored(entry) => Ok(Some(*entry)),
        Finding::NotStored => Ok(None),
        Finding::Unclear(evidence) => Err(unknown(job, commit.size, evidence, None)),
    }
}

/// An earlier process sent the commit, the folder does not have the file, and the upload cannot go on.
pub(super) fn unknown_before(job: &Job, size: u64, reason: &Error) -> Error {
    let evidence =
        format!("a commit was sent before a crash, the file is not there, and its upload is over ({reason})");
    unknown(job, size, evidence, None)
}

fn is_lost(error: &dingtalk_storage::Error) -> bool {
    !matches!(error.phase(), Phase::NotSent | Phase::Refused) || error.follows_unknown_attempt()
}

fn unknown(job: &Job, size: u64, evidence: String, source: Option<dingtalk_storage::Error>) -> Error {
    Error::CommitUnknown { folder: job.folder.uuid.clone(), name: job.name.clone(), size, evidence, source }
}

async fn call(job: &Job, commit: &Commit<'_>) -> Result<Entry, Error> {
    let options = &job.options;
    let calls = job.drive.client().storage_v2();
    let mut call = calls.commit_file(&job.folder.uuid, commit.key, &job.name).size(commit.size);
    if let Some(strategy) = &options.conflict {
        call = call.conflict_strategy(strategy.clone());
    }
    let mut properties = options.app_properties.clone();
    properties.extend(commit.marker.map(|marker| AppProperty::new(MARKER, marker, PropertyVisibility::Private)));
    let stamp = |modified| Stamp { modified, size: commit.size, crc64: commit.crc64, version: Stamp::FIRST };
    properties.extend(options.modified.map(|modified| stamp(modified).property()));
    if !properties.is_empty() {
        call = call.app_properties(&properties);
    }
    if options.convert {
        call = call.convert_to_online_doc(true);
    }
    if let Some(kind) = &options.convert_to {
        call = call.convert_to_online_doc_target_document_type(kind.clone());
    }
    let began = unix_millis();
    let answer = call.send().await?;
    let ended = unix_millis();
    let entry = Entry::from_dentry(&answer.dentry)?;
    // What was there before, and what took long, says nothing about the server's clock.
    let is_new = !matches!(options.conflict, Some(ConflictStrategy::ReturnDentryIfExists));
    job.drive.committed().add(&entry, (is_new && ended - began <= QUICK).then_some(ended));
    Ok(entry)
}

pub(super) fn unix_millis() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
