//! What the server pushes to subscribers, out of its three wrappings.
//!
//! A push over HTTP comes encrypted: `Callback`, behind the feature `callback`, checks and decrypts it and makes the answer that it
//! waits for. A Stream push comes over a connection that the app opens: `Stream`, behind the
//! feature `stream`, keeps one open. Both
//! come again until they are accepted, so an event may come twice; it has the same [id](Envelope::id) then, and
//! [`Seen`] remembers those that were handled.

#[cfg(feature = "callback")]
mod callback;
mod seen;
#[cfg(feature = "stream")]
mod stream;

use std::fmt;

#[cfg(feature = "callback")]
pub use callback::{Callback, CallbackError, Push};
pub use seen::Seen;
#[cfg(feature = "stream")]
pub use stream::Stream;

use serde::ser::{Serialize, SerializeStruct as _, Serializer};
use serde_json::{Map, Value};

use crate::Time;

/// The events that a crate knows.
pub trait Payload: Sized {
    /// Id of an organization.
    type CorpId: From<String>;

    /// Name of the event that a number of the synchronous push stands for.
    fn name_of(biz_type: u32) -> Option<&'static str>;

    /// Reads an event by its name.
    fn decode(name: &str, data: Value) -> Result<Self, serde_json::Error>;
}

/// An event with what every event carries.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Envelope<P: Payload> {
    /// Id of the event; one that comes twice is the same event. It is not the id of a row of the RDS tables.
    pub id: Option<String>,
    /// Name of the event, such as `storage_dentry_create`.
    pub name: String,
    /// Organization that it is about.
    pub corp_id: Option<P::CorpId>,
    /// When it happened. A synchronous push does not tell; a row of the RDS tables, when it was written.
    pub time: Option<Time>,
    /// The event.
    pub event: P,
}

/// Why a push cannot be understood. It shows no value of the push.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventError {
    /// It is no JSON object.
    NotAnObject,
    /// It is encrypted.
    Encrypted,
    /// It does not say which event it is.
    Nameless,
    /// The event has another shape than its name promises.
    Shape,
}

impl fmt::Display for EventError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotAnObject => "the push is no JSON object; pass its decrypted body",
            Self::Encrypted => {
                "the push is encrypted; decrypt it first, with `Callback::open` of the feature `callback`"
            }
            Self::Nameless => "the push does not say which event it is; check that it came by this kind of push",
            Self::Shape => "the event has another shape than this version knows",
        })
    }
}

impl std::error::Error for EventError {}

impl<P: Payload> Envelope<P> {
    /// Reads an event of the Stream push: a frame of the connection, with the payload as a text in `data` and the rest
    /// in `headers`, or what clients make of it, with the rest beside `data`.
    pub fn from_stream(push: &[u8]) -> Result<Self, EventError> {
        let mut push = object(push)?;
        let data = push.remove("data");
        let rest = match push.remove("headers") {
            Some(Value::Object(headers)) => headers,
            _ => push,
        };
        let name = text(&rest, &["eventType"]).ok_or(EventError::Nameless)?;
        Self::assemble(&rest, name, nested(data)?)
    }

    /// Reads an event of the HTTP push, which lays the payload flat beside the rest.
    pub fn from_http(push: &[u8]) -> Result<Self, EventError> {
        let push = object(push)?;
        let name = text(&push, &["EventType", "eventType"]).ok_or(EventError::Nameless)?;
        let data = push.clone();
        Self::assemble(&push, name, data)
    }

    /// Reads an event of the synchronous push, over HTTP or from the RDS tables: one entry of its list, with
    /// `biz_type` and the payload in `biz_data`.
    pub fn from_sync(push: &[u8]) -> Result<Self, EventError> {
        let mut push = object(push)?;
        let data = nested(push.remove("biz_data"))?;
        let by_number =
            || text(&push, &["biz_type"]).and_then(|number| P::name_of(number.parse().ok()?)).map(str::to_owned);
        let name = text(&data, &["syncAction"]).or_else(by_number).ok_or(EventError::Nameless)?;
        Self::assemble(&push, name, data)
    }

    fn assemble(push: &Map<String, Value>, name: String, data: Map<String, Value>) -> Result<Self, EventError> {
        Ok(Self {
            // The synchronous push carries it beside the payload, inside of `biz_data`.
            id: text(push, &["eventId"]).or_else(|| text(&data, &["eventId"])),
            corp_id: text(push, &["eventCorpId", "CorpId", "corp_id"]).map(P::CorpId::from),
            time: text(push, &["eventBornTime", "EventTime", "gmt_create"]).map(Time::from),
            event: P::decode(&name, Value::Object(data)).map_err(|_| EventError::Shape)?,
            name,
        })
    }
}

/// As one object, whichever push it came by: `id`, `name`, `corpId`, `time` and the payload as `event`.
impl<P: Payload<CorpId: Serialize> + Serialize> Serialize for Envelope<P> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut envelope = serializer.serialize_struct("Envelope", 5)?;
        envelope.serialize_field("id", &self.id)?;
        envelope.serialize_field("name", &self.name)?;
        envelope.serialize_field("corpId", &self.corp_id)?;
        envelope.serialize_field("time", &self.time)?;
        envelope.serialize_field("event", &self.event)?;
        envelope.end()
    }
}

/// Values at more levels than any event has become `null`: what is deep may not lose the event.
const LEVELS: usize = 32;

