//! Which file is downloaded.

use dingtalk_storage::types::{DentryId, DentryUuid, SpaceId};

use crate::{Drive, Entry, Error};

/// A file of the drive, by whatever is known of it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum RemoteFile {
    /// By its space and its id.
    Id(SpaceId, DentryId),
    /// By its uuid; its space and id are asked for.
    Uuid(DentryUuid),
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

    /// Its space and id, for the operation that gives URLs.
    pub(super) async fn ids(&self, drive: &Drive) -> Result<(SpaceId, DentryId), Error> {
        match self {
            Self::Id(space, id) => Ok((space.clone(), id.clone())),
            Self::Entry(entry) => Ok((entry.space.clone(), entry.id.clone())),
            Self::Uuid(uuid) => {
                let found = drive.client().doc_v2().get_dentry_id_by_uuid(uuid).send().await?;
                Ok((found.space_id()?.clone(), found.dentry_id()?.clone()))
            }
        }
    }

    /// What tells it from other files, for the journal.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Id(space, id) => format!("{space}/{id}"),
            Self::Entry(entry) => format!("{}/{}", entry.space, entry.id),
            Self::Uuid(uuid) => uuid.to_string(),
        }
    }
}

impl From<(SpaceId, DentryId)> for RemoteFile {
    fn from((space, id): (SpaceId, DentryId)) -> Self {
        Self::Id(space, id)
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
