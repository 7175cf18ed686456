//! Properties that apps attach to files and folders.

use serde_json::json;

use crate::call::{Call, Outcome};
use crate::drive::{self, Touch, read_properties};
use crate::refusal::Refusal;
use crate::state::{AppProperty, Entry, EntryId, EventKind, Role};

/// Most properties that one app attaches to one entry.
const MOST: usize = 3;

/// `storage_v1.UpdateDentryAppProperties`: a name that is there gets the new value, others are added.
pub fn update_dentry_app_properties(call: &mut Call<'_>) -> Outcome {
    let entry = changeable(call)?;
    let app = call.app_id();
    let mut properties = entry.properties.get(&app).cloned().unwrap_or_default();
    for new in read_properties(&call.input, "appProperties")? {
        match properties.iter_mut().find(|each| each.name == new.name) {
            Some(old) => *old = new,
            None => properties.push(new),
        }
    }
    if properties.len() > MOST {
        let reason = format!("the app would have {} properties on it", properties.len());
        return Err(Refusal::new("dentryAppPropertiesNumberExceedsLimit").because(reason));
    }
    let id = entry.id;
    set(call, id, app, properties)
}

/// `storage_v1.DeleteDentryAppProperties`: names that are not there are no mistake.
pub fn delete_dentry_app_properties(call: &mut Call<'_>) -> Outcome {
    let entry = changeable(call)?;
    let app = call.app_id();
    let mut properties = entry.properties.get(&app).cloned().unwrap_or_default();
    let names = call.input.texts("propertyNames");
    properties.retain(|property| !names.contains(&property.name));
    let id = entry.id;
    set(call, id, app, properties)
}

fn changeable<'a>(call: &'a Call<'_>) -> Result<&'a Entry, Refusal> {
    let entry = call.entry("spaceId", "dentryId")?;
    call.world.require(&call.operator, entry, Role::Editor)?;
    drive::check_idle(call.world, entry.id, Touch::Itself)?;
    Ok(entry)
}

fn set(call: &mut Call<'_>, id: EntryId, app: String, properties: Vec<AppProperty>) -> Outcome {
    call.world.entries.change(id, |entry| {
        if properties.is_empty() {
            entry.properties.remove(&app);
        } else {
            entry.properties.insert(app, properties);
        }
    });
    let uuid = call.stored(id)?.uuid.clone();
    call.effect("properties.changed", uuid);
    call.tell(EventKind::Update, id);
    Ok(json!({ "success": true }))
}
