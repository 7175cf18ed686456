//! Copying, moving and renaming entries.

use std::collections::BTreeMap;

use crate::call::Call;
use crate::drive::{
    Landing, Strategy, Touch, check_idle, check_name, check_quota, check_room, erase, forget_grants, land, move_bytes,
    start_task, stored_bytes,
};
use crate::refusal::Refusal;
use crate::state::{Entry, EntryId, EntryKind, EventKind, ObjectOwner, Role, Version, Work, World};

/// The code for a name that is taken.
const TAKEN: &str = "dentryAlreadyExist";

/// Where an entry or its copy is now, and the task that still works on what lies below it.
#[derive(Debug, Clone, Copy)]
pub struct Placed {
    /// The entry, or what had its name.
    pub entry: EntryId,
    /// The task.
    pub task: Option<u64>,
}

/// The folder that something is to be put into.
///
/// # Errors
///
/// When there is none, or the operator may not put anything there.
pub fn target_folder(call: &Call<'_>, space: &str, folder: &str) -> Result<EntryId, Refusal> {
    let found = call.entry(space, folder)?;
    if found.kind != EntryKind::Folder {
        return Err(Refusal::new(format!("paramError.{folder}")).because("it is no folder"));
    }
    call.world.require(&call.operator, found, Role::Editor)?;
    Ok(found.id)
}

/// Copies an entry into a folder, with the newest version of each file. A task copies what lies in a folder.
///
/// # Errors
///
/// When the operator may not, the name is taken, there is no room, or a task stands in the way.
pub fn copy(call: &mut Call<'_>, source: EntryId, folder: EntryId, strategy: Strategy) -> Result<Placed, Refusal> {
    let entry = call.stored(source)?.clone();
    call.world.require(&call.operator, &entry, Role::Downloader)?;
    check_idle(call.world, source, Touch::Read)?;
    check_idle(call.world, folder, Touch::Itself)?;
    check_outside(call, &entry, folder)?;
    let tree = call.world.entries.tree(source);
    let size = |id: &EntryId| call.world.entries.get(*id).map_or(0, |entry| entry.size);
    let bytes = tree.iter().map(size).sum();
    let space = call.stored(folder)?.space;
    let space = call.world.spaces.get(space).ok_or_else(|| Refusal::new("spaceNotExist"))?;
    check_room(call.world, space, bytes)?;
    let name = match make_way(call, &entry, folder, strategy, None)? {
        Way::Free(name) => name,
        Way::Taken(entry) => return Ok(Placed { entry, task: None }),
    };
    let operator = call.operator.clone();
    let copy = copy_alone(call.world, &entry, folder, name, &operator)?;
    let uuid = call.stored(copy)?.uuid.clone();
    call.effect("entry.copied", uuid);
    let task = (tree.len() > 1).then(|| start_task(call, Work::Copy(BTreeMap::from([(source, copy)])), source, tree));
    Ok(Placed { entry: copy, task })
}

/// Copies an entry without what lies below it.
///
/// # Errors
///
/// When there is no room.
pub fn copy_alone(
    world: &mut World,
    original: &Entry,
    folder: EntryId,
    name: String,
    operator: &str,
) -> Result<EntryId, Refusal> {
    let space = world.entries.get(folder).map(|folder| folder.space);
    let space = space.and_then(|space| world.spaces.get(space)).ok_or_else(|| Refusal::new("dentryNotExist"))?;
    check_room(world, space, original.size)?;
    let space = space.id;
    let now = world.now();
    let id = EntryId(world.ids.number());
    let version = world.versions.get(&(original.id, original.version)).cloned();
    world.entries.insert(Entry {
        id,
        uuid: world.ids.uuid(),
        space,
        parent: Some(folder),
        kind: original.kind,
        name,
        creator: operator.to_owned(),
        modifier: operator.to_owned(),
        created: now,
        modified: now,
        size: original.size,
        version: u32::from(version.is_some()),
        properties: BTreeMap::new(),
        breaks_inheritance: false,
        deleted: false,
    });
    if let Some(version) = version {
        add_version(world, id, 1, Version { modifier: operator.to_owned(), modified: now, ..version });
    }
    world.tell(EventKind::Create, id, operator);
    Ok(id)
}

/// Adds a version whose bytes another one has too. They are shared, but count twice.
pub fn add_version(world: &mut World, entry: EntryId, number: u32, version: Version) {
    for piece in &version.content.pieces {
        world.share_blob(&piece.blob);
    }
    if let Some(space) = world.entries.get(entry).map(|entry| entry.space) {
        world.spaces.grow(space, version.content.size);
    }
    let object = format!("iA{}.file", world.ids.letters(40));
    world.objects.insert(object.clone(), ObjectOwner::Version(entry, number));
    world.versions.insert((entry, number), Version { object, ..version });
}

