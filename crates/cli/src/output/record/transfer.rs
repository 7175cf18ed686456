//! Uploads and downloads.

use dingtalk_storage_transfer::Integrity;
use serde::Serialize;

use super::EntryRecord;

/// An upload.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UploadedRecord {
    /// Where the bytes came from; `-` is standard input.
    pub source: String,
    /// The file as it is stored.
    pub entry: EntryRecord,
    /// The name that was wished, where it is another one now.
    pub wished_name: Option<String>,
    /// Bytes that an earlier upload had stored already.
    pub resumed: u64,
    /// How the bytes were checked.
    pub integrity: IntegrityRecord,
}

/// A download.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DownloadedRecord {
    /// The file of the drive.
    pub source: String,
    /// The file of this machine.
    pub target: String,
    /// Its bytes.
    pub size: u64,
    /// Bytes that an earlier download had fetched already.
    pub resumed: u64,
    /// How the bytes were checked.
    pub integrity: IntegrityRecord,
}

/// How the bytes of a transfer were checked.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct IntegrityRecord {
    /// Whether the storage's checksum was held against that of the bytes.
    pub verified: bool,
    /// CRC-64/XZ of the bytes, in hexadecimal.
    pub crc64: Option<String>,
}

impl From<Integrity> for IntegrityRecord {
    fn from(integrity: Integrity) -> Self {
        match integrity {
            Integrity::Verified { crc64 } => Self { verified: true, crc64: Some(format!("{crc64:016x}")) },
            Integrity::Unverified { crc64 } => Self { verified: false, crc64: Some(format!("{crc64:016x}")) },
        }
    }
}

/// A transfer that was interrupted.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TransferRecord {
    /// Its id, which `transfers resume` takes.
    pub id: String,
    /// Which way it goes.
    pub direction: TransferDirection,
    /// The file of this machine.
    pub local: String,
    /// What the file of the drive is called.
    pub name: String,
    /// Bytes that are there.
    pub done: u64,
    /// All bytes.
    pub total: u64,
    /// When something was noted last, in RFC 3339, UTC.
    pub noted: String,
    /// Whether it is on its way now.
    pub running: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum TransferDirection {
    Up,
    Down,
}

/// How far a transfer has come, on standard error.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ProgressRecord {
    /// The file.
    pub item: String,
    /// Bytes of it that are done; what has to be sent again is taken back.
    pub done: u64,
    /// All of its bytes, where they are known.
    pub total: Option<u64>,
    /// Files of the command.
    pub files: usize,
    /// Files that are done with.
    pub files_done: usize,
    /// Metered calls of the command so far.
    pub calls: u64,
    /// Metered calls of the month so far, as far as they were made by this program on this machine.
    pub calls_of_month: u64,
}
