//! What a call sends, and what it makes of answers.

use std::time::Duration;

use dingtalk_runtime::{ErrorClass, ErrorCode, ErrorKind, Never, Phase};

use crate::support::*;

#[tokio::test(start_paused = true)]
async fn a_call_sends_what_the_api_wants_and_nothing_else() {
    let server = Server::start(|_| json(200, GOOD)).await;
    let client: dingtalk_runtime::Client = bare(&server).build().unwrap();
    let request = request(&client, &WRITE)
        .body_in("option", "size", &7_i64)
        .body_in("option", "region", "A")
        .body("name", "final")
        .query_indexed("fileTypes", &[5_i64, 7])
        .query_json("dentryIdList", &["a", "b"]);
    let thing: Thing = request.send().await.unwrap();
    assert_eq!(thing, Thing { id: Some("1".into()), size: Some(2), ..Thing::default() });

    let received = server.received().remove(0);
    assert_eq!(received.method, "POST");
    assert_eq!(
        received.target,
        "/v1.0/things/7/write?unionId=operator&fileTypes.1=5&fileTypes.2=7&dentryIdList=%5B%22a%22%2C%22b%22%5D"
    );
    assert_eq!(received.body, br#"{"name":"final","option":{"size":7,"region":"A"}}"#);
    let mut names: Vec<&str> =
        received.head.lines().skip(1).filter_map(|line| line.split_once(':')).map(|pair| pair.0).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["accept", "content-length", "content-type", "host", "user-agent", "x-acs-dingtalk-access-token"]
    );
    assert_eq!(received.header("content-type"), Some("application/json; charset=utf-8"));
    assert_eq!(received.header("accept"), Some("application/json"));
    assert_eq!(received.header("x-acs-dingtalk-access-token"), Some("fixed-token"));
}

#[tokio::test(start_paused = true)]
async fn nothing_happens_before_a_call_is_awaited() {
    let server = Server::start(|_| json(200, GOOD)).await;
    let client = bare(&server).build().unwrap();
    drop(request(&client, &READ).send::<Thing>());
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(server.received().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_error_says_everything_that_the_server_said() {
    let body = r#"{"requestid":"R-9","code":"Forbidden.AccessDenied.AccessTokenPermissionDenied","message":"no \"scope\"\n","accessdenieddetail":{"requiredScopes":["Storage.File.Read"]}}"#;
    let server = Server::start(move |_| json(403, body)).await;
    let client = bare(&server).build().unwrap();
    let error = request(&client, &READ).send::<Thing>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Api);
    assert_eq!(error.phase(), Phase::Refused);
    assert_eq!(error.status(), Some(403));
    assert_eq!(error.code().map(ErrorCode::as_str), Some("Forbidden.AccessDenied.AccessTokenPermissionDenied"));
    assert_eq!(error.class(), ErrorClass::Scope);
    assert_eq!(error.request_id(), Some("R-9"));
    assert_eq!(error.missing_scopes(), ["Storage.File.Read"]);
    assert_eq!(error.body(), body.as_bytes());
    assert_eq!(error.attempts(), 1);
    assert!(!error.is_retryable());
    assert_eq!(error.documentation(), READ.documentation());
    let sentence = error.to_string();
    for part in [
        "test.Read failed",
        "missing permissions: Storage.File.Read",
        "HTTP 403",
        "request id R-9",
        r#"no \"scope\"\n"#,
        "see https://",
    ] {
        assert!(sentence.contains(part), "{part} is not in: {sentence}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_server_says_as_its_code_does_is_told_once() {
    let meaning = "The name is taken in this folder.";
    for (message, told) in [
        (meaning.to_owned(), meaning.to_owned()),
        (format!("{meaning} (2026)"), format!("{meaning} The server says: \"(2026)\".")),
        ("name exists".to_owned(), format!("{meaning} The server says: \"name exists\".")),
    ] {
        let body = format!(r#"{{"requestid":"R-9","code":"dentryAlreadyExist","message":"{message}"}}"#);
        let server = Server::start(move |_| json(400, &body)).await;
        let client = bare(&server).build().unwrap();
        let error = request(&client, &READ).send::<Thing>().await.unwrap_err();
        let advice = "Choose another name or conflict strategy.";
        assert!(error.to_string().starts_with(&format!("test.Read failed: {told} {advice} [HTTP 400")), "{error}");
        assert_eq!(error.message(), Some(message.as_str()));
        // What a `main` shows that returns its error.
        assert!(format!("{error:?}").contains(advice), "{error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn answers_that_cannot_be_understood_are_typed() {
    let cases = [
        (json(200, ""), ErrorKind::Answer, "it is empty"),
        (json(200, r#"{"id":"1","si"#), ErrorKind::Answer, "ends too early"),
        (json(200, r#"{"size":"big"}"#), ErrorKind::Answer, "at $.size: expected a whole number, found a text"),
        (json(200, r#"{"requestid":"R","code":"paramError","message":"m"}"#), ErrorKind::Api, "paramError"),
        (
            json(200, r#"{"status":1111,"wait":5,"source":"x5","punish":"deny"}"#),
            ErrorKind::Banned,
            "try again after 300 s",
        ),
        (answer(403, "Content-Type: text/html\r\n", "<html>no</html>"), ErrorKind::Banned, "HTTP 403"),
        (answer(502, "Content-Type: text/html\r\n", "<html>no</html>"), ErrorKind::Api, "HTTP 502"),
        (json(418, "teapot"), ErrorKind::Api, "HTTP 418"),
        (json(307, ""), ErrorKind::Redirect, "HTTP 307"),
    ];
    for (plan, kind, part) in cases {
        let server = Server::start(move |_| plan.clone()).await;
        let client = bare(&server).retry(Never).build().unwrap();
        let error = request(&client, &READ).send::<Thing>().await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains(part), "{part} is not in: {error}");
    }
}
