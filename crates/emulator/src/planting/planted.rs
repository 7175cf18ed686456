//! What a plan has changed.

use serde::Serialize;

/// What a plan has added, and what of that was there already and has been changed, or was taken away.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Planted {
    /// People by unionId.
    pub users: Changed,
    /// Apps by client id.
    pub apps: Changed,
    /// Spaces by id.
    pub spaces: Changed,
    /// How many files and folders are new.
    pub files_added: usize,
    /// How many files got a new version, because their paths were taken.
    pub files_changed: usize,
}

/// What became of the things of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Changed {
    /// New.
    pub added: Vec<String>,
    /// There already, and now as the plan has them.
    pub changed: Vec<String>,
    /// Taken away, because the plan replaces.
    pub removed: Vec<String>,
}

impl Changed {
    /// Notes one that is new, or was there already.
    pub(super) fn note(&mut self, id: impl Into<String>, was_there: bool) {
        if was_there { self.changed.push(id.into()) } else { self.added.push(id.into()) }
    }
}
