//! The last step: once, also where its answer is lost.

mod evidence;

use std::time::{SystemTime, UNIX_EPOCH};

use dingtalk_storage::runtime::{ErrorKind, Phase};
use dingtalk_storage::types::{ConflictStrategy, DentrySortField, SortOrder, UploadKey};

use super::Job;
use crate::{Entry, Error};

use evidence::{Finding, Wanted};

/// Makes the file. After a lost answer the folder is asked for it, which takes at most two calls; where it clearly is
/// not there, it is committed once more.
pub(super) async fn commit(job: &Job, key: &UploadKey, size: u64) -> Result<Entry, Error> {
    let began = unix_millis();
    let lost = match call(job, key, size).await {
        Err(Error::Api(error)) if is_lost(&error) => error,
        answer => return answer,
    };
    match find(job, size, began).await {
        Ok(Finding::Stored(entry)) => return Ok(*entry),
        Ok(Finding::Unclear(evidence)) => return Err(unknown(job, size, evidence, lost)),
        // That the search itself failed is evidence of nothing.
        Err(error) => return Err(unknown(job, size, format!("the folder could not be listed ({error})"), lost)),
        Ok(Finding::NotStored) => {}
    }
    match call(job, key, size).await {
        Ok(entry) => Ok(entry),
        Err(error) => {
            let evidence = format!("it was not there after the first commit, and the second failed ({error})");
            Err(unknown(job, size, evidence, lost))
        }
    }
}

fn is_lost(error: &dingtalk_storage::Error) -> bool {
    error.kind() == ErrorKind::OutcomeUnknown || error.phase() == Phase::Unknown
}

fn unknown(job: &Job, size: u64, evidence: String, source: dingtalk_storage::Error) -> Error {
    Error::CommitUnknown { folder: job.target.uuid().clone(), name: job.name.clone(), size, evidence, source }
}

async fn call(job: &Job, key: &UploadKey, size: u64) -> Result<Entry, Error> {
    let options = &job.options;
    let calls = job.drive.client().storage_v2();
    let mut call = calls.commit_file(job.target.uuid(), key, &job.name).size(job.wire_size(size)?);
    if let Some(strategy) = &options.conflict {
        call = call.conflict_strategy(strategy.clone());
    }
    if !options.app_properties.is_empty() {
        call = call.app_properties(&options.app_properties);
    }
    if options.convert {
        call = call.convert_to_online_doc(true);
    }
    if let Some(kind) = &options.convert_to {
        call = call.convert_to_online_doc_target_document_type(kind.clone());
    }
    let answer = call.send().await?;
    let entry = Entry::from_dentry(&answer.dentry)?;
    job.drive.committed().add(&entry);
    Ok(entry)
}

/// Looks for the file among the newest of its folder.
async fn find(job: &Job, size: u64, began: i64) -> Result<Finding, Error> {
    if job.options.convert {
        return Ok(Finding::Unclear("what a file becomes as an online document cannot be told from others".into()));
    }
    let mut place = job.place.lock().await;
    let place = job.target.place(&job.drive, &mut place).await?;
    let wanted = Wanted {
        name: &job.name,
        size,
        operator: job.drive.client().operator(),
        may_be_renamed: matches!(job.options.conflict, None | Some(ConflictStrategy::AutoRename)),
        may_be_older: matches!(job.options.conflict, Some(ConflictStrategy::ReturnDentryIfExists)),
        began,
        ended: unix_millis(),
        committed: job.drive.committed(),
    };
    let calls = job.drive.client().storage_v1();
    let page = calls.list_dentries(&place.space, &place.folder).order_by(DentrySortField::ModifiedTime);
    let page = page.order(SortOrder::Desc).max_results(50).send().await?;
    let more = page.next_token.as_ref().filter(|token| !token.as_str().is_empty());
    let mut dentries = page.dentries;
    let mut is_whole = more.is_none() || wanted.reaches_back(&dentries);
    if let (false, false, Some(token)) = (is_whole, place.asked, more) {
        let page = calls.list_dentries(&place.space, &place.folder).order_by(DentrySortField::ModifiedTime);
        let page = page.order(SortOrder::Desc).max_results(50).next_token(token).send().await?;
        let is_last = page.next_token.as_ref().is_none_or(|token| token.as_str().is_empty());
        is_whole = is_last || wanted.reaches_back(&page.dentries);
        dentries.extend(page.dentries);
    }
    let finding = wanted.judge(&dentries, is_whole)?;
    if let Finding::Stored(entry) = &finding {
        job.drive.committed().add(entry);
    }
    Ok(finding)
}

fn unix_millis() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
