//! Every event in each of its wrappings, as the documentation pages show them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test whose set-up fails has failed")]

use dingtalk_storage::events::{Envelope, Event, EventError};
use dingtalk_storage::types::{CorpId, DentryEvent, DentryType, EventScope};
use serde_json::{Map, Value, json};

/// What tells one event from another, and one payload from another.
struct Case {
    name: &'static str,
    number: u32,
    variant: fn(&Event) -> Option<&DentryEvent>,
    scope: (&'static str, EventScope),
    kind: (&'static str, DentryType),
    extension: Option<&'static str>,
}

const EVENT_ID: &str = "c7c7120f2c07419ebdba0318c8";
const CORP_ID: &str = "ding9f50b15b16741";
const TIME: i64 = 1_683_533_823_336;

fn cases() -> [Case; 3] {
    [
        Case {
            name: "storage_dentry_create",
            number: 233,
            variant: |event| match event {
                Event::StorageDentryCreate(data) => Some(data),
                _ => None,
            },
            scope: ("ORG", EventScope::Org),
            kind: ("FILE", DentryType::File),
            extension: Some("jpg"),
        },
        Case {
            name: "storage_dentry_update",
            number: 234,
            variant: |event| match event {
                Event::StorageDentryUpdate(data) => Some(data),
                _ => None,
            },
            scope: ("SPACE", EventScope::Space),
            kind: ("FILE", DentryType::File),
            extension: Some("pdf"),
        },
        Case {
            name: "storage_dentry_delete",
            number: 235,
            variant: |event| match event {
                Event::StorageDentryDelete(data) => Some(data),
                _ => None,
            },
            scope: ("SPACE", EventScope::Space),
            kind: ("FOLDER", DentryType::Folder),
            extension: None,
        },
    ]
}

impl Case {
    /// The payload, with ids that tell the cases apart.
    fn payload(&self) -> Map<String, Value> {
        let mut payload = json!({
            "spaceId": format!("2140{}", self.number),
            "dentryId": format!("1048{}", self.number),
            "eventScope": self.scope.0,
            "unionId": format!("NCYJ{}", self.number),
            "eventScopeId": format!("ding7a9b{}", self.number),
            "type": self.kind.0,
        });
        if let Some(extension) = self.extension {
            payload["extension"] = extension.into();
        }
        payload.as_object().unwrap().clone()
    }

    fn stream(&self) -> Value {
        json!({
            "eventUnifiedAppId": "bbb381b6-f0158daac",
            "eventCorpId": CORP_ID,
            "eventType": self.name,
            "eventId": EVENT_ID,
            "eventBornTime": TIME,
            "data": self.payload(),
        })
    }

    fn http(&self) -> Value {
        let mut push = self.payload();
        let around = json!({
            "EventType": self.name,
            "EventTime": TIME,
            "CorpId": CORP_ID,
            "BizId": "166335567",
            "eventId": EVENT_ID,
        });
        push.extend(around.as_object().unwrap().clone());
        push.into()
    }

    /// Payload of the synchronous push.
    fn biz_data(&self) -> Map<String, Value> {
        let mut data = self.payload();
        data.insert("eventId".into(), EVENT_ID.into());
        data.insert("syncAction".into(), self.name.into());
        data
    }

    fn sync(&self, biz_data: impl Into<Value>) -> Value {
        json!({
            "corp_id": CORP_ID,
            "biz_id": "166335567",
            "biz_type": self.number,
            "biz_data": biz_data.into(),
        })
    }

    fn check(&self, envelope: Result<Envelope<Event>, EventError>, time: Option<i64>) {
        let envelope = envelope.unwrap();
        assert_eq!(envelope.name, self.name);
        let written = serde_json::to_value(&envelope).unwrap();
        assert_eq!((&written["corpId"], &written["name"]), (&json!(CORP_ID), &json!(self.name)));
        assert_eq!(written["event"]["dentryId"], format!("1048{}", self.number));
        assert_eq!(envelope.id.as_deref(), Some(EVENT_ID), "{}", self.name);
        assert_eq!(envelope.corp_id, Some(CorpId::new(CORP_ID)), "{}", self.name);
        assert_eq!(envelope.time.and_then(|time| time.unix_millis()), time, "{}", self.name);
        let data = (self.variant)(&envelope.event).unwrap_or_else(|| panic!("{}: {:?}", self.name, envelope.event));
        let text = |prefix: &str| Some(format!("{prefix}{}", self.number));
        assert_eq!(data.space_id.as_ref().map(ToString::to_string), text("2140"));
        assert_eq!(data.dentry_id.as_ref().map(ToString::to_string), text("1048"));
        assert_eq!(data.union_id.as_ref().map(ToString::to_string), text("NCYJ"));
        assert_eq!(data.event_scope_id.as_ref().map(ToString::to_string), text("ding7a9b"));
        assert_eq!(data.event_scope.as_ref(), Some(&self.scope.1));
        assert_eq!(data.kind.as_ref(), Some(&self.kind.1));
        assert_eq!(data.extension.as_deref(), self.extension);
    }
}

fn bytes(push: &Value) -> Vec<u8> {
    push.to_string().into_bytes()
}

#[test]
fn a_stream_push_wraps_the_payload_in_data() {
    for case in cases() {
        case.check(Envelope::from_stream(&bytes(&case.stream())), Some(TIME));
    }
}

#[test]
fn an_http_push_lays_the_payload_flat() {
    for case in cases() {
        case.check(Envelope::from_http(&bytes(&case.http())), Some(TIME));
    }
}

#[test]
fn a_synchronous_push_has_the_id_inside_of_biz_data_and_no_time() {
    for case in cases() {
        case.check(Envelope::from_sync(&bytes(&case.sync(case.biz_data()))), None);
    }
}

#[test]
fn a_row_of_the_rds_table_has_biz_data_as_text_and_an_id_of_its_own() {
    for case in cases() {
        let mut row = case.sync(Value::Object(case.biz_data()).to_string());
        row["id"] = 4.into();
        row["gmt_create"] = TIME.into();
        case.check(Envelope::from_sync(&bytes(&row)), Some(TIME));
    }
}

#[test]
fn a_synchronous_push_without_its_action_is_known_by_its_number() {
    for case in cases() {
        let mut data = case.biz_data();
        data.remove("syncAction");
        case.check(Envelope::from_sync(&bytes(&case.sync(data))), None);
    }
}

#[test]
fn a_later_event_keeps_its_name_and_its_payload() {
    let push = json!({"eventType": "storage_dentry_share", "eventId": EVENT_ID, "data": {"dentryId": "7"}});
    let envelope = Envelope::<Event>::from_stream(&bytes(&push)).unwrap();
    assert_eq!(envelope.event, Event::Unknown("storage_dentry_share".into(), json!({"dentryId": "7"})));
}
