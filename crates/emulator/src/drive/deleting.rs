//! Deleting entries, for good or into the recycle bin, and bringing them back.

use crate::call::Call;
use crate::drive::{Landing, Placed, Strategy, Touch, check_idle, erase_each, land, replace, start_task};
use crate::refusal::Refusal;
use crate::state::{Entry, EntryId, EventKind, Origin, RecycleItem, Role, SpaceId, Work, World};

/// Deletes an entry. A task deletes what lies in a folder, and returns its id.
///
/// # Errors
///
/// When the operator may not, the space has no recycle bin, or a task stands in the way.
pub fn delete(call: &mut Call<'_>, deleted: EntryId, recycle: bool) -> Result<Option<u64>, Refusal> {
    let entry = call.stored(deleted)?.clone();
    if entry.parent.is_none() {
        return Err(Refusal::new("operationNotSupported").because("a root cannot be deleted"));
    }
    call.world.require(&call.operator, &entry, Role::Editor)?;
    check_idle(call.world, deleted, Touch::Tree)?;
    if recycle {
        return put_into_bin(call, entry);
    }
    let mut tree = call.world.entries.tree(deleted);
    if tree.len() > 1 {
        // The effect comes with the end of the task, which can fail.
        tree.reverse();
        return Ok(Some(start_task(call, Work::Erase, deleted, tree)));
    }
    call.effect("entry.deleted", entry.uuid);
    call.tell(EventKind::Delete, deleted);
    let blobs = erase_each(call.world, [deleted]);
    call.dropped_blobs.extend(blobs);
    Ok(None)
}

fn put_into_bin(call: &mut Call<'_>, entry: Entry) -> Result<Option<u64>, Refusal> {
    let origin = call.world.spaces.get(entry.space).map(|space| space.origin);
    if !matches!(origin, Some(Origin::DriveOrg | Origin::DrivePersonal)) {
        let reason = "only spaces that were made with the Drive operations have one";
        return Err(Refusal::new("recycleBinNotSupportForSpace").because(reason));
    }
    let tree = call.world.entries.tree(entry.id);
    let item = RecycleItem {
        id: call.world.ids.number(),
        space: entry.space,
        top: entry.id,
        tree: tree.clone(),
        folder: entry.parent.unwrap_or(entry.id),
        path: call.world.entries.path(entry.id),
        operator: call.operator.clone(),
        time: call.now(),
    };
    call.effect("entry.recycled", entry.uuid);
    call.tell(EventKind::Delete, entry.id);
    if tree.len() > 1 {
        // Folders go last, so that what they hold is found until it is gone itself.
        let rest = tree.into_iter().rev().collect();
        return Ok(Some(start_task(call, Work::Recycle(item), entry.id, rest)));
    }
    call.world.entries.change(entry.id, |entry| entry.deleted = true);
    call.world.recycle_items.insert(item.id, item);
    Ok(None)
}

/// Id of the recycle bin of the organization, which is there as soon as somebody asks for it.
pub fn recycle_bin(world: &mut World) -> u64 {
    let corp_id = world.organisation.corp_id.clone();
    if let Some(id) = world.recycle_bins.get(&corp_id) {
        return *id;
    }
    let id = world.ids.number();
    world.recycle_bins.insert(corp_id, id);
    id
}

/// Whether a person may see, restore and delete an item: who deleted it, who manages its space, and administrators.
pub fn may_handle(world: &World, union_id: &str, item: &RecycleItem) -> bool {
    let admin = world.organisation.users.get(&union_id.to_owned()).is_some_and(|user| user.admin);
    let root = world.spaces.get(item.space).map(|space| space.root);
    let manages = || root.is_some_and(|root| world.role(union_id, root) >= Some(Role::Manager));
    admin || item.operator == union_id || manages()
}

/// Takes an item out of the recycle bin and puts it where it was, or into the root when that folder is gone. A task
/// restores what lies in a folder.
///
/// # Errors
///
/// `recycleItemNotExist`, or when its name is taken.
pub fn restore(call: &mut Call<'_>, item: u64, strategy: Strategy) -> Result<Placed, Refusal> {
    let item = call.world.recycle_items.get(&item).cloned().ok_or_else(|| Refusal::new("recycleItemNotExist"))?;
    let root = call.world.spaces.get(item.space).ok_or_else(|| Refusal::new("recycleItemNotExist"))?.root;
    let still_there = |folder: &&Entry| !folder.deleted && folder.space == item.space;
    let folder = call.world.entries.get(item.folder).filter(still_there).map_or(root, |folder| folder.id);
    let entry = call.stored(item.top)?.clone();
    let name = match land(call.world, folder, &entry.name, entry.kind, strategy, None, "dentryAlreadyExist")? {
        Landing::New(name) => name,
        Landing::Existing(entry) => return Ok(Placed { entry, task: None }),
        Landing::Replace(holder) => {
            replace(call, holder)?;
            entry.name.clone()
        }
    };
    call.world.recycle_items.remove(&item.id);
    call.world.entries.change(item.top, |entry| {
        entry.deleted = false;
        entry.parent = Some(folder);
        entry.name = name;
    });
    call.effect("entry.restored", entry.uuid);
    call.tell(EventKind::Create, item.top);
    let task = (item.tree.len() > 1).then(|| start_task(call, Work::Restore, item.top, item.tree));
    Ok(Placed { entry: item.top, task })
}

/// Deletes an item of the recycle bin for good.
pub fn purge(call: &mut Call<'_>, item: u64) {
    let Some(item) = call.world.recycle_items.remove(&item) else { return };
    if let Some(uuid) = call.world.entries.get(item.top).map(|entry| entry.uuid.clone()) {
        call.effect("entry.purged", uuid);
    }
    let blobs = erase_each(call.world, item.tree.iter().rev().copied());
    call.dropped_blobs.extend(blobs);
}

/// Deletes a space with everything in it, and what lies in the recycle bin of it.
pub fn remove_space(call: &mut Call<'_>, id: SpaceId) {
    let world = &mut *call.world;
    let items = world.recycle_items.iter().filter(|(_, item)| item.space == id).map(|(item, _)| *item);
    for item in items.collect::<Vec<u64>>() {
        world.recycle_items.remove(&item);
    }
    let entries = world.entries.iter().filter(|entry| entry.space == id).map(|entry| entry.id);
    let entries: Vec<EntryId> = entries.collect();
    let blobs = erase_each(world, entries);
    world.spaces.remove(id);
    call.dropped_blobs.extend(blobs);
}
