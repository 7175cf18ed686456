//! The way back from a move or a copy that failed on its way.

use dingtalk_storage::types::ConflictStrategy;

use super::Placing;
use crate::{Entry, Error, Leftover};

/// Where an entry is after a step that failed, and why it did.
pub(super) type Halfway = (Entry, Error);

/// The failure of a step, with what is left behind where it could not be undone.
pub(super) fn failure(first: Error, left: Leftover, undone: Result<(), Halfway>) -> Error {
    match undone {
        Ok(()) => first,
        Err((entry, undo)) => {
            Error::HalfPlaced { source: Box::new(first), undo: Box::new(undo), left, entry: Box::new(entry) }
        }
    }
}

impl Placing {
    /// Gives what was to be moved the name that it had, where it is.
    pub(super) async fn name_back(&self, entry: &Entry) -> Result<(), Halfway> {
        if entry.name == self.entry.name {
            return Ok(());
        }
        self.drive.rename(entry, &self.entry.name).await.map(drop).map_err(|error| (entry.clone(), error))
    }

    /// Puts what was moved back where it was, with the name that it had.
    pub(super) async fn back(&self, moved: &Entry) -> Result<(), Halfway> {
        let back = async {
            let home = self.drive.entry(&self.entry.space, &self.entry.parent).await?;
            let back = Self { folder: home, ..self.clone() };
            back.relocate(moved, ConflictStrategy::AutoRename).await
        };
        let at_home = back.await.map_err(|error| (moved.clone(), error))?;
        self.name_back(&at_home).await
    }

    /// Deletes what was made on the way.
    pub(super) async fn unmake(&self, made: &Entry) -> Result<(), Halfway> {
        self.drive.remove(made).for_good().send().await.map_err(|error| (made.clone(), error))
    }
}
