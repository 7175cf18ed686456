//! Files and folders, and what is done with them.

use dingtalk_storage::runtime::Time;
use dingtalk_storage_transfer::Entry;
use serde::Serialize;

/// A file or folder.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct EntryRecord {
    /// Where it is, as the commands take it.
    pub path: String,
    /// Its name.
    pub name: String,
    /// Whether it is a file or a folder.
    #[serde(rename = "type")]
    pub entry_type: EntryType,
    /// Bytes of a file, 0 for a folder.
    pub size: u64,
    /// When it was changed last, in RFC 3339, UTC.
    pub modified: Option<String>,
    /// Version of the content of a file.
    pub version: Option<i64>,
    /// Space that holds it.
    pub space: String,
    /// Id within the space.
    pub id: String,
    /// Id that survives moves.
    pub uuid: String,
    /// Id of the folder that holds it.
    pub parent: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum EntryType {
    File,
    Folder,
}

impl EntryRecord {
    pub fn new(path: &str, entry: &Entry) -> Self {
        Self {
            path: path.to_owned(),
            name: entry.name.clone(),
            entry_type: if entry.is_folder() { EntryType::Folder } else { EntryType::File },
            size: entry.size,
            modified: entry.modified.as_ref().map(rfc3339),
            version: entry.version,
            space: entry.space.to_string(),
            id: entry.id.to_string(),
            uuid: entry.uuid.to_string(),
            parent: entry.parent.to_string(),
        }
    }
}

/// A time in RFC 3339; as the server wrote it where that cannot be read.
pub fn rfc3339(time: &Time) -> String {
    time.unix_millis().map_or_else(|| time.as_str().to_owned(), |millis| Time::from_unix_millis(millis).to_string())
}

/// A deletion.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RemovedRecord {
    /// Where it was.
    pub path: String,
    /// Whether it is lost for good; otherwise it is in the recycle bin.
    pub permanent: bool,
    /// As it was.
    pub entry: EntryRecord,
}

/// Something in a new place.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PlacedRecord {
    /// Where it was.
    pub source: String,
    /// As it is.
    pub entry: EntryRecord,
}

/// Something that was left alone.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SkippedRecord {
    /// What was left alone.
    pub source: String,
    /// What is there already.
    pub target: String,
}

/// Something that would be done.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PlannedRecord {
    /// What would be done.
    pub action: Action,
    /// With what.
    pub source: String,
    /// Where to, if it goes anywhere.
    pub target: Option<String>,
    /// Bytes that would be moved over the network.
    pub bytes: u64,
    /// Calls of the API that it would take at least.
    pub calls: u64,
}

/// What a command takes in all, those calls included that find what it is about.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct EstimateRecord {
    /// Calls of the API that the dry run itself has made.
    pub spent: u64,
    /// Calls of the API that the command makes without `--dry-run`, if nothing goes wrong.
    pub calls: u64,
    /// The most that it makes, where that depends on what it finds.
    pub most_calls: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Action {
    Upload,
    Download,
    Remove,
    Move,
    Copy,
}
