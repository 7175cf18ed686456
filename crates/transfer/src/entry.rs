//! Files and folders.

use dingtalk_storage::runtime::{MapOrList, Time};
use dingtalk_storage::types::{
    AppProperty, Dentry, DentryCategory, DentryId, DentryType, DentryUuid, SpaceId, StorageDriver,
};

use crate::Error;
use crate::sync::Stamp;

/// A file or folder, with what every one of them has.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Entry {
    /// Space that holds it.
    pub space: SpaceId,
    /// Id within its space, which versions 1.0 of the operations take.
    pub id: DentryId,
    /// Id that survives moves, which versions 2.0 of the operations take.
    pub uuid: DentryUuid,
    /// Folder that holds it.
    pub parent: DentryId,
    /// Name, with the extension of a file.
    pub name: String,
    /// Whether it is a file or a folder.
    pub kind: EntryKind,
    /// Bytes of a file; 0 for a folder.
    pub size: u64,
    /// Version of the content of a file.
    pub version: Option<i64>,
    /// When it was changed last.
    pub modified: Option<Time>,
    /// Properties that this app attached to it, and public ones of others.
    pub app_properties: Vec<AppProperty>,
    /// What a sync wrote beside it.
    pub(crate) stamp: Option<Stamp>,
    /// Whether it is an online document, which has no bytes to fetch.
    pub(crate) is_online: bool,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntryKind {
    /// Something with bytes.
    File,
    /// Something with entries in it.
    Folder,
}

impl Entry {
    /// Reads the answer of an operation.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if the server left out the space or the uuid.
    pub fn from_dentry(dentry: &Dentry) -> Result<Self, Error> {
        let kind = match dentry.kind {
            DentryType::Folder => EntryKind::Folder,
            _ => EntryKind::File,
        };
        Ok(Self {
            space: dentry.space_id()?.clone(),
            id: dentry.id.clone(),
            uuid: dentry.uuid()?.clone(),
            parent: dentry.parent_id.clone().unwrap_or_else(DentryId::root),
            name: dentry.name.clone(),
            kind,
            size: dentry.size.filter(|_| kind == EntryKind::File).unwrap_or(0),
            version: dentry.version,
            modified: dentry.modified_time.clone(),
            app_properties: dentry.app_properties.iter().flat_map(MapOrList::iter).cloned().collect(),
            stamp: Stamp::of(dentry),
            is_online: dentry.storage_driver == Some(StorageDriver::Alidoc)
                || dentry.category == Some(DentryCategory::AliDoc),
        })
    }

    /// Whether it is an online document, which has no bytes to fetch.
    #[must_use]
    pub fn is_online_document(&self) -> bool {
        self.is_online
    }

    /// Whether it is a folder.
    #[must_use]
    pub fn is_folder(&self) -> bool {
        self.kind == EntryKind::Folder
    }
}
