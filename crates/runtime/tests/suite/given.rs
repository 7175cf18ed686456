//! What an answer has, asked for by methods, and what becomes of it when it is stored.

use std::collections::BTreeMap;

use dingtalk_runtime::{ErrorKind, WithSecrets};

use crate::support::*;

/// A key.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Key(String);

dingtalk_runtime::__private::secret!(Key);

dingtalk_runtime::__private::answer_object! {
    /// What was sent.
    pub struct Sent {
        /// The key.
        "uploadKey" => upload_key?: Key as text,
        /// The URLs.
        "urls" => urls: Vec<Key> as list,
        /// The headers.
        "headers" => headers: BTreeMap<String, Key> as map,
        /// The part.
        "part" => part?: Box<Part> as boxed object,
        /// Bytes.
        "size" => size?: i64 as integer,
    }
}

dingtalk_runtime::__private::answer_object! {
    /// A part of it.
    pub struct Part {
        /// Its id.
        "id" => id: String as always text,
        /// Its name.
        "partName" => name?: String as text,
        /// Its number.
        "number" => number?: i32 as small_integer,
        /// Whether it is the last.
        "isLast" => is_last?: bool as boolean,
    }
}

const WHOLE: &str = concat!(
    r#"{"uploadKey":"secret-key","urls":["secret-url"],"headers":{"Authorization":"secret-header"},"#,
    r#""part":{"id":"1","partName":"first","number":7,"isLast":false},"size":512}"#
);

async fn asked(body: &'static str) -> Sent {
    let server = Server::start(move |_| json(200, body)).await;
    request(&bare(&server).build().unwrap(), &READ).send().await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn what_is_there_is_given() {
    let upload = asked(WHOLE).await;
    let part = upload.part().unwrap();
    assert_eq!((upload.size().unwrap(), part.number().unwrap(), part.is_last().unwrap()), (512, 7, false));
    assert_eq!((part.name().unwrap().as_str(), upload.upload_key().unwrap().expose()), ("first", "secret-key"));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_there_is_an_error_that_names_operation_object_and_field() {
    let upload = asked(r#"{"part":{"id":"1","partName":null}}"#).await;
    let part = upload.part().unwrap();
    for (error, object, field) in [
        (upload.upload_key().unwrap_err(), "Sent", "uploadKey"),
        (upload.size().unwrap_err(), "Sent", "size"),
        (part.name().unwrap_err(), "Part", "partName"),
        (part.is_last().unwrap_err(), "Part", "isLast"),
    ] {
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Absent, false));
        assert_eq!(error.operation().map(|operation| operation.name), Some(READ.name));
        let text = error.to_string();
        for named in [READ.name, object, field] {
            assert!(text.contains(named), "{text}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn where_an_object_came_from_makes_no_other_object() {
    let stored: Sent = serde_json::from_str(WHOLE).unwrap();
    assert_eq!(asked(WHOLE).await, stored);
    let error = serde_json::from_str::<Sent>("{}").unwrap().size().unwrap_err();
    assert_eq!((error.kind(), error.operation().is_none()), (ErrorKind::Absent, true));
}

#[test]
fn an_answer_is_stored_with_its_secrets_only_where_that_is_said() {
    let upload: Sent = serde_json::from_str(WHOLE).unwrap();
    let plain = serde_json::to_string(&upload).unwrap();
    assert!(!plain.contains("secret"), "{plain}");
    let again: Sent = serde_json::from_str(&plain).unwrap();
    assert_eq!((again.part, again.size, again.upload_key), (upload.part.clone(), Some(512), None));
    let whole = serde_json::to_string(&WithSecrets(&upload)).unwrap();
    assert_eq!(serde_json::from_str::<Sent>(&whole).unwrap(), upload);
    assert_eq!(serde_json::to_value(WithSecrets(&Key::new("secret-key"))).unwrap(), "secret-key");
}
