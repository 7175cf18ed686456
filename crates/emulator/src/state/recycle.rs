//! The recycle bin of the organization.

use serde::{Deserialize, Serialize};

use super::{EntryId, SpaceId};
use crate::clock::Time;

/// A deleted file or folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecycleItem {
    /// Id within the recycle bin.
    pub id: u64,
    /// Space that held it, and still counts its bytes.
    pub space: SpaceId,
    /// The file or folder.
    pub top: EntryId,
    /// It and everything that was below it, folders before what they hold.
    pub tree: Vec<EntryId>,
    /// Folder that held it.
    pub folder: EntryId,
    /// Path that it had.
    pub path: String,
    /// Who deleted it.
    pub operator: String,
    /// When.
    pub time: Time,
}