/// Moves an entry into a folder. It keeps its id and uuid, and so does everything below it. A task takes over what lies
/// in a folder.
///
/// # Errors
///
/// When the operator may not, the name is taken, there is no room, or a task stands in the way.
pub fn relocate(
    call: &mut Call<'_>,
    moved: EntryId,
    folder: EntryId,
    strategy: Strategy,
    keep_grants: bool,
) -> Result<Placed, Refusal> {
    let entry = call.stored(moved)?.clone();
    call.world.require(&call.operator, &entry, Role::Editor)?;
    check_idle(call.world, moved, Touch::Tree)?;
    check_idle(call.world, folder, Touch::Itself)?;
    check_outside(call, &entry, folder)?;
    let tree = call.world.entries.tree(moved);
    let space = call.stored(folder)?.space;
    if space != entry.space {
        let bytes = tree.iter().map(|id| stored_bytes(call.world, *id)).sum();
        check_quota(call.world.spaces.get(space).ok_or_else(|| Refusal::new("spaceNotExist"))?, bytes)?;
    }
    let name = match make_way(call, &entry, folder, strategy, Some(moved))? {
        Way::Free(name) => name,
        Way::Taken(entry) => return Ok(Placed { entry, task: None }),
    };
    let (now, operator) = (call.now(), call.operator.clone());
    call.world.entries.change(moved, |entry| {
        entry.parent = Some(folder);
        entry.name = name;
        entry.modified = now;
        entry.modifier = operator;
    });
    move_bytes(call.world, moved, space);
    if !keep_grants {
        forget_grants(call.world, moved);
    }
    call.effect("entry.moved", entry.uuid);
    call.tell(EventKind::Update, moved);
    let task = (tree.len() > 1).then(|| start_task(call, Work::Move(space), moved, tree));
    Ok(Placed { entry: moved, task })
}

/// Renames an entry.
///
/// # Errors
///
/// When the operator may not, the name is not allowed or taken, or a task stands in the way.
pub fn rename(call: &mut Call<'_>, renamed: EntryId, name: &str) -> Result<(), Refusal> {
    let entry = call.stored(renamed)?.clone();
    call.world.require(&call.operator, &entry, Role::Editor)?;
    let name = check_name(name, "paramError.name")?;
    check_idle(call.world, renamed, Touch::Itself)?;
    let Some(folder) = entry.parent else {
        return Err(Refusal::new("paramError.dentryId").because("a root cannot be renamed"));
    };
    land(call.world, folder, &name, entry.kind, Strategy::Refuse, Some(renamed), TAKEN)?;
    let (now, operator) = (call.now(), call.operator.clone());
    call.world.entries.change(renamed, |entry| {
        entry.name = name;
        entry.modified = now;
        entry.modifier = operator;
    });
    call.effect("entry.renamed", entry.uuid);
    call.tell(EventKind::Update, renamed);
    Ok(())
}

/// What stands in the way of an entry in a folder.
enum Way {
    /// Nothing, under this name.
    Free(String),
    /// This entry, and it is to stay.
    Taken(EntryId),
}

/// Sees to it that an entry can be put into a folder: chooses its name, and deletes what it is to replace.
fn make_way(
    call: &mut Call<'_>,
    entry: &Entry,
    folder: EntryId,
    strategy: Strategy,
    moving: Option<EntryId>,
) -> Result<Way, Refusal> {
    let holder = match land(call.world, folder, &entry.name, entry.kind, strategy, moving, TAKEN)? {
        Landing::New(name) => return Ok(Way::Free(name)),
        Landing::Existing(id) => return Ok(Way::Taken(id)),
        // A file that is copied onto itself is there already.
        Landing::Replace(id) if id == entry.id => return Ok(Way::Taken(id)),
        Landing::Replace(id) => id,
    };
    if call.world.entries.ancestors(entry.id).any(|each| each.id == holder) {
        return Err(Refusal::new(TAKEN).because("what has the name holds what is to replace it"));
    }
    replace(call, holder)?;
    Ok(Way::Free(entry.name.clone()))
}

/// Deletes what is to be replaced, with everything below it.
///
/// # Errors
///
/// When the operator may not, or a task stands in the way.
pub fn replace(call: &mut Call<'_>, replaced: EntryId) -> Result<(), Refusal> {
    let entry = call.stored(replaced)?.clone();
    call.world.require(&call.operator, &entry, Role::Editor)?;
    check_idle(call.world, replaced, Touch::Tree)?;
    let blobs = erase(call.world, replaced);
    call.dropped_blobs.extend(blobs);
    call.effect("entry.replaced", entry.uuid.clone());
    call.world.tell_of(EventKind::Delete, &entry, &call.operator);
    Ok(())
}

/// A root stays where it is, and a folder does not go into itself.
fn check_outside(call: &Call<'_>, entry: &Entry, folder: EntryId) -> Result<(), Refusal> {
    if entry.parent.is_none() {
        return Err(Refusal::new("paramError.dentryId").because("a root can be neither copied nor moved"));
    }
    if folder == entry.id || call.world.entries.ancestors(folder).any(|each| each.id == entry.id) {
        return Err(Refusal::new("paramError.targetFolderId").because("it lies in what is to be put there"));
    }
    Ok(())
}
