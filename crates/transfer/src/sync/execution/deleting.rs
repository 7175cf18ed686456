//! Deletions from the drive, many with one call.

use dingtalk_storage::ErrorCode;
use dingtalk_storage::types::{DentryId, DentryStatus};
use futures_util::{StreamExt, stream};

use super::now::Left;
use super::report::{Became, Failure};
use super::run::Run;
use crate::sync::plan::{Action, BATCH, Item, PlannedEntry, SyncDirection, batch, depth};
use crate::{Entry, Error};

const CHANGED: &str = "it has become another one since the plan was made: plan again";

/// Something of the drive that is to go, with its place in the plan.
type Going<'p> = (usize, &'p Item, &'p PlannedEntry);

impl Run<'_> {
    pub(super) async fn delete_files(&self) {
        let items = self.items(&[Action::Delete]);
        let is_alone = |item: &Item| item.backs_up || self.plan.route.direction == SyncDirection::Down;
        let (alone, together): (Vec<_>, Vec<_>) = items.into_iter().partition(|(_, item)| is_alone(item));
        let at_once = self.drive.settings().files_at_once;
        let alone = stream::iter(alone).map(|(number, item)| self.item(number, item));
        alone.buffer_unordered(at_once).for_each(|()| std::future::ready(())).await;
        self.delete_together(together).await;
    }

    /// Folders that are empty by now, the deepest first.
    pub(super) async fn delete_folders(&self) {
        let items = self.items(&[Action::DeleteFolder]);
        if self.plan.route.direction == SyncDirection::Down {
            for (number, item) in items {
                self.item(number, item).await;
            }
            return;
        }
        // They stand in the plan with the deepest first. Each is looked into right before it goes.
        for level in items.chunk_by(|(_, one), (_, other)| depth(&one.path) == depth(&other.path)) {
            for batch in level.chunks(BATCH) {
                let empty = self.empty_of(batch).await;
                self.delete_some(&empty).await;
            }
        }
    }

    /// Those folders of some in which nothing is.
    async fn empty_of<'p>(&self, folders: &[(usize, &'p Item)]) -> Vec<Going<'p>> {
        let mut empty = Vec::new();
        for (number, item) in folders.iter().copied() {
            // For looking into it, and to delete it.
            if !self.budget.begin(1) {
                self.over(number, item, Became::NotStarted);
                continue;
            }
            match self.is_empty(item).await {
                Ok(true) => empty.extend(self.going(number, item)),
                Ok(false) => {
                    let failure = Failure::conflict("something is in it that was not planned to go");
                    self.over(number, item, Became::Failed(failure));
                }
                Err(Error::Api(error)) if error.code() == Some(&ErrorCode::DentryNotExist) => {
                    self.over(number, item, Became::AlreadyDone);
                }
                Err(error) => self.over(number, item, Became::Failed(error.into())),
            }
        }
        empty
    }

    async fn is_empty(&self, item: &Item) -> Result<bool, Error> {
        let Some(planned) = &item.entry else { return Ok(false) };
        let calls = self.drive.client().storage_v1();
        let page = calls.list_dentries(&self.plan.route.folder.space, &planned.id).max_results(1).send();
        let (page, unreadable) = page.with_unreadable().await?;
        Ok(page.dentries.is_empty()
            && unreadable.is_empty()
            && page.next_token.is_none_or(|token| token.as_str().is_empty()))
    }

    /// Something with its id; none where the plan does not say which it is, which is told.
    fn going<'p>(&self, number: usize, item: &'p Item) -> Option<Going<'p>> {
        let planned = item.entry.as_ref();
        if planned.is_none() {
            let failure = Failure::conflict("the plan does not say which file it is");
            self.over(number, item, Became::Failed(failure));
        }
        planned.map(|planned| (number, item, planned))
    }

    async fn delete_together(&self, items: Vec<(usize, &Item)>) {
        let for_good = self.plan.route.for_good;
        let mut left = Vec::new();
        for (number, item, planned) in items.into_iter().filter_map(|(number, item)| self.going(number, item)) {
            match self.now.as_ref().map_or(Left::All, |now| now.left_of_deletion(planned)) {
                Left::All => left.push((number, item, planned)),
                gone => self.stays(number, item, gone),
            }
        }
        for batch in left.chunks(batch(for_good)) {
            if !self.budget.begin(if for_good { 2 } else { 1 }) {
                for (number, item, _) in batch {
                    self.over(*number, item, Became::NotStarted);
                }
            } else if for_good {
                let still = self.still_there(batch).await;
                self.delete_some(&still).await;
            } else {
                self.delete_some(batch).await;
            }
        }
    }

    /// Those files of some that are what they were when the plan was made. What goes for good is looked at right before: nobody
    /// brings back what has been stored in its place since.
    async fn still_there<'p>(&self, files: &[Going<'p>]) -> Vec<Going<'p>> {
        let ids: Vec<DentryId> = files.iter().map(|(_, _, planned)| planned.id.clone()).collect();
        let calls = self.drive.client().storage_v1();
        let looks = match calls.get_dentries(&self.plan.route.folder.space, &ids).send().await {
            Ok(answer) => answer.result_items,
            Err(error) => {
                let failure = Failure::from(Error::from(error));
                for (number, item, _) in files {
                    self.over(*number, item, Became::Failed(failure.clone()));
                }
                return Vec::new();
            }
        };
        let mut still = Vec::new();
        for (number, item, planned) in files.iter().copied() {
            let look = looks.iter().find(|look| look.dentry_id == planned.id);
            let there = look
                .and_then(|look| look.dentry.as_ref())
                .filter(|_| look.is_some_and(|look| look.success != Some(false)));
            let is_gone = match there {
                Some(there) => there.status == Some(DentryStatus::Deleted),
                None => look.is_some_and(|look| look.error_code == Some(ErrorCode::DentryNotExist)),
            };
            if is_gone {
                self.stays(number, item, Left::Nothing);
            } else if there.and_then(|there| Entry::from_dentry(there).ok()).is_some_and(|there| planned.is(&there)) {
                still.push((number, item, planned));
            } else {
                self.stays(number, item, Left::Changed);
            }
        }
        still
    }

    /// Tells of something that is not to be deleted, because it is gone or has become another one.
    fn stays(&self, number: usize, item: &Item, left: Left) {
        let became =
            if left == Left::Nothing { Became::AlreadyDone } else { Became::Failed(Failure::conflict(CHANGED)) };
        self.over(number, item, became);
    }

    /// Deletes as many as one call takes.
    async fn delete_some(&self, batch: &[Going<'_>]) {
        if batch.is_empty() {
            return;
        }
        let ids: Vec<DentryId> = batch.iter().map(|(_, _, planned)| planned.id.clone()).collect();
        match self.delete_batch(&ids).await {
            Ok(mut failures) => {
                for (number, item, planned) in batch {
                    let failure = failures.iter().position(|(failed, _)| *failed == planned.id);
                    let became = match failure.map(|at| failures.swap_remove(at).1) {
                        Some(None) => Became::AlreadyDone,
                        Some(Some(failure)) => Became::Failed(failure),
                        None => Became::Done,
                    };
                    self.over(*number, item, became);
                }
            }
            Err(error) => {
                let failure = Failure::from(error);
                for (number, item, _) in batch {
                    self.over(*number, item, Became::Failed(failure.clone()));
                }
            }
        }
    }

    /// Deletes some; tells those that were not deleted, and why: without a failure, because they were gone.
    async fn delete_batch(&self, ids: &[DentryId]) -> Result<Vec<(DentryId, Option<Failure>)>, Error> {
        let route = &self.plan.route;
        let calls = self.drive.client().storage_v1();
        let answer = calls.delete_dentries(&route.folder.space, ids).to_recycle_bin(!route.for_good).send().await?;
        let mut failures = Vec::new();
        for id in ids {
            let result = answer.result_items.iter().find(|result| result.dentry_id == *id);
            let failure = match result {
                None => Some(Failure::conflict("the server does not say what became of it")),
                Some(result) if result.success != Some(false) => continue,
                Some(result) if result.error_code == Some(ErrorCode::DentryNotExist) => None,
                Some(result) => {
                    let code = result.error_code.as_ref().map_or("no reason", ErrorCode::as_str);
                    Some(Failure::conflict(&format!("the server refused: {code}")))
                }
            };
            failures.push((id.clone(), failure));
        }
        Ok(failures)
    }
}
