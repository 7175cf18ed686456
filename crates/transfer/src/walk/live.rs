//! Lists of the API.

use dingtalk_storage::ErrorCode;
use dingtalk_storage::types::{Dentry, DentryId, DentrySortField, DentryStatus, PageToken, SortOrder, SpaceId};

use super::source::{Look, Page, Source};
use crate::{Drive, Entry, Error};

/// Most entries of a page.
const PAGE: i32 = 50;

/// A space as the API shows it.
#[derive(Debug)]
pub(super) struct Live {
    drive: Drive,
    space: SpaceId,
}

impl Live {
    pub(super) fn new(drive: &Drive, space: &SpaceId) -> Self {
        Self { drive: drive.clone(), space: space.clone() }
    }
}

impl Source for Live {
    async fn all(&self, token: Option<&str>) -> Result<Page, Error> {
        let calls = self.drive.client().storage_v1();
        // Upwards, what is changed meanwhile comes again; downwards, the page of the operation says, it is lost.
        let mut call = calls.list_all_dentries(&self.space).max_results(PAGE).order(SortOrder::Asc);
        if let Some(token) = token {
            call = call.next_token(&PageToken::from(token));
        }
        let (answer, unreadable) = call.send().with_unreadable().await?;
        Ok(page(&answer.dentries, answer.next_token, unreadable.is_empty()))
    }

    async fn children(&self, folder: &DentryId, token: Option<&str>) -> Result<Page, Error> {
        let calls = self.drive.client().storage_v1();
        let call = calls.list_dentries(&self.space, folder).max_results(PAGE);
        // What is made meanwhile comes last, and nothing changes its place.
        let mut call = call.order_by(DentrySortField::CreateTime).order(SortOrder::Asc);
        if let Some(token) = token {
            call = call.next_token(&PageToken::from(token));
        }
        let (answer, unreadable) = call.send().with_unreadable().await?;
        Ok(page(&answer.dentries, answer.next_token, unreadable.is_empty()))
    }

    async fn look(&self, ids: &[DentryId]) -> Result<Vec<(DentryId, Look)>, Error> {
        let answer = self.drive.client().storage_v1().get_dentries(&self.space, ids).send().await?;
        let looks = answer.result_items.into_iter().map(|result| {
            let look = match (&result.dentry, result.success, &result.error_code) {
                (Some(dentry), Some(true) | None, _) if dentry.status == Some(DentryStatus::Deleted) => Look::Gone,
                (Some(dentry), Some(true) | None, _) => {
                    Entry::from_dentry(dentry).map_or(Look::Unknown, |entry| Look::There(Box::new(entry)))
                }
                (_, Some(false), Some(ErrorCode::DentryNotExist)) => Look::Gone,
                _ => Look::Unknown,
            };
            (result.dentry_id, look)
        });
        Ok(looks.collect())
    }
}

fn page(dentries: &[Dentry], next: Option<PageToken>, is_readable: bool) -> Page {
    let there = dentries.iter().filter(|dentry| dentry.status != Some(DentryStatus::Deleted));
    let read: Vec<Result<Entry, Error>> = there.map(Entry::from_dentry).collect();
    let has_gaps = !is_readable || read.iter().any(Result::is_err);
    let next = next.map(|token| token.as_str().to_owned()).filter(|token| !token.is_empty());
    Page { entries: read.into_iter().flatten().collect(), next, has_gaps }
}
