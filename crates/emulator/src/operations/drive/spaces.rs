//! Spaces of Drive.

use serde_json::{Value, json};

use crate::call::{Call, Outcome};
use crate::drive::{self, NewSpace, create_space, without_absent};
use crate::refusal::Refusal;
use crate::state::{Origin, OwnerType, Role, Space, SpaceId};

/// Most spaces on a page. The documentation has a code for more, and no number.
const LARGEST_PAGE: i64 = 100;

/// `drive_v1.AddSpace`
pub fn add_space(call: &mut Call<'_>) -> Outcome {
    let name = drive::check_name(call.input.text("name"), "name.invalid")?;
    let id = create(call, Origin::DriveOrg, name);
    Ok(shown(find(call, id)?))
}

/// `drive_v1.GetMySpaceInfo`: a person's own space is there as soon as it is asked for.
pub fn get_my_space_info(call: &mut Call<'_>) -> Outcome {
    let personal = call.world.spaces.iter().filter(|space| space.origin == Origin::DrivePersonal);
    let own = personal.filter(|space| space.owner == call.operator).map(|space| space.id).next();
    let id = match own {
        Some(id) => id,
        None => create(call, Origin::DrivePersonal, "My files".to_owned()),
    };
    Ok(shown(find(call, id)?))
}

/// `drive_v1.ListSpaces`: those that the operator has a role in.
pub fn list_spaces(call: &mut Call<'_>) -> Outcome {
    if call.input.text("spaceType") != "org" {
        return Err(Refusal::new("param.error").because("only org is allowed"));
    }
    check_page_size(call, LARGEST_PAGE)?;
    let behind: Option<SpaceId> = call.page_start()?;
    let size = call.page_size(50);
    let spaces = call.world.spaces.iter().filter(|space| behind.is_none_or(|behind| space.id > behind));
    let spaces = spaces.filter(|space| space.origin == Origin::DriveOrg);
    let visible = spaces.filter(|space| call.world.role(&call.operator, space.root).is_some());
    let mut spaces: Vec<&Space> = visible.take(size + 1).collect();
    let more = spaces.len() > size;
    spaces.truncate(size);
    let next = spaces.last().filter(|_| more).map(|space| call.page_token(&space.id));
    let spaces: Vec<Value> = spaces.into_iter().map(shown).collect();
    Ok(json!({ "spaces": spaces, "nextToken": next.unwrap_or_default() }))
}

/// `drive_v1.InfoSpace`
pub fn info_space(call: &mut Call<'_>) -> Outcome {
    let space = call.space("spaceId")?;
    call.world.require(&call.operator, call.stored(space.root)?, Role::Reader)?;
    Ok(shown(space))
}

/// `drive_v1.DeleteSpace`: with everything in it, recycle bin included.
pub fn delete_space(call: &mut Call<'_>) -> Outcome {
    let space = call.space("spaceId")?;
    let (id, root, origin) = (space.id, space.root, space.origin);
    call.world.require(&call.operator, call.stored(root)?, Role::Owner)?;
    if origin != Origin::DriveOrg {
        return Err(Refusal::new("unsupported.operation").because("it was not made with AddSpace of Drive"));
    }
    drive::remove_space(call, id);
    call.effect("space.deleted", id.to_string());
    Ok(Value::Null)
}

/// `drive_v1.ManagementListSpaces`: for administrators. Spaces that do not exist are left out.
pub fn management_list_spaces(call: &mut Call<'_>) -> Outcome {
    check_admin(call)?;
    let ids = call.input.texts("spaceIds");
    let spaces = ids.iter().filter_map(|id| call.world.spaces.find(id));
    Ok(json!({ "spaces": spaces.map(shown).collect::<Vec<Value>>() }))
}

/// `drive_v1.ManagementModifySpace`: gives spaces a quota. No page describes it, but there is no other way to do so.
pub fn management_modify_space(call: &mut Call<'_>) -> Outcome {
    check_admin(call)?;
    let quota = call.input.integer("quota").and_then(|quota| u64::try_from(quota).ok());
    let ids = call.input.texts("spaceIds");
    let ids: Vec<SpaceId> = ids.iter().filter_map(|id| call.world.spaces.find(id)).map(|space| space.id).collect();
    let (now, operator) = (call.now(), call.operator.clone());
    for id in &ids {
        call.world.spaces.change(*id, |space| {
            // A negative quota is the same as none.
            space.quota = quota;
            space.modified = now;
            space.modifier.clone_from(&operator);
        });
        call.effect("space.changed", id.to_string());
    }
    let spaces = ids.iter().filter_map(|id| call.world.spaces.get(*id));
    Ok(json!({ "spaces": spaces.map(shown).collect::<Vec<Value>>() }))
}

fn check_admin(call: &Call<'_>) -> Result<(), Refusal> {
    let operator = call.world.organisation.users.get(&call.operator);
    if operator.is_some_and(|operator| operator.admin) {
        return Ok(());
    }
    Err(Refusal::new("no.priviledge").because("the operator is no administrator"))
}

/// Refuses a page that is too large with the code that Drive has for it.
pub fn check_page_size(call: &Call<'_>, largest: i64) -> Result<(), Refusal> {
    match call.input.integer("maxResults") {
        Some(size) if size > largest => {
            Err(Refusal::new("param.error.maxresults").because(format!("{size} is more than {largest}")))
        }
        _ => Ok(()),
    }
}

fn create(call: &mut Call<'_>, origin: Origin, name: String) -> SpaceId {
    let new = NewSpace {
        origin,
        name: Some(name),
        creator: call.operator.clone(),
        owner_type: OwnerType::User,
        app_id: call.app_id(),
        scene: (String::new(), String::new()),
        quota: None,
        capabilities: [true, true, true],
    };
    let id = create_space(call.world, new);
    call.effect("space.created", id.to_string());
    id
}

fn find<'a>(call: &'a Call<'_>, id: SpaceId) -> Result<&'a Space, Refusal> {
    call.world.spaces.get(id).ok_or_else(|| Refusal::new("spaceNotExist"))
}

/// A space as Drive shows it; a quota of -1 means no limit.
fn shown(space: &Space) -> Value {
    let quota = space.quota.map_or(-1, |quota| i64::try_from(quota).unwrap_or(i64::MAX));
    without_absent(json!({
        "spaceId": space.id.to_string(),
        "spaceName": space.name.clone().unwrap_or_default(),
        "spaceType": if space.origin == Origin::DrivePersonal { "personal" } else { "org" },
        "quota": quota,
        "usedQuota": space.used,
        "permissionMode": if space.owner_type == OwnerType::App { "custom" } else { "acl" },
        "createTime": space.created.text(),
        "modifyTime": space.modified.text(),
    }))
}
