//! What the journal of an upload in parts notes.

use serde::{Deserialize, Serialize};

use super::super::file::Version;

/// Format of the records; those of another one are not read.
pub(super) const FORMAT: u32 = 1;

/// One note.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Record {
    /// The upload was begun.
    Begun(Begun),
    /// A part is stored.
    Stored { part: i32, size: u64, crc64: u64, is_verified: bool },
    /// The commit is about to be sent, at this time in milliseconds since 1970.
    Committing { at: i64 },
    /// All commits so far were refused: nothing was made.
    Refused,
}

/// What an upload was begun with.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Begun {
    pub(super) format: u32,
    /// What makes it the same upload.
    pub(super) identity: String,
    /// Path of the source, for people to read.
    pub(super) source: String,
    pub(super) version: Version,
    pub(super) part_size: u64,
    /// The only secret: going on needs it. It lets nobody but the app commit, and nobody read.
    pub(super) upload_key: String,
    pub(super) marker: Option<String>,
}
