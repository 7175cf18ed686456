//! Subscriptions to news about files.

use serde_json::json;

use crate::call::{Call, Outcome};
use crate::drive;
use crate::refusal::Refusal;
use crate::state::EventScope;

/// `storage_v1.SubscribeEvent`
pub fn subscribe_event(call: &mut Call<'_>) -> Outcome {
    let subscription = subscription(call)?;
    call.world.subscriptions.insert(subscription, ());
    call.effect("event.subscribed", call.input.text("scopeId").to_owned());
    Ok(json!({ "success": true }))
}

/// `storage_v1.UnsubscribeEvent`: without a subscription there is nothing to do, and that is no mistake.
pub fn unsubscribe_event(call: &mut Call<'_>) -> Outcome {
    let subscription = subscription(call)?;
    call.world.subscriptions.remove(&subscription);
    call.effect("event.unsubscribed", call.input.text("scopeId").to_owned());
    Ok(json!({ "success": true }))
}

/// The app and what it asks about. Administrators ask about the organization, managers about a space.
fn subscription(call: &Call<'_>) -> Result<(String, EventScope), Refusal> {
    let app = call.app.as_ref().map(|app| app.key.clone()).unwrap_or_default();
    let id = call.input.text("scopeId");
    let wrong = || Refusal::new("paramError.scopeId").because(id.to_owned());
    let organisation = &call.world.organisation;
    if call.input.text("scope") == "ORG" {
        if id != organisation.corp_id {
            return Err(wrong());
        }
        if !organisation.users.get(&call.operator).is_some_and(|user| user.admin) {
            return Err(Refusal::new("permissionDenied").because("the operator is no administrator"));
        }
        return Ok((app, EventScope::Organisation));
    }
    let space = call.world.spaces.find(id).ok_or_else(wrong)?;
    drive::check_manages(call, call.stored(space.root)?)?;
    Ok((app, EventScope::Space(space.id)))
}
