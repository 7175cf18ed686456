//! Uploads and downloads: signed URLs, and commits.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use crate::call::{Call, Outcome};
use crate::clock::Time;
use crate::drive::{self, Landing, Strategy, Touch, View, read_properties, signature_info};
use crate::refusal::Refusal;
use crate::state::{Entry, EntryId, EntryKind, ObjectOwner, Role, SpaceId, Upload};
use crate::storage::EXPIRATION_SECONDS;

/// Parts of an upload at most.
const MOST_PARTS: i64 = 10_000;

/// `storage_v2.GetFileUploadInfo`
pub fn get_file_upload_info_v2(call: &mut Call<'_>) -> Outcome {
    let folder = folder_by_uuid(call)?;
    call.world.require(&call.operator, folder, Role::Editor)?;
    let space = folder.space;
    check_driver(call)?;
    pre_check(call, space)?;
    let upload = start(call, space, false);
    Ok(single_upload(call, &upload))
}

/// `storage_v1.GetFileUploadInfo`
pub fn get_file_upload_info_v1(call: &mut Call<'_>) -> Outcome {
    let space = call.space("spaceId")?;
    call.world.require(&call.operator, call.stored(space.root)?, Role::Editor)?;
    let space = space.id;
    check_driver(call)?;
    pre_check(call, space)?;
    let size = call.input.integer("option.preCheckParam.size").unwrap_or_default();
    if size > 5 << 30 && !call.input.flag("multipart") {
        return Err(Refusal::new("paramError").because("more than 5 GB have to go up in parts"));
    }
    let multipart = call.input.flag("multipart");
    let upload = start(call, space, multipart);
    if multipart {
        // The signed URLs of the parts come from GetMultipartFileUploadInfos.
        return Ok(json!({ "uploadKey": upload.key, "storageDriver": "DINGTALK", "protocol": "HEADER_SIGNATURE" }));
    }
    Ok(single_upload(call, &upload))
}

/// `storage_v1.InitMultipartFileUpload`
pub fn init_multipart_file_upload(call: &mut Call<'_>) -> Outcome {
    let space = call.space("spaceId")?;
    call.world.require(&call.operator, call.stored(space.root)?, Role::Editor)?;
    let space = space.id;
    check_driver(call)?;
    pre_check(call, space)?;
    let upload = start(call, space, true);
    Ok(json!({ "uploadKey": upload.key, "storageDriver": "DINGTALK" }))
}

/// `storage_v1.GetMultipartFileUploadInfos`
pub fn get_multipart_file_upload_infos(call: &mut Call<'_>) -> Outcome {
    let upload = open_upload(call)?;
    let Some(id) = upload.multipart.clone() else {
        return Err(Refusal::new("paramError.uploadKey").because("the upload was not started as one in parts"));
    };
    let expires = expiry(call);
    call.world.uploads.change(&upload.key, |upload| upload.expires = expires);
    let mut infos: Vec<Value> = Vec::new();
    for number in call.input.list("partNumbers").iter().filter_map(Value::as_i64) {
        if !(1..=MOST_PARTS).contains(&number) {
            let reason = format!("{number} is not from 1 to {MOST_PARTS}");
            return Err(Refusal::new("paramError.partNumbers").because(reason));
        }
        let query = format!("partNumber={number}&uploadId={id}");
        let info = signature_info(call, "PUT", &upload.object, &query);
        infos.push(json!({ "partNumber": number, "headerSignatureInfo": info }));
    }
    Ok(json!({ "multipartHeaderSignatureInfos": infos }))
}

/// `storage_v2.CommitFile`
pub fn commit_file_v2(call: &mut Call<'_>) -> Outcome {
    let folder = folder_by_uuid(call)?;
    call.world.require(&call.operator, folder, Role::Editor)?;
    let folder = folder.id;
    if call.input.flag("option.convertToOnlineDoc") {
        let extension = call.input.text("name").rsplit_once('.').map(|(_, extension)| extension.to_lowercase());
        if !matches!(extension.as_deref(), Some("doc" | "docx" | "xls" | "xlsx" | "md" | "txt" | "csv")) {
            return Err(Refusal::new("dentryFormatNotSupport"));
        }
    }
    let id = commit(call, folder, "dentryNameConflict", None)?;
    committed(call, id)
}

