//! Uploads that were started, and the versions of files that came of them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{EntryId, SpaceId, Table, World};
use crate::clock::Time;

/// How long an upload in parts waits for more of them, and how long it is remembered what became of an upload.
const DAY: Duration = Duration::from_hours(24);

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
    /// Whether the client that puts the parts has yet to join them itself.
    #[serde(default)]
    pub unjoined: bool,
    /// When the newest credentials for its bytes expire.
    #[serde(default = "never")]
    pub expires: Time,
    /// File that it became.
    pub committed: Option<EntryId>,
    /// Whether its bytes were given up.
    #[serde(default)]
    pub abandoned: bool,
}

/// Uploads of older dumps do not expire.
fn never() -> Time {
    Time(i64::MAX)
}

impl Upload {
    /// Whether bytes can still be put or committed.
    pub fn is_open(&self) -> bool {
        self.committed.is_none() && !self.abandoned
    }

    /// Takes away the bytes that were put; returns their blobs.
    pub fn take_pieces(&mut self) -> Vec<String> {
        let parts = std::mem::take(&mut self.parts).into_values();
        self.whole.take().into_iter().chain(parts).map(|piece| piece.blob).collect()
    }

    /// When something is to be done about it: its bytes are given up, or it is forgotten.
    fn due(&self) -> Time {
        if self.is_open() && self.multipart.is_none() { self.expires } else { self.expires.after(DAY) }
    }
}

/// Keys for the object storage's own clients, which work for one upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemporaryKey {
    /// The secret.
    pub secret: String,
    /// The token that goes with it.
    pub token: String,
    /// Key of the upload.
    pub upload: String,
    /// When it expires.
    pub expires: Time,
}

/// All uploads, from their start until they are forgotten.
#[derive(Debug, Clone)]
pub struct Uploads {
    pub(super) table: Table<String, Upload>,
    due: BTreeSet<(Time, String)>,
}

impl Uploads {
    pub(super) fn new() -> Self {
        Self { table: Table::new("uploads"), due: BTreeSet::new() }
    }

    /// An upload by its key.
    pub fn get(&self, key: &str) -> Option<&Upload> {
        self.table.get(&key.to_owned())
    }

    /// All uploads in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = &Upload> {
        self.table.iter().map(|(_, upload)| upload)
    }

    /// Adds or replaces an upload.
    pub fn put(&mut self, upload: Upload) {
        if let Some(before) = self.get(&upload.key) {
            let before = (before.due(), before.key.clone());
            self.due.remove(&before);
        }
        self.due.insert((upload.due(), upload.key.clone()));
        self.table.insert(upload.key.clone(), upload);
    }

    /// Changes an upload.
    pub fn change(&mut self, key: &str, change: impl FnOnce(&mut Upload)) {
        if let Some(mut upload) = self.get(key).cloned() {
            change(&mut upload);
            self.put(upload);
        }
    }

    fn remove(&mut self, key: &str) {
        if let Some(upload) = self.table.remove(&key.to_owned()) {
            self.due.remove(&(upload.due(), upload.key));
        }
    }

    /// Makes what is derived from the table anew.
    pub(super) fn index(&mut self) {
        self.due = self.iter().map(|upload| (upload.due(), upload.key.clone())).collect();
    }
}

impl World {
    /// Gives up the bytes of uploads that nobody can commit any more. Returns the blobs that nothing needs then.
    pub fn free_uploads(&mut self) -> Vec<String> {
        let now = self.now();
        let mut blobs = Vec::new();
        while let Some((_, key)) = self.uploads.due.first().filter(|(time, _)| *time < now).cloned() {
            let Some(mut upload) = self.uploads.get(&key).cloned() else { break };
            if !upload.is_open() {
                self.uploads.remove(&key);
                continue;
            }
            self.objects.remove(&upload.object);
            blobs.extend(upload.take_pieces());
            upload.abandoned = true;
            self.uploads.put(upload);
        }
        if !self.temporary_keys.is_empty() {
            self.temporary_keys.retain(|key| key.expires >= now);
        }
        blobs
    }
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
