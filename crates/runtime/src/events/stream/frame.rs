//! What comes over a stream, and what is said to it.

use serde_json::{Value, json};

use super::super::{readable, text};

/// A frame by what is to be done about it.
#[derive(Debug)]
pub(super) enum Frame {
    /// Something to hand out.
    Event(News),
    /// The server wants to know whether anybody is there; the answer repeats what it said.
    Ping { message: String, data: Value },
    /// The server will close the connection: a new one is to be opened.
    Disconnect,
    /// Something that this version does not know. It was not asked for.
    Other { message: String },
}

/// An event as it came.
#[derive(Debug)]
pub(super) struct News {
    /// Id of the frame. The same event comes in another frame each time.
    pub(super) message: String,
    pub(super) event: Option<String>,
    /// The whole of it as it came: what is read of it takes several times as much, and many may wait.
    pub(super) frame: Box<str>,
}

impl News {
    /// How much it holds.
    pub(super) fn size(&self) -> usize {
        // The ids are parts of the frame.
        self.message.len() + self.event.as_ref().map_or(0, String::len) + self.frame.len()
    }
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Success,
    /// It is to come again.
    Later,
}

impl Frame {
    /// Reads a frame; none, if it is nothing that could be answered.
    pub(super) fn read(came: &str) -> Option<Self> {
        let frame = readable(came.as_bytes())?;
        let headers = frame.get("headers")?.as_object()?;
        let (message, topic) = (text(headers, &["messageId"]), text(headers, &["topic"]));
        let kind = text(&frame, &["type"]).unwrap_or_default();
        match (kind.as_str(), topic.as_deref()) {
            ("SYSTEM", Some("disconnect")) => Some(Self::Disconnect),
            ("SYSTEM", Some("ping")) => {
                Some(Self::Ping { message: message?, data: frame.get("data").cloned().unwrap_or_default() })
            }
            ("EVENT", _) => {
                let (message, event) = (message?, text(headers, &["eventId"]));
                Some(Self::Event(News { message, event, frame: came.into() }))
            }
            _ => Some(Self::Other { message: message? }),
        }
    }
}

/// The answer to a frame.
pub(super) fn answer(message: &str, code: u16, data: &Value) -> String {
    let headers = json!({ "messageId": message, "contentType": "application/json" });
    json!({ "code": code, "headers": headers, "message": if code == 200 { "OK" } else { "unknown" }, "data": data })
        .to_string()
}

/// What is said of an event.
pub(super) fn acknowledgement(message: &str, outcome: Outcome) -> String {
    let status = match outcome {
        Outcome::Success => "SUCCESS",
        Outcome::Later => "LATER",
    };
    answer(message, 200, &json!({ "status": status, "message": status.to_ascii_lowercase() }).to_string().into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn read(kind: &str, topic: &str) -> Option<Frame> {
        let headers = json!({ "topic": topic, "messageId": "m", "eventId": "e" });
        Frame::read(&json!({ "type": kind, "headers": headers, "data": "{\"opaque\":\"o\"}" }).to_string())
    }

    #[test]
    fn frames_are_told_apart() {
        assert!(matches!(read("EVENT", "*"), Some(Frame::Event(News { message, event: Some(event), .. }))
            if message == "m" && event == "e"));
        assert!(matches!(read("SYSTEM", "disconnect"), Some(Frame::Disconnect)));
        assert!(matches!(read("CALLBACK", "/v1.0/im/bot/messages/get"), Some(Frame::Other { .. })));
        let Some(Frame::Ping { message, data }) = read("SYSTEM", "ping") else { panic!("no ping") };
        let answer: Value = serde_json::from_str(&answer(&message, 200, &data)).unwrap();
        assert_eq!(answer.get("data").unwrap(), "{\"opaque\":\"o\"}");
        assert_eq!(answer.pointer("/headers/messageId").unwrap(), "m");
        for nothing in ["", "[]", "{}", r#"{"headers":{}}"#, r#"{"type":"EVENT","headers":{"topic":"*"}}"#] {
            assert!(Frame::read(nothing).is_none(), "{nothing}");
        }
    }

    #[test]
    fn a_broken_or_deep_value_spoils_no_frame() {
        let deep = "[".repeat(5000) + &"]".repeat(5000);
        for data in
            [r#"{"name":"\ud83d"}"#.replace("\\\\", "\\"), deep, "{\"name\":\"\t\"}".to_owned(), "1e400".to_owned()]
        {
            let frame = format!(r#"{{"type":"EVENT","headers":{{"messageId":"m","eventId":"e"}},"data":{data}}}"#);
            assert!(matches!(Frame::read(&frame), Some(Frame::Event(_))), "{data:.40}");
        }
    }

    #[test]
    fn what_became_of_an_event_is_said_in_a_text_of_its_own() {
        let said: Value = serde_json::from_str(&acknowledgement("m", Outcome::Later)).unwrap();
        assert_eq!(said.get("code").unwrap(), 200);
        let data: Value = serde_json::from_str(said.get("data").unwrap().as_str().unwrap()).unwrap();
        assert_eq!(data.get("status").unwrap(), "LATER");
    }
}
