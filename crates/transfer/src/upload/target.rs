//! Where an upload goes.

use dingtalk_storage::types::{DentryId, DentryUuid, SpaceId};

use crate::{Drive, Entry, Error};

/// Folder that receives a file.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Target {
    /// A folder by its uuid; for the root of a space, the uuid of the root. An upload in parts takes one call more, which
    /// asks for the space.
    Folder(DentryUuid),
    /// A folder that is known.
    Entry(Entry),
}

impl Target {
    pub(super) fn uuid(&self) -> &DentryUuid {
        match self {
            Self::Folder(uuid) => uuid,
            Self::Entry(entry) => &entry.uuid,
        }
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        match self {
            Self::Entry(entry) if !entry.is_folder() => Err(Error::NotAFolder(entry.name.clone())),
            _ => Ok(()),
        }
    }

    /// What older operations know the folder by; asks for it at most once.
    pub(super) async fn place(&self, drive: &Drive, known: &mut Option<Place>) -> Result<Place, Error> {
        if let Some(place) = known {
            return Ok(place.clone());
        }
        let place = match self {
            Self::Entry(entry) => Place { space: entry.space.clone(), folder: entry.id.clone(), asked: false },
            Self::Folder(uuid) => ask(drive, uuid).await?,
        };
        Ok(known.insert(place).clone())
    }
}

/// A folder as older operations know it.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) space: SpaceId,
    pub(super) folder: DentryId,
    /// Whether it took a call to know.
    pub(super) asked: bool,
}

async fn ask(drive: &Drive, uuid: &DentryUuid) -> Result<Place, Error> {
    let answer = drive.client().doc_v2().get_dentry_id_by_uuid(uuid).send().await?;
    Ok(Place { space: answer.space_id()?.clone(), folder: answer.dentry_id()?.clone(), asked: true })
}

impl From<DentryUuid> for Target {
    fn from(folder: DentryUuid) -> Self {
        Self::Folder(folder)
    }
}

impl From<&DentryUuid> for Target {
    fn from(folder: &DentryUuid) -> Self {
        Self::Folder(folder.clone())
    }
}

impl From<Entry> for Target {
    fn from(folder: Entry) -> Self {
        Self::Entry(folder)
    }
}

impl From<&Entry> for Target {
    fn from(folder: &Entry) -> Self {
        Self::Entry(folder.clone())
    }
}
