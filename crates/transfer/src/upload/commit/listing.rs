//! The listing that shows what became of a commit.

use dingtalk_storage::storage_v1::list_dentries::{ListDentries, ListDentriesResponse};
use dingtalk_storage::types::{ConflictStrategy, DentrySortField, SortOrder};

use super::super::Job;
use super::Commit;
use super::evidence::{Finding, Wanted};
use crate::Error;
use crate::upload::folder::Place;

/// Files that one call lists.
const PAGE: i32 = 50;

/// Looks for the file among the newest of its folder: by one call, or two where the folder is known.
pub(super) async fn find(job: &Job, commit: &Commit<'_>, began: i64, ended: i64) -> Result<Finding, Error> {
    let options = &job.options;
    if options.convert && commit.marker.is_none() {
        return Ok(Finding::Unclear("what a file becomes as an online document cannot be told from others".into()));
    }
    let wanted = Wanted {
        name: &job.name,
        size: commit.size,
        marker: commit.marker,
        operator: job.drive.client().operator(),
        may_be_renamed: matches!(options.conflict, None | Some(ConflictStrategy::AutoRename)),
        may_be_older: matches!(options.conflict, Some(ConflictStrategy::ReturnDentryIfExists)),
        began,
        ended,
        committed: job.drive.committed(),
    };
    let asked_before = job.folder.place_is_known(&job.drive).await;
    let place = job.folder.place(&job.drive).await?;
    let page = newest(job, &place).send().await?;
    let mut is_whole = is_last(&page) || wanted.reaches_back(&page.dentries);
    let mut dentries = page.dentries;
    if let (false, true, Some(token)) = (is_whole, asked_before, &page.next_token) {
        let page = newest(job, &place).next_token(token).send().await?;
        is_whole = is_last(&page) || wanted.reaches_back(&page.dentries);
        dentries.extend(page.dentries);
    }
    let finding = wanted.judge(&dentries, is_whole)?;
    if let Finding::Stored(entry) = &finding {
        job.drive.committed().add(entry);
    }
    Ok(finding)
}

fn newest(job: &Job, place: &Place) -> ListDentries {
    let calls = job.drive.client().storage_v1();
    let call = calls.list_dentries(&place.space, &place.folder).order_by(DentrySortField::ModifiedTime);
    call.order(SortOrder::Desc).max_results(PAGE)
}

fn is_last(page: &ListDentriesResponse) -> bool {
    page.next_token.as_ref().is_none_or(|token| token.as_str().is_empty())
}
