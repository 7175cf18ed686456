//! The recycle bin of the organization.

use serde_json::{Value, json};

use super::placing::{add, outcome, wire};
use crate::call::{Call, Outcome};
use crate::drive::{self, Placed, Strategy, without_absent};
use crate::refusal::Refusal;
use crate::state::{EntryKind, RecycleItem};

/// `storage_v1.GetRecycleBin`
pub fn get_recycle_bin(call: &mut Call<'_>) -> Outcome {
    let scope = call.input.text("recycleBinScope");
    if scope != "ORG" {
        return Err(Refusal::new("paramError.recycleBinScope").because(format!("{scope} has none; pass ORG")));
    }
    let corp_id = call.input.text("scopeId").to_owned();
    if corp_id != call.world.organisation.corp_id {
        return Err(Refusal::new("recycleBinNotExist").because(format!("{corp_id} is not the organization")));
    }
    let id = drive::recycle_bin(call.world).to_string();
    Ok(json!({ "recycleBin": { "id": id, "scope": "ORG", "scopeId": corp_id } }))
}

/// `storage_v1.ListRecycleItems`: what was deleted last comes first.
pub fn list_recycle_items(call: &mut Call<'_>) -> Outcome {
    check_bin(call)?;
    let behind: Option<u64> = call.page_start()?;
    let size = call.page_size(50);
    let items = call.world.recycle_items.range(..behind.unwrap_or(u64::MAX)).rev().map(|(_, item)| item);
    let visible = items.filter(|item| drive::may_handle(call.world, &call.operator, item));
    let mut items: Vec<&RecycleItem> = visible.take(size + 1).collect();
    let more = items.len() > size;
    items.truncate(size);
    let next = items.last().filter(|_| more).map(|item| call.page_token(&item.id));
    let items: Vec<Value> = items.into_iter().map(|item| shown(call, item)).collect();
    Ok(without_absent(json!({ "recycleItems": items, "nextToken": next })))
}

/// `storage_v1.GetRecycleItem`
pub fn get_recycle_item(call: &mut Call<'_>) -> Outcome {
    check_bin(call)?;
    let item = find(call, call.input.text("recycleItemId"), "paramError.recycleItemId")?;
    Ok(json!({ "item": shown(call, item) }))
}

/// `storage_v1.RestoreRecycleItem`
pub fn restore_recycle_item(call: &mut Call<'_>) -> Outcome {
    check_bin(call)?;
    let item = find(call, call.input.text("recycleItemId"), "paramError.recycleItemId")?.id;
    let placed = drive::restore(call, item, strategy(call))?;
    let mut answer = without_absent(json!({ "async": placed.task.is_some(), "taskId": wire(placed.task) }));
    add(&mut answer, place(call, placed)?);
    Ok(answer)
}

/// `storage_v1.RestoreRecycleItems`
pub fn restore_recycle_items(call: &mut Call<'_>) -> Outcome {
    let bin = check_bin(call)?;
    check_ids(call)?;
    let mut results = Vec::new();
    for id in call.input.texts("recycleItemIds") {
        let item = find(call, &id, "paramError.recycleItemIds").map(|item| item.id);
        let placed = item.and_then(|item| drive::restore(call, item, strategy(call)));
        let mut result = outcome(&placed.as_ref().map(|placed| placed.task).map_err(Clone::clone));
        add(&mut result, json!({ "recycleBinId": bin, "recycleItemId": id }));
        if let Ok(placed) = placed {
            add(&mut result, place(call, placed)?);
        }
        results.push(result);
    }
    Ok(json!({ "resultItems": results }))
}

/// `storage_v1.DeleteRecycleItem`
pub fn delete_recycle_item(call: &mut Call<'_>) -> Outcome {
    check_bin(call)?;
    let item = find(call, call.input.text("recycleItemId"), "paramError.recycleItemId")?.id;
    drive::purge(call, item);
    Ok(json!({ "success": true }))
}

