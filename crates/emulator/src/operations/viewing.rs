//! Looking at files: thumbnails, and links that show or edit them.

use serde_json::{Value, json};

use super::placing::add;
use crate::call::{Call, Outcome};
use crate::drive;
use crate::refusal::Refusal;
use crate::state::{Entry, EntryKind, Role};

/// Extensions of files that can be edited online.
const EDITABLE: [&str; 9] = ["doc", "docx", "xls", "xlsx", "ppt", "pptx", "adoc", "axls", "able"];

/// Extensions of files that can be shown with a watermark.
const WATERMARKED: [&str; 7] = ["doc", "docx", "xls", "xlsx", "ppt", "pptx", "pdf"];

/// `storage_v1.GetDentryThumbnails`: an outcome for each id.
pub fn get_dentry_thumbnails(call: &mut Call<'_>) -> Outcome {
    let space = call.space("spaceId")?;
    let result = |id: String| {
        let mut result = json!({ "spaceId": space.id.to_string(), "dentryId": id });
        let found = call.world.entry_of(space, &id).ok_or_else(|| Refusal::new("dentryNotExist"));
        match found.and_then(|entry| thumbnail(call, entry)) {
            Ok(thumbnail) => add(&mut result, json!({ "success": true, "thumbnail": thumbnail })),
            Err(refusal) => add(&mut result, json!({ "success": false, "errorCode": refusal.code })),
        }
        result
    };
    let results: Vec<Value> = call.input.texts("dentryIds").into_iter().map(result).collect();
    Ok(json!({ "resultItems": results }))
}

fn thumbnail(call: &Call<'_>, entry: &Entry) -> Outcome {
    call.world.require(&call.operator, entry, Role::Reader)?;
    if entry.kind == EntryKind::Folder {
        return Err(Refusal::new("dentryFormatNotSupport"));
    }
    drive::thumbnail(entry, call.storage_url).ok_or_else(|| Refusal::new("thumbnailNotExist"))
}

/// `storage_v1.GetDentryOpenInfo`
pub fn get_dentry_open_info(call: &mut Call<'_>) -> Outcome {
    let edit = call.input.text("option.type") == "EDIT";
    let entry = call.entry("spaceId", "dentryId")?;
    call.world.require(&call.operator, entry, if edit { Role::Editor } else { Role::Reader })?;
    let extension = entry.extension().unwrap_or_default().to_lowercase();
    check_format(entry, &extension, edit)?;
    let (id, uuid) = (entry.id, entry.uuid.clone());
    let version = match call.input.integer("option.version") {
        None => entry.version,
        Some(number) => {
            let known = u32::try_from(number).ok().filter(|number| call.world.versions.contains(&(id, *number)));
            known.ok_or_else(|| Refusal::new("paramError").because(format!("there is no version {number}")))?
        }
    };
    let watermark = WATERMARKED.contains(&extension.as_str());
    let shown = watermark && call.input.flag("option.waterMark");
    let code = call.world.ids.letters(24);
    let (what, login) = (if edit { "edit" } else { "preview" }, call.input.flag("option.checkLogin"));
    let url = format!(
        "{}/{what}/{uuid}?version={version}&checkLogin={login}&waterMark={shown}&code={code}",
        call.storage_url
    );
    let (operator, now) = (call.operator.clone(), call.now());
    call.world.visits.insert((operator, id), now);
    Ok(json!({ "url": url, "hasWaterMark": watermark }))
}

fn check_format(entry: &Entry, extension: &str, edit: bool) -> Result<(), Refusal> {
    let refuse = |code: &'static str| Err(Refusal::new(code).because(format!("{} is {extension:?}", entry.name)));
    let category = drive::category(extension);
    match (entry.kind, edit) {
        (EntryKind::File, _) if category == "OTHER" => refuse("dentryExtensionNotSupport"),
        (EntryKind::File, true) if EDITABLE.contains(&extension) => Ok(()),
        (EntryKind::File, false) if category != "ARCHIVE" => Ok(()),
        (_, true) => refuse("dentryEditNotSupport"),
        (_, false) => refuse("dentryPreviewNotSupport"),
    }
}
