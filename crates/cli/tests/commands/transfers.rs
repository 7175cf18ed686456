//! Files up and down.

use dingtalk_storage_emulator::{Emulator, FaultKind};
use serde_json::json;

use crate::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn files_go_up_and_come_down() {
    let stage = Stage::new().await;
    stage.write("a.txt", "hello\n");
    stage.write("sub/b 報.txt", "two");
    insta::assert_snapshot!(stage.transcript(&[
        &["put", "a.txt", "ding:Reports/2026/a.txt"],
        &["put", "-n", "-p", "a.txt", "ding:Reports/2026/"],
        &["put", "--transfers", "1", "-p", "a.txt", "sub/b 報.txt", "ding:Reports/2026/"],
        &["put", "a.txt", "ding:Reports/2026/"],
        &["put", "--conflict", "skip", "a.txt", "ding:Reports/2026/"],
        &["put", "--conflict", "rename", "a.txt", "ding:Reports/2026/"],
        &["put", "--conflict", "overwrite", "a.txt", "ding:Reports/2026/"],
        &["put", "--json", "a.txt", "ding:Reports/2026/c.txt"],
        &["put", "a.txt", "missing.txt", "ding:Reports/2026/"],
        &["put", "sub", "ding:Reports/"],
        &["put", "a.txt", "ding:Reports/2026/*"],
        &["put", "a.txt", "elsewhere"],
        &["cat", "ding:Reports/2026/a.txt"],
        &["cat", "--range", "1-3", "ding:Reports/2026/a.txt"],
        &["get", "--transfers", "1", "ding:Reports/2026/*.txt", "out/"],
        &["get", "--transfers", "1", "-p", "ding:Reports/2026/*.txt", "out/"],
        &["get", "ding:Reports/2026/a.txt", "out"],
        &["get", "--conflict", "rename", "ding:Reports/2026/a.txt", "out"],
        &["get", "--json", "ding:Reports/2026/a.txt", "d.txt"],
        &["get", "ding:Reports/2026/*.txt", "d.txt"],
        &["get", "ding:Reports/2026", "."],
        &["get", "ding:Reports/2026/a.txt", "-"],
    ]));
    assert_eq!(stage.read("out/b 報.txt"), b"two");
    assert_eq!(stage.read("out/a(1).txt"), b"hello\n");
    assert_eq!(stage.read("d.txt"), b"hello\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn standard_input_and_output_are_files_as_well() {
    let stage = Stage::new().await;
    let bytes: String = (0..40_000).map(|number| format!("{number}\n")).collect();
    let run = stage.program(&["put", "-", "ding:Reports/numbers.txt"]).run_with_input(&bytes);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert_eq!(stage.ok(&["get", "ding:Reports/numbers.txt", "-"]), bytes);
    assert_eq!(stage.ok(&["cat", "ding:Reports/numbers.txt"]), bytes);
    assert_eq!(stage.ok(&["cat", "--range", "-6", "ding:Reports/numbers.txt"]), "39999\n");
    let run = stage.program(&["put", "-", "ding:Reports/"]).run_with_input("x");
    assert_eq!(run.code, Some(2), "{}", run.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_answer_is_lost_is_made_once() {
    // By its times, a file is told from others: both clocks have to go.
    let stage = Stage::on(Emulator::builder().seed(1)).await;
    stage.write("a.txt", "hello");
    stage.fault(FaultKind::ApplyThenDrop, "storage_v2.CommitFile");
    let uploaded = stage.json(&["put", "a.txt", "ding:Reports/"]).remove(0);
    assert_eq!(uploaded["data"]["integrity"]["verified"], json!(true));
    assert_eq!(stage.emulator.effects("file.committed"), 1);
    assert!(stage.emulator.missed_faults().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_it_has_cost_is_told_and_kept_to() {
    let stage = Stage::new().await;
    stage.write("a.txt", "hello");
    let run = stage.run(&["put", "-v", "a.txt", "ding:Reports/"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    let line = run.err.lines().last().unwrap();
    let metered = stage.calls().iter().filter(|call| !call.starts_with("oauth2")).count();
    assert!(line.contains("storage_v2.CommitFile 1") && line.contains("5 B up"), "{line}");
    assert!(metered > 2);

    let (code, word, message) = stage.failure(&["put", "--max-calls", "2", "a.txt", "ding:Reports/again.txt"]);
    assert_eq!((code, word.as_str()), (6, "max-calls"), "{message}");
    assert!(message.contains("--max-calls"), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_without_a_target_is_answered_by_one_that_works() {
    let stage = Stage::new().await;
    stage.write("up/a.txt", "hello");
    stage.ok(&["put", "up/a.txt", "ding:Reports/"]);
    let (code, _, message) = stage.failure(&["get", "ding:Reports/a.txt"]);
    assert_eq!(code, 2);
    assert!(message.contains("ding:Reports/a.txt is ") && message.contains(" . "), "{message}");
    stage.ok(&["get", "ding:Reports/a.txt", "."]);
    assert_eq!(stage.read("a.txt"), b"hello");
    for arguments in [&["put", "up/a.txt"][..], &["cp", "ding:Reports/a.txt"], &["mv", "ding:Reports/a.txt"]] {
        let (code, _, message) = stage.failure(arguments);
        assert_eq!(code, 2, "{arguments:?}");
        assert!(message.contains("ding:SPACE/"), "{arguments:?}: {message}");
    }
}