/// `storage_v1.CommitFile`
pub fn commit_file_v1(call: &mut Call<'_>) -> Outcome {
    let folder = call.entry("spaceId", "parentId").map_err(as_space_missing)?;
    check_folder(folder, "spaceNotExist")?;
    call.world.require(&call.operator, folder, Role::Editor)?;
    let folder = folder.id;
    let replaced = if call.input.text("overwriteDentryId").is_empty() {
        None
    } else {
        let replaced = call.entry("spaceId", "overwriteDentryId").map_err(as_space_missing)?;
        if replaced.kind != EntryKind::File {
            return Err(Refusal::new("paramError").because("overwriteDentryId names no file"));
        }
        Some(replaced.id)
    };
    let id = commit(call, folder, "dentryAlreadyExist", replaced)?;
    committed(call, id)
}

/// The file as both versions of the commit show it: with the kind of its content.
fn committed(call: &Call<'_>, id: EntryId) -> Outcome {
    let view = View { category: true, ..View::of(call) };
    Ok(json!({ "dentry": drive::dentry_of(call, id, &view)? }))
}

/// `storage_v1.GetFileDownloadInfo`
pub fn get_file_download_info(call: &mut Call<'_>) -> Outcome {
    let entry = call.entry("spaceId", "dentryId")?;
    call.world.require(&call.operator, entry, Role::Downloader)?;
    if entry.kind != EntryKind::File {
        return Err(Refusal::new("operationNotSupported").because("a folder has no bytes"));
    }
    let number = match call.input.integer("option.version") {
        None => entry.version,
        Some(number) => u32::try_from(number).unwrap_or_default(),
    };
    let version = call.world.versions.get(&(entry.id, number));
    let version = version.ok_or_else(|| Refusal::new("paramError").because(format!("there is no version {number}")))?;
    let info = signature_info(call, "GET", &version.object, "");
    Ok(json!({ "protocol": "HEADER_SIGNATURE", "headerSignatureInfo": info }))
}

/// The folder that `parentDentryUuid` names. Passing `0`, the id of version 1.0, was seen to be answered with a
/// systemError.
fn folder_by_uuid<'a>(call: &'a Call<'_>) -> Result<&'a Entry, Refusal> {
    let uuid = call.input.text("parentDentryUuid");
    if uuid == "0" {
        return Err(Refusal::new("systemError").because("Index: 0; version 2.0 takes the uuid of the root"));
    }
    let missing = || Refusal::new("paramError.parentDentryUuid").because(format!("there is no folder {uuid}"));
    let folder = call.world.entries.by_uuid(uuid).ok_or_else(missing)?;
    check_folder(folder, "paramError.parentDentryUuid")?;
    Ok(folder)
}

fn check_folder(entry: &Entry, code: &'static str) -> Result<(), Refusal> {
    if entry.kind == EntryKind::Folder { Ok(()) } else { Err(Refusal::new(code).because("it is no folder")) }
}

/// Commit of version 1.0 documents no missing entry.
fn as_space_missing(refusal: Refusal) -> Refusal {
    Refusal { code: "spaceNotExist".into(), ..refusal }
}

fn check_driver(call: &Call<'_>) -> Result<(), Refusal> {
    match call.input.text("option.storageDriver") {
        "" | "DINGTALK" => Ok(()),
        other => Err(Refusal::new("paramError.storageDriver").because(format!("{other} takes no uploads"))),
    }
}

