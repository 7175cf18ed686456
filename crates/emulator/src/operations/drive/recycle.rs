//! The recycle bin as Drive has it: one for the spaces of the organization, one for a person's own.

use serde_json::{Value, json};

use super::files::content_type;
use crate::call::{Call, Outcome};
use crate::drive::{self, Strategy, without_absent};
use crate::refusal::Refusal;
use crate::state::{EntryKind, Origin, RecycleItem};

/// `drive_v1.ListRecycleFiles`
pub fn list_recycle_files(call: &mut Call<'_>) -> Outcome {
    let by_name = call.input.text("orderType") == "fileNameAsc";
    let name = |item: &RecycleItem| call.world.entries.get(item.top).map(|entry| entry.name.to_lowercase());
    // Ids grow, so what was deleted last has the largest.
    let key = |item: &RecycleItem| if by_name { (name(item), item.id) } else { (None, u64::MAX - item.id) };
    let mut items: Vec<((Option<String>, u64), &RecycleItem)> = own(call).map(|item| (key(item), item)).collect();
    items.sort_by(|(a, _), (b, _)| a.cmp(b));
    let behind: Option<(Option<String>, u64)> = call.page_start()?;
    items.retain(|(key, _)| behind.as_ref().is_none_or(|behind| key > behind));
    let size = call.page_size(50);
    let more = items.len() > size;
    items.truncate(size);
    let next = items.last().filter(|_| more).map(|(key, _)| call.page_token(key));
    let items: Vec<Value> = items.into_iter().map(|(_, item)| shown(call, item)).collect();
    Ok(json!({ "recycleItems": items, "nextToken": next.unwrap_or_default() }))
}

/// `drive_v1.DeleteRecycleFiles`: all of them or, when one is not there, none.
pub fn delete_recycle_files(call: &mut Call<'_>) -> Outcome {
    for item in listed(call)? {
        drive::purge(call, item);
    }
    Ok(Value::Null)
}

/// `drive_v1.ClearRecycleFiles`
#[allow(clippy::unnecessary_wraps, reason = "all handlers have the same signature")]
pub fn clear_recycle_files(call: &mut Call<'_>) -> Outcome {
    let items: Vec<u64> = own(call).map(|item| item.id).collect();
    for item in items {
        drive::purge(call, item);
    }
    Ok(Value::Null)
}

/// `drive_v1.RecoverRecycleFiles`: it has no way to tell of a task, so what lies in a folder is back at once.
pub fn recover_recycle_files(call: &mut Call<'_>) -> Outcome {
    for item in listed(call)? {
        if let Some(task) = drive::restore(call, item, Strategy::AutoRename)?.task {
            drive::finish_task(call, task);
        }
    }
    Ok(Value::Null)
}

/// What the operator may handle of the recycle bin that the call names.
fn own<'a>(call: &'a Call<'_>) -> impl Iterator<Item = &'a RecycleItem> {
    let personal = call.input.text("recycleType") == "personal";
    let items = call.world.recycle_items.iter().map(|(_, item)| item);
    items.filter(move |item| {
        let space = call.world.spaces.get(item.space);
        let own = space.is_some_and(|space| space.origin == Origin::DrivePersonal && space.owner == call.operator);
        let shared = space.is_some_and(|space| space.origin == Origin::DriveOrg);
        if personal { own } else { shared && drive::may_handle(call.world, &call.operator, item) }
    })
}

/// The items that the call lists.
fn listed(call: &Call<'_>) -> Result<Vec<u64>, Refusal> {
    let ids = call.input.list("recycleItemIdList").iter();
    let find = |id: &Value| {
        let found = own(call).find(|item| id.as_u64() == Some(item.id)).map(|item| item.id);
        found.ok_or_else(|| Refusal::new("recycleItemNotExist").because(id.to_string()))
    };
    ids.map(find).collect()
}

fn shown(call: &Call<'_>, item: &RecycleItem) -> Value {
    let entry = call.world.entries.get(item.top);
    let file = entry.filter(|entry| entry.kind == EntryKind::File);
    without_absent(json!({
        "recycleItemId": item.id.to_string(),
        "fileName": entry.map(|entry| entry.name.as_str()).unwrap_or_default(),
        "filePath": item.path,
        "fileType": if file.is_some() { "file" } else { "folder" },
        "contentType": file.map(|entry| content_type(entry.extension().unwrap_or_default())),
        "fileSize": file.map(|entry| entry.size),
        "deleteTime": item.time.text(),
        "deleteStaffId": drive::user_id(call.world, &item.operator).unwrap_or_default(),
    }))
}
