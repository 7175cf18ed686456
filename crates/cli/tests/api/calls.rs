//! Calls that are right.

use std::fs;

use dingtalk_storage::OPERATIONS;
use dingtalk_storage::runtime::{Envelope, Token};
use dingtalk_storage_tests::example::{Example, Wire, Wrapping};
use dingtalk_storage_tests::recorder::Recorder;
use serde_json::{Value, json};

use crate::program::{Program, Run, TOKEN, server};

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_sends_its_example_and_prints_the_answer() {
    assert_eq!(OPERATIONS.len(), Example::all().len());
    for operation in OPERATIONS {
        let example = Example::of(operation.name);
        let server = server(200, example.answer_on_the_wire(wrapping(operation.envelope))).await;

        let run = Program::example(operation.name).against(&server).run();

        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{}", operation.name);
        assert_eq!(serde_json::from_str::<Value>(&run.out).unwrap(), example.answer, "{}", operation.name);
        let (arrived, token) = Wire::read(&server.last().unwrap());
        assert_eq!(arrived, example.request, "{}", operation.name);
        assert_eq!(
            token.as_deref(),
            example.token((operation.token != Token::None).then_some(TOKEN)),
            "{}",
            operation.name
        );
    }
}

/// An organization of which nothing else is known.
const ORG: &str = r#"{"org":{"corpId":"ding1"}}"#;

/// How the server wraps an answer.
fn wrapping(envelope: Envelope) -> Wrapping {
    match envelope {
        Envelope::Plain => Wrapping::Plain,
        Envelope::Errcode => Wrapping::InResult,
        Envelope::Flat => Wrapping::BesideErrcode,
    }
}

