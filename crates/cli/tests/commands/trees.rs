//! Whole folders in one call, and what bounds transfers.

use std::time::{Duration, Instant};

use dingtalk_storage_emulator::Emulator;

use crate::stage::Stage;

async fn stage() -> Stage {
    let stage = Stage::on(Emulator::builder().seed(1)).await;
    for (name, text) in [("tree/a.txt", "a"), ("tree/sub/b.txt", "bb"), ("tree/c.tmp", "ccc")] {
        stage.write(name, text);
    }
    stage
}

fn files(stage: &Stage, place: &str) -> Vec<String> {
    let entries = stage.json(&["find", place, "--type", "file"]);
    entries.iter().map(|entry| entry["data"]["path"].as_str().unwrap().replace("ding:Reports/", "")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_go_up_and_come_down_as_the_target_or_into_it() {
    let stage = stage().await;
    let (code, word, message) = stage.failure(&["put", "tree", "ding:Reports/"]);
    assert_eq!((code, word.as_str()), (2, "usage"));
    assert!(message.contains("tree is a folder") && message.contains("-r"), "{message}");

    // The cost first; nothing is made for it.
    let plan = stage.json(&["put", "-r", "-n", "tree", "ding:Reports/new"]);
    assert_eq!((plan.len(), &plan[4]["data"]["bytes"]), (6, &serde_json::json!(6)), "{plan:?}");
    assert_eq!(stage.ok(&["ls", "ding:Reports"]), "");
    // A target becomes the folder, and one with a slash receives it.
    stage.ok(&["put", "-r", "tree", "ding:Reports/new"]);
    assert_eq!(files(&stage, "ding:Reports"), ["new/a.txt", "new/c.tmp", "new/sub/b.txt"]);
    stage.ok(&["put", "-r", "--exclude", "*.tmp", "tree", "ding:Reports/new/"]);
    assert_eq!(files(&stage, "ding:Reports/new/tree"), ["new/tree/a.txt", "new/tree/sub/b.txt"]);
    stage.ok(&["put", "-r", "--include", "*.tmp", "tree/.", "ding:Reports/new/tree/sub/"]);
    assert_eq!(files(&stage, "ding:Reports/new/tree/sub"), ["new/tree/sub/b.txt", "new/tree/sub/c.tmp"]);
    assert_eq!(stage.failure(&["put", "-r", "tree", "ding:Reports/no/where"]).0, 3);
    stage.ok(&["put", "-rp", "tree", "ding:Reports/no/where"]);
    assert_eq!(files(&stage, "ding:Reports/no").len(), 3);

    assert_eq!(stage.failure(&["get", "ding:Reports/new", "down"]).0, 2);
    stage.ok(&["get", "-r", "-n", "ding:Reports/no", "down"]);
    assert!(!stage.work.path().join("down").exists());
    stage.ok(&["get", "-r", "ding:Reports/no/where", "down"]);
    assert_eq!((stage.read("down/a.txt"), stage.read("down/sub/b.txt")), (b"a".to_vec(), b"bb".to_vec()));
    stage.ok(&["get", "-r", "--max-size", "1b", "ding:Reports", "down/"]);
    assert_eq!(stage.read("down/Reports/new/a.txt"), b"a");
    assert!(!stage.work.path().join("down/Reports/new/c.tmp").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_is_left_alone_replaced_or_told() {
    let stage = stage().await;
    let put = ["put", "-r", "tree/.", "ding:Reports"];
    stage.ok(&put);
    // The same once more has nothing to do: that is how an interrupted one goes on.
    assert_eq!(stage.ok(&put), "");
    stage.write("tree/a.txt", "another");
    let (code, word, _) = stage.failure(&put);
    assert_eq!((code, word.as_str()), (1, "some-failed"));
    let run = stage.run(&put);
    assert!(run.err.contains("a.txt: it is there already and differs"), "{}", run.err);
    let skipped = stage.json(&[&put[..], &["--conflict", "skip"]].concat());
    assert!(skipped.iter().all(|line| line["kind"] == "skipped") && skipped.len() == 3, "{skipped:?}");
    assert_eq!(stage.ok(&["cat", "ding:Reports/a.txt"]), "a");
    assert_eq!(stage.failure(&[&put[..], &["--conflict", "rename"]].concat()).0, 2);
    let (code, _, message) = stage.failure(&["sync", "--immutable", "tree", "ding:Reports"]);
    assert_eq!(code, 1, "{message}");
    stage.ok(&[&put[..], &["--conflict", "overwrite"]].concat());
    assert_eq!(stage.ok(&["cat", "ding:Reports/a.txt"]), "another");
    assert_eq!(stage.failure(&["put", "--exclude", "x", "tree/a.txt", "ding:Reports/b.txt"]).0, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_are_copied_on_wish() {
    let stage = stage().await;
    stage.ok(&["put", "-r", "tree", "ding:Reports/"]);
    let (code, _, message) = stage.failure(&["cp", "ding:Reports/tree", "ding:Reports/copy"]);
    assert!(code == 2 && message.contains("ding:Reports/tree is a folder"), "{message}");
    stage.ok(&["cp", "-r", "ding:Reports/tree", "ding:Reports/copy"]);
    assert_eq!(files(&stage, "ding:Reports/copy"), ["copy/a.txt", "copy/c.tmp", "copy/sub/b.txt"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn transfers_keep_to_what_bounds_them() {
    let stage = stage().await;
    for arguments in [&["put", "-r", "tree", "ding:Reports/x"][..], &["sync", "-p", "tree", "ding:Reports/y"]] {
        let (code, word, message) = stage.failure(&[arguments, &["--max-transfer", "4b", "--transfers", "1"]].concat());
        assert_eq!((code, word.as_str()), (6, "limit"), "{message}");
        assert!(message.contains("--max-transfer") && message.contains("goes on"), "{message}");
        stage.ok(arguments);
    }
    let (code, word, _) = stage.failure(&["put", "--max-transfer", "2b", "tree/c.tmp", "ding:Reports/"]);
    assert_eq!((code, word.as_str()), (6, "limit"));
    stage.write("large", vec![7; 200 << 10]);
    let begun = Instant::now();
    stage.ok(&["put", "--bwlimit", "500k:off", "large", "ding:Reports/"]);
    // What may go at once is a moment's worth.
    assert!(begun.elapsed() >= Duration::from_millis(250), "{:?}", begun.elapsed());
    assert_eq!(stage.failure(&["put", "--bwlimit", "fast", "large", "ding:Reports/"]).0, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comparison_can_tell_of_every_file_and_fetch_it() {
    let stage = stage().await;
    stage.ok(&["put", "-r", "tree", "ding:Reports/"]);
    stage.write("tree/a.txt", "b");
    stage.write("tree/new", "n");
    std::fs::remove_file(stage.work.path().join("tree/c.tmp")).unwrap();
    let combined = "* a.txt\n- c.tmp\n+ new\n= sub/b.txt\n";
    for more in [&[][..], &["--download"]] {
        let check = ["check", "tree", "ding:Reports/tree", "--combined", "all.txt"];
        let run = stage.run(&[&check[..], more].concat());
        assert_eq!((run.code, run.out.as_str()), (Some(1), "* a.txt\n- c.tmp\n+ new\n"), "{}", run.err);
        assert_eq!(stage.read("all.txt"), combined.as_bytes());
    }
    assert!(stage.emulator.calls("storage.GetObject") >= 2);
    let run = stage.run(&["check", "tree", "ding:Reports/tree", "--combined", "-"]);
    assert_eq!(run.out, combined);
    let one_way = stage.run(&["check", "--one-way", "ding:Reports/tree", "tree"]);
    assert_eq!(one_way.out, "* a.txt\n+ c.tmp\n");
    assert_eq!(stage.failure(&["check", "--download", "--checksum", "tree", "ding:Reports/tree"]).0, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_take_the_same_filters() {
    let stage = stage().await;
    stage.ok(&["put", "-r", "tree", "ding:Reports/"]);
    assert_eq!(
        stage.ok(&["ls", "-R", "--include", "*.txt", "ding:Reports"]),
        "tree/\ntree/a.txt\ntree/sub/\ntree/sub/b.txt\n"
    );
    assert_eq!(stage.ok(&["ls", "--min-size", "2b", "ding:Reports/tree"]), "c.tmp\nsub/\n");
    let tree = stage.ok(&["tree", "--exclude", "sub/", "ding:Reports/tree"]);
    assert_eq!(tree, "ding:Reports/tree\n├── a.txt\n└── c.tmp\n");
    let usage = stage.json(&["du", "--exclude", "*.tmp", "ding:Reports/tree"]);
    assert_eq!(usage[0]["data"]["size"], 3);
    stage.write("rules", "# no comment\n- *.txt\n");
    stage.write("paths", "a.txt\n#x\n");
    assert_eq!(stage.ok(&["ls", "--filter-from", "rules", "ding:Reports/tree"]), "c.tmp\nsub/\n");
    assert_eq!(stage.ok(&["ls", "-R", "--files-from-raw", "paths", "ding:Reports/tree"]), "a.txt\n");
    let run = stage.program(&["ls", "-R", "--include-from", "-", "ding:Reports/tree"]).run_with_input("*.tmp\n");
    assert_eq!(run.out, "c.tmp\n");
}
