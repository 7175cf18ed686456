//! What is looked at first changes nothing.

use dingtalk_storage_emulator::Emulator;

use crate::stage::Stage;

async fn stage() -> Stage {
    let stage = Stage::on(Emulator::builder().seed(1)).await;
    for (name, text) in [("tree/a.txt", "a"), ("tree/sub/b.txt", "bb")] {
        stage.write(name, text);
    }
    stage.ok(&["put", "-r", "tree", "ding:Reports/src"]);
    stage
}

fn tree(stage: &Stage) -> String {
    stage.ok(&["find", "ding:Reports"])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_or_a_refusal_makes_no_folder_on_either_side() {
    let stage = stage().await;
    let before = tree(&stage);
    let exists = |name: &str| stage.work.path().join(name).exists();
    for (arguments, code) in [
        (&["sync", "-p", "--plan-out", "up.jsonl", "tree", "ding:Reports/a/b"][..], 0),
        (&["sync", "-p", "--plan-out", "down.jsonl", "ding:Reports/src", "copy/of/it"], 0),
        (&["sync", "-n", "-p", "--backup-dir", "ding:Reports/bk/77", "tree", "ding:Reports/src"], 0),
        (&["sync", "-n", "-p", "--backup-dir", "bk", "ding:Reports/src", "copy"], 0),
        (&["sync", "-p", "--backup-dir", "ding:Reports/src/bak", "tree", "ding:Reports/src"], 2),
        (&["sync", "-p", "--backup-dir", "ding:Reports/a/b/bak", "tree", "ding:Reports/a/b"], 2),
        (&["sync", "-p", "--backup-dir", "copy/bak", "ding:Reports/src", "copy"], 2),
        (&["sync", "-p", "--backup-dir", "bak", "tree", "ding:Reports/a"], 2),
        (&["sync", "-p", "tree", "ding:Reports/a/b>c"], 2),
        (&["sync", "-p", "--filter", "? x", "tree", "ding:Reports/a"], 2),
        (&["sync", "-p", "missing", "ding:Reports/a"], 3),
        (&["sync", "-p", "tree", "ding:Reports/src/a.txt/b"], 9),
        (&["sync", "tree", "ding:Reports/a"], 3),
        (&["sync", "--plan-out", "no.jsonl", "tree", "ding:Reports/a"], 3),
        (&["put", "-rp", "--filter", "? x", "tree", "ding:Reports/a/b"], 2),
        (&["put", "-p", "missing", "ding:Reports/a/b"], 8),
        (&["get", "-p", "ding:Reports/missing", "copy/"], 3),
        (&["get", "-p", "ding:Reports/missing", "ding:Reports/none", "copy/"], 1),
        (&["get", "-p", "ding:Reports/src", "copy/"], 2),
        (&["get", "-p", "-n", "ding:Reports/src/a.txt", "copy/"], 0),
        (&["get", "-rp", "--filter", "? x", "ding:Reports/src", "copy/"], 2),
        (&["put", "-p", "--max-transfer", "0b", "tree/a.txt", "ding:Reports/a/b>c"], 2),
    ] {
        let run = stage.run(arguments);
        assert_eq!(run.code, Some(code), "{arguments:?}: {}", run.err);
        assert_eq!(tree(&stage), before, "{arguments:?}");
        assert!(!exists("copy") && !exists("bk") && !exists("bak") && !exists("no.jsonl"), "{arguments:?}");
    }

    // The plans are carried out all the same, and once.
    for _ in 0..2 {
        stage.ok(&["sync", "--execute", "up.jsonl"]);
        stage.ok(&["sync", "--execute", "down.jsonl"]);
    }
    stage.ok(&["check", "tree", "ding:Reports/a/b"]);
    assert_eq!(stage.read("copy/of/it/sub/b.txt"), b"bb");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_for_backups_is_made_when_something_goes_there() {
    let stage = stage().await;
    let sync = ["sync", "-p", "--checksum", "--backup-dir", "ding:Reports/old/today", "tree", "ding:Reports/src"];
    stage.ok(&sync);
    assert!(!tree(&stage).contains("/old"), "{}", tree(&stage));
    stage.write("tree/sub/b.txt", "another");
    stage.ok(&sync);
    assert_eq!(stage.ok(&["cat", "ding:Reports/old/today/sub/b.txt"]), "bb");
    assert_eq!(stage.ok(&["cat", "ding:Reports/src/sub/b.txt"]), "another");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_before_is_told_from_what_is_done_now() {
    let stage = stage().await;
    stage.ok(&["sync", "-p", "--plan-out", "plan.jsonl", "tree", "ding:Reports/new"]);
    let execute = ["sync", "--execute", "plan.jsonl"];
    let told = |already: bool| {
        let told = stage.json(&execute);
        assert!(!told.is_empty() && told.iter().all(|line| line["data"]["already"] == already), "{told:?}");
    };
    told(false);
    told(true);
    let lines = stage.ok(&execute);
    assert!(lines.lines().all(|line| line.starts_with("done before")), "{lines}");
}

/// What a command writes would be sent, or deleted, by the next one.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn no_file_is_written_into_a_tree_that_is_compared() {
    let stage = stage().await;
    stage.ok(&["sync", "--checksum", "--plan-out", "plan.jsonl", "tree", "ding:Reports/src"]);
    std::os::unix::fs::symlink(stage.work.path().join("tree/sub"), stage.work.path().join("link")).unwrap();
    for file in ["tree/new", "tree/sub/new", "link/new", "tree/a.txt"] {
        for (arguments, flag) in [
            (&["sync", "tree", "ding:Reports/src"][..], "--plan-out"),
            (&["sync", "ding:Reports/src", "tree"], "--plan-out"),
            (&["check", "tree", "ding:Reports/src"], "--combined"),
            (&["check", "ding:Reports/src", "tree"], "--combined"),
            (&["sync", "--execute", "plan.jsonl"], "--results"),
        ] {
            let (exit, _, message) = stage.failure(&[arguments, &[flag, file]].concat());
            assert_eq!(exit, 2, "{arguments:?} {file}: {message}");
            assert!(message.contains(flag) && message.contains(file), "{message}");
            assert!(!stage.work.path().join("tree/new").exists() && !stage.work.path().join("link/new").exists());
            assert_eq!(stage.read("tree/a.txt"), b"a");
        }
    }
    // A name that only begins alike is outside.
    stage.ok(&["check", "tree", "ding:Reports/src", "--combined", "tree.txt"]);
}
