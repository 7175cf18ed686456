//! Every exit code, with the word that goes with it.

use dingtalk_storage_emulator::{Fault, FaultKind};

use crate::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn every_exit_code_is_that_of_the_table() {
    let stage = Stage::new().await;
    stage.write("a.txt", "hello");
    stage.ok(&["put", "a.txt", "ding:Reports/"]);
    let check = |arguments: &[&str], expected: (i32, &str)| {
        let (code, word, message) = stage.failure(arguments);
        assert_eq!((code, word.as_str()), expected, "{arguments:?}: {message}");
    };
    check(&["stat", "ding:Reports/a.txt", "ding:Reports/b.txt"], (1, "some-failed"));
    check(&["fly"], (2, "usage"));
    check(&["ls", "--frob"], (2, "usage"));
    check(&["stat", "a.txt"], (2, "usage"));
    check(&["get", "ding:Reports/a.txt"], (2, "usage"));
    check(&["mkdir", "ding:Reports/a.txt/x"], (9, "exists"));
    check(&["rm", "ding:Reports/a.txt"], (2, "needs-yes"));
    check(&["stat", "ding:Reports/b.txt"], (3, "not-found"));
    check(&["ls", "ding:Nowhere"], (3, "not-found"));
    check(&["ls", "ding:Reports", "--max-calls", "0"], (6, "max-calls"));
    check(&["put", "missing.txt", "ding:Reports/"], (8, "local-io"));
    check(&["put", "a.txt", "ding:Reports/"], (9, "exists"));

    // What each kind of failure of the server comes to.
    let status = |status: u16, code: &str| FaultKind::Status { status, code: Some(code.into()), retry_after: None };
    for (kind, operation, arguments, expected) in [
        (status(403, "permissionDenied"), LIST, ["ls", "ding:Reports"], (4, "permission")),
        (status(403, "Forbidden.AccessDenied.AccessTokenPermissionDenied"), LIST, ["ls", "ding:Reports"], (4, "scope")),
        (
            status(403, "Forbidden.AccessDenied.ApiCountLimitForOrg"),
            LIST,
            ["ls", "ding:Reports"],
            (6, "calls-exhausted"),
        ),
        (FaultKind::BanPage { json: true }, LIST, ["ls", "ding:Reports"], (5, "banned")),
        (status(400, "spaceQuotaInsufficient"), FOLDER, ["mkdir", "ding:Reports/x"], (6, "capacity")),
        (FaultKind::ApplyThenDrop, FOLDER, ["mkdir", "ding:Reports/x"], (10, "outcome-unknown")),
        (FaultKind::FlipBit { bit: 3 }, "storage.GetObject", ["cat", "ding:Reports/a.txt"], (7, "damaged")),
    ] {
        stage.emulator.add_fault(Fault::new(kind).on(operation).always());
        check(&arguments, expected);
        assert!(stage.emulator.missed_faults().is_empty(), "{expected:?}");
        stage.emulator.clear_faults();
    }
}

/// What is mistaken at first is told with what is right, before anything is asked for.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_often_written_wrong_is_told_with_what_is_right() {
    let stage = Stage::new().await;
    stage.write("here/a", "a");
    stage.write("there/a", "a");
    insta::assert_snapshot!(stage.transcript(&[
        &["ls", "Reports"],
        &["put", "here/a", "Reports/"],
        &["sync", "here", "there"],
        &["sync", "ding:Reports", "ding:Reports/copy"],
        &["ls", "--calls-per-second", "0"],
        &["sync", "--execute", "plan.jsonl", "--shards", "0"],
        &["share", "ding:Reports", "--role", "reader", "--with", "org"],
        &["share", "ding:Reports", "--role", "reader", "--with", "people:1"],
    ]));
    assert_eq!(stage.calls(), Vec::<String>::new());
}

const LIST: &str = "storage_v1.ListDentries";
const FOLDER: &str = "storage_v1.AddFolder";

/// Who cannot know whether it was done says so, whatever was met the next time.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_an_unknown_outcome_unless_it_can_be_seen() {
    let stage = Stage::new().await;
    stage.write("a.txt", "hello");
    stage.ok(&["put", "a.txt", "ding:Reports/"]);
    let somebody = stage.emulator.credentials().users[1].user_id.clone();
    for (operation, arguments) in [
        ("storage_v1.RenameDentry", vec!["mv", "ding:Reports/a.txt", "ding:Reports/b.txt"]),
        ("storage_v2.AddPermission", vec!["share", "--role", "reader", "--with", &somebody, "ding:Reports/b.txt"]),
    ] {
        stage.emulator.add_fault(Fault::new(FaultKind::ApplyThenDrop).on(operation).always());
        let (code, word, message) = stage.failure(&arguments);
        assert_eq!((code, word.as_str()), (10, "outcome-unknown"), "{arguments:?}: {message}");
        assert!(stage.emulator.missed_faults().is_empty());
        stage.emulator.clear_faults();
    }
    // What is not there any more is deleted.
    stage.fault(FaultKind::ApplyThenDrop, "storage_v1.DeleteDentry");
    stage.ok(&["rm", "--yes", "ding:Reports/b.txt"]);
    assert!(stage.emulator.missed_faults().is_empty());
    assert_eq!(stage.failure(&["stat", "ding:Reports/b.txt"]).0, 3);
}
