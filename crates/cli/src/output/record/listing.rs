//! What else a drive has: spaces, versions, what was deleted, links, tasks, changes.

use serde::Serialize;

use super::{EntryRecord, EntryType};

/// A space.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SpaceRecord {
    /// Its root, as the commands take it.
    pub path: String,
    /// Its name.
    pub name: String,
    /// What it is.
    #[serde(rename = "type")]
    pub space_type: SpaceType,
    /// Id of the space, or of the knowledge base.
    pub id: String,
    /// Bytes that are used, where they are known.
    pub used: Option<u64>,
    /// Most bytes that it may hold; none without a limit of its own.
    pub quota: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum SpaceType {
    Shared,
    MyDocuments,
    Wiki,
}

/// What a folder takes.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UsageRecord {
    /// The folder.
    pub path: String,
    /// Bytes of all files below it.
    pub size: u64,
    /// Files below it.
    pub files: u64,
    /// Folders below it.
    pub folders: u64,
}

/// A version of a file.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct VersionRecord {
    /// The file.
    pub path: String,
    /// Number of the version.
    pub version: Option<i64>,
    /// Its bytes.
    pub size: Option<u64>,
    /// When it was made, in RFC 3339, UTC.
    pub modified: Option<String>,
    /// Who made it, by the unionId.
    pub modifier: Option<String>,
}

/// Something in the recycle bin.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TrashRecord {
    /// Id of the item, which `restore --id` takes.
    pub id: String,
    /// Name that it had.
    pub name: String,
    /// Path that it had within its space.
    pub original_path: String,
    /// Whether it is a file or a folder.
    #[serde(rename = "type")]
    pub entry_type: EntryType,
    /// Its bytes.
    pub size: u64,
    /// When it was deleted, in RFC 3339, UTC.
    pub deleted: Option<String>,
    /// Who deleted it, by the unionId.
    pub deleted_by: Option<String>,
}

/// A link that shows a file.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LinkRecord {
    /// The file.
    pub path: String,
    /// The link. Whoever has it may see the file.
    pub url: String,
    /// Whether it opens the file for editing.
    pub edit: bool,
}

/// A task of the server.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TaskRecord {
    /// Its id.
    pub id: String,
    /// How it stands, as the server says it: INIT, `IN_PROGRESS`, SUCCESS, FAIL.
    pub status: String,
    /// Files and folders that it works on.
    pub total: Option<i64>,
    /// Those that are done.
    pub succeeded: Option<i64>,
    /// Those that failed.
    pub failed: Option<i64>,
    /// Why it failed.
    pub message: Option<String>,
}

/// Something that a search found.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FoundRecord {
    /// As the commands take it.
    pub path: String,
    /// Id that survives moves.
    pub uuid: String,
    /// Its name.
    pub name: String,
    /// Where it is, as the server shows it to people.
    pub long_path: Option<String>,
    /// When it was changed last, in RFC 3339, UTC.
    pub modified: Option<String>,
    /// Page that shows it.
    pub url: Option<String>,
}

/// What became of an entry.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ChangeRecord {
    /// What became of it.
    pub change: ChangeKind,
    /// As the commands take it, by its uuid.
    pub path: String,
    /// Its name, the last one where it is deleted.
    pub name: String,
    /// As it is; none where it is deleted.
    pub entry: Option<EntryRecord>,
    /// Name that it had when it was seen before.
    pub previous_name: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ChangeKind {
    Added,
    Changed,
    Moved,
    Deleted,
}