/// `storage_v1.DeleteRecycleItems`: all of them or, when one is not there, none.
pub fn delete_recycle_items(call: &mut Call<'_>) -> Outcome {
    check_bin(call)?;
    check_ids(call)?;
    let ids = call.input.texts("recycleItemIds");
    let items = ids.iter().map(|id| find(call, id, "paramError.recycleItemIds").map(|item| item.id));
    for item in items.collect::<Result<Vec<u64>, Refusal>>()? {
        drive::purge(call, item);
    }
    Ok(json!({ "success": true }))
}

/// `storage_v1.ClearRecycleBin`: takes away what the operator may.
pub fn clear_recycle_bin(call: &mut Call<'_>) -> Outcome {
    check_bin(call)?;
    let items = call.world.recycle_items.iter().map(|(_, item)| item);
    let own = items.filter(|item| drive::may_handle(call.world, &call.operator, item)).map(|item| item.id);
    for item in own.collect::<Vec<u64>>() {
        drive::purge(call, item);
    }
    Ok(json!({ "success": true }))
}

/// The id of the recycle bin in the call, when it is that of the organization.
fn check_bin(call: &mut Call<'_>) -> Result<String, Refusal> {
    let text = call.input.text("recycleBinId").to_owned();
    let known = drive::recycle_bin(call.world).to_string() == text;
    let wrong = text.parse::<u64>().is_err() || !call.operation.documents("recycleBinNotExist");
    match (known, wrong) {
        (true, _) => Ok(text),
        (false, true) => Err(Refusal::new("paramError.recycleBinId").because(text)),
        (false, false) => Err(Refusal::new("recycleBinNotExist").because(text)),
    }
}

fn check_ids(call: &Call<'_>) -> Result<(), Refusal> {
    match call.input.texts("recycleItemIds").iter().find(|id| id.parse::<u64>().is_err()) {
        Some(id) => Err(Refusal::new("paramError.recycleItemIds").because(format!("{id} is no number"))),
        None => Ok(()),
    }
}

/// An item that the operator may handle.
fn find<'a>(call: &'a Call<'_>, id: &str, wrong: &'static str) -> Result<&'a RecycleItem, Refusal> {
    let missing = || Refusal::new("recycleItemNotExist").because(id.to_owned());
    let number: u64 = match id.parse() {
        Ok(number) => number,
        Err(_) if call.operation.documents(wrong) => return Err(Refusal::new(wrong).because(id.to_owned())),
        Err(_) => return Err(missing()),
    };
    let item = call.world.recycle_items.get(&number).ok_or_else(missing)?;
    if drive::may_handle(call.world, &call.operator, item) {
        return Ok(item);
    }
    Err(Refusal::new("permissionDenied")
        .because("somebody else deleted it, and the operator does not manage the space"))
}

fn shown(call: &Call<'_>, item: &RecycleItem) -> Value {
    let entry = call.world.entries.get(item.top);
    let size = entry.filter(|entry| entry.kind == EntryKind::File).map(|entry| entry.size);
    let kind = entry.map(|entry| if entry.kind == EntryKind::File { "FILE" } else { "FOLDER" });
    without_absent(json!({
        "id": item.id.to_string(),
        "spaceId": item.space.to_string(),
        "dentryId": item.top.to_string(),
        "type": kind,
        "size": size,
        "originalName": entry.map(|entry| entry.name.as_str()),
        "originalPath": item.path,
        "operatorId": item.operator,
        "operatorTime": item.time.text(),
    }))
}

fn place(call: &Call<'_>, placed: Placed) -> Outcome {
    let entry = call.stored(placed.entry)?;
    Ok(json!({ "spaceId": entry.space.to_string(), "dentryId": entry.wire_id() }))
}

fn strategy(call: &Call<'_>) -> Strategy {
    Strategy::from_wire(call.input.text("option.conflictStrategy"))
}
