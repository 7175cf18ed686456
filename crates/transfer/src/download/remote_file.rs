//! Which file is downloaded.

use std::future::Future;

use dingtalk_storage::types::{DentryId, DentryUuid, SpaceId};
use serde::{Deserialize, Serialize};

use crate::{Drive, Entry, Error};

/// A file of the drive, by whatever is known of it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum RemoteFile {
    /// By its space and its id.
    Id(SpaceId, DentryId),
    /// By its uuid; its space and id are asked for.
    Uuid(DentryUuid),
    /// By its path in a space; see [`Paths`](crate::Paths).
    Path(SpaceId, String),
    /// By all that is known of it.
    Entry(Box<Entry>),
}

impl RemoteFile {
    /// Refuses what has no bytes.
    pub(super) fn check(&self) -> Result<(), Error> {
        match self {
            Self::Entry(entry) if entry.is_folder() => Err(Error::NotAFile { name: entry.name.clone() }),
            _ => Ok(()),
        }
    }

    /// What it is called in messages.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Id(space, id) => format!("{id} of space {space}"),
            Self::Uuid(uuid) => uuid.to_string(),
            Self::Path(_, path) => path.clone(),
            Self::Entry(entry) => entry.name.clone(),
        }
    }

    /// Bytes that it had when it was listed; it can have others by now.
    pub(super) fn expected_size(&self) -> Option<u64> {
        match self {
            Self::Entry(entry) => Some(entry.size),
            _ => None,
        }
    }

    /// Its space and id, for the operation that gives URLs, which `ask` makes: a path that was known and leads nowhere
    /// any more is looked for once again.
    pub(super) async fn ids<T, F>(&self, drive: &Drive, mut ask: impl FnMut(SpaceId, DentryId) -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        match self {
            Self::Id(space, id) => ask(space.clone(), id.clone()).await,
            Self::Entry(entry) => ask(entry.space.clone(), entry.id.clone()).await,
            Self::Uuid(uuid) => {
                let (space, id) = drive.ids_of(uuid).await?;
                ask(space, id).await
            }
            Self::Path(space, path) => {
                let use_entry = |entry: Entry| {
                    let asked = if entry.is_folder() {
                        Err(Error::NotAFile { name: entry.name })
                    } else {
                        Ok(ask(entry.space, entry.id))
                    };
                    async move { asked?.await }
                };
                drive.paths(space).using(path, use_entry).await
            }
        }
    }

    /// As a journal names it.
    pub(super) fn noted(&self) -> NotedFile {
        match self {
            Self::Id(space, id) => NotedFile::Id(space.clone(), id.clone()),
            Self::Entry(entry) => NotedFile::Id(entry.space.clone(), entry.id.clone()),
            Self::Uuid(uuid) => NotedFile::Uuid(uuid.clone()),
            Self::Path(space, path) => NotedFile::Path(space.clone(), path.clone()),
        }
    }
}

/// A file as a journal names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum NotedFile {
    Id(SpaceId, DentryId),
    Uuid(DentryUuid),
    Path(SpaceId, String),
}

impl From<NotedFile> for RemoteFile {
    fn from(file: NotedFile) -> Self {
        match file {
            NotedFile::Id(space, id) => Self::Id(space, id),
            NotedFile::Uuid(uuid) => Self::Uuid(uuid),
            NotedFile::Path(space, path) => Self::Path(space, path),
        }
    }
}

impl From<(SpaceId, DentryId)> for RemoteFile {
    fn from((space, id): (SpaceId, DentryId)) -> Self {
        Self::Id(space, id)
    }
}

impl From<(&SpaceId, &str)> for RemoteFile {
    fn from((space, path): (&SpaceId, &str)) -> Self {
        Self::Path(space.clone(), path.to_owned())
    }
}

impl From<DentryUuid> for RemoteFile {
    fn from(uuid: DentryUuid) -> Self {
        Self::Uuid(uuid)
    }
}

impl From<Entry> for RemoteFile {
    fn from(entry: Entry) -> Self {
        Self::Entry(Box::new(entry))
    }
}

impl From<&Entry> for RemoteFile {
    fn from(entry: &Entry) -> Self {
        entry.clone().into()
    }
}
