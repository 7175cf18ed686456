//! Spaces: the roots of all trees.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{EntryId, SpaceId, Table};
use crate::clock::Time;

/// Who owns a space, which decides how rights are granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum OwnerType {
    /// A person; grants are permanent.
    User,
    /// An app; grants are temporary, and every operator needs one.
    App,
}

/// What a space was made with; only those of Drive have a recycle bin and are seen in its client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// The storage operations.
    Storage,
    /// The Drive operations: a space of the organization.
    DriveOrg,
    /// The Drive operations: a person's own space.
    DrivePersonal,
    /// A chat.
    Chat,
    /// A knowledge base.
    Wiki,
    /// The attachments of approvals.
    Approval,
}

/// A space.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Space {
    /// Its id.
    pub id: SpaceId,
    /// What it was made with.
    pub origin: Origin,
    /// Its root.
    pub root: EntryId,
    /// Its name, when it has one.
    pub name: Option<String>,
    /// Who created it, by unionId.
    pub creator: String,
    /// Who changed it last.
    pub modifier: String,
    /// Who owns it.
    pub owner_type: OwnerType,
    /// The owner: a unionId or an app.
    pub owner: String,
    /// App that created it, by its id on the open platform.
    pub app_id: String,
    /// Scene that its developer chose.
    pub scene: String,
    /// Id within the scene.
    pub scene_id: String,
    /// Most bytes that it may hold.
    pub quota: Option<u64>,
    /// Bytes in use.
    pub used: u64,
    /// Whether search finds its files.
    pub can_search: bool,
    /// Whether it may be renamed.
    pub can_rename: bool,
    /// Whether its files show up among the recently used.
    pub can_record_recent_file: bool,
    /// When it was created.
    pub created: Time,
    /// When it was changed last.
    pub modified: Time,
}

/// All spaces.
#[derive(Debug, Clone)]
pub struct Spaces {
    pub(super) table: Table<SpaceId, Space>,
    /// Spaces of the storage operations by app, scene and id within the scene.
    scenes: BTreeMap<(String, String, String), SpaceId>,
    /// Bytes in use in all spaces.
    used: u64,
}

impl Spaces {
    pub(super) fn new() -> Self {
        Self { table: Table::new("spaces"), scenes: BTreeMap::new(), used: 0 }
    }

    /// A space by its id.
    pub fn get(&self, id: SpaceId) -> Option<&Space> {
        self.table.get(&id)
    }

    /// A space by its id on the wire.
    pub fn find(&self, id: &str) -> Option<&Space> {
        self.get(id.parse().ok()?)
    }

    /// The space of an app's scene.
    pub fn of_scene(&self, app_id: &str, scene: &str, scene_id: &str) -> Option<&Space> {
        let id = self.scenes.get(&(app_id.to_owned(), scene.to_owned(), scene_id.to_owned()))?;
        self.get(*id)
    }

    /// All spaces in the order of their ids.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Space> {
        self.table.iter().map(|(_, space)| space)
    }

    /// Bytes in use in all spaces.
    pub fn used(&self) -> u64 {
        self.used
    }

    /// Adds a space.
    pub fn insert(&mut self, space: Space) {
        self.note(&space);
        self.table.insert(space.id, space);
    }

    /// Changes a space. Its use is changed with [`Spaces::grow`] and [`Spaces::shrink`].
    pub fn change(&mut self, id: SpaceId, change: impl FnOnce(&mut Space)) {
        if let Some(space) = self.table.get_mut(&id) {
            change(space);
        }
    }

    /// Takes a space away.
    pub fn remove(&mut self, id: SpaceId) -> Option<Space> {
        let space = self.table.remove(&id)?;
        self.scenes.retain(|_, each| *each != id);
        self.used = self.used.saturating_sub(space.used);
        Some(space)
    }

    /// Bytes were stored.
    pub fn grow(&mut self, id: SpaceId, bytes: u64) {
        if let Some(space) = self.table.get_mut(&id) {
            space.used += bytes;
            self.used += bytes;
        }
    }

    /// Bytes are gone.
    pub fn shrink(&mut self, id: SpaceId, bytes: u64) {
        if let Some(space) = self.table.get_mut(&id) {
            space.used = space.used.saturating_sub(bytes);
            self.used = self.used.saturating_sub(bytes);
        }
    }

    /// Makes what is derived from the table anew.
    pub(super) fn index(&mut self) {
        self.scenes.clear();
        self.used = 0;
        let spaces: Vec<Space> = self.iter().cloned().collect();
        for space in &spaces {
            self.note(space);
        }
    }

    fn note(&mut self, space: &Space) {
        self.used += space.used;
        if space.origin == Origin::Storage {
            let scene = (space.app_id.clone(), space.scene.clone(), space.scene_id.clone());
            self.scenes.insert(scene, space.id);
        }
    }
}
