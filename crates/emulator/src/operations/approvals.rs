//! Attachments of approvals. Approvals themselves are not emulated: every id is that of one with the attachment.

use serde_json::{Value, json};

use crate::call::{Call, Outcome};
use crate::drive::{self, NewSpace};
use crate::refusal::Refusal;
use crate::state::{EntryId, EntryKind, Grant, Member, Origin, OwnerType, Role, Space, SpaceId};

/// `workflow_v1.GetAttachmentSpace`: the space is there as soon as somebody asks for it.
pub fn get_attachment_space(call: &mut Call<'_>) -> Outcome {
    let person = person(call)?;
    let (space, root) = match attachments(call) {
        Some(space) => (space.id, space.root),
        None => make_space(call)?,
    };
    grant(call, root, &person, Role::Editor);
    Ok(json!({ "success": true, "result": { "spaceId": space.to_string() } }))
}

/// `workflow_v1.AddApproveDentryAuth`: all of them, or none.
pub fn add_approve_dentry_auth(call: &mut Call<'_>) -> Outcome {
    let person = person(call)?;
    let text = |file: &Value, name: &str| file.get(name).map(|value| value.to_string().replace('"', ""));
    let files: Vec<_> =
        call.input.list("fileInfos").iter().map(|file| (text(file, "spaceId"), text(file, "fileId"))).collect();
    if files.is_empty() {
        return Err(Refusal::new("invalidFileInfos"));
    }
    let space = attachments(call).map(|space| space.id.to_string());
    if files.iter().any(|(named, _)| *named != space) {
        return Err(Refusal::new("noPermission").because("it is not the space of the attachments"));
    }
    let files = files.into_iter().map(|(_, file)| attachment(call, &file.unwrap_or_default()));
    for file in files.collect::<Result<Vec<_>, _>>()? {
        grant(call, file, &person, Role::Downloader);
    }
    Ok(json!({ "success": true, "result": true }))
}

/// `workflow_v1.GetSpaceWithDownloadAuth`
pub fn get_space_with_download_auth(call: &mut Call<'_>) -> Outcome {
    let person = person(call)?;
    let mut files = vec![call.input.text("fileId").to_owned()];
    files.extend(call.input.texts("fileIdList"));
    let files: Vec<EntryId> = files.iter().map(|file| attachment(call, file)).collect::<Result<_, _>>()?;
    for file in files {
        grant(call, file, &person, Role::Reader);
    }
    let space = attachments(call).map(|space| space.id.to_string());
    Ok(json!({ "success": true, "result": { "spaceId": space } }))
}

/// `workflow_v1.GrantProcessInstanceForDownloadFile`
pub fn grant_process_instance_for_download_file(call: &mut Call<'_>) -> Outcome {
    let id = attachment(call, call.input.text("fileId"))?;
    let file = call.stored(id)?;
    let version = call.world.versions.get(&(id, file.version)).filter(|version| version.content.size > 0);
    let refused = || {
        Refusal::new("hsfIntegrationErrorCspaceDentryServiceGenerateDownloadPresignedUrl").because("it has no bytes")
    };
    let object = version.ok_or_else(refused)?.object.clone();
    Ok(json!({ "success": true, "result": {
        "spaceId": file.space.to_string(),
        "fileId": file.wire_id(),
        "downloadUri": drive::presigned(call, "GET", &object),
    } }))
}

/// The person whom the call is for, by unionId.
fn person(call: &Call<'_>) -> Result<String, Refusal> {
    let user_id = call.input.text("userId");
    let user = call.world.organisation.user_by_user_id(user_id);
    user.map(|user| user.union_id.clone()).ok_or_else(|| Refusal::new("userNotExist").because(user_id.to_owned()))
}

fn attachments<'a>(call: &'a Call<'_>) -> Option<&'a Space> {
    call.world.spaces.iter().find(|space| space.origin == Origin::Approval)
}

fn make_space(call: &mut Call<'_>) -> Result<(SpaceId, EntryId), Refusal> {
    let app_id = call.app_id();
    let new = NewSpace {
        origin: Origin::Approval,
        name: Some("Approvals".to_owned()),
        creator: app_id.clone(),
        owner_type: OwnerType::App,
        app_id,
        scene: (String::new(), String::new()),
        quota: None,
        capabilities: [false, false, false],
    };
    let id = drive::create_space(call.world, new);
    let root = call.world.spaces.get(id).map(|space| space.root).ok_or_else(|| Refusal::new("systemError"))?;
    call.effect("space.created", id.to_string());
    Ok((id, root))
}

/// A file of the space of the attachments, by its id.
fn attachment(call: &Call<'_>, id: &str) -> Result<EntryId, Refusal> {
    let file = attachments(call).and_then(|space| call.world.entry_of(space, id));
    let file = file.filter(|file| file.kind == EntryKind::File);
    file.map(|file| file.id).ok_or_else(|| Refusal::new("noPermission").because(format!("{id} is no attachment")))
}

/// Gives a person at least this role on an entry.
fn grant(call: &mut Call<'_>, entry: EntryId, union_id: &str, role: Role) {
    let now = call.now();
    let key = (entry, Member::user(union_id));
    if call.world.grants.get(&key).is_some_and(|grant| grant.role >= role && grant.until.is_none()) {
        return;
    }
    let operator = union_id.to_owned();
    call.world.grants.insert(key, Grant { role, duration: None, until: None, operator, created: now, modified: now });
    call.effect("attachment.granted", union_id.to_owned());
}
