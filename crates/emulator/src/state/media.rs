//! Media files for messages and forms, which are no part of the drive.

use serde::{Deserialize, Serialize};

use super::Piece;
use crate::clock::Time;

/// A media file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaFile {
    /// Its id.
    pub id: String,
    /// What kind of file it is.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub content: Piece,
    /// When it was uploaded.
    pub created: Time,
}
