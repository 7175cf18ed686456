//! From one kind of id to the other.

use serde_json::json;

use crate::call::{Call, Outcome};
use crate::state::{EntryId, Role};

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
