//! What is done about differences, and that nothing is done where there are none.

use dingtalk_storage_emulator::FaultKind;
use dingtalk_storage_transfer::{Action, Compare, Filter};

use crate::trees::{Trees, modified, read};

const LIST: &str = "storage_v1.ListDentries";

const FILES: [(&str, &str); 6] =
    [("a.txt", "aaa"), ("empty", ""), ("d/b.txt", "bb"), ("d/e/c.txt", "c"), ("d/e/f/", ""), ("报告 (1).txt", "年")];

#[tokio::test]
async fn a_tree_goes_up_and_down_and_nothing_is_left_to_do() {
    let trees = Trees::new().await;
    for (path, content) in FILES {
        trees.write(path, content);
    }
    trees.touch("a.txt", 86_400);
    let (plan, report) = trees.run(trees.up()).await;
    assert_eq!((plan.count(Action::Upload), plan.count(Action::MakeFolder), plan.bytes()), (5, 3, 9));
    assert!(report.is_complete());
    trees.are_equal().await;
    trees.is_settled(trees.up()).await;

    // On another machine: the same bytes with the same times.
    let copy = tempfile::tempdir().unwrap();
    let down = || trees.stage.drive.sync(&trees.folder).to(copy.path());
    let (plan, _) = trees.run(down()).await;
    assert_eq!((plan.count(Action::Download), plan.bytes()), (5, 9));
    assert_eq!(read(copy.path()), trees.here());
    assert_eq!(modified(&copy.path().join("a.txt")), modified(&trees.local().join("a.txt")));
    trees.is_settled(down()).await;
    trees.is_settled(trees.stage.drive.sync(copy.path()).to(&trees.folder)).await;
    for compare in [Compare::Checksum, Compare::Both, Compare::Size] {
        trees.is_settled(trees.up().compare(compare)).await;
        trees.is_settled(down().compare(compare)).await;
    }
}

/// The whole of a space, with more than a page of it.
#[tokio::test]
async fn a_root_is_a_folder_like_others() {
    let trees = Trees::new().await;
    for number in 0..60 {
        trees.write(&format!("tree/{}/{number}", number % 7), &number.to_string());
    }
    trees.run(trees.stage.drive.sync(trees.local()).to(&trees.stage.root)).await;
    let there = crate::trees::content(&trees.stage.drive, &trees.stage.root).await;
    assert_eq!(there, trees.here());
    trees.is_settled(trees.stage.drive.sync(trees.local()).to(&trees.stage.root)).await;
}

/// Files that came to the drive in another way have the drive's time, which this machine takes over.
#[tokio::test]
async fn what_others_have_stored_comes_once() {
    let trees = Trees::new().await;
    trees.put("a.txt", "one").await;
    trees.put("d/b.txt", "two").await;
    trees.run(trees.down()).await;
    trees.are_equal().await;
    trees.is_settled(trees.down()).await;
    trees.is_settled(trees.up()).await;
    // Its checksum is told by the storage.
    for compare in [Compare::Checksum, Compare::Both] {
        trees.stage.emulator.clear_journal();
        assert!(trees.down().compare(compare).plan().await.unwrap().is_empty());
        assert_eq!(trees.stage.emulator.calls("storage_v1.GetFileDownloadInfo"), 2);
    }
}

#[tokio::test]
async fn planted_differences_are_found_on_the_way_up() {
    let trees = Trees::equal(&FILES).await;
    // Other bytes of the same number, later; more bytes; no other bytes, later; new; elsewhere; gone.
    trees.write("a.txt", "AAA");
    trees.touch("a.txt", 5);
    trees.write("d/b.txt", "longer");
    trees.touch("d/e/c.txt", 7);
    trees.write("new/deep/g.txt", "g");
    std::fs::remove_file(trees.local().join("empty")).unwrap();
    let (plan, report) = trees.run(trees.up()).await;
    let done: Vec<(Action, &str)> = plan.items.iter().map(|item| (item.action, item.path.as_str())).collect();
    assert_eq!(
        done,
        [
            (Action::MakeFolder, "new"),
            (Action::MakeFolder, "new/deep"),
            (Action::Upload, "a.txt"),
            (Action::Upload, "d/b.txt"),
            (Action::Upload, "new/deep/g.txt"),
            (Action::SetTime, "d/e/c.txt"),
        ]
    );
    assert!(report.is_complete());
    let mut there = trees.there().await;
    assert_eq!(there.remove("empty").as_deref(), Some(""), "nothing is deleted without being asked for");
    assert_eq!(there, trees.here());
    let effects = trees.effects();
    assert_eq!((effects.get("file.versioned"), effects.get("file.committed")), (Some(&2), Some(&1)), "{effects:?}");
    trees.is_settled(trees.up()).await;

    trees.run(trees.up().delete().for_good()).await;
    trees.are_equal().await;
    trees.is_settled(trees.up().delete().for_good()).await;
}

