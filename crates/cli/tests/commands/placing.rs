//! Folders made, files moved, copied and deleted.

use dingtalk_storage_emulator::{Fault, FaultKind};

use crate::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn files_and_folders_are_made_moved_copied_and_deleted() {
    let stage = Stage::new().await;
    stage.write("a.txt", "hello\n");
    insta::assert_snapshot!(stage.transcript(&[
        &["mkdir", "ding:Reports/2026/q1"],
        &["mkdir", "-p", "ding:Reports/2026/q1"],
        &["mkdir", "ding:Reports/2026"],
        &["mkdir", "--json", "ding:Reports/old"],
        &["put", "a.txt", "ding:Reports/2026/"],
        &["mv", "-n", "ding:Reports/2026/a.txt", "ding:Reports/2026/b.txt"],
        &["mv", "ding:Reports/2026/a.txt", "ding:Reports/2026/b.txt"],
        &["mv", "ding:Reports/2026/b.txt", "ding:Reports/old/"],
        &["cp", "ding:Reports/old/b.txt", "ding:Reports/2026/"],
        &["cp", "ding:Reports/old/b.txt", "ding:Reports/2026/"],
        &["cp", "--conflict", "skip", "ding:Reports/old/b.txt", "ding:Reports/2026/"],
        &["cp", "--conflict", "rename", "ding:Reports/old/b.txt", "ding:Reports/2026/"],
        &["cp", "--json", "ding:Reports/old/b.txt", "ding:Reports/2026/c.txt"],
        &["mv", "ding:Reports/2026/*.txt", "ding:Reports/nowhere/"],
        &["mv", "ding:Reports/2026", "ding:Reports/old/"],
        &["ls", "-R", "ding:Reports"],
        &["rm", "ding:Reports/old/b.txt"],
        &["rm", "-n", "ding:Reports/old/b.txt"],
        &["rm", "--yes", "ding:Reports/old/2026"],
        &["rm", "--yes", "-r", "ding:Reports/old/2026", "ding:Reports/old/b.txt"],
        &["rm", "--yes", "-r", "ding:Reports/"],
        &["ls", "-R", "ding:Reports"],
    ]));
}