fn object(push: &[u8]) -> Result<Map<String, Value>, EventError> {
    match readable(push) {
        // Nothing but that tells encrypted pushes, of either kind.
        Some(object) if object.get("encrypt").is_some_and(Value::is_string) => Err(EventError::Encrypted),
        Some(object) => Ok(object),
        None => Err(EventError::NotAnObject),
    }
}

/// An object, also where a text in it is broken or a value too deep.
fn readable(push: &[u8]) -> Option<Map<String, Value>> {
    let read =
        <Value as crate::Answer>::decode(push).or_else(|error| match crate::repair::mended(push, Some(LEVELS)) {
            Some(mended) => <Value as crate::Answer>::decode(&mended),
            None => Err(error),
        });
    match read {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    }
}

/// A payload, as an object or as its JSON text.
fn nested(data: Option<Value>) -> Result<Map<String, Value>, EventError> {
    match data {
        Some(Value::Object(data)) => Ok(data),
        Some(Value::String(data)) => object(data.as_bytes()),
        _ => Err(EventError::Shape),
    }
}

/// The first of these fields that holds a text or number.
fn text(object: &Map<String, Value>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| match object.get(*name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Got(String, Value);

    impl Payload for Got {
        type CorpId = String;

        fn name_of(biz_type: u32) -> Option<&'static str> {
            (biz_type == 233).then_some("storage_dentry_create")
        }

        fn decode(name: &str, mut data: Value) -> Result<Self, serde_json::Error> {
            Ok(Self(name.to_owned(), data.get_mut("dentryId").map(Value::take).unwrap_or_default()))
        }
    }

    #[test]
    fn the_three_pushes_give_the_same_event() {
        let stream = br#"{"eventId":"e1","eventCorpId":"c1","eventType":"storage_dentry_create","eventBornTime":1653730636000,"data":{"dentryId":"7"}}"#;
        let http = br#"{"eventId":"e1","CorpId":"c1","EventType":"storage_dentry_create","EventTime":"1653730636000","dentryId":"7"}"#;
        let sync = br#"{"id":4,"corp_id":"c1","biz_type":233,"gmt_create":1653730636000,"biz_data":"{\"eventId\":\"e1\",\"dentryId\":\"7\"}"}"#;
        let frame = br#"{"specVersion":"1.0","type":"EVENT","headers":{"topic":"*","messageId":"m1","time":"1","eventId":"e1","eventCorpId":"c1","eventType":"storage_dentry_create","eventBornTime":"1653730636000"},"data":"{\"dentryId\":\"7\"}"}"#;
        let envelopes = [
            Envelope::<Got>::from_stream(stream),
            Envelope::from_stream(frame),
            Envelope::from_http(http),
            Envelope::from_sync(sync),
        ];
        for envelope in envelopes.map(Result::unwrap) {
            assert_eq!((envelope.id.as_deref(), envelope.corp_id.as_deref()), (Some("e1"), Some("c1")));
            assert_eq!(envelope.time.unwrap().unix_millis(), Some(1_653_730_636_000));
            assert_eq!(envelope.event, Got("storage_dentry_create".into(), "7".into()));
        }
    }

    #[test]
    fn a_name_that_is_broken_spoils_no_event() {
        let push = b"{\"EventType\":\"storage_dentry_create\",\"dentryId\":\"7\",\"name\":\"\\ud83d\t\xff\"}";
        assert_eq!(Envelope::<Got>::from_http(push).unwrap().event.1, "7");
    }

    #[test]
    fn a_value_that_is_too_deep_spoils_no_event() {
        let deep = "[".repeat(5000) + &"]".repeat(5000);
        let push = format!(r#"{{"EventType":"storage_dentry_create","deep":{deep},"dentryId":"7"}}"#);
        assert_eq!(Envelope::<Got>::from_http(push.as_bytes()).unwrap().event.1, "7");
    }

    #[test]
    fn the_action_of_a_synchronous_push_goes_before_its_number() {
        let push = br#"{"biz_type":233,"biz_data":{"syncAction":"storage_dentry_delete","dentryId":"7"}}"#;
        assert_eq!(Envelope::<Got>::from_sync(push).unwrap().name, "storage_dentry_delete");
    }

    #[test]
    fn what_is_no_event_is_told() {
        assert_eq!(Envelope::<Got>::from_stream(b"[]").unwrap_err(), EventError::NotAnObject);
        assert_eq!(Envelope::<Got>::from_stream(br#"{"data":{}}"#).unwrap_err(), EventError::Nameless);
        assert_eq!(Envelope::<Got>::from_stream(br#"{"eventType":"x"}"#).unwrap_err(), EventError::Shape);
        let frame = br#"{"specVersion":"1.0","type":"SYSTEM","headers":{"topic":"ping","messageId":"m"},"data":"{}"}"#;
        assert_eq!(Envelope::<Got>::from_stream(frame).unwrap_err(), EventError::Nameless);
        let encrypted = br#"{"encrypt":"HJ+q6tp1qhl9L1+++j74xxxx"}"#;
        for read in [Envelope::<Got>::from_stream, Envelope::from_http, Envelope::from_sync] {
            let error = read(encrypted).unwrap_err();
            assert!(error == EventError::Encrypted && error.to_string().contains("decrypt it first"), "{error}");
        }
        assert_eq!(Envelope::<Got>::from_sync(br#"{"biz_type":1,"biz_data":{}}"#).unwrap_err(), EventError::Nameless);
        assert_eq!(Envelope::<Got>::from_http(br#"{"biz_type":233}"#).unwrap_err(), EventError::Nameless);
    }
}