/// Reads the organization, whose parameters come from somewhere.
fn get_org(server: &Recorder, params: &str, input: &str) -> Run {
    Program::new(&["api", "storage_v1.GetOrg", "--params", params]).against(server).run_with_input(input)
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_come_from_a_file_or_from_standard_input() {
    let server = server(200, ORG).await;
    let parameters = Value::Object(Example::of("storage_v1.GetOrg").parameters.clone()).to_string();
    let file = tempfile::NamedTempFile::new().unwrap();
    let at_file = format!("@{}", file.path().display());

    fs::write(file.path(), &parameters).unwrap();
    assert_eq!(get_org(&server, &at_file, "").code, Some(0));
    fs::write(file.path(), format!("\u{feff}{parameters}\n")).unwrap();
    assert_eq!(get_org(&server, &at_file, "").code, Some(0), "with a byte order mark");
    assert_eq!(get_org(&server, "-", &parameters).code, Some(0));

    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    for request in requests {
        assert_eq!(Wire::read(&request).0, Example::of("storage_v1.GetOrg").request);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_fetched_with_key_and_secret() {
    let answers = |request: &dingtalk_storage_tests::recorder::Recorded| {
        let is_token = request.line().contains("/accessToken");
        let answer = if is_token { r#"{"accessToken":"fetched","expireIn":7200}"# } else { ORG };
        (200, answer.to_owned())
    };
    let server = Recorder::start(answers).await.unwrap();

    let run = Program::example("storage_v1.GetOrg")
        .env("DINGTALK_ENDPOINT", &server.url())
        .env("DINGTALK_APP_KEY", "key")
        .env("DINGTALK_APP_SECRET", "app-secret")
        .run();

    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    assert_eq!(serde_json::from_str::<Value>(&run.out).unwrap(), json!({ "org": { "corpId": "ding1" } }));
    let [token, call] = <[_; 2]>::try_from(server.requests()).unwrap();
    let expected = json!({ "appKey": "key", "appSecret": "app-secret" });
    assert_eq!(Wire::read(&token).0.body, Some(expected));
    assert_eq!(Wire::read(&call).1.as_deref(), Some("fetched"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_without_a_token_needs_no_credentials() {
    let example = Example::of("oauth2_v1.GetAccessToken");
    let server = server(200, example.answer.to_string()).await;

    let run = Program::example("oauth2_v1.GetAccessToken").env("DINGTALK_ENDPOINT", &server.url()).run();

    assert_eq!(run.code, Some(0), "{run:?}");
    // Whoever asks for a secret by name wants to see it.
    assert_eq!(serde_json::from_str::<Value>(&run.out).unwrap(), example.answer);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_answer_holds_is_printed_in_its_documented_shape() {
    let answer = json!({ "dentry": {
        "id": 222_892_787_485_i64, "type": "file", "size": "512", "status": "ADDED_LATER", "path": null, "name": "文.txt", "new": [1],
    } });
    let server = server(200, answer.to_string()).await;

    let run = Program::example("storage_v2.CommitFile").against(&server).run();

    // What this version does not know is shown as it came.
    let expected = json!({ "dentry": {
        "id": "222892787485", "type": "FILE", "size": 512, "status": "ADDED_LATER", "name": "文.txt", "new": [1],
    } });
    assert_eq!(serde_json::from_str::<Value>(&run.out).unwrap(), expected);
    assert!(run.out.contains("文.txt"), "{}", run.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_sends_nothing_and_hides_secrets() {
    let server = server(200, "{}").await;
    let mut hidden = 0;
    for operation in OPERATIONS {
        let run = Program::example(operation.name).arg("--dry-run").against(&server).run();

        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{}", operation.name);
        let first = format!("{} {}/", operation.method.as_str(), server.url());
        assert!(run.out.starts_with(&first), "{}", run.out);
        assert!(!run.out.contains(TOKEN), "{}", run.out);
        for secret in secrets(operation.name) {
            assert!(!run.out.contains(secret), "{}: {secret}: {}", operation.name, run.out);
            hidden += 1;
        }
    }
    assert!(hidden > 0, "some operations take secrets");
    assert_eq!(server.requests().len(), 0);
}

/// Texts of an example that a dry run must not show, by the names of their parameters.
fn secrets(operation: &str) -> impl Iterator<Item = &'static str> {
    const SECRET: [&str; 6] = ["secret", "ticket", "uploadkey", "accesstoken", "refreshtoken", "ordertoken"];
    let is_secret = |name: &str| SECRET.iter().any(|part| name.to_lowercase().contains(part));
    let parameters = Example::of(operation).parameters.iter();
    parameters.filter(move |(name, _)| is_secret(name)).filter_map(|(_, value)| value.as_str())
}

#[test]
fn a_dry_run_needs_no_credentials() {
    let run = Program::example("storage_v2.CommitFile").arg("--dry-run").env("DINGTALK_REGION", "mainland").run();
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.out.starts_with("POST https://api.dingtalk.com/v2.0/storage/spaces/files/"), "{}", run.out);
    assert!(run.out.contains(r#""uploadKey": "HIDDEN""#), "{}", run.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_of_objects_are_taken_as_descriptions_write_them() {
    let server = server(200, "{}").await;
    let parameters = r#"{"parentDentryUuid": "p", "unionId": "u", "uploadKey": "k", "name": "a", "option.size": 5}"#;
    let run =
        Program::new(&["api", "storage_v2.CommitFile", "--params", parameters, "--dry-run"]).against(&server).run();
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(run.out.replace(char::is_whitespace, "").contains(r#""option":{"size":5}"#), "{}", run.out);

    let twice = r#"{"parentDentryUuid": "p", "unionId": "u", "option": {"size": 1}, "option.size": 5}"#;
    let run = Program::new(&["api", "storage_v2.CommitFile", "--params", twice]).against(&server).run();
    assert_eq!(run.code, Some(2), "{}", run.err);
    assert!(run.err.contains("option.size") && run.err.contains("twice"), "{}", run.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_did_not_succeed_is_a_failure() {
    let server = server(200, r#"{"success": false}"#).await;
    let run = Program::example("storage_v1.ClearRecycleBin").against(&server).run();
    assert_eq!(run.code, Some(1), "{}", run.err);
    assert!(run.err.contains("storage_v1.ClearRecycleBin"), "{}", run.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_is_printed_as_it_came_on_wish() {
    let body = "{ \"dentry\" :{\"id\":7, \"type\":\"FILE\", \"name\":\"a\", \"new\":[1,2]},\n\"later\":\"r\" }\n";
    let server = server(200, body).await;
    let run = Program::example("storage_v2.CommitFile").arg("--raw").against(&server).run();
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (Some(0), body, ""));
    // In its envelope, too.
    let answer = r#"{"errcode":0,"errmsg":"ok","result":{"userid":"u"},"request_id":"r"}"#;
    let server = crate::program::server(200, answer).await;
    let run = Program::example("contact.GetUser").arg("--raw").against(&server).run();
    assert_eq!((run.code, run.out.as_str()), (Some(0), answer), "{}", run.err);
    // One that is a failure is told as one.
    let server = crate::program::server(200, r#"{"success": false}"#).await;
    let run = Program::example("storage_v1.ClearRecycleBin").arg("--raw").against(&server).run();
    assert_eq!((run.code, run.out.as_str()), (Some(1), ""));
    assert!(run.err.contains("storage_v1.ClearRecycleBin"), "{}", run.err);
    let run = Program::example("storage_v1.ClearRecycleBin").arg("--raw").arg("--json").against(&server).run();
    assert_eq!(run.code, Some(2), "{}", run.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_beside_an_answer_in_an_envelope_are_shown_as_well() {
    let answer =
        json!({ "errcode": 0, "errmsg": "ok", "request_id": "r", "result": { "unionid": "u", "later": { "a": 1 } } });
    let server = server(200, answer.to_string()).await;
    let run = Program::example("contact.GetUser").against(&server).run();
    assert_eq!(serde_json::from_str::<Value>(&run.out).unwrap(), json!({ "unionid": "u", "later": { "a": 1 } }));
}
