//! What the journal of an upload in parts notes.

use std::collections::BTreeMap;

use dingtalk_storage::types::DentryUuid;
use serde::{Deserialize, Serialize};

use super::super::Options;
use super::super::file::Version;
use crate::journal::ExactPath;

/// Format of the records; those of another one are not read.
pub(super) const FORMAT: u32 = 2;

/// One note.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Record {
    /// The upload was begun.
    Upload(Box<Begun>),
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
pub(crate) struct Begun {
    pub(super) format: u32,
    /// What makes it the same upload.
    pub(super) identity: String,
    pub(crate) operator: String,
    pub(crate) source: ExactPath,
    pub(crate) version: Version,
    pub(crate) folder: DentryUuid,
    pub(crate) name: String,
    pub(crate) options: Options,
    pub(super) part_size: u64,
    /// The only secret: going on needs it. It lets nobody but the app commit, and nobody read.
    pub(super) upload_key: String,
    pub(super) marker: Option<String>,
}

/// Bytes that are stored, as far as it is written down.
pub(crate) fn bytes(records: &[Record]) -> u64 {
    let mut parts = BTreeMap::new();
    for record in records {
        if let Record::Stored { part, size, .. } = record {
            parts.insert(part, size);
        }
    }
    parts.into_values().sum()
}
