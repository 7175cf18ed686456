//! What a caller by name is told before anything is sent.
#![allow(clippy::unwrap_used, reason = "a test whose set-up fails has failed")]

use dingtalk_storage::by_name::{Error, ProblemKind, Request};
use dingtalk_storage::{Client, NAMED};
use dingtalk_storage_tests::example::Example;
use serde_json::{Map, Value, json};

/// A client that could not reach anybody.
fn client() -> Client {
    Client::builder().base_url("http://127.0.0.1:1").build().unwrap()
}

fn object(value: Value) -> Map<String, Value> {
    serde_json::from_value(value).unwrap()
}

fn request(operation: &str, parameters: Value) -> Result<Request, Error> {
    client().by_name(operation, &object(parameters))
}

/// The example's parameters of `CommitFile`, changed.
fn commit_file(change: impl FnOnce(&mut Map<String, Value>)) -> Result<Request, Error> {
    let mut parameters = Example::of("storage_v2.CommitFile").parameters.clone();
    change(&mut parameters);
    client().by_name("storage_v2.CommitFile", &parameters)
}

fn problem(change: impl FnOnce(&mut Map<String, Value>)) -> String {
    match commit_file(change) {
        Err(Error::WrongParameters { problems, .. }) => {
            problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        }
        other => panic!("{other:?}"),
    }
}

/// What parameters mean is said in words of the spec, on which no test hangs.
fn without_words(text: &str) -> String {
    let commit_file = NAMED.iter().find(|named| named.operation().name == "storage_v2.CommitFile").unwrap();
    commit_file.parameters().iter().fold(text.to_owned(), |text, parameter| text.replace(&parameter.doc(), "(words)"))
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let error = request(
        "storage_v2.CommitFile",
        json!({
            "parentDentryUid": "P7QG",
            "unionId": 12,
            "name": null,
            "size": 512,
            "option": {
                "size": "512",
                "conflictStratgy": "OVERWRITE",
                "appProperties": [
                    { "name": "a", "value": "b", "visibility": "PUBLIC" },
                    { "name": "a", "Value": "b", "visibility": true },
                    "a=b",
                ],
            },
        }),
    )
    .unwrap_err();
    insta::assert_snapshot!(without_words(&error.to_string()));
}

#[test]
fn one_wrong_parameter_is_told_with_what_to_do() {
    let set = |name: &'static str, value: Value| {
        move |parameters: &mut Map<String, Value>| {
            parameters.insert(name.to_owned(), value);
        }
    };
    let in_option = |value: Value| set("option", value);
    let cases = [
        problem(set("union_id", json!("x"))),
        problem(set("uploadKey", json!(["secret"]))),
        problem(set("option", json!([]))),
        problem(set("option", json!(null))),
        problem(in_option(json!({ "size": 1.5 }))),
        problem(in_option(json!({ "size": -1 }))),
        problem(in_option(json!({ "name": "a" }))),
        problem(in_option(json!({ "convertToOnlineDoc": "true" }))),
        problem(in_option(json!({ "appProperties": { "name": "a", "value": "b", "visibility": "PUBLIC" } }))),
        problem(set("a\nforged: line", json!(1))),
        problem(|parameters| drop(parameters.remove("name"))),
        problem(Map::clear),
    ];
    insta::assert_snapshot!(without_words(&cases.join("\n---\n")));
}

#[test]
fn every_parameter_of_every_operation_is_checked() {
    for (operation, example) in Example::all() {
        for name in example.parameters.keys() {
            let mut parameters = example.parameters.clone();
            parameters.insert(name.clone(), Value::Null);
            let Err(Error::WrongParameters { problems, .. }) = client().by_name(operation, &parameters) else {
                panic!("{operation} takes null for {name}");
            };
            assert!(problems.iter().any(|problem| problem.path == *name), "{operation} {name}: {problems:?}");
            assert!(problems.iter().all(|problem| problem.kind != ProblemKind::Unknown), "{operation}: {problems:?}");
        }
        let mut parameters = example.parameters.clone();
        parameters.insert("notAParameter".to_owned(), json!(1));
        let error = client().by_name(operation, &parameters).unwrap_err().to_string();
        assert_eq!(error.lines().count(), 2, "{error}");
        assert!(error.contains("notAParameter: there is no such parameter"), "{error}");
    }
}

#[test]
fn a_value_that_is_not_known_is_a_doubt_and_is_sent() {
    let option = json!({ "conflictStrategy": "AUTO_RENAM" });
    let request = commit_file(|parameters| drop(parameters.insert("option".to_owned(), option))).unwrap();
    let doubts: Vec<_> = request.doubts().iter().map(ToString::to_string).collect();
    let expected = "option.conflictStrategy: not a known ConflictStrategy; did you mean AUTO_RENAME?";
    assert_eq!(doubts, [expected]);
    assert!(request.preview().unwrap().to_string().contains(r#""AUTO_RENAM""#));
}

#[test]
fn an_unknown_operation_suggests_the_one_that_was_meant() {
    for (name, meant) in [
        ("storage_v2.CommitFil", "did you mean storage_v2.CommitFile?"),
        ("storage_v2.commit_file", "did you mean storage_v1.CommitFile or storage_v2.CommitFile?"),
        ("CommitFile", "did you mean storage_v1.CommitFile or storage_v2.CommitFile?"),
        ("storagev1.GetOrg", "did you mean storage_v1.GetOrg?"),
    ] {
        let error = request(name, json!({})).unwrap_err().to_string();
        assert!(error.ends_with(meant), "{error}");
    }
    let error = request("Fly", json!({})).unwrap_err().to_string();
    assert_eq!(error, "there is no operation \"Fly\"");
}

#[test]
fn a_preview_shows_the_request_and_hides_what_is_secret() {
    let request = commit_file(|_| ()).unwrap();
    insta::assert_snapshot!(request.preview().unwrap());
    let shown = format!("{request:?}");
    assert!(!shown.contains("hQHO") && shown.contains("uploadKey"), "{shown}");
}

#[test]
fn a_preview_hides_secrets_wherever_they_stand() {
    // The token in the query, secrets in the body, no token at all.
    for operation in ["contact.GetUser", "oauth2_v1.GetCorpAccessToken", "storage_v1.RefreshWebOfficeToken"] {
        let example = Example::of(operation);
        let request = client().by_name(operation, &example.parameters).unwrap();
        insta::assert_snapshot!(operation, request.preview().unwrap());
    }
}

#[test]
fn a_request_that_could_not_be_sent_has_no_preview() {
    let request =
        commit_file(|parameters| drop(parameters.insert("parentDentryUuid".to_owned(), json!("..")))).unwrap();
    let error = request.preview().unwrap_err().to_string();
    assert!(error.contains("parentDentryUuid"), "{error}");
}
