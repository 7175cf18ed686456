//! Names that one side cannot hold, and paths that lead elsewhere.

use dingtalk_storage_transfer::{Action, Drive, Plan};

use crate::trees::{Trees, read, write};

fn refused(plan: &Plan) -> Vec<&str> {
    let mut paths: Vec<&str> = plan.refused.iter().map(|refused| refused.path.as_str()).collect();
    paths.sort_unstable();
    paths
}

#[cfg(unix)]
#[tokio::test]
async fn names_that_the_drive_cannot_hold_go_there_and_come_back() {
    let trees = Trees::new().await;
    let names = [
        "a*b",
        "tab\there",
        "end.",
        " blanks ",
        "q\"<>|",
        "it‛s",
        "产品｜介绍",
        "line\nbreak",
        "...",
        "c1\u{85}\u{9f}",
        "see\u{2028}\u{202e}\u{200b}",
    ];
    for name in names {
        trees.write(name, name);
        trees.write(&format!("folder {name}/in"), name);
    }
    let (plan, report) = trees.run(trees.up()).await;
    assert_eq!((plan.count(Action::Upload), report.is_complete()), (22, true));
    assert_eq!(trees.there().await["a‛＊b"], "a*b");
    trees.is_settled(trees.up().delete()).await;
    let copy = tempfile::tempdir().unwrap();
    let down = || trees.stage.drive.sync(&trees.folder).to(copy.path());
    trees.run(down()).await;
    assert_eq!(read(copy.path()), trees.here());
    trees.is_settled(down().delete()).await;
}

#[tokio::test]
async fn names_that_differ_in_composition_are_the_same() {
    let trees = Trees::new().await;
    trees.put("caf\u{e9}/\u{e9}.txt", "one").await;
    trees.write("cafe\u{301}/e\u{301}.txt", "other");
    let (plan, _) = trees.run(trees.up().delete().for_good()).await;
    assert_eq!((plan.count(Action::Upload), plan.count(Action::MakeFolder), plan.count(Action::Delete)), (1, 0, 0));
    assert_eq!(trees.there().await["caf\u{e9}/\u{e9}.txt"], "other");
    trees.is_settled(trees.up().delete()).await;
    trees.is_settled(trees.down().delete()).await;
}

#[tokio::test]
async fn names_that_differ_in_case_are_left_alone_where_that_makes_no_difference() {
    let trees = Trees::new().await;
    for path in ["A.txt", "a.txt", "B.txt", "D/x", "d/y"] {
        trees.put(path, path).await;
    }
    trees.write("b.TXT", "another one");
    let (plan, report) = trees.run(trees.down().ignore_case().delete()).await;
    assert_eq!(refused(&plan), ["A.txt", "D", "a.txt", "d"]);
    assert!(!report.is_complete());
    let here = trees.here();
    assert_eq!(
        here.iter().map(|(path, content)| (path.as_str(), content.as_str())).collect::<Vec<_>>(),
        [("b.TXT", "B.txt")]
    );
    trees.run(trees.down().delete()).await;
    trees.are_equal().await;
}

#[cfg(unix)]
#[tokio::test]
async fn links_are_not_followed_and_nothing_is_written_elsewhere() {
    let (trees, outside) = (Trees::new().await, tempfile::tempdir().unwrap());
    write(outside.path(), "secret", "secret");
    trees.write("a", "a");
    std::os::unix::fs::symlink(outside.path(), trees.local().join("d")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret"), trees.local().join("f")).unwrap();
    let (plan, _) = trees.run(trees.up()).await;
    assert_eq!(refused(&plan), ["d", "f"]);
    assert_eq!(trees.there().await.keys().collect::<Vec<_>>(), ["a"]);

    // What has their names in the drive does not come through them, and is not deleted for their sake.
    trees.put("d/secret", "evil").await;
    trees.put("f", "evil").await;
    let (plan, _) = trees.run(trees.down().delete()).await;
    assert!(refused(&plan).iter().all(|path| ["d", "f"].contains(path)), "{plan}");
    trees.run(trees.up().delete().for_good()).await;
    assert!(trees.there().await.contains_key("d/secret"));
    assert_eq!(read(outside.path())["secret"], "secret");

    // Swapped in after planning.
    trees.put("e/new", "evil").await;
    let plan = trees.down().plan().await.unwrap();
    std::os::unix::fs::symlink(outside.path(), trees.local().join("e")).unwrap();
    let report = trees.stage.drive.execute(&plan).run().await.unwrap();
    assert!(report.failures().count() > 0);
    assert_eq!(read(outside.path()).keys().collect::<Vec<_>>(), ["secret"]);
}

#[tokio::test]
async fn a_file_that_is_a_folder_on_the_other_side_is_left_alone() {
    let trees = Trees::new().await;
    trees.write("x", "file");
    trees.put("x/inner", "folder").await;
    for sync in [trees.up(), trees.up().delete().for_good(), trees.down(), trees.down().delete()] {
        let (plan, report) = trees.run(sync).await;
        assert_eq!(refused(&plan), ["x"]);
        assert!(!report.is_complete() && plan.is_empty());
    }
    assert_eq!((trees.here()["x"].as_str(), trees.there().await["x/inner"].as_str()), ("file", "folder"));
}

/// What goes on with unfinished transfers is a secret, and nobody's content.
#[tokio::test]
async fn the_folder_of_the_own_state_is_left_alone() {
    let trees = Trees::new().await;
    let drive = Drive::builder(trees.stage.drive.client()).state_dir(trees.local().join("home/state")).build();
    trees.write("home/state/transfers/0123.journal", "secret");
    trees.write("home/a", "a");
    let up = || drive.sync(trees.local()).to(&trees.folder).delete();
    let (plan, _) = trees.run(up()).await;
    assert_eq!(refused(&plan), ["home/state"]);
    assert_eq!(trees.there().await.keys().collect::<Vec<_>>(), ["home/", "home/a"]);
    // Nor does it go because the drive does not have it, or become what the drive has.
    trees.put("home/state/transfers/0123.journal", "evil").await;
    let (plan, _) = trees.run(drive.sync(&trees.folder).to(trees.local()).delete()).await;
    assert!(plan.is_empty(), "{plan}");
    assert_eq!(trees.here()["home/state/transfers/0123.journal"], "secret");
}