/// What a caller may have checked before it uploads: the name, and whether there is room.
fn pre_check(call: &Call<'_>, space: SpaceId) -> Result<(), Refusal> {
    if let Some(name) = call.input.text_of("option.preCheckParam.name") {
        drive::check_name(name, "dentryUploadForbidden")?;
    }
    let size = call.input.integer("option.preCheckParam.size").unwrap_or_default();
    let space = call.world.spaces.get(space).ok_or_else(|| Refusal::new("spaceNotExist"))?;
    drive::check_room(call.world, space, u64::try_from(size).unwrap_or_default())
}

pub(super) fn start(call: &mut Call<'_>, space: SpaceId, multipart: bool) -> Upload {
    let ids = &mut call.world.ids;
    let upload = Upload {
        key: format!("hQ{}", ids.letters(62)),
        object: format!("iA{}.file", ids.letters(40)),
        multipart: multipart.then(|| ids.letters(32).to_uppercase()),
        space,
        app: call.app.as_ref().map(|app| app.key.clone()).unwrap_or_default(),
        whole: None,
        parts: BTreeMap::new(),
        expires: Time::default(),
        unjoined: false,
        committed: None,
        abandoned: false,
    };
    let upload = Upload { expires: expiry(call), ..upload };
    call.world.objects.insert(upload.object.clone(), ObjectOwner::Upload(upload.key.clone()));
    call.world.uploads.put(upload.clone());
    upload
}

/// When credentials that are handed out now expire.
pub(super) fn expiry(call: &Call<'_>) -> Time {
    call.now().after(Duration::from_secs(EXPIRATION_SECONDS.unsigned_abs()))
}

fn single_upload(call: &Call<'_>, upload: &Upload) -> Value {
    json!({
        "uploadKey": upload.key,
        "storageDriver": "DINGTALK",
        "protocol": "HEADER_SIGNATURE",
        "headerSignatureInfo": signature_info(call, "PUT", &upload.object, ""),
    })
}

/// The upload of the key in the request, unless it was committed or given up.
fn open_upload(call: &Call<'_>) -> Result<Upload, Refusal> {
    let refuse = |reason: &str| Refusal::new("paramError.uploadKey").because(reason);
    let upload = call.world.uploads.get(call.input.text("uploadKey"));
    let upload = upload.ok_or_else(|| refuse("there is no such key"))?;
    let app = call.app.as_ref().map(|app| app.key.as_str()).unwrap_or_default();
    if upload.app != app {
        return Err(refuse("the upload was started by another app"));
    }
    if upload.committed.is_some() {
        return Err(refuse("the key was used up by a commit"));
    }
    if upload.abandoned {
        return Err(refuse("the credentials of the upload have expired, and its bytes were dropped"));
    }
    Ok(upload.clone())
}

fn commit(
    call: &mut Call<'_>,
    folder: EntryId,
    taken: &'static str,
    replaced: Option<EntryId>,
) -> Result<EntryId, Refusal> {
    drive::check_idle(call.world, folder, Touch::Itself)?;
    let upload = open_upload(call)?;
    if upload.expires < call.now() {
        let reason = "the credentials of the upload have expired; get those of a part anew, and then commit";
        return Err(Refusal::new("paramError.uploadKey").because(reason));
    }
    if call.stored(folder)?.space != upload.space {
        return Err(Refusal::new("paramError.uploadKey").because("the upload was started for another space"));
    }
    let name = drive::check_name(call.input.text("name"), "dentryNameIllegal")?;
    let content = drive::assemble(&upload)?;
    if let Some(size) = call.input.integer("option.size")
        && u64::try_from(size) != Ok(content.size)
    {
        let reason = format!("{size} bytes were promised, {} were stored", content.size);
        return Err(Refusal::new("dentryStoreError").because(reason));
    }
    let strategy = Strategy::from_wire(call.input.text("option.conflictStrategy"));
    let landing = match replaced {
        Some(id) => Landing::Replace(id),
        None => drive::land(call.world, folder, &name, EntryKind::File, strategy, None, taken)?,
    };
    let properties = read_properties(&call.input, "option.appProperties")?;
    drive::commit(call, upload, content, folder, landing, properties)
}