#[tokio::test]
async fn planted_differences_are_found_on_the_way_down() {
    let trees = Trees::equal(&FILES).await;
    trees.put("a.txt", "AAA").await;
    trees.put("d/b.txt", "longer").await;
    trees.put("new/deep/g.txt", "g").await;
    trees.touch("d/e/c.txt", 7);
    trees.remove("empty").await;
    trees.write("mine/only.txt", "here");
    let (plan, _) = trees.run(trees.down()).await;
    assert_eq!((plan.count(Action::Download), plan.count(Action::SetTime), plan.count(Action::Delete)), (3, 1, 0));
    let mut here = trees.here();
    for only in ["empty", "mine/", "mine/only.txt"] {
        here.remove(only).unwrap();
    }
    assert_eq!(here, trees.there().await);
    assert_eq!(modified(&trees.local().join("d/e/c.txt")), modified(&trees.local().join("报告 (1).txt")));
    trees.is_settled(trees.down()).await;

    let (plan, _) = trees.run(trees.down().delete()).await;
    assert_eq!((plan.count(Action::Delete), plan.count(Action::DeleteFolder)), (2, 1));
    trees.are_equal().await;
    trees.is_settled(trees.down().delete()).await;
}

/// Somebody stores other bytes of the same number: what was written beside the file is about an older version.
#[tokio::test]
async fn what_is_written_beside_a_file_is_not_believed_about_another_version() {
    let trees = Trees::equal(&[("a.txt", "mine")]).await;
    trees.put("a.txt", "your").await;
    let (plan, _) = trees.run(trees.up()).await;
    assert_eq!(plan.count(Action::Upload), 1);
    assert_eq!(trees.there().await["a.txt"], "mine");
    trees.is_settled(trees.up()).await;
}

#[tokio::test]
async fn comparing_by_checksum_sees_what_time_and_size_hide() {
    let trees = Trees::equal(&[("a.txt", "mine"), ("b.txt", "same")]).await;
    trees.write("a.txt", "your");
    trees.touch("b.txt", 9);
    assert_eq!(trees.up().plan().await.unwrap().items.len(), 1, "only the time of b.txt");
    let by_checksum = trees.up().compare(Compare::Checksum).plan().await.unwrap();
    let paths = |plan: &dingtalk_storage_transfer::Plan| -> Vec<(Action, String)> {
        plan.items.iter().map(|item| (item.action, item.path.clone())).collect()
    };
    assert_eq!(paths(&by_checksum), [(Action::Upload, "a.txt".to_owned())]);
    let by_both = trees.up().compare(Compare::Both).plan().await.unwrap();
    assert_eq!(paths(&by_both), [(Action::Upload, "a.txt".to_owned()), (Action::SetTime, "b.txt".to_owned())]);
    assert!(trees.up().compare(Compare::Size).plan().await.unwrap().is_empty());
    trees.run(trees.up().compare(Compare::Both)).await;
    trees.are_equal().await;
    trees.is_settled(trees.up().compare(Compare::Both)).await;
}

#[tokio::test]
async fn what_the_filter_keeps_out_is_left_alone_on_both_sides() {
    let trees = Trees::equal(&[("a.txt", "a"), ("b.tmp", "b"), ("cache/c", "c"), ("big", "123456789")]).await;
    for path in ["a.txt", "b.tmp", "cache/c", "big"] {
        std::fs::remove_file(trees.local().join(path)).unwrap();
    }
    std::fs::remove_dir(trees.local().join("cache")).unwrap();
    trees.write("n.tmp", "n");
    trees.write("big", "x");
    trees.touch("big", 5);
    let filter = || Filter::builder().exclude("*.tmp").exclude("/cache/").max_size(5).build().unwrap();
    let (plan, _) = trees.run(trees.up().filter(filter()).delete().for_good()).await;
    // What is too large there is what it replaces all the same.
    assert_eq!((plan.count(Action::Delete), plan.count(Action::Upload)), (1, 1), "{plan}");
    let there = trees.there().await;
    assert_eq!(there.keys().collect::<Vec<_>>(), ["b.tmp", "big", "cache/", "cache/c"]);
    assert_eq!(there["big"], "x");

    let (plan, _) = trees.run(trees.up().filter(filter()).delete_excluded().for_good()).await;
    assert_eq!((plan.count(Action::Delete), plan.count(Action::DeleteFolder)), (2, 1), "{plan}");
    assert_eq!(trees.there().await.keys().collect::<Vec<_>>(), ["big"]);
}

#[tokio::test]
async fn folders_without_files_are_made_unless_the_filter_is_about_paths() {
    let trees = Trees::new().await;
    trees.write("empty/inner/", "");
    trees.write("a/b.txt", "b");
    let filtered = Filter::builder().include("*.txt").build().unwrap();
    let (plan, _) = trees.run(trees.up().filter(filtered)).await;
    assert_eq!(plan.count(Action::MakeFolder), 1);
    let (plan, _) = trees.run(trees.up()).await;
    assert_eq!(plan.count(Action::MakeFolder), 2);
    trees.are_equal().await;
}

/// A drive that does not tell times: what came down once does not come again.
#[tokio::test]
async fn a_file_without_a_time_is_compared_by_its_checksum() {
    let trees = Trees::new().await;
    trees.put("a.txt", "one").await;
    let forget_time =
        || trees.stage.fault(FaultKind::MutateJson { pointer: "/dentries/0/modifiedTime".into(), value: None }, LIST);
    forget_time();
    trees.run(trees.down()).await;
    trees.stage.emulator.clear_faults();
    for sync in [trees.down(), trees.up()] {
        forget_time();
        let plan = sync.plan().await.unwrap();
        trees.stage.emulator.clear_faults();
        assert_eq!((plan.bytes(), plan.count(Action::Download)), (0, 0), "{plan}");
    }
}
