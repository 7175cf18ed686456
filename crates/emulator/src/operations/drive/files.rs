//! Files and folders as Drive has them.

use serde_json::{Value, json};

use super::spaces::check_page_size;
use crate::call::{Call, Outcome};
use crate::drive::{self, Strategy, category, without_absent};
use crate::refusal::Refusal;
use crate::state::{Entry, EntryId, EntryKind, Position, Role, SortField, World};

/// Most files on a page. The documentation has a code for more, and no number.
const LARGEST_PAGE: i64 = 100;

/// `drive_v1.GetFileInfo`
pub fn get_file_info(call: &mut Call<'_>) -> Outcome {
    let entry = call.entry("spaceId", "fileId")?;
    call.world.require(&call.operator, entry, Role::Reader)?;
    Ok(shown(call.world, entry))
}

/// `drive_v1.ListFiles`
pub fn list_files(call: &mut Call<'_>) -> Outcome {
    check_page_size(call, LARGEST_PAGE)?;
    let missing = |refusal: Refusal| match refusal.code.as_ref() {
        "dentryNotExist" => Refusal { code: "parent.not.exist".into(), ..refusal },
        _ => refusal,
    };
    let folder = folder(call, "spaceId", "parentId").map_err(missing)?;
    call.world.require(&call.operator, call.stored(folder)?, Role::Reader)?;
    let (field, descending) = match call.input.text("orderType") {
        "createTimeAsc" => (SortField::Created, false),
        "modifyTimeAsc" => (SortField::Modified, false),
        "modifyTimeDesc" => (SortField::Modified, true),
        "nameAsc" => (SortField::Name, false),
        "nameDesc" => (SortField::Name, true),
        "sizeAsc" => (SortField::Size, false),
        "sizeDesc" => (SortField::Size, true),
        _ => (SortField::Created, true),
    };
    let behind: Option<Position> = call.page_start()?;
    let size = call.page_size(50);
    let mut rows = call.world.entries.list(folder, field, descending, behind.as_ref(), size + 1);
    let more = rows.len() > size;
    rows.truncate(size);
    let next = rows.last().filter(|_| more).map(|(position, _)| call.page_token(position));
    let files: Vec<Value> = rows.iter().map(|(_, entry)| shown(call.world, entry)).collect();
    Ok(json!({ "files": files, "nextToken": next.unwrap_or_default() }))
}

/// `drive_v1.CopyFile`
pub fn copy_file(call: &mut Call<'_>) -> Outcome {
    let source = call.entry("spaceId", "fileId")?.id;
    let folder = target(call)?;
    let placed = drive::copy(call, source, folder, policy(call)?)?;
    let task = placed.task.map(|task| task.to_string());
    let file = shown(call.world, call.stored(placed.entry)?);
    Ok(without_absent(json!({ "file": file, "taskId": task })))
}

/// `drive_v1.MoveFile`: it has no way to tell of a task, so what lies in a folder is moved at once.
pub fn move_file(call: &mut Call<'_>) -> Outcome {
    let moved = call.entry("spaceId", "fileId")?.id;
    let folder = target(call)?;
    let placed = drive::relocate(call, moved, folder, policy(call)?, true)?;
    if let Some(task) = placed.task {
        drive::finish_task(call, task);
    }
    Ok(shown(call.world, call.stored(placed.entry)?))
}

/// `drive_v1.RenameFile`
pub fn rename_file(call: &mut Call<'_>) -> Outcome {
    let renamed = call.entry("spaceId", "fileId")?.id;
    let name = call.input.text("newFileName").to_owned();
    drive::rename(call, renamed, &name)?;
    Ok(shown(call.world, call.stored(renamed)?))
}

/// `drive_v1.DeleteFile`: it has no way to tell of a task either.
pub fn delete_file(call: &mut Call<'_>) -> Outcome {
    let deleted = call.entry("spaceId", "fileId")?.id;
    let task = drive::delete(call, deleted, call.input.text("deletePolicy") == "toRecycle")?;
    if let Some(task) = task {
        drive::finish_task(call, task);
    }
    Ok(json!({ "success": true }))
}

/// A folder that a parameter names; without it, the root of the space.
pub fn folder(call: &Call<'_>, space: &str, parameter: &str) -> Result<EntryId, Refusal> {
    let space = call.space(space)?;
    let id = call.input.text_of(parameter).filter(|id| !id.is_empty()).unwrap_or("0");
    let entry = call.world.entry_of(space, id);
    let entry = entry.ok_or_else(|| Refusal::new("dentryNotExist").because(format!("{parameter} {id}")))?;
    if entry.kind == EntryKind::Folder {
        return Ok(entry.id);
    }
    Err(Refusal::new("param.error").because(format!("{parameter} {id} is no folder")))
}

fn target(call: &Call<'_>) -> Result<EntryId, Refusal> {
    let folder = folder(call, "targetSpaceId", "targetParentId")?;
    call.world.require(&call.operator, call.stored(folder)?, Role::Editor)?;
    Ok(folder)
}

/// What to do when a name is taken; third-party apps cannot overwrite.
pub fn policy(call: &Call<'_>) -> Result<Strategy, Refusal> {
    let strategy = Strategy::from_wire(call.input.text("addConflictPolicy"));
    if strategy == Strategy::Overwrite && call.app.as_ref().is_some_and(crate::state::App::is_third_party) {
        return Err(Refusal::new("unsupported.operation").because("a third-party app cannot overwrite"));
    }
    Ok(strategy)
}

/// A file or folder as Drive shows it.
pub fn shown(world: &World, entry: &Entry) -> Value {
    let file = entry.kind == EntryKind::File;
    let parent = entry.parent.and_then(|parent| world.entries.get(parent));
    without_absent(json!({
        "spaceId": entry.space.to_string(),
        "parentId": parent.map_or_else(|| "0".to_owned(), Entry::wire_id),
        "fileId": entry.wire_id(),
        "fileName": entry.name,
        "filePath": world.entries.path(entry.id),
        "fileType": if file { "file" } else { "folder" },
        "contentType": file.then(|| content_type(entry.extension().unwrap_or_default())),
        "fileExtension": entry.extension(),
        "fileSize": file.then_some(entry.size),
        "createTime": entry.created.text(),
        "modifyTime": entry.modified.text(),
        "creator": entry.creator,
        "modifier": entry.modifier,
    }))
}

/// Broad kind of content in the words of Drive.
pub fn content_type(extension: &str) -> &'static str {
    match (category(extension), extension) {
        (_, "txt" | "md" | "csv") => "text",
        ("IMAGE", _) => "image",
        ("VIDEO", _) => "video",
        ("AUDIO", _) => "audio",
        ("ARCHIVE", _) => "archive",
        ("DOCUMENT", _) => "document",
        ("ALI_DOC", _) => "alidoc",
        _ => "other",
    }
}
