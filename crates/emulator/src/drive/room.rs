//! Room: quotas of spaces and the capacity of the organization.

use serde_json::{Value, json};

use crate::refusal::Refusal;
use crate::state::{Space, World};

/// Refuses bytes for which there is no room.
///
/// # Errors
///
/// `spaceQuotaInsufficient` or `orgQuotaInsufficient`.
pub fn check_room(world: &World, space: &Space, bytes: u64) -> Result<(), Refusal> {
    check_quota(space, bytes)?;
    let (used, capacity) = (world.spaces.used(), world.organisation.capacity);
    if used.saturating_add(bytes) > capacity {
        let reason = format!("{bytes} bytes more than the {used} of {capacity} in use");
        return Err(Refusal::new("orgQuotaInsufficient").because(reason));
    }
    Ok(())
}

/// Refuses bytes for which a space has no room, wherever they come from.
///
/// # Errors
///
/// `spaceQuotaInsufficient`.
pub fn check_quota(space: &Space, bytes: u64) -> Result<(), Refusal> {
    if let Some(quota) = space.quota
        && space.used.saturating_add(bytes) > quota
    {
        let reason = format!("{bytes} bytes more than the {} of {quota} in use", space.used);
        return Err(Refusal::new("spaceQuotaInsufficient").because(reason));
    }
    Ok(())
}

/// The room of the organization, as a partition.
pub fn organisation_room(world: &World) -> Value {
    let (used, capacity) = (world.spaces.used(), world.organisation.capacity);
    json!({
        "partitionType": "PUBLIC_OSS_PARTITION",
        "quota": { "used": used, "max": capacity, "type": "PRIVATE" },
    })
}
