//! Wrong use: exit code 2, what is wrong on standard error, and nothing is sent.

use crate::program::{Program, Run, run, server};

/// What is told about the arguments.
fn complaint(arguments: &[&str]) -> String {
    let Run { code, out, err } = run(arguments);
    assert_eq!((code, out.as_str()), (Some(2), ""), "{arguments:?}: {err}");
    err
}

#[test]
fn an_unknown_operation_is_told_with_a_suggestion() {
    for arguments in [&["api", "storage_v2.CommitFil"][..], &["api", "describe", "storage_v2.commitfil"]] {
        let complaint = complaint(arguments);
        assert!(complaint.contains("storage_v2.CommitFile?"), "{complaint}");
    }
    let complaint = complaint(&["api", "fly"]);
    assert!(complaint.contains("`dingtalk-storage api list` shows all"), "{complaint}");
}

#[test]
fn a_missing_operation_is_told() {
    assert!(complaint(&["api"]).contains("<OPERATION>"));
    assert!(complaint(&["api", "--dry-run"]).contains("<OPERATION>"));
    assert!(complaint(&["api", "describe"]).contains("<OPERATION>"));
    assert!(complaint(&["fly"]).contains("fly"));
}

#[test]
fn an_unknown_group_is_told_with_those_that_exist() {
    let complaint = complaint(&["api", "list", "--group", "transfers"]);
    assert!(complaint.contains("transfer"), "{complaint}");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_parameters_are_told_before_anything_is_sent() {
    let server = server(200, "{}").await;
    let parameters = r#"{"union_id": "u", "uploadKey": 1, "name": "a", "option": {"size": "1"}}"#;

    let run = Program::new(&["api", "storage_v2.CommitFile", "--params", parameters]).against(&server).run();

    assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
    insta::assert_snapshot!(run.err);
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_leads_elsewhere_is_not_sent() {
    let server = server(200, "{}").await;
    let arguments = ["api", "storage_v1.GetSpace", "--params", r#"{"spaceId": "..", "unionId": "u"}"#];

    let run = Program::new(&arguments).against(&server).run();

    assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{}", run.err);
    assert!(run.err.contains("spaceId"), "{}", run.err);
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn parameters_that_are_no_object_are_told() {
    let told = |params: &str| complaint(&["api", "storage_v1.GetOrg", "--params", params]);
    assert!(told("{").contains("not JSON"));
    assert!(told("").contains("not JSON"));
    assert!(told("[1]").contains("one JSON object"));
    let missing = run(&["api", "storage_v1.GetOrg", "--params", "@/no/such/file.json"]);
    assert_eq!((missing.code, missing.out.as_str()), (Some(8), ""));
    assert!(missing.err.contains("/no/such/file.json cannot be read"), "{}", missing.err);
    assert!(told("-").contains("not JSON"), "an empty standard input");
}

#[test]
fn missing_credentials_are_told_with_what_to_set() {
    let arguments = ["api", "storage_v1.GetSpace", "--params", r#"{"spaceId": "1", "unionId": "u"}"#];
    let complaint = |region: &str, code: i32| {
        let run = Program::new(&arguments).env("DINGTALK_REGION", region).run();
        assert_eq!((run.code, run.out.as_str()), (Some(code), ""), "{}", run.err);
        run.err
    };
    // No server is guessed: the wrong one knows neither key nor token.
    assert!(complaint("", 2).contains("DINGTALK_REGION=mainland"));
    let complaint = complaint("international", 4);
    assert!(complaint.contains("DINGTALK_ACCESS_TOKEN") && complaint.contains("DINGTALK_APP_SECRET"), "{complaint}");

    let run = Program::new(&arguments).env("DINGTALK_REGION", "mainland").env("DINGTALK_APP_KEY", "key").run();
    assert_eq!(run.code, Some(4), "{}", run.err);
    assert!(run.err.contains("DINGTALK_APP_SECRET is not set"), "{}", run.err);
}

#[test]
fn a_token_does_not_go_over_plain_http_to_another_machine() {
    let arguments = ["api", "storage_v1.GetSpace", "--params", r#"{"spaceId": "1", "unionId": "u"}"#];
    for endpoint in ["http://api.dingtalk.io", "http://localhost:80", "api.dingtalk.io"] {
        let program = Program::new(&arguments).env("DINGTALK_ACCESS_TOKEN", "t");
        let run = program.env("DINGTALK_ENDPOINT", endpoint).run();
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{endpoint}: {}", run.err);
    }
}

#[test]
fn a_value_that_is_not_known_is_a_warning() {
    let parameters = r#"{"parentDentryUuid": "p", "unionId": "u", "uploadKey": "k", "name": "a",
        "option": {"conflictStrategy": "OVERWRIT"}}"#;
    let program = Program::new(&["api", "storage_v2.CommitFile", "--params", parameters, "--dry-run"]);
    let run = program.env("DINGTALK_REGION", "mainland").run();
    assert_eq!(run.code, Some(0));
    assert!(run.err.starts_with("warning: option.conflictStrategy") && run.err.contains("OVERWRITE?"), "{}", run.err);
}
