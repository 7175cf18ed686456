//! Copying, moving, renaming and deleting files and folders, one by one and many at once.

use serde_json::{Value, json};

use crate::call::{Call, Outcome};
use crate::drive::{self, Placed, Strategy, View, without_absent};
use crate::refusal::Refusal;
use crate::state::EntryId;

/// `storage_v1.CopyDentry`
pub fn copy_dentry(call: &mut Call<'_>) -> Outcome {
    let source = call.entry("spaceId", "dentryId")?.id;
    let folder = drive::target_folder(call, "targetSpaceId", "targetFolderId")?;
    let placed = drive::copy(call, source, folder, strategy(call))?;
    placed_dentry(call, placed)
}

/// `storage_v1.MoveDentry`
pub fn move_dentry(call: &mut Call<'_>) -> Outcome {
    let moved = call.entry("spaceId", "dentryId")?.id;
    let folder = drive::target_folder(call, "targetSpaceId", "targetFolderId")?;
    let keep_grants = call.input.flag("option.presevePermissions");
    let placed = drive::relocate(call, moved, folder, strategy(call), keep_grants)?;
    placed_dentry(call, placed)
}

/// `storage_v1.RenameDentry`
pub fn rename_dentry(call: &mut Call<'_>) -> Outcome {
    let renamed = call.entry("spaceId", "dentryId")?.id;
    let name = call.input.text("newName").to_owned();
    drive::rename(call, renamed, &name)?;
    Ok(json!({ "dentry": drive::dentry_of(call, renamed, &View::of(call))? }))
}

/// `storage_v1.DeleteDentry`
pub fn delete_dentry(call: &mut Call<'_>) -> Outcome {
    let deleted = call.entry("spaceId", "dentryId")?.id;
    let task = drive::delete(call, deleted, call.input.flag("toRecycleBin"))?;
    Ok(without_absent(json!({ "async": task.is_some(), "taskId": wire(task) })))
}

/// `storage_v1.CopyDentries`
pub fn copy_dentries(call: &mut Call<'_>) -> Outcome {
    place_each(call, |call, source, folder| drive::copy(call, source, folder, strategy(call)))
}

/// `storage_v1.MoveDentries`
pub fn move_dentries(call: &mut Call<'_>) -> Outcome {
    let keep_grants = call.input.flag("option.preservePermissions");
    place_each(call, |call, moved, folder| drive::relocate(call, moved, folder, strategy(call), keep_grants))
}

/// `storage_v1.DeleteDentries`
pub fn delete_dentries(call: &mut Call<'_>) -> Outcome {
    let space = call.space("spaceId")?.id.to_string();
    let recycle = call.input.flag("option.toRecycleBin");
    let result = |call: &mut Call<'_>, id: String| {
        let done = item(call, &id).and_then(|entry| drive::delete(call, entry, recycle));
        let mut result = outcome(&done.as_ref().copied().map_err(Clone::clone));
        add(&mut result, json!({ "spaceId": space, "dentryId": id }));
        result
    };
    let results: Vec<Value> = ids(call)?.into_iter().map(|id| result(call, id)).collect();
    Ok(json!({ "resultItems": results }))
}

fn place_each(
    call: &mut Call<'_>,
    place: impl Fn(&mut Call<'_>, EntryId, EntryId) -> Result<Placed, Refusal>,
) -> Outcome {
    let space = call.space("spaceId")?.id.to_string();
    let folder = drive::target_folder(call, "targetSpaceId", "targetFolderId")?;
    let target_space = call.stored(folder)?.space.to_string();
    let mut results = Vec::new();
    for id in ids(call)? {
        let placed = item(call, &id).and_then(|entry| place(call, entry, folder));
        let mut result = outcome(&placed.as_ref().map(|placed| placed.task).map_err(Clone::clone));
        add(&mut result, json!({ "spaceId": space, "dentryId": id }));
        if let Ok(placed) = placed {
            let target = call.stored(placed.entry)?.wire_id();
            add(&mut result, json!({ "targetSpaceId": target_space, "targetDentryId": target }));
        }
        results.push(result);
    }
    Ok(json!({ "resultItems": results }))
}

/// The ids of a bulk call, which have to be ids at least.
fn ids(call: &Call<'_>) -> Result<Vec<String>, Refusal> {
    let ids = call.input.texts("dentryIds");
    match ids.iter().find(|id| id.is_empty() || !id.bytes().all(|each| each.is_ascii_digit())) {
        Some(id) => Err(Refusal::new("paramError.dentryIds").because(format!("{id} is no number"))),
        None => Ok(ids),
    }
}

fn item(call: &Call<'_>, id: &str) -> Result<EntryId, Refusal> {
    let entry = call.world.entry_of(call.space("spaceId")?, id);
    entry.map(|entry| entry.id).ok_or_else(|| Refusal::new("dentryNotExist"))
}

/// What became of one thing of a bulk call; `success` and `errorCode` are absent while a task works.
pub(super) fn outcome(done: &Result<Option<u64>, Refusal>) -> Value {
    match done {
        Ok(None) => json!({ "async": false, "success": true }),
        Ok(task) => without_absent(json!({ "async": true, "taskId": wire(*task) })),
        Err(refusal) => json!({ "async": false, "success": false, "errorCode": refusal.code }),
    }
}

/// Adds fields to an object.
pub(super) fn add(to: &mut Value, more: Value) {
    if let (Some(to), Value::Object(more)) = (to.as_object_mut(), more) {
        to.extend(more);
    }
}

fn placed_dentry(call: &Call<'_>, placed: Placed) -> Outcome {
    let dentry = drive::dentry_of(call, placed.entry, &View::of(call))?;
    Ok(without_absent(json!({ "async": placed.task.is_some(), "taskId": wire(placed.task), "dentry": dentry })))
}

fn strategy(call: &Call<'_>) -> Strategy {
    Strategy::from_wire(call.input.text("option.conflictStrategy"))
}

/// The id of a task as the wire has it.
pub(super) fn wire(task: Option<u64>) -> Option<String> {
    task.map(|task| task.to_string())
}
