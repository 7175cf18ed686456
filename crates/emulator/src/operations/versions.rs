//! Versions of files.

use serde_json::{Value, json};

use super::placing::add;
use crate::call::{Call, Outcome};
use crate::drive::{self, Touch, View, without_absent};
use crate::refusal::Refusal;
use crate::state::{Entry, EntryKind, EventKind, Role, Version};

/// `storage_v1.ListDentryVersions`: the newest first.
pub fn list_dentry_versions(call: &mut Call<'_>) -> Outcome {
    let file = file(call)?;
    call.world.require(&call.operator, file, Role::Reader)?;
    let behind: Option<u32> = call.page_start()?;
    let size = call.page_size(100);
    let below = (file.id, 0)..(file.id, behind.unwrap_or(u32::MAX));
    let mut rows: Vec<(u32, &Version)> = Vec::new();
    rows.extend(call.world.versions.range(below).rev().map(|((_, number), version)| (*number, version)).take(size + 1));
    let more = rows.len() > size;
    rows.truncate(size);
    let next = rows.last().filter(|_| more).map(|(number, _)| call.page_token(number));
    let now = drive::dentry(call.world, file, &View::of(call));
    let dentries: Vec<Value> = rows.into_iter().map(|(number, version)| as_it_was(&now, number, version)).collect();
    Ok(without_absent(json!({ "dentries": dentries, "nextToken": next })))
}

/// `storage_v1.RevertDentryVersion`: the old content becomes a new version on top of the others.
pub fn revert_dentry_version(call: &mut Call<'_>) -> Outcome {
    let file = file(call)?.clone();
    call.world.require(&call.operator, &file, Role::Editor)?;
    drive::check_idle(call.world, file.id, Touch::Itself)?;
    let number = call.input.integer("version").and_then(|number| u32::try_from(number).ok()).unwrap_or_default();
    let old = call.world.versions.get(&(file.id, number)).cloned();
    let old = old.ok_or_else(|| Refusal::new("paramError").because(format!("there is no version {number}")))?;
    let space = call.world.spaces.get(file.space).ok_or_else(|| Refusal::new("spaceNotExist"))?;
    drive::check_room(call.world, space, old.content.size)?;
    let (now, operator) = (call.now(), call.operator.clone());
    let size = old.content.size;
    let top = file.version + 1;
    drive::add_version(call.world, file.id, top, Version { modifier: operator.clone(), modified: now, ..old });
    call.world.entries.change(file.id, |entry| {
        entry.version = top;
        entry.size = size;
        entry.modified = now;
        entry.modifier = operator;
    });
    call.effect("file.reverted", file.uuid);
    call.tell(EventKind::Update, file.id);
    Ok(json!({ "success": true }))
}

fn file<'a>(call: &'a Call<'_>) -> Result<&'a Entry, Refusal> {
    let entry = call.entry("spaceId", "dentryId")?;
    if entry.kind == EntryKind::File {
        return Ok(entry);
    }
    Err(Refusal::new("paramError").because("a folder has no versions"))
}

fn as_it_was(now: &Value, number: u32, version: &Version) -> Value {
    let mut dentry = now.clone();
    let then = json!({
        "version": number,
        "size": version.content.size,
        "modifierId": version.modifier,
        "modifiedTime": version.modified.text(),
    });
    add(&mut dentry, then);
    dentry
}
