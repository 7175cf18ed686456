//! Folders by the names that lead to them.

use std::collections::HashMap;

use dingtalk_storage::runtime::ErrorKind;
use dingtalk_storage::types::{ConflictStrategy, DentryId, DentryType, DentryUuid, SpaceId};

use crate::paths::names;
use crate::{Drive, Entry, Error};

/// Folders that were found or made, by space and path.
#[derive(Debug, Default)]
pub(super) struct Paths(HashMap<(SpaceId, String), Entry>);

impl Paths {
    /// The folder at a path, made if it is not there and `make` says so.
    pub(super) async fn folder(
        &mut self,
        drive: &Drive,
        space: &SpaceId,
        path: &str,
        make: bool,
    ) -> Result<Entry, Error> {
        let mut reached = String::new();
        let mut folder: Option<Entry> = None;
        for name in names(path) {
            reached.push('/');
            reached.push_str(name);
            let key = (space.clone(), reached.clone());
            let parent = folder.as_ref().map_or_else(DentryId::root, |folder| folder.id.clone());
            let next = match self.0.get(&key) {
                Some(known) => known.clone(),
                None if make => made(drive, space, &parent, name).await?,
                None => found(drive, space, &parent, name)
                    .await?
                    .ok_or_else(|| Error::NotFound { path: path.to_owned(), missing: name.to_owned() })?,
            };
            self.0.insert(key, next.clone());
            folder = Some(next);
        }
        match folder {
            Some(folder) => Ok(folder),
            None => self.root(drive, space).await,
        }
    }

    async fn root(&mut self, drive: &Drive, space: &SpaceId) -> Result<Entry, Error> {
        let key = (space.clone(), String::new());
        if let Some(root) = self.0.get(&key) {
            return Ok(root.clone());
        }
        let root = drive.entry(space, &DentryId::root()).await?;
        self.0.insert(key, root.clone());
        Ok(root)
    }

    /// Forgets a folder, and all that was found through it.
    pub(super) fn forget(&mut self, uuid: &DentryUuid) {
        let gone: Vec<(SpaceId, String)> =
            self.0.iter().filter(|(_, entry)| entry.uuid == *uuid).map(|(key, _)| key.clone()).collect();
        for (space, path) in gone {
            // What is above it may be gone, too.
            let top = format!("/{}", names(&path).next().unwrap_or_default());
            self.0.retain(|(known, below), _| *known != space || !is_within(below, &top));
        }
    }
}

fn is_within(path: &str, top: &str) -> bool {
    path.strip_prefix(top).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The folder of a name, made unless it is there already: by one call, which may be sent again.
async fn made(drive: &Drive, space: &SpaceId, parent: &DentryId, name: &str) -> Result<Entry, Error> {
    let calls = drive.client().storage_v1();
    let call = || calls.add_folder(space, parent, name).conflict_strategy(ConflictStrategy::ReturnDentryIfExists);
    let answer = match call().send().await {
        // What the first call made is what the second one returns.
        Err(error) if error.kind() == ErrorKind::OutcomeUnknown => call().send().await,
        answer => answer,
    };
    let entry = match answer {
        Ok(answer) => Entry::from_dentry(&answer.dentry)?,
        // Who may not make folders here may still use one that is there.
        Err(error) if error.status() == Some(403) => match found(drive, space, parent, name).await? {
            Some(entry) => entry,
            None => return Err(error.into()),
        },
        Err(error) => return Err(error.into()),
    };
    if entry.is_folder() { Ok(entry) } else { Err(Error::NotAFolder(entry.name)) }
}

/// The folder of exactly this name; of several, the one that was listed first.
async fn found(drive: &Drive, space: &SpaceId, parent: &DentryId, name: &str) -> Result<Option<Entry>, Error> {
    let mut dentries = drive.client().storage_v1().list_dentries(space, parent).max_results(50).items();
    while let Some(dentry) = dentries.try_next().await? {
        if dentry.name == name && dentry.kind == DentryType::Folder {
            return Entry::from_dentry(&dentry).map(Some);
        }
    }
    Ok(None)
}
