//! Deletions from the drive, many with one call.

use dingtalk_storage::ErrorCode;
use dingtalk_storage::types::DentryId;
use futures_util::{StreamExt, stream};

use super::now::Left;
use super::report::{Became, Failure};
use super::run::Run;
use crate::Error;
use crate::sync::plan::{Action, BATCH, Item, SyncDirection, depth};

const CHANGED: &str = "it has become another one since the plan was made: plan again";

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
        // They stand in the plan with the deepest first.
        for level in items.chunk_by(|(_, one), (_, other)| depth(&one.path) == depth(&other.path)) {
            let mut empty = Vec::new();
            for (number, item) in level.iter().copied() {
                // For looking into it, and to delete it.
                if !self.budget.begin(1) {
                    self.over(number, item, Became::NotStarted);
                    continue;
                }
                match self.is_empty(item).await {
                    Ok(true) => empty.push((number, item)),
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
            self.delete_together(empty).await;
        }
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

    async fn delete_together(&self, items: Vec<(usize, &Item)>) {
        let mut left = Vec::new();
        for (number, item) in items {
            let Some(planned) = &item.entry else {
                self.over(number, item, Became::Failed(Failure::conflict("the plan does not say which file it is")));
                continue;
            };
            // A folder has been looked into.
            let is_file = item.action == Action::Delete;
            let now = self.now.as_ref().filter(|_| is_file);
            match now.map_or(Left::All, |now| now.left_of_deletion(planned)) {
                Left::All => left.push((number, item, planned.id.clone())),
                Left::Nothing => self.over(number, item, Became::AlreadyDone),
                Left::Changed => self.over(number, item, Became::Failed(Failure::conflict(CHANGED))),
            }
        }
        for batch in left.chunks(BATCH) {
            if !self.budget.begin(1) {
                for (number, item, _) in batch {
                    self.over(*number, item, Became::NotStarted);
                }
                continue;
            }
            let ids: Vec<DentryId> = batch.iter().map(|(_, _, id)| id.clone()).collect();
            match self.delete_batch(&ids).await {
                Ok(mut failures) => {
                    for (number, item, id) in batch {
                        let failure = failures.iter().position(|(failed, _)| failed == id);
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
