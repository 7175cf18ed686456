//! Uploads and downloads as Drive has them: bytes are put under a `mediaId`, and a file is made of it.

use serde_json::{Value, json};

use super::files::{folder, policy, shown};
use crate::call::{Call, Outcome};
use crate::drive::{self, sts_signature, without_absent};
use crate::operations::transfers::{expiry, start};
use crate::refusal::Refusal;
use crate::state::{EntryKind, ObjectOwner, Role, TemporaryKey, Upload};
use crate::storage::{BUCKET, EXPIRATION_SECONDS, PREFIX};

/// Region of everything that is stored.
const REGION: &str = "ZHANGJIAKOU";

/// `drive_v1.GetUploadInfo`: with the `mediaId` of an earlier call, its credentials are renewed.
pub fn get_upload_info(call: &mut Call<'_>) -> Outcome {
    let parent = folder(call, "spaceId", "parentId")?;
    call.world.require(&call.operator, call.stored(parent)?, Role::Editor)?;
    drive::check_name(call.input.text("fileName"), "filename.invalid")?;
    let size = call.input.integer("fileSize").unwrap_or_default();
    let size = u64::try_from(size).map_err(|_| Refusal::new("param.error").because("fileSize is negative"))?;
    let space = call.space("spaceId")?;
    drive::check_room(call.world, space, size)?;
    let space = space.id;
    let upload = match call.input.text("mediaId") {
        "" => start(call, space, false),
        media_id => put_under(call, media_id)?,
    };
    let media_id = format!("{PREFIX}/{}", upload.object);
    let (url, internal, headers) = sts_signature(call, "PUT", &upload.object);
    let expires = expiry(call);
    call.world.uploads.change(&upload.key, |upload| upload.expires = expires);
    let inside = call.input.flag("withInternalEndPoint");
    let key_id = format!("STS.{}", call.world.ids.letters(25));
    let (secret, token) = (call.world.ids.letters(44), call.world.ids.letters(64));
    let key = TemporaryKey { secret: secret.clone(), token: token.clone(), upload: upload.key, expires };
    call.world.temporary_keys.insert(key_id.clone(), key);
    Ok(without_absent(json!({
        "stsUploadInfo": {
            "bucket": BUCKET,
            "endPoint": call.storage_url,
            "internalEndPoint": inside.then_some("oss-internal.invalid"),
            "accessKeyId": key_id,
            "accessKeySecret": secret,
            "accessToken": token,
            "accessTokenExpirationMillis": expires.0,
            "mediaId": media_id,
        },
        "headerSignatureUploadInfo": {
            "resourceUrl": url,
            "internalResourceUrl": inside.then_some(internal),
            "headers": headers,
            "expirationSeconds": EXPIRATION_SECONDS,
            "mediaId": media_id,
        },
        "region": region(call),
    })))
}

/// `drive_v1.AddFile`: makes a folder, or a file of bytes that were put.
pub fn add_file(call: &mut Call<'_>) -> Outcome {
    let parent = folder(call, "spaceId", "parentId")?;
    call.world.require(&call.operator, call.stored(parent)?, Role::Editor)?;
    let name = drive::check_name(call.input.text("fileName"), "filename.invalid")?;
    let strategy = policy(call)?;
    if call.input.text("fileType") == "folder" {
        let id = drive::create_folder(call, parent, name, strategy, "folder.exist", Vec::new())?;
        return Ok(shown(call.world, call.stored(id)?));
    }
    let upload = put_under(call, call.input.text("mediaId"))?;
    if call.stored(parent)?.space != upload.space {
        return Err(Refusal::new("param.error").because("the bytes were put for another space"));
    }
    if upload.expires < call.now() {
        let reason = "the credentials of the upload have expired; renew them with its mediaId";
        return Err(Refusal::new("param.error").because(reason));
    }
    let content = drive::assemble(&upload)?;
    let landing = drive::land(call.world, parent, &name, EntryKind::File, strategy, None, "folder.exist")?;
    let id = drive::commit(call, upload, content, parent, landing, Vec::new())?;
    Ok(shown(call.world, call.stored(id)?))
}

/// The upload whose bytes were put under a key, unless a file was made of it already.
fn put_under(call: &Call<'_>, media_id: &str) -> Result<Upload, Refusal> {
    let refuse = || Refusal::new("param.error").because(format!("nothing is stored under the mediaId {media_id}"));
    let object = media_id.strip_prefix(&format!("{PREFIX}/")).ok_or_else(refuse)?;
    let Some(ObjectOwner::Upload(key)) = call.world.objects.get(&object.to_owned()) else { return Err(refuse()) };
    let app = call.app.as_ref().map(|app| app.key.as_str()).unwrap_or_default();
    let upload = call.world.uploads.get(key).filter(|upload| upload.app == app && upload.is_open());
    upload.cloned().ok_or_else(refuse)
}

/// `drive_v1.GetDownloadInfo`
pub fn get_download_info(call: &mut Call<'_>) -> Outcome {
    let entry = call.entry("spaceId", "fileId")?;
    call.world.require(&call.operator, entry, Role::Downloader)?;
    if entry.kind == EntryKind::Folder {
        return Err(Refusal::new("fileType.unsupported").because("a folder has no bytes"));
    }
    let version = call.world.versions.get(&(entry.id, entry.version));
    let object = &version.ok_or_else(|| Refusal::new("object.not.exist").because("it has no bytes"))?.object;
    let (url, internal, headers) = sts_signature(call, "GET", object);
    Ok(without_absent(json!({
        "downloadInfo": {
            "resourceUrl": url,
            "internalResourceUrl": call.input.flag("withInternalResourceUrl").then_some(internal),
            "headers": headers,
            "expirationSeconds": EXPIRATION_SECONDS,
        },
        "region": region(call),
    })))
}

fn region(call: &Call<'_>) -> Option<Value> {
    call.input.flag("withRegion").then(|| REGION.into())
}
