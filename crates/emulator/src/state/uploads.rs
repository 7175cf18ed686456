//! Uploads that were started, and the versions of files that came of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{EntryId, SpaceId};
use crate::clock::Time;

/// Bytes that were stored in one request: a whole object or a part of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// Where the blob store keeps them.
    pub blob: String,
    /// How many there are.
    pub size: u64,
    /// Their CRC-64/XZ.
    pub crc: u64,
    /// Their entity tag.
    pub etag: String,
}

/// Bytes of a file: its pieces in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The pieces.
    pub pieces: Vec<Piece>,
    /// Bytes of all pieces.
    pub size: u64,
    /// CRC-64/XZ of all bytes.
    pub crc: u64,
    /// Entity tag of the whole.
    pub etag: String,
}

/// An upload that was started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// Key that commits it.
    pub key: String,
    /// Name of the object in the storage.
    pub object: String,
    /// Id of the multipart upload, when the bytes come in parts.
    pub multipart: Option<String>,
    /// Space that is to receive the file.
    pub space: SpaceId,
    /// Client id of the app that started it.
    pub app: String,
    /// The object, when it was put as a whole.
    pub whole: Option<Piece>,
    /// Parts by number.
    pub parts: BTreeMap<u32, Piece>,
    /// File that it became.
    pub committed: Option<EntryId>,
}

/// A version of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Its bytes.
    pub content: Content,
    /// Name of the object in the storage.
    pub object: String,
    /// Name of the file then.
    pub name: String,
    /// Who made it.
    pub modifier: String,
    /// When it was made.
    pub modified: Time,
}

/// What an object of the storage belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ObjectOwner {
    /// An upload that is not committed, by its key.
    Upload(String),
    /// A version of a file.
    Version(EntryId, u32),
}
