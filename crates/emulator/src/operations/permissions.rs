//! Who may do what: versions 1.0 and 2.0 differ in how they name entries and people.

use serde_json::{Value, json};

use crate::call::{Call, Outcome};
use crate::drive::{self, Change, People, without_absent};
use crate::refusal::Refusal;
use crate::state::{Entry, Grant, Member, Origin, OwnerType, Role};

/// Most permissions on a page of version 2.0, whatever is asked for.
const LARGEST_PAGE: usize = 30;

/// `storage_v1.AddPermission`
pub fn add_permission_v1(call: &mut Call<'_>) -> Outcome {
    change(call, People::UnionId, Change::Add)
}

/// `storage_v1.UpdatePermission`
pub fn update_permission_v1(call: &mut Call<'_>) -> Outcome {
    change(call, People::UnionId, Change::Replace)
}

/// `storage_v1.DeletePermission`
pub fn delete_permission_v1(call: &mut Call<'_>) -> Outcome {
    change(call, People::UnionId, Change::Remove)
}

/// `storage_v1.ListPermissions`
pub fn list_permissions_v1(call: &mut Call<'_>) -> Outcome {
    list(call, People::UnionId)
}

/// `storage_v2.AddPermission`
pub fn add_permission_v2(call: &mut Call<'_>) -> Outcome {
    change(call, People::UserId, Change::Add)
}

/// `storage_v2.UpdatePermission`
pub fn update_permission_v2(call: &mut Call<'_>) -> Outcome {
    change(call, People::UserId, Change::Replace)
}

/// `storage_v2.DeletePermission`
pub fn delete_permission_v2(call: &mut Call<'_>) -> Outcome {
    change(call, People::UserId, Change::Remove)
}

/// `storage_v2.ListPermissions`
pub fn list_permissions_v2(call: &mut Call<'_>) -> Outcome {
    list(call, People::UserId)
}

/// `storage_v2.GetPermissionInheritance`
pub fn get_permission_inheritance(call: &mut Call<'_>) -> Outcome {
    let entry = entry(call, People::UserId)?;
    call.world.require(&call.operator, entry, Role::Reader)?;
    Ok(json!({ "inheritance": if entry.breaks_inheritance { "BREAK" } else { "PASS_ON" } }))
}

/// `storage_v2.SetPermissionInheritance`
pub fn set_permission_inheritance(call: &mut Call<'_>) -> Outcome {
    let entry = entry(call, People::UserId)?.clone();
    drive::check_manages(call, &entry)?;
    if entry.parent.is_none() {
        return Err(Refusal::new("permissionInheritanceUnsupportedForRootDentry"));
    }
    let breaks = call.input.text("inheritance") == "BREAK";
    call.world.entries.change(entry.id, |entry| entry.breaks_inheritance = breaks);
    call.effect("inheritance.changed", entry.uuid);
    Ok(json!({ "success": true }))
}

fn change(call: &mut Call<'_>, people: People, change: Change) -> Outcome {
    let entry = entry(call, people)?.id;
    let role = role(call.input.text("roleId"))?;
    let members = drive::read_members(call, people)?;
    let duration = call.input.integer("option.duration");
    drive::change_grants(call, entry, role, members, duration, change)?;
    Ok(json!({ "success": true }))
}

fn role(text: &str) -> Result<Role, Refusal> {
    Role::from_wire(text).ok_or_else(|| Refusal::new("paramError.roleId").because(text.to_owned()))
}

/// Version 1.0 names an entry by space and id, version 2.0 by uuid.
fn entry<'a>(call: &'a Call<'_>, people: People) -> Result<&'a Entry, Refusal> {
    if people == People::UnionId {
        return call.entry("spaceId", "dentryId");
    }
    let uuid = call.input.text("dentryUuid");
    if uuid.len() != 32 || !uuid.bytes().all(|each| each.is_ascii_alphanumeric()) {
        return Err(Refusal::new("paramError.dentryUuid").because(format!("{uuid} is no uuid of an entry")));
    }
    call.entry_by_uuid("dentryUuid")
}

/// The roles on an entry itself, a page at a time. In an APP space, an operator who does not manage it sees the
/// operator's own; in a knowledge base, whole organizations are left out.
fn list(call: &mut Call<'_>, people: People) -> Outcome {
    let entry = entry(call, people)?;
    let space = call.world.spaces.get(entry.space).ok_or_else(|| Refusal::new("spaceNotExist"))?;
    call.world.require(&call.operator, entry, Role::Reader)?;
    let roles = call.input.texts("option.filterRoleIds");
    let roles: Vec<Role> = roles.iter().map(|text| role(text)).collect::<Result<_, _>>()?;
    let manages = call.world.role(&call.operator, entry.id) >= Some(Role::Manager);
    let own_only = space.owner_type == OwnerType::App && !manages;
    let hides_organisations = space.origin == Origin::Wiki;
    let user = call.world.organisation.users.get(&call.operator);
    let behind: Option<Member> = call.page_start()?;
    let size = if people == People::UserId { call.page_size(30).min(LARGEST_PAGE) } else { call.page_size(50) };
    let wanted = |(member, grant): &(&Member, &Grant)| {
        behind.as_ref().is_none_or(|behind| *member > behind)
            && (roles.is_empty() || roles.contains(&grant.role))
            && !(hides_organisations && member.kind == "ORG")
            && (!own_only || user.is_some_and(|user| call.world.is_member(user, member)))
    };
    let mut grants: Vec<(&Member, &Grant)> =
        drive::grants_in_force(call.world, entry.id).filter(wanted).take(size + 1).collect();
    let more = grants.len() > size;
    grants.truncate(size);
    let next = grants.last().filter(|_| more).map(|(member, _)| call.page_token(member));
    let shown = |(member, grant): (&Member, &Grant)| permission(call, entry, member, grant, people);
    let permissions: Vec<Value> = grants.into_iter().map(shown).collect();
    Ok(without_absent(json!({ "permissions": permissions, "nextToken": next })))
}

fn permission(call: &Call<'_>, entry: &Entry, member: &Member, grant: &Grant, people: People) -> Value {
    let role = grant.role.wire();
    let member = drive::shown_member(call.world, member, people);
    let shown = match people {
        People::UserId => json!({ "dentryUuid": entry.uuid }),
        People::UnionId => json!({
            "spaceId": entry.space.to_string(),
            "dentryId": entry.wire_id(),
            "operatorId": grant.operator,
            "createTime": grant.created.text(),
            "modifiedTime": grant.modified.text(),
        }),
    };
    let mut shown = without_absent(shown);
    let more = json!({ "role": { "id": role, "name": role }, "member": member, "duration": grant.duration });
    super::placing::add(&mut shown, without_absent(more));
    shown
}
