//! New spaces.

use std::collections::BTreeMap;

use crate::state::{Entry, EntryId, EntryKind, Grant, Member, Origin, OwnerType, Role, Space, SpaceId, World};

/// What a new space is made of.
#[derive(Debug, Clone)]
pub struct NewSpace {
    /// What it is made with.
    pub origin: Origin,
    /// Its name.
    pub name: Option<String>,
    /// Who creates it.
    pub creator: String,
    /// Who owns it.
    pub owner_type: OwnerType,
    /// App that creates it.
    pub app_id: String,
    /// Scene and id within it.
    pub scene: (String, String),
    /// Most bytes that it may hold.
    pub quota: Option<u64>,
    /// `canSearch`, `canRename` and `canRecordRecentFile`.
    pub capabilities: [bool; 3],
}

/// Makes a space with its root. The creator of a USER space owns it; an APP space has no grants to begin with.
pub fn create_space(world: &mut World, new: NewSpace) -> SpaceId {
    let now = world.now();
    let id = SpaceId(world.ids.number());
    let root = EntryId(world.ids.number());
    let uuid = world.ids.uuid();
    let owner = match new.owner_type {
        OwnerType::User => new.creator.clone(),
        OwnerType::App => new.app_id.clone(),
    };
    if new.owner_type == OwnerType::User {
        let grant = Grant {
            role: Role::Owner,
            duration: None,
            until: None,
            operator: new.creator.clone(),
            created: now,
            modified: now,
        };
        world.grants.insert((root, Member::user(&new.creator)), grant);
    }
    world.entries.insert(Entry {
        id: root,
        uuid,
        space: id,
        parent: None,
        kind: EntryKind::Folder,
        name: new.name.clone().unwrap_or_default(),
        creator: new.creator.clone(),
        modifier: new.creator.clone(),
        created: now,
        modified: now,
        size: 0,
        version: 0,
        properties: BTreeMap::new(),
        breaks_inheritance: false,
        deleted: false,
    });
    let [can_search, can_rename, can_record_recent_file] = new.capabilities;
    world.spaces.insert(Space {
        id,
        origin: new.origin,
        root,
        name: new.name,
        modifier: new.creator.clone(),
        creator: new.creator,
        owner_type: new.owner_type,
        owner,
        app_id: new.app_id,
        scene: new.scene.0,
        scene_id: new.scene.1,
        quota: new.quota,
        used: 0,
        can_search,
        can_rename,
        can_record_recent_file,
        created: now,
        modified: now,
    });
    id
}
