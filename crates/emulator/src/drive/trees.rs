//! Folders, and what goes for good.

use std::collections::BTreeMap;

use crate::call::Call;
use crate::drive::{Landing, Strategy, land};
use crate::refusal::Refusal;
use crate::state::{AppProperty, Entry, EntryId, EntryKind, EventKind, World};

/// Makes a folder in a folder, or finds the one that has its name, as the strategy says. A folder is never replaced:
/// overwriting keeps the folder that is there.
///
/// # Errors
///
/// `taken`, when the name is taken and the strategy wants that refused.
pub fn create_folder(
    call: &mut Call<'_>,
    parent: EntryId,
    name: String,
    strategy: Strategy,
    taken: &'static str,
    properties: Vec<AppProperty>,
) -> Result<EntryId, Refusal> {
    let name = match land(call.world, parent, &name, EntryKind::Folder, strategy, None, taken)? {
        Landing::New(name) => name,
        Landing::Existing(id) | Landing::Replace(id) => return Ok(id),
    };
    let (id, uuid) = new_entry(call, parent, EntryKind::Folder, name, properties)?;
    call.effect("folder.created", uuid);
    call.tell(EventKind::Create, id);
    Ok(id)
}

/// Puts a new entry into a folder: an empty folder, or a file whose first version is to come.
pub fn new_entry(
    call: &mut Call<'_>,
    parent: EntryId,
    kind: EntryKind,
    name: String,
    properties: Vec<AppProperty>,
) -> Result<(EntryId, String), Refusal> {
    let space = call.stored(parent)?.space;
    let now = call.now();
    let id = EntryId(call.world.ids.number());
    let uuid = call.world.ids.uuid();
    let mut all = BTreeMap::new();
    if !properties.is_empty() {
        all.insert(call.app_id(), properties);
    }
    call.world.entries.insert(Entry {
        id,
        uuid: uuid.clone(),
        space,
        parent: Some(parent),
        kind,
        name,
        creator: call.operator.clone(),
        modifier: call.operator.clone(),
        created: now,
        modified: now,
        size: 0,
        version: u32::from(kind == EntryKind::File),
        properties: all,
        breaks_inheritance: false,
        deleted: false,
    });
    Ok((id, uuid))
}

/// Removes an entry and everything below it for good, with versions, grants and bytes. Returns the blobs that nothing
/// needs any more.
pub fn erase(world: &mut World, top: EntryId) -> Vec<String> {
    let tree = world.entries.tree(top);
    erase_each(world, tree.iter().rev().copied())
}

/// Removes entries for good, what a folder holds before the folder. Returns the blobs that nothing needs any more.
pub fn erase_each(world: &mut World, entries: impl IntoIterator<Item = EntryId>) -> Vec<String> {
    let mut blobs = Vec::new();
    for id in entries {
        let Some(entry) = world.entries.remove(id) else { continue };
        for number in 1..=entry.version {
            let Some(version) = world.versions.remove(&(id, number)) else { continue };
            world.spaces.shrink(entry.space, version.content.size);
            world.objects.remove(&version.object);
            blobs.extend(version.content.pieces.into_iter().map(|piece| piece.blob));
        }
        forget_grants(world, id);
    }
    blobs.into_iter().filter(|blob| world.release_blob(blob)).collect()
}

/// Takes away all roles on an entry itself.
pub fn forget_grants(world: &mut World, entry: EntryId) {
    let grants: Vec<_> = world.grants_on(entry).map(|(member, _)| (entry, member.clone())).collect();
    for grant in grants {
        world.grants.remove(&grant);
    }
}
