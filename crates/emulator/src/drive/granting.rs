//! Granting roles: who may, to whom, and for how long.

use std::time::Duration;

use serde_json::{Value, json};

use crate::call::Call;
use crate::drive::without_absent;
use crate::refusal::Refusal;
use crate::state::{Entry, EntryId, Grant, Member, Origin, OwnerType, Role, World};

/// Longest time in seconds that a grant can last.
const LONGEST: i64 = 3600;

/// What becomes of a member's role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The member gets it.
    Add,
    /// The member has it from now on instead of the one that it has.
    Replace,
    /// The member loses it, if it is the one that it has.
    Remove,
}

/// Whether the operator may change who holds which role on an entry: managers may. The app that owns an APP space may
/// as well, in the name of anybody: without it, nobody could ever be granted anything there.
pub fn check_manages(call: &Call<'_>, entry: &Entry) -> Result<(), Refusal> {
    if owns_space(call, entry) {
        return Ok(());
    }
    call.world.require(&call.operator, entry, Role::Manager)
}

/// Whether the calling app owns the space of an entry.
fn owns_space(call: &Call<'_>, entry: &Entry) -> bool {
    let space = call.world.spaces.get(entry.space);
    space.is_some_and(|space| space.owner_type == OwnerType::App && space.owner == call.app_id())
}

/// Changes the roles of members on an entry.
///
/// # Errors
///
/// When the operator may not, or the role cannot be given there.
pub fn change_grants(
    call: &mut Call<'_>,
    entry: EntryId,
    role: Role,
    members: Vec<Member>,
    duration: Option<i64>,
    change: Change,
) -> Result<(), Refusal> {
    let entry = call.stored(entry)?.clone();
    check_manages(call, &entry)?;
    check_role(call, &entry, role, &members)?;
    let temporary = call.world.spaces.get(entry.space).is_some_and(|space| space.owner_type == OwnerType::App);
    let duration = duration.filter(|duration| temporary && *duration != -1);
    if let Some(duration) = duration
        && !(1..=LONGEST).contains(&duration)
    {
        let reason = format!("a grant lasts from 1 to {LONGEST} seconds, not {duration}");
        return Err(Refusal::new("paramError").because(reason));
    }
    let now = call.now();
    let until = duration.map(|seconds| now.after(Duration::from_secs(u64::try_from(seconds).unwrap_or_default())));
    for member in members {
        let key = (entry.id, member);
        let before = call.world.grants.get(&key).filter(|grant| !call.world.has_ended(grant)).cloned();
        match (change, &before) {
            (Change::Remove, Some(grant)) if grant.role == role => drop(call.world.grants.remove(&key)),
            // Who holds no role, or another one, is left alone.
            (Change::Remove, _) | (Change::Replace, None) => continue,
            _ => {
                let created = before.map_or(now, |grant| grant.created);
                let operator = call.operator.clone();
                let grant = Grant { role, duration, until, operator, created, modified: now };
                call.world.grants.insert(key, grant);
            }
        }
        call.effect("grant.changed", entry.uuid.clone());
    }
    Ok(())
}

/// Nobody gives more than they have; and a knowledge base has rules of its own.
fn check_role(call: &Call<'_>, entry: &Entry, role: Role, members: &[Member]) -> Result<(), Refusal> {
    let origin = call.world.spaces.get(entry.space).map(|space| space.origin);
    if origin == Some(Origin::Wiki) {
        let reason = match role {
            Role::Owner => "the owner of a knowledge base cannot be changed",
            Role::Manager if members.iter().any(|member| member.kind == "ORG") => {
                "a whole organization cannot manage a knowledge base"
            }
            _ => return Ok(()),
        };
        return Err(Refusal::new("paramError.roleId").because(reason));
    }
    if owns_space(call, entry) || call.world.role(&call.operator, entry.id) >= Some(role) {
        return Ok(());
    }
    Err(Refusal::new("permissionDenied").because("the operator has a lower role than that"))
}

/// How an operation names people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum People {
    /// By unionId.
    UnionId,
    /// By userId.
    UserId,
}

/// Reads the members of a request.
///
/// # Errors
///
/// When there is no such member, or the organization of a department is missing.
pub fn read_members(call: &Call<'_>, people: People) -> Result<Vec<Member>, Refusal> {
    call.input.list("members").iter().map(|given| read_member(call, given, people)).collect()
}

/// Reads one member of a request.
///
/// # Errors
///
/// As [`read_members`].
pub fn read_member(call: &Call<'_>, given: &Value, people: People) -> Result<Member, Refusal> {
    let text = |name: &str| given.get(name).and_then(Value::as_str);
    let (kind, id) = (text("type").unwrap_or_default(), text("id").unwrap_or_default());
    let organisation = &call.world.organisation;
    let refuse = |reason: &str| Err(Refusal::new("paramError").because(format!("member {kind} {id}: {reason}")));
    let id = match kind {
        "USER" => {
            let found = match people {
                People::UnionId => organisation.users.get(&id.to_owned()),
                People::UserId => organisation.user_by_user_id(id),
            };
            match found {
                Some(user) => user.union_id.clone(),
                None if people == People::UserId => return refuse("there is no such userId"),
                None => return refuse("there is no such unionId"),
            }
        }
        "ORG" if id != organisation.corp_id => return refuse("it is another organization"),
        "CONVERSATION" if !call.world.chats.contains(&id.to_owned()) => return refuse("there is no such chat"),
        "DEPT" if text("corpId").is_none() => return refuse("a department needs the corpId of its organization"),
        "TAG" if people == People::UnionId && text("corpId").is_none() => {
            return refuse("a tag needs the corpId of its organization");
        }
        _ => id.to_owned(),
    };
    Ok(Member { kind: kind.to_owned(), id })
}

/// The permissions on an entry itself that are valid, in a lasting order.
pub fn grants_in_force(world: &World, entry: EntryId) -> impl Iterator<Item = (&Member, &Grant)> {
    world.grants_on(entry).filter(|(_, grant)| !world.has_ended(grant))
}

/// A member as an operation shows it.
pub fn shown_member(world: &World, member: &Member, people: People) -> Value {
    let organisation = &world.organisation;
    let user = organisation.users.get(&member.id).filter(|_| member.kind == "USER");
    let (id, name) = match (user, people) {
        (Some(user), People::UserId) => (user.user_id.as_str(), Some(user.name.as_str())),
        _ => (member.id.as_str(), None),
    };
    let corp_id = (member.kind != "CONVERSATION").then_some(organisation.corp_id.as_str());
    without_absent(json!({ "type": member.kind, "id": id, "corpId": corp_id, "name": name }))
}
