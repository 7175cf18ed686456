//! Spaces and entries as the storage operations show them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::call::{Call, Input};
use crate::refusal::Refusal;
use crate::state::{AppProperty, Entry, EntryId, EntryKind, OwnerType, Space, World, category};

/// Most properties that one app attaches to one entry.
const MOST_PROPERTIES: usize = 3;

/// What of an entry is shown.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// App that asks; it sees its own private properties.
    pub app_id: String,
    /// Apps whose properties are wanted; without a list, all.
    pub property_apps: Option<Vec<String>>,
    /// Whether a link to a thumbnail is wanted, and where such links lead.
    pub thumbnails: Option<String>,
    /// Whether the broad kind of content is shown.
    pub category: bool,
}

impl View {
    /// What the calling app sees without asking for more.
    pub fn of(call: &Call<'_>) -> Self {
        Self { app_id: call.app_id(), ..Self::default() }
    }

    /// The same, with what the options of the call ask for.
    pub fn asked(call: &Call<'_>) -> Self {
        let apps = call.input.texts("option.appIdsForAppProperties");
        let thumbnail = call.input.flag("option.withThumbnail") || call.input.flag("withThumbnail");
        Self {
            property_apps: (!apps.is_empty()).then_some(apps),
            thumbnails: thumbnail.then(|| call.storage_url.to_owned()),
            ..Self::of(call)
        }
    }
}

/// An entry by its id.
///
/// # Errors
///
/// `systemError`, when it is not there after all.
pub fn dentry_of(call: &Call<'_>, id: EntryId, view: &View) -> Result<Value, Refusal> {
    Ok(dentry(call.world, call.stored(id)?, view))
}

/// An entry as a `Dentry`.
pub fn dentry(world: &World, entry: &Entry, view: &View) -> Value {
    let mut shown = Map::new();
    let mut set = |name: &str, value: Value| drop(shown.insert(name.to_owned(), value));
    let parent = entry.parent.and_then(|parent| world.entries.get(parent));
    set("id", entry.wire_id().into());
    set("spaceId", entry.space.to_string().into());
    set("parentId", parent.map_or_else(|| "0".to_owned(), Entry::wire_id).into());
    set("name", entry.name.as_str().into());
    set("path", world.entries.path(entry.id).into());
    set("status", if entry.deleted { "DELETED" } else { "NORMAL" }.into());
    set("creatorId", entry.creator.as_str().into());
    set("modifierId", entry.modifier.as_str().into());
    set("createTime", entry.created.text().into());
    set("modifiedTime", entry.modified.text().into());
    set("uuid", entry.uuid.as_str().into());
    set("partitionType", "PUBLIC_OSS_PARTITION".into());
    set("storageDriver", "DINGTALK".into());
    set("properties", json!({ "readOnly": false }));
    match entry.kind {
        EntryKind::Folder => set("type", "FOLDER".into()),
        EntryKind::File => {
            set("type", "FILE".into());
            set("size", entry.size.into());
            set("version", entry.version.into());
            set("extension", entry.extension().unwrap_or_default().into());
            if view.category {
                set("category", category(entry.extension().unwrap_or_default()).into());
            }
            if let Some(thumbnail) = view.thumbnails.as_ref().and_then(|storage| thumbnail(entry, storage)) {
                set("thumbnail", thumbnail);
            }
        }
    }
    let properties = app_properties(entry, view);
    if !properties.is_empty() {
        set("appProperties", Value::Object(properties));
    }
    Value::Object(shown)
}

/// The properties of an entry that an app sees, by the app that attached them.
fn app_properties(entry: &Entry, view: &View) -> Map<String, Value> {
    let wanted = |app: &&String| view.property_apps.as_ref().is_none_or(|apps| apps.contains(*app));
    let mut shown = Map::new();
    for (app, properties) in entry.properties.iter().filter(|(app, _)| wanted(app)) {
        let visible = properties.iter().filter(|each| each.public || *app == view.app_id);
        let visible: Vec<Value> = visible.map(app_property).collect();
        if !visible.is_empty() {
            shown.insert(app.clone(), Value::Array(visible));
        }
    }
    shown
}

fn app_property(property: &AppProperty) -> Value {
    let visibility = if property.public { "PUBLIC" } else { "PRIVATE" };
    json!({ "name": property.name, "value": property.value, "visibility": visibility })
}

/// The properties that a request attaches.
///
/// # Errors
///
/// `dentryAppPropertiesNumberExceedsLimit` for more than three, `paramError` for two of one name.
pub fn read_properties(input: &Input, name: &str) -> Result<Vec<AppProperty>, Refusal> {
    let mut properties: BTreeMap<String, AppProperty> = BTreeMap::new();
    for given in input.list(name) {
        let text = |field: &str| given.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        let property = AppProperty { name: text("name"), value: text("value"), public: text("visibility") == "PUBLIC" };
        if let Some(twice) = properties.insert(property.name.clone(), property) {
            let reason = format!("{name}: the name {} is there twice", twice.name);
            return Err(Refusal::new("paramError").because(reason));
        }
    }
    if properties.len() > MOST_PROPERTIES {
        return Err(Refusal::new("dentryAppPropertiesNumberExceedsLimit"));
    }
    Ok(properties.into_values().collect())
}

/// The thumbnail of an entry, of a kind of which such are made.
pub fn thumbnail(entry: &Entry, storage: &str) -> Option<Value> {
    let extension = entry.extension().unwrap_or_default();
    matches!(category(extension), "IMAGE" | "DOCUMENT").then(|| {
        let url = format!("{storage}/thumbnails/{}", entry.uuid);
        json!({ "width": 64, "height": 64, "url": url })
    })
}

/// The value without what is absent: fields that are null, at any depth.
pub fn without_absent(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let present = fields.into_iter().filter(|(_, field)| !field.is_null());
            Value::Object(present.map(|(name, field)| (name, without_absent(field))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_absent).collect()),
        value => value,
    }
}

/// A space as a `Space`.
pub fn space(world: &World, space: &Space) -> Value {
    let mut quota = json!({ "used": space.used, "type": if space.quota.is_some() { "PRIVATE" } else { "SHARE" } });
    if let (Some(most), Some(quota)) = (space.quota, quota.as_object_mut()) {
        quota.insert("max".to_owned(), most.into());
    }
    let mut shown = json!({
        "id": space.id.to_string(),
        "corpId": world.organisation.corp_id,
        "creatorId": space.creator,
        "ownerType": match space.owner_type { OwnerType::User => "USER", OwnerType::App => "APP" },
        "ownerId": space.owner,
        "modifierId": space.modifier,
        "usedQuota": space.used,
        "status": "NORMAL",
        "createTime": space.created.text(),
        "modifiedTime": space.modified.text(),
        "appId": space.app_id,
        "scene": space.scene,
        "sceneId": space.scene_id,
        "capabilities": {
            "canSearch": space.can_search,
            "canRename": space.can_rename,
            "canRecordRecentFile": space.can_record_recent_file,
        },
        "partitions": [{ "partitionType": "PUBLIC_OSS_PARTITION", "quota": quota }],
    });
    if let Some(shown) = shown.as_object_mut() {
        if let Some(name) = &space.name {
            shown.insert("name".to_owned(), name.as_str().into());
        }
        if let Some(most) = space.quota {
            shown.insert("quota".to_owned(), most.into());
        }
    }
    shown
}
