//! Where walks are, to be written down.

use dingtalk_storage::types::{DentryId, SpaceId};
use serde::{Deserialize, Serialize};

use super::changes::Known;
use crate::Entry;

/// Where a walk is. It can be written down with `serde`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalkCheckpoint {
    pub(super) space: SpaceId,
    pub(super) pending: Pending,
    /// Whether something could not be listed or read.
    pub(super) has_gaps: bool,
    /// Whether anything was listed.
    pub(super) has_listed: bool,
}

/// What is still to be listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Pending {
    /// The flat list of the space, from a token on.
    All(Option<String>),
    /// Folders, the last of them first, each from a token on.
    Folders(Vec<(DentryId, Option<String>)>),
    /// Nothing.
    Nothing,
}

impl WalkCheckpoint {
    pub(super) fn all(space: &SpaceId) -> Self {
        Self { space: space.clone(), pending: Pending::All(None), has_gaps: false, has_listed: false }
    }

    pub(super) fn below(folder: &Entry) -> Self {
        let pending = Pending::Folders(vec![(folder.id.clone(), None)]);
        Self { space: folder.space.clone(), pending, has_gaps: false, has_listed: false }
    }

    pub(super) fn by_folders(space: &SpaceId) -> Self {
        let pending = Pending::Folders(vec![(DentryId::root(), None)]);
        Self { space: space.clone(), pending, has_gaps: false, has_listed: false }
    }

    /// The space that is walked.
    #[must_use]
    pub fn space(&self) -> &SpaceId {
        &self.space
    }
}

/// What is known of a space, and where the walk is that looks for changes. It can be written down with `serde`; it has
/// the facts of each entry, about 200 bytes as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangesCheckpoint {
    pub(super) space: SpaceId,
    /// Grows with each walk.
    pub(super) round: u64,
    pub(super) walk: Option<WalkCheckpoint>,
    pub(super) known: Vec<Known>,
}

impl ChangesCheckpoint {
    /// The space that it is about.
    #[must_use]
    pub fn space(&self) -> &SpaceId {
        &self.space
    }

    /// How many entries are known.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.known.len()
    }
}
