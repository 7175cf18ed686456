//! Roles as Drive has them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::call::{Call, Outcome};
use crate::drive::{self, Change, People, without_absent};
use crate::refusal::Refusal;
use crate::state::{Entry, Member, Role};

/// Roles by their names in Drive.
const ROLES: [(&str, Role); 5] = [
    ("owner", Role::Owner),
    ("admin", Role::Manager),
    ("editor", Role::Editor),
    ("viewer", Role::Downloader),
    ("only_viewer", Role::Reader),
];

/// Kinds of members by their names in Drive.
const KINDS: [(&str, &str); 4] =
    [("org", "ORG"), ("department", "DEPT"), ("conversation", "CONVERSATION"), ("user", "USER")];

/// `drive_v1.AddPermission`
pub fn add_permission(call: &mut Call<'_>) -> Outcome {
    change(call, Change::Add)
}

/// `drive_v1.ModifyPermission`
pub fn modify_permission(call: &mut Call<'_>) -> Outcome {
    change(call, Change::Replace)
}

/// `drive_v1.DeletePermission`
pub fn delete_permission(call: &mut Call<'_>) -> Outcome {
    change(call, Change::Remove)
}

/// `drive_v1.ListPermissions`: the roles on it, and those that come down from the folders above.
pub fn list_permissions(call: &mut Call<'_>) -> Outcome {
    let entry = call.entry("spaceId", "fileId")?;
    call.world.require(&call.operator, entry, Role::Reader)?;
    let mut seen = BTreeSet::new();
    let mut members = Vec::new();
    let mut broken = false;
    let above = call.world.entries.ancestors(entry.id);
    for holder in std::iter::once(entry).chain(above) {
        for (member, grant) in drive::grants_in_force(call.world, holder.id) {
            if (!broken || grant.role >= Role::Manager) && seen.insert(member.clone()) {
                members.extend(permission(call, entry, holder, member, grant.role));
            }
        }
        broken |= holder.breaks_inheritance;
    }
    Ok(json!({ "members": members, "outMembers": [] }))
}

fn permission(call: &Call<'_>, entry: &Entry, holder: &Entry, member: &Member, role: Role) -> Option<Value> {
    let (role, _) = ROLES.iter().find(|(_, each)| *each == role)?;
    let (kind, _) = KINDS.iter().find(|(_, kind)| *kind == member.kind)?;
    let user = call.world.organisation.users.get(&member.id).filter(|_| member.kind == "USER");
    Some(without_absent(json!({
        "role": role,
        "member": {
            "corpId": call.world.organisation.corp_id,
            "memberType": kind,
            "memberId": user.map_or(&member.id, |user| &user.user_id),
            "memberName": user.map(|user| &user.name),
        },
        "extend": holder.id != entry.id,
    })))
}

fn change(call: &mut Call<'_>, change: Change) -> Outcome {
    let entry = call.entry("spaceId", "fileId")?.id;
    let name = call.input.text("role");
    let role = ROLES.iter().find(|(each, _)| *each == name).map(|(_, role)| *role);
    let role = role.ok_or_else(|| Refusal::new("param.error").because(name.to_owned()))?;
    let members = call.input.list("members").iter().map(|given| member(call, given)).collect::<Result<_, _>>()?;
    drive::change_grants(call, entry, role, members, None, change)?;
    Ok(Value::Null)
}

/// A member of a request. No source says which id of a person it has, so either is taken.
fn member(call: &Call<'_>, given: &Value) -> Result<Member, Refusal> {
    let text = |name: &str| given.get(name).and_then(Value::as_str).unwrap_or_default();
    let kind = KINDS.iter().find(|(each, _)| *each == text("memberType")).map(|(_, kind)| *kind);
    let member = json!({ "type": kind, "id": text("memberId"), "corpId": text("corpId") });
    if text("corpId") != call.world.organisation.corp_id {
        return Err(Refusal::new("unsupported.operation").because("the member is of another organization"));
    }
    drive::read_member(call, &member, People::UserId).or_else(|_| drive::read_member(call, &member, People::UnionId))
}
