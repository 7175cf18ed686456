//! Online documents: made, copied and deleted, shortcuts to them, their attachments, and ways between their ids.

use serde_json::{Value, json};

use super::{transfers, wiki};
use crate::call::{Call, Outcome};
use crate::drive::{self, Strategy, Touch, node_url, without_absent};
use crate::refusal::Refusal;
use crate::state::{EntryId, EntryKind, EventKind, Role};

/// `doc_v1.CreateWorkspaceDoc`: nobody can write into a document here, so it stays empty.
pub fn create_workspace_doc(call: &mut Call<'_>) -> Outcome {
    let workspace = wiki::find(call, call.input.text("workspaceId"))?.clone();
    let parent = match call.input.text("parentNodeId") {
        "" => call.world.spaces.get(workspace.space).map(|space| space.root),
        uuid => call.world.entries.by_uuid(uuid).filter(|node| node.space == workspace.space).map(|node| node.id),
    };
    let missing = || Refusal::new("invalidRequest.workspaceNode.parentNotFound");
    let parent = call.world.entries.get(parent.ok_or_else(missing)?).ok_or_else(missing)?;
    call.world.require(&call.operator, parent, Role::Editor)?;
    let parent = parent.id;
    drive::check_idle(call.world, parent, Touch::Itself)?;
    let name = drive::check_name(call.input.text("name"), "invalidRequest.inputArgs.invalid")?;
    let (kind, name) = match extension(call.input.text("docType")) {
        None => (EntryKind::Folder, name),
        Some(extension) => (EntryKind::File, format!("{name}.{extension}")),
    };
    let taken = "invalidRequest.workspaceNode.nameConflict";
    drive::land(call.world, parent, &name, kind, Strategy::Refuse, None, taken)?;
    let (id, uuid) = drive::new_entry(call, parent, kind, name, Vec::new())?;
    call.effect("document.created", uuid.clone());
    call.tell(EventKind::Create, id);
    let key = call.world.ids.letters(16);
    Ok(json!({
        "workspaceId": workspace.id,
        "nodeId": uuid,
        "docKey": key,
        "url": node_url(&uuid),
        "dentryUuid": uuid,
    }))
}

/// Extension of what is made; a folder has none.
fn extension(kind: &str) -> Option<&'static str> {
    match kind {
        "FOLDER" => None,
        "WORKBOOK" => Some("axls"),
        "MIND" => Some("amind"),
        _ => Some("adoc"),
    }
}

/// `doc_v1.DeleteWorkspaceDoc`: for good, with everything below it.
pub fn delete_workspace_doc(call: &mut Call<'_>) -> Outcome {
    let space = wiki::find(call, call.input.text("workspaceId"))?.space;
    let node = wiki::node(call, call.input.text("nodeId"), "nodeNotExist")?;
    if node.space != space {
        return Err(Refusal::new("invalidRequest.workspaceNode.notInWorkspace").because(node.uuid.clone()));
    }
    if let Some(task) = drive::delete(call, node.id, false)? {
        drive::finish_task(call, task);
    }
    Ok(Value::Null)
}

/// `doc_v1.GetResourceUploadInfo`: the bytes arrive, and no document shows them.
pub fn get_resource_upload_info(call: &mut Call<'_>) -> Outcome {
    let document = call.entry_by_uuid("docId")?;
    call.world.require(&call.operator, document, Role::Editor)?;
    let space = document.space;
    let upload = transfers::start(call, space, false);
    let id = call.world.ids.request().to_lowercase();
    Ok(json!({ "success": true, "result": {
        "uploadUrl": drive::presigned(call, "PUT", &upload.object),
        "resourceId": id,
        "resourceUrl": format!("/core/api/resources/img/{id}"),
    } }))
}

/// `doc_v2.CopyDoc`: a task copies what lies below the copy.
pub fn copy_doc(call: &mut Call<'_>) -> Outcome {
    let source = call.entry_by_uuid("param.sourceDentryUuid")?.id;
    let folder = folder(call, "param.targetParentDentryUuid")?;
    let placed = drive::copy(call, source, folder, Strategy::AutoRename)?;
    Ok(without_absent(json!({
        "isAsync": placed.task.is_some(),
        "taskId": placed.task.map(|task| task.to_string()),
        "syncCopyResult": open_dentry(call, placed.entry)?,
    })))
}

/// `doc_v2.CreateShortcut`: it documents one code for all that is wrong.
pub fn create_shortcut(call: &mut Call<'_>) -> Outcome {
    let wrong = |refusal| Refusal { code: "paramError".into(), ..refusal };
    let source = call.entry_by_uuid("param.sourceResourceId").map_err(wrong)?;
    call.world.require(&call.operator, source, Role::Reader)?;
    let name = match call.input.text("param.targetResourceName") {
        "" => source.name.clone(),
        name => name.to_owned(),
    };
    let folder = folder(call, "param.targetResourceId").map_err(wrong)?;
    let name = drive::check_name(&format!("{name}.{}", drive::SHORTCUT), "paramError")?;
    let landing = drive::land(call.world, folder, &name, EntryKind::File, Strategy::AutoRename, None, "paramError")?;
    let drive::Landing::New(name) = landing else { return Err(Refusal::new("systemError")) };
    let (id, uuid) = drive::new_entry(call, folder, EntryKind::File, name, Vec::new())?;
    call.effect("shortcut.created", uuid);
    call.tell(EventKind::Create, id);
    Ok(json!({ "openDentryInfo": open_dentry(call, id)? }))
}

/// The folder that something is put into.
fn folder(call: &Call<'_>, parameter: &str) -> Result<EntryId, Refusal> {
    let folder = call.entry_by_uuid(parameter)?;
    if folder.kind != EntryKind::Folder {
        return Err(Refusal::new("paramError").because(format!("{parameter} is no folder")));
    }
    call.world.require(&call.operator, folder, Role::Editor)?;
    drive::check_idle(call.world, folder.id, Touch::Itself)?;
    Ok(folder.id)
}

/// A file as the operations on documents name it.
fn open_dentry(call: &Call<'_>, id: EntryId) -> Outcome {
    let entry = call.stored(id)?;
    Ok(without_absent(json!({
        "dentryUuid": entry.uuid,
        "driveSpaceId": entry.space.to_string(),
        "driveDentryId": entry.wire_id(),
        "extension": entry.extension(),
        "name": entry.name,
        "url": node_url(&entry.uuid),
    })))
}

/// `doc_v2.GetUuidByDentryId`
pub fn get_uuid_by_dentry_id(call: &mut Call<'_>) -> Outcome {
    let entry = call.entry("spaceId", "dentryId")?.id;
    ids(call, entry)
}

/// `doc_v2.GetDentryIdByUuid`
pub fn get_dentry_id_by_uuid(call: &mut Call<'_>) -> Outcome {
    let entry = call.entry_by_uuid("dentryUuid")?.id;
    ids(call, entry)
}

fn ids(call: &Call<'_>, entry: EntryId) -> Outcome {
    let entry = call.stored(entry)?;
    call.world.require(&call.operator, entry, Role::Reader)?;
    let (space, id) = (entry.space.to_string(), entry.wire_id());
    Ok(json!({ "dentryUuid": entry.uuid, "dentryId": id, "spaceId": space }))
}
