//! What is done to one file or folder.

use dingtalk_storage::types::{DentryId, DentryUuid};
use serde::{Deserialize, Serialize};

use super::folder_entry;
use crate::sync::stamp::Stamp;
use crate::{Entry, EntryKind};
use dingtalk_storage::types::SpaceId;

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Action {
    /// A folder is made.
    MakeFolder,
    /// A file of the other side has moved, and moves here as well.
    Move,
    /// A file is sent to the drive.
    Upload,
    /// A file is fetched from the drive.
    Download,
    /// A file has the right bytes, and gets the right time.
    SetTime,
    /// A file is deleted, or goes to the folder for backups.
    Delete,
    /// A folder that has become empty is deleted.
    DeleteFolder,
}

impl Action {
    /// Whether it is about bytes.
    #[must_use]
    pub fn moves_bytes(self) -> bool {
        matches!(self, Self::Upload | Self::Download)
    }
}

/// What is done to one file or folder. Items do not depend on the order in which they are carried out, but for folders
/// that are deleted after what is in them, and each can be carried out twice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Item {
    /// What is done.
    pub action: Action,
    /// Path below both folders, by true names: those that neither side had to write otherwise.
    pub path: String,
    /// Name on the side that is changed.
    pub name: String,
    /// Path below the folder of this machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local: Option<String>,
    /// Where a file that moves was before, below the folder that is changed: a path of this machine, or true names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Folder of the drive that receives or holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<PlannedFolder>,
    /// What it is in the drive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<PlannedEntry>,
    /// Bytes.
    #[serde(default)]
    pub size: u64,
    /// When its content was changed last, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<i64>,
    /// Checksum of its content, CRC-64/XZ, where it is known and needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crc64: Option<u64>,
    /// Size and time of the file of this machine that is replaced, moved or deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<(u64, i64)>,
    /// Whether what was there goes to the folder for backups.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub backs_up: bool,
    /// Whether the folder is one for backups.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_backup: bool,
}

/// A folder of the drive, which an item may have to make first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PlannedFolder {
    /// Path below the folder of the plan, by true names.
    pub path: String,
    /// Its ids; none if it is made by an item of the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ids: Option<(DentryId, DentryUuid)>,
}

impl PlannedFolder {
    pub(in crate::sync) fn entry(&self, space: &SpaceId) -> Option<Entry> {
        let (id, uuid) = self.ids.as_ref()?;
        Some(folder_entry(space, id, uuid, &self.path))
    }
}

/// A file or folder of the drive as it was when the plan was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PlannedEntry {
    /// Id within its space.
    pub id: DentryId,
    /// Uuid.
    pub uuid: DentryUuid,
    /// Folder that holds it.
    pub parent: DentryId,
    /// Name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Version of its content.
    pub version: Option<i64>,
}

impl PlannedEntry {
    pub(in crate::sync) fn of(entry: &Entry) -> Self {
        let Entry { id, uuid, parent, name, size, version, .. } = entry.clone();
        Self { id, uuid, parent, name, size, version }
    }

    /// The file, as far as calls about it need it.
    pub(in crate::sync) fn file(&self, space: &SpaceId) -> Entry {
        let Self { id, uuid, parent, name, size, version } = self.clone();
        let (modified, stamp, is_online) = (None, None, false);
        Entry {
            space: space.clone(),
            id,
            uuid,
            parent,
            name,
            kind: EntryKind::File,
            size,
            version,
            modified,
            app_properties: Vec::new(),
            stamp,
            is_online,
        }
    }

    /// Whether an entry is still what it was: in its place, with its content.
    pub(in crate::sync) fn is(&self, now: &Entry) -> bool {
        *self == Self::of(now)
    }
}

impl Item {
    pub(in crate::sync) fn new(action: Action, path: String, name: String) -> Self {
        Self {
            action,
            path,
            name,
            local: None,
            from: None,
            folder: None,
            entry: None,
            size: 0,
            modified: None,
            crc64: None,
            replaces: None,
            backs_up: false,
            is_backup: false,
        }
    }

    /// Whether an entry of the drive is what this would make of it.
    pub(in crate::sync) fn is_done(&self, now: &Entry) -> bool {
        let same = |stamp: Stamp| stamp.size == self.size && Some(stamp.modified) == self.modified;
        now.stamp.is_some_and(same)
    }
}
