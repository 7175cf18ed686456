//! The listing that shows what became of a commit.

use dingtalk_storage::storage_v1::list_dentries::ListDentries;
use dingtalk_storage::types::{ConflictStrategy, DentrySortField, SortOrder};

use super::super::Job;
use super::Commit;
use super::evidence::{Finding, Wanted};
use crate::Error;
use crate::upload::folder::Place;

/// Files that one call lists.
const PAGE: i32 = 50;

/// Looks for the file among the newest of its folder, by at most so many calls.
pub(super) async fn find(
    job: &Job,
    commit: &Commit<'_>,
    (began, ended): (i64, i64),
    most_calls: usize,
) -> Result<Finding, Error> {
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
        skew: job.drive.committed().skew(),
        began,
        ended,
        committed: job.drive.committed(),
    };
    let most_pages = most_calls - usize::from(!job.folder.place_is_known(&job.drive).await);
    let place = job.folder.place(&job.drive).await?;
    let mut dentries = Vec::new();
    let mut token = None;
    let mut is_whole = false;
    for _ in 0..most_pages {
        let mut call = newest(job, &place);
        if let Some(token) = &token {
            call = call.next_token(token);
        }
        let page = call.send().await?;
        is_whole = wanted.reaches_back(&page.dentries);
        dentries.extend(page.dentries);
        token = page.next_token.filter(|token| !token.as_str().is_empty());
        is_whole |= token.is_none();
        if is_whole || wanted.is_among(&dentries) {
            break;
        }
    }
    let finding = wanted.judge(&dentries, is_whole)?;
    if let Finding::Stored(entry) = &finding {
        job.drive.committed().add(entry, None);
    }
    Ok(finding)
}

fn newest(job: &Job, place: &Place) -> ListDentries {
    let calls = job.drive.client().storage_v1();
    let call = calls.list_dentries(&place.space, &place.folder).order_by(DentrySortField::ModifiedTime);
    call.order(SortOrder::Desc).max_results(PAGE)
}
