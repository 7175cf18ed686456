//! In place of what has the name, under another name.
//!
//! An entry is renamed only where it is, and no rename replaces anything; a move does, but keeps the name. So the entry
//! gets its name in a folder of its own, and is moved from there. What it replaces stays until that last step.

use dingtalk_storage::types::ConflictStrategy;

use super::Placing;
use super::undoing::{Halfway, failure};
use crate::{Entry, Error, Leftover};

impl Placing {
    /// Moves the entry in place of what has the name.
    pub(super) async fn move_over(&self, name: &str) -> Result<Entry, Error> {
        let aside = self.make_aside().await?;
        let there = match self.to_aside(&self.entry, &aside).await {
            Ok(there) => there,
            Err(error) => return Err(failure(error, Leftover::Folder, self.unmake(&aside).await)),
        };
        match self.take_place(&there, name).await {
            Ok(placed) => self.without_aside(&aside, placed).await,
            Err((there, error)) => match self.back(&there).await {
                Ok(()) => Err(failure(error, Leftover::Folder, self.unmake(&aside).await)),
                // The folder stays: what lies in it would go with it.
                stuck => Err(failure(error, Leftover::Moved, stuck)),
            },
        }
    }

    /// Puts a copy that lies in the folder in place of what has the name there.
    pub(super) async fn copy_over(&self, copy: &Entry, name: &str) -> Result<Entry, Error> {
        let aside = match self.make_aside().await {
            Ok(aside) => aside,
            Err(error) => return Err(failure(error, Leftover::Copy, self.unmake(copy).await)),
        };
        let there = match self.to_aside(copy, &aside).await {
            Ok(there) => there,
            Err(error) => {
                let (copy, aside) = (self.unmake(copy).await, self.unmake(&aside).await);
                let left = if copy.is_err() { Leftover::Copy } else { Leftover::Folder };
                return Err(failure(error, left, copy.and(aside)));
            }
        };
        match self.take_place(&there, name).await {
            Ok(placed) => self.without_aside(&aside, placed).await,
            // The copy goes with the folder.
            Err((_, error)) => Err(failure(error, Leftover::Folder, self.unmake(&aside).await)),
        }
    }

    /// A folder that nothing else has, within the one that receives the entry.
    async fn make_aside(&self) -> Result<Entry, Error> {
        self.drive.make_folder(&self.folder, &format!(".dingtalk-{:016x}.part", fastrand::u64(..))).await
    }

    async fn to_aside(&self, entry: &Entry, aside: &Entry) -> Result<Entry, Error> {
        let to_aside = Self { folder: aside.clone(), ..self.clone() };
        to_aside.relocate(entry, ConflictStrategy::ReturnErrorIfExists).await
    }

    async fn take_place(&self, there: &Entry, name: &str) -> Result<Entry, Halfway> {
        let named = if there.name == name {
            there.clone()
        } else {
            self.drive.rename(there, name).await.map_err(|error| (there.clone(), error))?
        };
        self.relocate(&named, ConflictStrategy::Overwrite).await.map_err(|error| (named, error))
    }

    async fn without_aside(&self, aside: &Entry, placed: Entry) -> Result<Entry, Error> {
        // It is done; an empty folder that cannot be removed makes it no failure.
        let _ = self.drive.remove(aside).for_good().send().await;
        Ok(placed)
    }
}
