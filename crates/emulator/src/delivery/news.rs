//! News as it looks on the wire.

use serde_json::{Value, json};

use crate::drive::without_absent;
use crate::state::{EntryKind, EventScope, News, World};

/// What news is about, as all forms carry it.
pub(super) fn payload(world: &World, news: &News) -> Value {
    let (scope, scope_id) = match news.scope {
        EventScope::Organisation => ("ORG", world.organisation.corp_id.clone()),
        EventScope::Space(space) => ("SPACE", space.to_string()),
    };
    without_absent(json!({
        "spaceId": news.space.to_string(),
        "dentryId": news.entry.to_string(),
        "eventScope": scope,
        "eventScopeId": scope_id,
        "extension": news.extension,
        "unionId": news.operator,
        "type": if news.entry_kind == EntryKind::File { "FILE" } else { "FOLDER" },
    }))
}

/// News as a push over HTTP carries it: the payload flat beside what every event has.
pub(super) fn flat(world: &World, news: &News) -> Value {
    let mut flat = json!({
        "EventType": news.kind.wire(),
        "EventTime": news.time.0,
        "CorpId": world.organisation.corp_id,
        "BizId": news.entry.to_string(),
        "eventId": news.id.to_string(),
    });
    if let (Some(flat), Value::Object(payload)) = (flat.as_object_mut(), payload(world, news)) {
        flat.extend(payload);
    }
    flat
}

/// News as a frame of a stream carries it: the payload as a text, and the rest in headers.
pub(super) fn frame(world: &World, news: &News, message: &str, data: &Value) -> Value {
    let app = world.organisation.apps.get(&news.app);
    json!({
        "specVersion": "1.0",
        "type": "EVENT",
        "headers": {
            "topic": "*",
            "contentType": "application/json",
            "messageId": message,
            "time": world.now().0.to_string(),
            "eventId": news.id.to_string(),
            "eventType": news.kind.wire(),
            "eventBornTime": news.time.0.to_string(),
            "eventCorpId": world.organisation.corp_id,
            "eventUnifiedAppId": app.map(|app| app.app_id.as_str()).unwrap_or_default(),
        },
        "data": data.to_string(),
    })
}
