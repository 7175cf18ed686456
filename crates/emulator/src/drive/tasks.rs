//! Work on trees that goes on after its call was answered.
//!
//! A task moves forward when somebody asks for it, one stage at a time, so that every caller sees it waiting, half
//! done and over, whatever the clock does. Without questions it is over after a moment, or as soon as something needs
//! the result and has no way to say that it has to wait.

use crate::call::Call;
use crate::drive::{copy_alone, erase_each};
use crate::refusal::Refusal;
use crate::state::{EntryId, EventKind, Role, Task, TaskStatus, Work, World};

/// Milliseconds after which a task is over that nobody asks for.
const LONGEST: i64 = 100;

/// What a call does to an entry that a task may be working on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touch {
    /// It reads the tree.
    Read,
    /// It changes the entry, or what lies directly in it.
    Itself,
    /// It changes the whole tree.
    Tree,
}

/// Starts a task; returns its id. `rest` are the entries to work on, in order, the top included.
pub fn start_task(call: &mut Call<'_>, work: Work, top: EntryId, rest: Vec<EntryId>) -> u64 {
    let task = Task {
        id: call.world.ids.number(),
        app: call.app.as_ref().map(|app| app.key.clone()).unwrap_or_default(),
        operator: call.operator.clone(),
        status: TaskStatus::Waiting,
        work,
        top,
        total: rest.len() as u64,
        rest,
        succeeded: 0,
        failed: 0,
        fail_message: None,
        began: call.now(),
        ended: None,
    };
    let id = task.id;
    call.world.tasks.put(task);
    id
}

/// Moves a task forward by one stage: from waiting to half done, from half done to its end.
pub fn advance_task(call: &mut Call<'_>, id: u64) {
    let Some(mut task) = call.world.tasks.get(id).filter(|task| !task.status.is_over()).cloned() else { return };
    let half = task.rest.len() / 2;
    let later = if task.status == TaskStatus::Waiting { task.rest.split_off(half) } else { Vec::new() };
    for entry in std::mem::replace(&mut task.rest, later) {
        match work_on(call, &mut task, entry) {
            Ok(()) => task.succeeded += 1,
            Err(refusal) => {
                task.failed += 1;
                task.fail_message.get_or_insert_with(|| refusal.code.into_owned());
            }
        }
    }
    task.status = match (task.status, task.failed) {
        (TaskStatus::Waiting, _) => TaskStatus::Working,
        (_, 0) => TaskStatus::Done,
        _ => TaskStatus::Failed,
    };
    if task.status.is_over() {
        task.ended = Some(call.now());
        end(call.world, &mut task);
    }
    call.world.tasks.put(task);
}

/// Brings a task to its end.
pub fn finish_task(call: &mut Call<'_>, id: u64) {
    while call.world.tasks.get(id).is_some_and(|task| !task.status.is_over()) {
        advance_task(call, id);
    }
}

/// Before a call is worked on: ends the tasks that nobody asks for, and those that the call would have to wait for
/// although its operation has no code to say so.
pub fn catch_up(call: &mut Call<'_>) {
    let waits = !call.operation.read && !call.operation.documents("operationConcurrentControl");
    let now = call.now();
    let due = |task: &&Task| waits || now.0 - task.began.0 >= LONGEST;
    let due: Vec<u64> = call.world.tasks.open().filter(due).map(|task| task.id).collect();
    for id in due {
        finish_task(call, id);
    }
}

/// Refuses what would come in the way of a task.
///
/// # Errors
///
/// `operationConcurrentControl`.
pub fn check_idle(world: &World, entry: EntryId, touch: Touch) -> Result<(), Refusal> {
    let below =
        |top: EntryId, entry: EntryId| entry == top || world.entries.ancestors(entry).any(|each| each.id == top);
    let meets = |top: EntryId| below(top, entry) || (touch != Touch::Itself && below(entry, top));
    let busy = world.tasks.open().find(|task| match &task.work {
        Work::Copy(copies) => {
            copies.get(&task.top).is_some_and(|copy| meets(*copy)) || (touch != Touch::Read && meets(task.top))
        }
        _ => meets(task.top),
    });
    match busy {
        Some(task) => Err(Refusal::new("operationConcurrentControl").because(format!("task {} works on it", task.id))),
        None => Ok(()),
    }
}

fn work_on(call: &mut Call<'_>, task: &mut Task, id: EntryId) -> Result<(), Refusal> {
    let world = &mut *call.world;
    let missing = || Refusal::new("dentryNotExist");
    let entry = world.entries.get(id).ok_or_else(missing)?.clone();
    match &mut task.work {
        Work::Copy(copies) => {
            // The top was copied when the task was started.
            if copies.contains_key(&id) {
                return Ok(());
            }
            world.require(&task.operator, &entry, Role::Downloader)?;
            let parent = entry.parent.and_then(|parent| copies.get(&parent)).copied().ok_or_else(missing)?;
            let copy = copy_alone(world, &entry, parent, entry.name.clone(), &task.operator)?;
            copies.insert(id, copy);
        }
        Work::Move(space) => move_bytes(world, id, *space),
        Work::Erase => {
            world.require(&task.operator, &entry, Role::Editor)?;
            if world.entries.has_children(id) {
                return Err(Refusal::new("operationNotSupported").because("something in it could not be deleted"));
            }
            world.tell(EventKind::Delete, id, &task.operator);
            let blobs = erase_each(world, [id]);
            call.dropped_blobs.extend(blobs);
            if id == task.top {
                call.effect("entry.deleted", entry.uuid);
            }
        }
        Work::Recycle(_) => world.entries.change(id, |entry| entry.deleted = true),
        Work::Restore => world.entries.change(id, |entry| entry.deleted = false),
    }
    Ok(())
}

fn end(world: &mut World, task: &mut Task) {
    if let Work::Recycle(item) = &task.work {
        world.recycle_items.insert(item.id, item.clone());
    }
    if let Work::Copy(copies) = &mut task.work {
        copies.retain(|original, _| *original == task.top);
    }
}

/// Takes an entry over into another space, with what all its versions weigh.
pub fn move_bytes(world: &mut World, id: EntryId, space: crate::state::SpaceId) {
    let Some(from) = world.entries.get(id).map(|entry| entry.space).filter(|from| *from != space) else { return };
    let bytes = stored_bytes(world, id);
    world.spaces.shrink(from, bytes);
    world.spaces.grow(space, bytes);
    world.entries.change(id, |entry| entry.space = space);
}

/// Bytes of all versions of an entry.
pub fn stored_bytes(world: &World, id: EntryId) -> u64 {
    world.versions.range((id, 0)..=(id, u32::MAX)).map(|(_, version)| version.content.size).sum()
}
