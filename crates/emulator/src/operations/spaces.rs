//! Spaces of the storage operations.

use serde_json::json;

use crate::call::{Call, Outcome};
use crate::drive::{self, NewSpace, create_space};
use crate::refusal::Refusal;
use crate::state::{Origin, OwnerType, Role};

/// `storage_v1.AddSpace`: the space of the scene that exists, or a new one.
pub fn add_space(call: &mut Call<'_>) -> Outcome {
    let input = &call.input;
    let text = |name: &str| input.text(&format!("option.{name}")).to_owned();
    let (scene, scene_id) = (text("scene"), text("sceneId"));
    for (value, code) in [(&scene, "paramError.scene"), (&scene_id, "paramError.sceneId")] {
        if value.is_empty() || !value.chars().all(|each| each.is_ascii_alphanumeric()) {
            return Err(Refusal::new(code).because("letters and digits only"));
        }
    }
    let app_id = call.app_id();
    if let Some(space) = call.world.spaces.of_scene(&app_id, &scene, &scene_id) {
        return Ok(json!({ "space": drive::space(call.world, space) }));
    }
    let name = match input.text_of("option.name") {
        Some(name) => Some(drive::check_name(name, "paramError.name")?),
        None => None,
    };
    let quota = match input.integer("option.quota") {
        Some(quota) => {
            let positive = u64::try_from(quota).ok();
            Some(positive.ok_or_else(|| Refusal::new("paramError").because("the quota is negative"))?)
        }
        None => None,
    };
    let owner_type = if text("ownerType") == "APP" { OwnerType::App } else { OwnerType::User };
    let capabilities = ["canSearch", "canRename", "canRecordRecentFile"];
    let new = NewSpace {
        origin: Origin::Storage,
        name,
        creator: call.operator.clone(),
        owner_type,
        app_id,
        scene: (scene, scene_id),
        quota,
        capabilities: capabilities.map(|name| input.flag(&format!("option.capabilities.{name}"))),
    };
    let id = create_space(call.world, new);
    call.effect("space.created", id.to_string());
    let space = call.world.spaces.get(id).ok_or_else(|| Refusal::new("systemError"))?;
    Ok(json!({ "space": drive::space(call.world, space) }))
}

/// `storage_v1.GetSpace`
pub fn get_space(call: &mut Call<'_>) -> Outcome {
    let space = call.space("spaceId")?;
    let root = call.stored(space.root)?;
    call.world.require(&call.operator, root, Role::Reader)?;
    Ok(json!({ "space": drive::space(call.world, space) }))
}
