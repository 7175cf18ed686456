//! Folders made equal, and compared.

use dingtalk_storage_emulator::Emulator;

use crate::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn folders_are_made_equal_in_both_directions() {
    let stage = Stage::on(Emulator::builder().seed(1)).await;
    for (name, text) in [("tree/a.txt", "a"), ("tree/sub/b.txt", "bb"), ("tree/c.tmp", "c")] {
        stage.write(name, text);
    }
    let up = ["sync", "tree", "ding:Reports/tree", "--exclude", "*.tmp"];
    assert_eq!(stage.failure(&up).0, 3);
    stage.ok(&["mkdir", "ding:Reports/tree"]);
    let mut plan = stage.json(&[&up[..], &["--dry-run"]].concat());
    assert_eq!(plan.pop().unwrap()["kind"], "estimate");
    assert_eq!(plan.last().unwrap()["data"]["bytes"], 3, "{plan:?}");
    assert!(plan.last().unwrap()["data"]["calls"].as_u64().unwrap() >= 5, "{plan:?}");
    assert_eq!(stage.ok(&["ls", "ding:Reports/tree"]), "");
    stage.ok(&up);
    let list = || stage.ok(&["find", "ding:Reports/tree", "--type", "file"]);
    assert_eq!(list(), "ding:Reports/tree/a.txt\nding:Reports/tree/sub/b.txt\n");
    // There is nothing to do a second time.
    assert_eq!(stage.ok(&up), "");
    assert_eq!(stage.run(&["check", "tree", "ding:Reports/tree"]).out, "+ c.tmp\n");
    stage.ok(&["check", "tree", "ding:Reports/tree", "--exclude", "*.tmp"]);

    // Planted differences.
    stage.write("tree/a.txt", "another");
    std::fs::remove_file(stage.work.path().join("tree/sub/b.txt")).unwrap();
    stage.write("tree/d.txt", "d");
    let check = stage.run(&["check", "tree", "ding:Reports/tree", "--exclude", "*.tmp"]);
    let mut lines: Vec<&str> = check.out.lines().collect();
    lines.sort_unstable();
    assert_eq!((check.code, lines), (Some(1), vec!["* a.txt", "+ d.txt", "- sub/b.txt"]));
    let delete = [&up[..], &["--delete"]].concat();
    let (code, word, _) = stage.failure(&delete);
    assert_eq!((code, word.as_str()), (2, "needs-yes"));
    let (code, word, message) = stage.failure(&[&delete[..], &["--yes", "--max-delete", "0"]].concat());
    assert_eq!((code, word.as_str()), (6, "limit"), "{message}");
    stage.ok(&[&delete[..], &["--yes"]].concat());
    assert_eq!(list(), "ding:Reports/tree/a.txt\nding:Reports/tree/d.txt\n");

    // And down again.
    stage.ok(&["sync", "ding:Reports/tree", "copy", "--parents"]);
    assert_eq!(stage.read("copy/a.txt"), b"another");
    stage.ok(&["check", "ding:Reports/tree", "copy"]);
    assert_eq!(stage.failure(&["sync", "tree", "copy"]).0, 2);
    let (code, word, _) = stage.failure(&["sync", "tree", "ding:Reports/tree", "--filter", "? x"]);
    assert_eq!((code, word.as_str()), (2, "usage"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_not_there_is_made_by_a_flag_where_there_is_one() {
    let stage = Stage::on(Emulator::builder().seed(1)).await;
    stage.write("tree/a.txt", "a");
    for (arguments, helps) in [
        (&["sync", "tree", "ding:Reports/none"][..], true),
        (&["sync", "ding:Reports", "none"], true),
        // Nothing makes a source.
        (&["sync", "none", "ding:Reports"], false),
        (&["sync", "ding:Reports/none", "tree"], false),
        (&["sync", "--parents", "none", "ding:Reports/new"], false),
        // A file is in the way.
        (&["sync", "ding:Reports", "tree/a.txt"], false),
        // A comparison makes no folders, and knows no such flag.
        (&["check", "tree", "ding:Reports/none"], false),
        (&["check", "none", "ding:Reports"], false),
    ] {
        let (code, word, message) = stage.failure(arguments);
        assert_eq!((code, word.as_str()), (3, "not-found"), "{arguments:?}: {message}");
        assert_eq!(message.contains("--parents"), helps, "{arguments:?}: {message}");
    }
}
