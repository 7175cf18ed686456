//! Where an upload goes.

use dingtalk_storage::types::{DentryId, DentryUuid, OpenConversationId, SpaceId, UserId, WorkspaceId};

use crate::paths::Path;
use crate::{Entry, Error};

/// Folder that receives a file. What it takes to find out about one is asked for once by a [`Drive`](crate::Drive) and
/// its clones.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Target {
    /// A folder by its uuid; for the root of a space, the uuid of the root. An upload in parts takes one call more, which
    /// asks for the space.
    Folder(DentryUuid),
    /// A folder that is known.
    Entry(Entry),
    /// A folder by its id within a space; takes one call more, which asks for its uuid.
    Id {
        /// Space that has it.
        space: SpaceId,
        /// Its id; [`DentryId::root`] is the root.
        folder: DentryId,
    },
    /// A folder by the names that lead to it, as in `/Reports/2026`; see [`Paths`](crate::Paths), which all uploads and
    /// downloads of a drive share. Each name that is not known takes a call to make or, without
    /// [`make_folders`](crate::Upload::make_folders), one for each 50 entries to look for.
    Path {
        /// Space that has it.
        space: SpaceId,
        /// Names with slashes between them; none for the root.
        path: String,
    },
    /// "My documents" of the operator; takes one call more.
    MyDocuments,
    /// The root of a knowledge base; takes one call more.
    Workspace(WorkspaceId),
    /// The space of a group chat; takes two calls more.
    Chat(OpenConversationId),
    /// The space for attachments of approvals, where this person may then upload: the operator, by the id within the
    /// organization. Takes two calls more.
    ApprovalAttachments(UserId),
}

impl Target {
    /// The root of a space.
    #[must_use]
    pub fn root(space: &SpaceId) -> Self {
        Self::Id { space: space.clone(), folder: DentryId::root() }
    }

    /// A folder by the names that lead to it: `Target::path(&space, "/Reports/2026")`.
    pub fn path(space: &SpaceId, path: impl Into<String>) -> Self {
        Self::Path { space: space.clone(), path: path.into() }
    }

    /// Refuses what cannot be a folder, before anything is sent.
    pub(super) fn check(&self) -> Result<(), Error> {
        match self {
            Self::Entry(entry) if !entry.is_folder() => Err(Error::NotAFolder(entry.name.clone())),
            Self::Path { path, .. } => Path::parse(path).map(drop),
            _ => Ok(()),
        }
    }
}

impl From<DentryUuid> for Target {
    fn from(folder: DentryUuid) -> Self {
        Self::Folder(folder)
    }
}

impl From<&DentryUuid> for Target {
    fn from(folder: &DentryUuid) -> Self {
        Self::Folder(folder.clone())
    }
}

impl From<Entry> for Target {
    fn from(folder: Entry) -> Self {
        Self::Entry(folder)
    }
}

impl From<&Entry> for Target {
    fn from(folder: &Entry) -> Self {
        Self::Entry(folder.clone())
    }
}