#[tokio::test(flavor = "multi_thread")]
async fn rm_goes_to_the_recycle_bin_unless_it_is_for_good() {
    let stage = Stage::new().await;
    stage.write("a.txt", "hello\n");
    stage.ok(&["put", "a.txt", "ding:Reports/"]);
    stage.ok(&["put", "a.txt", "ding:Reports/b.txt"]);
    stage.ok(&["rm", "--yes", "ding:Reports/a.txt"]);
    stage.ok(&["rm", "--yes", "--permanent", "ding:Reports/b.txt"]);
    let trash: Vec<_> = stage.json(&["trash", "ding:Reports"]);
    let names: Vec<_> = trash.iter().map(|item| item["data"]["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["a.txt"]);
    assert_eq!(stage.ok(&["ls", "ding:Reports"]), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deleted_or_replaced_comes_back() {
    let stage = Stage::new().await;
    stage.write("a.txt", "one");
    stage.ok(&["put", "-p", "a.txt", "ding:Reports/2026/"]);
    stage.write("a.txt", "two!");
    stage.ok(&["put", "--conflict", "overwrite", "a.txt", "ding:Reports/2026/"]);
    insta::assert_snapshot!(stage.transcript(&[
        &["versions", "ding:Reports/2026/a.txt"],
        &["cat", "--version", "1", "ding:Reports/2026/a.txt"],
        &["restore", "--version", "1", "ding:Reports/2026/a.txt"],
        &["cat", "ding:Reports/2026/a.txt"],
        &["versions", "--json", "ding:Reports/2026/a.txt"],
        &["rm", "--yes", "ding:Reports/2026/a.txt"],
        &["trash", "ding:Reports"],
        &["trash", "--json", "ding:Reports/2026"],
        &["restore", "ding:Reports/2026/b.txt"],
        &["restore", "ding:Reports/2026/a.txt"],
        &["cat", "ding:Reports/2026/a.txt"],
        &["rm", "--yes", "ding:Reports/2026/a.txt"],
        &["trash", "ding:Reports", "--purge", "nothing"],
        &["link", "ding:Reports/2026"],
    ]));
    let item = stage.json(&["trash", "ding:Reports"]).remove(0)["data"]["id"].as_str().unwrap().to_owned();
    assert_eq!(stage.failure(&["trash", "ding:Reports", "--purge", &item]).0, 2);
    stage.ok(&["trash", "ding:Reports", "--purge", &item, "--yes"]);
    assert_eq!(stage.ok(&["trash", "ding:Reports"]), "");
}

/// Of two files that want one name, none is lost: it is told before anything moves.
#[tokio::test(flavor = "multi_thread")]
async fn two_files_of_one_name_are_refused_before_anything_moves() {
    let stage = Stage::new().await;
    for folder in ["1", "2"] {
        stage.write(&format!("{folder}/q.csv"), folder);
        stage.ok(&["put", "-p", &format!("{folder}/q.csv"), &format!("ding:Reports/{folder}/")]);
    }
    for conflict in ["fail", "overwrite", "rename", "skip"] {
        let get = ["get", "-p", "--conflict", conflict, "ding:Reports/*/q.csv", "out/"];
        let (code, _, message) = stage.failure(&get);
        assert!(code == 2 && message.contains("q.csv"), "{code} {message}");
        assert_eq!(stage.failure(&["put", "--conflict", conflict, "1/q.csv", "2/q.csv", "ding:Reports/"]).0, 2);
    }
    assert!(!stage.work.path().join("out").exists());
    assert_eq!(stage.failure(&["stat", "ding:Reports/q.csv"]).0, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_with_its_folder_is_not_deleted_by_itself_as_well() {
    let stage = Stage::new().await;
    stage.write("a", "a");
    stage.ok(&["put", "-p", "a", "ding:Reports/d/e/a"]);
    stage.ok(&["put", "a", "ding:Reports/d e"]);
    let told = stage.ok(&["rm", "-r", "--yes", "ding:Reports/**", "ding:Reports/d e"]);
    assert_eq!(told.lines().count(), 2, "{told}");
    assert_eq!(stage.ok(&["ls", "ding:Reports"]), "");
}

/// The name is taken, and the copy cannot be taken away again: it is told where it is, and how it goes.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_copy_leaves_behind_is_told_with_the_command_that_deletes_it() {
    let stage = Stage::new().await;
    stage.write("a.txt", "hello\n");
    stage.ok(&["mkdir", "ding:Reports/old"]);
    stage.ok(&["put", "a.txt", "ding:Reports/"]);
    stage.ok(&["put", "a.txt", "ding:Reports/old/b.txt"]);
    let refuse = FaultKind::Status { status: 403, code: Some("permissionDenied".into()), retry_after: None };
    stage.emulator.add_fault(Fault::new(refuse.clone()).on("storage_v1.RenameDentry").always());
    stage.emulator.add_fault(Fault::new(refuse).on("storage_v1.DeleteDentry").always());
    let run = stage.run(&["cp", "ding:Reports/a.txt", "ding:Reports/old/c.txt", "--json"]);
    stage.emulator.clear_faults();
    let error: serde_json::Value = serde_json::from_str(run.err.lines().last().unwrap()).unwrap();
    let error = &error["data"];
    assert_eq!(run.code, Some(4), "{error}");
    assert_eq!(error["api"]["operation"], "storage_v1.RenameDentry", "the first failure: {error}");
    let place = error["left"].as_str().unwrap();
    assert!(error["hint"].as_str().unwrap().contains(&format!("rm -r {place}")), "{error}");
    assert_eq!(stage.json(&["stat", place])[0]["data"]["name"], "a.txt");
    stage.ok(&["rm", "--yes", "-r", place]);
    assert_eq!(stage.ok(&["ls", "ding:Reports/old"]).lines().count(), 1);
}
