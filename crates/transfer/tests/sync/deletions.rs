//! What is deleted, what is not, and where it goes instead.

use dingtalk_storage_emulator::{Fault, FaultKind, Plan, PlannedFile, PlannedSpace};
use dingtalk_storage_transfer::{Action, Became, Entry, Error, Side};

use crate::trees::{Trees, read};

const ALL: &str = "storage_v1.ListAllDentries";
const LIST: &str = "storage_v1.ListDentries";

fn mutate(pointer: &str) -> FaultKind {
    FaultKind::MutateJson { pointer: pointer.into(), value: None }
}

#[tokio::test]
async fn deletions_go_to_the_recycle_bin_unless_that_is_not_wished() {
    let trees = Trees::equal(&[("a", "a"), ("d/b", "b"), ("d/e/c", "c")]).await;
    std::fs::remove_dir_all(trees.local().join("d")).unwrap();
    trees.run(trees.up().delete()).await;
    trees.are_equal().await;
    assert_eq!(trees.effects().get("entry.recycled"), Some(&4));
    std::fs::remove_file(trees.local().join("a")).unwrap();
    trees.run(trees.up().delete().for_good()).await;
    assert_eq!(trees.effects().get("entry.deleted"), Some(&1));
    trees.are_equal().await;
}

/// What cannot go to a recycle bin is not lost for that.
#[tokio::test]
async fn without_a_recycle_bin_nothing_is_deleted_unless_for_good() {
    let trees = Trees::new().await;
    let files = vec![PlannedFile { path: "/a".into(), text: Some("a".into()), from: None, size: None }];
    let space = PlannedSpace { scene: Some("sync".into()), files, ..PlannedSpace::default() };
    let planted = trees.stage.emulator.plant(&Plan { spaces: vec![space], ..Plan::default() }).await.unwrap();
    let space = planted.spaces.added[0].as_str().into();
    let root = trees.stage.drive.paths(&space).root().await.unwrap();
    let up = || trees.stage.drive.sync(trees.local()).to(&root).delete();
    let plan = up().plan().await.unwrap();
    let report = trees.stage.drive.execute(&plan).run().await.unwrap();
    let failures: Vec<_> = report.failures().collect();
    assert!(failures.len() == 1 && failures[0].1.message.contains("recycleBinNotSupportForSpace"), "{failures:?}");
    assert_eq!(crate::trees::content(&trees.stage.drive, &root).await["a"], "a");
    trees.run(up().for_good()).await;
    assert!(crate::trees::content(&trees.stage.drive, &root).await.is_empty());
}

#[tokio::test]
async fn too_many_deletions_are_refused_before_anything_moves() {
    let trees = Trees::equal(&[("a", "a"), ("b", "b"), ("c", "c")]).await;
    for path in ["a", "b"] {
        std::fs::remove_file(trees.local().join(path)).unwrap();
    }
    std::fs::rename(trees.local().join("c"), trees.local().join("renamed")).unwrap();
    let plan = trees.up().delete().max_delete(1).track_renames().plan().await;
    assert!(matches!(plan, Err(Error::TooManyDeletions { planned: 2, most: 1 })), "{plan:?}");
    // Without renames it would be one more.
    assert!(trees.up().delete().max_delete(2).plan().await.is_err());
    let (plan, _) = trees.run(trees.up().delete().max_delete(2).track_renames()).await;
    assert_eq!((plan.count(Action::Move), plan.bytes()), (1, 0));
    trees.are_equal().await;
}

#[tokio::test]
async fn renames_move_files_and_send_no_byte() {
    let files: Vec<(String, String)> =
        (0..20).map(|number| (format!("d/{number}"), format!("content {number}"))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, content)| (path.as_str(), content.as_str())).collect();
    let trees = Trees::equal(&files).await;
    let copy = tempfile::tempdir().unwrap();
    let down = || trees.stage.drive.sync(&trees.folder).to(copy.path());
    trees.run(down()).await;
    std::fs::rename(trees.local().join("d"), trees.local().join("renamed")).unwrap();
    trees.stage.emulator.clear_journal();
    let (plan, _) = trees.run(trees.up().delete().for_good().max_delete(0).track_renames()).await;
    assert_eq!((plan.count(Action::Move), plan.bytes(), plan.count(Action::DeleteFolder)), (20, 0, 1), "{plan}");
    assert_eq!(trees.stage.emulator.effects("object.stored"), 0);
    trees.are_equal().await;
    trees.is_settled(trees.up().delete()).await;

    trees.stage.emulator.clear_journal();
    let (plan, _) = trees.run(down().delete().max_delete(0).track_renames()).await;
    assert_eq!((plan.count(Action::Move), plan.bytes()), (20, 0), "{plan}");
    assert_eq!(trees.stage.emulator.calls("storage_v1.GetFileDownloadInfo"), 0);
    assert_eq!(read(copy.path()), trees.here());
    trees.is_settled(down().delete()).await;
}

/// Of the same size and time, but not the same bytes.
#[tokio::test]
async fn what_only_looks_like_a_rename_is_none() {
    let trees = Trees::equal(&[("a", "one")]).await;
    std::fs::remove_file(trees.local().join("a")).unwrap();
    trees.write("b", "two");
    let (plan, _) = trees.run(trees.up().delete().for_good().track_renames()).await;
    assert_eq!((plan.count(Action::Move), plan.count(Action::Upload), plan.count(Action::Delete)), (0, 1, 1));
    trees.are_equal().await;
}

#[tokio::test]
async fn what_is_replaced_or_deleted_goes_to_the_folder_for_backups() {
    let trees = Trees::equal(&[("a", "old a"), ("d/b", "old b"), ("d/e/c", "old c")]).await;
    let backup = trees.stage.drive.make_folder(&trees.stage.root, "backup").await.unwrap();
    let up = || trees.up().delete().backup_dir(&backup);
    trees.write("a", "new a!");
    std::fs::remove_dir_all(trees.local().join("d")).unwrap();
    trees.run(up()).await;
    trees.are_equal().await;
    trees.is_settled(up()).await;
    // Once more: what is there already is not lost.
    trees.write("a", "newest a");
    trees.run(up()).await;
    let kept = crate::trees::content(&trees.stage.drive, &backup).await;
    let kept: Vec<(&str, &str)> = kept.iter().map(|(path, content)| (path.as_str(), content.as_str())).collect();
    let expected = [("a", "old a"), ("a(1)", "new a!"), ("d/", ""), ("d/b", "old b"), ("d/e/", ""), ("d/e/c", "old c")];
    assert_eq!(kept, expected);
    assert!(matches!(trees.up().backup_dir(&trees.folder).plan().await, Err(Error::Plan(_))));

    let (copy, away) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    crate::trees::write(copy.path(), "a", "mine, of another size");
    crate::trees::write(copy.path(), "x/y.txt", "only here");
    crate::trees::write(away.path(), "x/y.txt", "of last time");
    let down = || trees.stage.drive.sync(&trees.folder).to(copy.path()).delete().backup_dir(away.path());
    trees.run(down()).await;
    assert_eq!(read(copy.path()), trees.there().await);
    let kept = read(away.path());
    assert_eq!(kept["a"], "mine, of another size");
    assert_eq!((kept["x/y.txt"].as_str(), kept["x/y(1).txt"].as_str()), ("of last time", "only here"));
    trees.is_settled(down()).await;
    assert!(trees.down().backup_dir(trees.local().join("in")).plan().await.is_err());
}

/// Whatever links lead there, and whichever of both is in the other one.
#[cfg(unix)]
#[tokio::test]
async fn a_folder_for_backups_is_apart_from_what_is_changed() {
    use std::os::unix::fs::symlink;

    let trees = Trees::equal(&[("a", "a"), ("d/b", "b")]).await;
    let copy = tempfile::tempdir().unwrap();
    let at = |path: &str| copy.path().join(path);
    trees.run(trees.stage.drive.sync(&trees.folder).to(at("real/tree"))).await;
    symlink(at("real/tree"), at("tree")).unwrap();
    symlink(at("real/tree/d"), at("inside")).unwrap();
    symlink(at("real"), at("above")).unwrap();
    symlink(at("real/tree/new"), at("not yet")).unwrap();
    let down = |target: &str, backup: &str| {
        trees.stage.drive.sync(&trees.folder).to(at(target)).delete().backup_dir(at(backup)).plan()
    };
    for target in ["real/tree", "tree", "above/tree"] {
        for backup in
            ["real/tree/new", "tree/new/deeper", "inside", "inside/new", "not yet", "real/tree", "above", "real"]
        {
            let planned = down(target, backup).await;
            assert!(matches!(planned, Err(Error::Plan(_))), "{target} {backup}: {planned:?}");
        }
        assert!(down(target, "apart").await.is_ok() && down(target, "real/trees").await.is_ok(), "{target}");
    }

    // A link that came after the plan.
    let removed = ["a", "d/b"];
    for path in removed {
        trees.remove(path).await;
    }
    let plan = down("real/tree", "apart").await.unwrap();
    symlink(at("real/tree"), at("apart")).unwrap();
    let before = read(copy.path());
    let refused = trees.stage.drive.execute(&plan).run().await;
    assert!(matches!(refused, Err(Error::Plan(_))), "{refused:?}");
    assert_eq!(read(copy.path()), before);

    let (root, apart) = (&trees.stage.root, trees.stage.drive.make_folder(&trees.stage.root, "apart").await.unwrap());
    let inner = trees.stage.drive.make_folder(&trees.folder, "inner").await.unwrap();
    let deep = |folder: &Entry| Side::New(Box::new(folder.clone()), vec!["old".to_owned()]);
    let up = |folder: &Entry, backup: Side| trees.stage.drive.sync(trees.local()).to(folder).backup_dir(backup).plan();
    for (folder, backup) in [
        (&trees.folder, Side::from(root)),
        (&trees.folder, Side::from(&inner)),
        (&trees.folder, deep(&trees.folder)),
        (&inner, Side::from(&trees.folder)),
        (&inner, Side::from(root)),
    ] {
        let planned = up(folder, backup).await;
        assert!(matches!(planned, Err(Error::Plan(_))), "{}: {planned:?}", folder.name);
    }
    for backup in [Side::from(&apart), deep(&apart), deep(root)] {
        let planned = up(&inner, backup).await;
        assert!(planned.is_ok(), "{planned:?}");
    }
}

/// What goes for good does not go when it is no longer what the plan was made about, be it the youngest of plans.
#[tokio::test]
async fn what_goes_for_good_is_looked_at_right_before() {
    let files: Vec<String> = (0..70).map(|number| format!("f{number}")).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|path| (path.as_str(), "old")).collect();
    let trees = Trees::equal(&files).await;
    let elsewhere = trees.stage.drive.make_folder(&trees.stage.root, "elsewhere").await.unwrap();
    for (path, _) in &files {
        std::fs::remove_file(trees.local().join(path)).unwrap();
    }
    let plan = trees.up().delete().for_good().plan().await.unwrap();
    trees.put("f1", "of somebody").await;
    trees.stage.drive.move_to(&trees.entry("f2").await, &elsewhere).send().await.unwrap();
    trees.stage.drive.rename(&trees.entry("f35").await, "kept").await.unwrap();
    trees.remove("f69").await;
    trees.stage.emulator.clear_journal();
    let report = trees.stage.drive.execute(&plan).run().await.unwrap();
    let mut failed: Vec<&str> = report.failures().map(|(outcome, _)| outcome.path.as_str()).collect();
    failed.sort_unstable();
    assert_eq!(failed, ["f1", "f2", "f35"], "{report:#?}");
    let gone = report.outcomes.iter().filter(|outcome| outcome.became == Became::AlreadyDone);
    assert_eq!(gone.map(|outcome| outcome.path.as_str()).collect::<Vec<_>>(), ["f69"]);
    let there = trees.there().await;
    assert_eq!(
        there.iter().map(|(path, content)| (path.as_str(), content.as_str())).collect::<Vec<_>>(),
        [("f1", "of somebody"), ("kept", "old")]
    );
    assert_eq!(trees.stage.emulator.calls("storage_v1.GetDentries"), 3);
    assert_eq!(trees.stage.emulator.calls("storage_v1.DeleteDentries"), 3);

    // Where nobody says what is there now, nothing goes.
    let plan = trees.up().delete().for_good().plan().await.unwrap();
    let refused = FaultKind::Status { status: 403, code: Some("permissionDenied".into()), retry_after: None };
    trees.stage.fault(refused, "storage_v1.GetDentries");
    let report = trees.stage.drive.execute(&plan).run().await.unwrap();
    assert_eq!((report.failures().count(), trees.there().await.len()), (2, 2));
}

/// What is to go may be the last copy of what did not arrive.
#[tokio::test]
async fn nothing_is_deleted_unless_all_that_comes_before_has_arrived() {
    let refused = || FaultKind::Status { status: 403, code: None, retry_after: None };
    let trees = Trees::equal(&[("report", "one"), ("d/b", "two")]).await;
    let copy = tempfile::tempdir().unwrap();
    trees.run(trees.stage.drive.sync(&trees.folder).to(copy.path())).await;
    std::fs::rename(trees.local().join("report"), trees.local().join("report-final")).unwrap();
    std::fs::remove_dir_all(trees.local().join("d")).unwrap();

    let before = trees.there().await;
    let plan = trees.up().delete().for_good().plan().await.unwrap();
    trees.stage.emulator.add_fault(Fault::new(refused()).on("storage.PutObject").always());
    let report = trees.stage.drive.execute(&plan).run().await.unwrap();
    trees.stage.emulator.clear_faults();
    let withheld = report.outcomes.iter().filter(|outcome| outcome.became == Became::Withheld).count();
    assert_eq!(
        (withheld, report.is_complete()),
        (plan.count(Action::Delete) + plan.count(Action::DeleteFolder), false),
        "{report:#?}"
    );
    assert_eq!(trees.there().await, before);
    trees.run(trees.up().delete().for_good()).await;
    trees.are_equal().await;

    let down = || trees.stage.drive.sync(&trees.folder).to(copy.path()).delete();
    let before = read(copy.path());
    let plan = down().plan().await.unwrap();
    trees.stage.emulator.add_fault(Fault::new(refused()).on("storage.GetObject").always());
    let report = trees.stage.drive.execute(&plan).run().await.unwrap();
    trees.stage.emulator.clear_faults();
    assert!(report.failures().next().is_some());
    assert_eq!(read(copy.path()), before);
    trees.run(down()).await;
    assert_eq!(read(copy.path()), trees.there().await);
}

/// A file that goes to the folder for backups comes back when what was to replace it does not arrive.
#[tokio::test]
async fn what_was_to_be_replaced_is_where_it_was_when_nothing_replaces_it() {
    let refused = || FaultKind::Status { status: 403, code: None, retry_after: None };
    let trees = Trees::equal(&[("d/a", "old")]).await;
    let backup = trees.stage.drive.make_folder(&trees.stage.root, "backup").await.unwrap();
    let (copy, away) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    trees.run(trees.stage.drive.sync(&trees.folder).to(copy.path())).await;

    trees.write("d/a", "new content");
    let (up, before) = (|| trees.up().backup_dir(&backup), trees.there().await);
    let plan = up().plan().await.unwrap();
    trees.stage.emulator.add_fault(Fault::new(refused()).on("storage.PutObject").always());
    assert_eq!(trees.stage.drive.execute(&plan).run().await.unwrap().failures().count(), 1);
    trees.stage.emulator.clear_faults();
    assert_eq!(trees.there().await, before);
    trees.run(up()).await;
    trees.are_equal().await;

    let down = || trees.stage.drive.sync(&trees.folder).to(copy.path()).backup_dir(away.path());
    let (plan, before) = (down().plan().await.unwrap(), read(copy.path()));
    trees.stage.emulator.add_fault(Fault::new(refused()).on("storage.GetObject").always());
    assert_eq!(trees.stage.drive.execute(&plan).run().await.unwrap().failures().count(), 1);
    trees.stage.emulator.clear_faults();
    assert_eq!(read(copy.path()), before);
    trees.run(down()).await;
    assert_eq!(read(copy.path()), trees.there().await);
}

/// 60 files, on two pages of a list.
async fn many() -> Trees {
    let trees = Trees::new().await;
    for number in 0..60 {
        trees.write(&format!("f{number}"), "content");
    }
    trees.run(trees.up()).await;
    trees
}

/// Whatever is wrong with a list of the drive: a file that it lacks is not deleted here.
#[tokio::test]
async fn an_incomplete_listing_deletes_nothing() {
    let trees = many().await;
    let refused = |status| FaultKind::Status { status, code: Some("permissionDenied".into()), retry_after: None };
    let before = trees.here();
    for fault in ["/dentries/3/name", "/dentries/3/uuid", "/dentries/3", "/nextToken", "/dentries"] {
        trees.stage.fault(mutate(fault), LIST);
        let (plan, report) = trees.run(trees.down().delete()).await;
        assert!(plan.withheld.is_some() && plan.count(Action::Delete) == 0, "{fault}: {plan}");
        assert!(!report.is_complete());
        assert_eq!(trees.here(), before, "{fault}");
        assert!(trees.stage.emulator.missed_faults().is_empty());
        trees.stage.emulator.clear_faults();
    }
    trees.stage.fault(refused(403), LIST);
    assert!(trees.down().delete().plan().await.is_err());
    trees.stage.emulator.clear_faults();

    // The same of a whole space.
    let whole = || trees.stage.drive.sync(&trees.stage.root).to(trees.local().join("whole"));
    trees.run(whole()).await;
    let before = trees.here();
    for fault in ["/dentries/3/name", "/dentries/3", "/nextToken"] {
        trees.stage.fault(mutate(fault), ALL);
        let (plan, _) = trees.run(whole().delete()).await;
        assert!(plan.withheld.is_some() && plan.count(Action::Delete) == 0, "{fault}: {plan}");
        assert_eq!(trees.here(), before, "{fault}");
        trees.stage.emulator.clear_faults();
    }
    trees.is_settled(whole().delete()).await;
}

#[tokio::test]
async fn an_incomplete_listing_of_the_target_deletes_and_overwrites_nothing() {
    let trees = many().await;
    let before = trees.there().await;
    for number in 0..30 {
        std::fs::remove_file(trees.local().join(format!("f{number}"))).unwrap();
    }
    trees.stage.fault(mutate("/dentries/3/name"), LIST);
    let plan = trees.up().delete().for_good().plan().await.unwrap();
    assert!(plan.withheld.is_some() && plan.count(Action::Delete) == 0, "{plan}");
    trees.stage.emulator.clear_faults();
    trees.stage.drive.execute(&plan).run().await.unwrap();
    assert_eq!(trees.there().await, before);

    // A list that ends too early: what it lacks seems to be new, and is not stored a second time.
    trees.stage.fault(mutate("/nextToken"), LIST);
    let plan = trees.up().plan().await.unwrap();
    trees.stage.emulator.clear_faults();
    let report = trees.stage.drive.execute(&plan).run().await.unwrap();
    assert!(report.failures().all(|(_, failure)| failure.category == "conflict"), "{report:#?}");
    assert_eq!(trees.there().await, before);
    trees.run(trees.up().delete().for_good()).await;
    trees.are_equal().await;
}

#[tokio::test]
async fn a_folder_that_got_something_meanwhile_stays() {
    let trees = Trees::equal(&[("a", "a"), ("d/b", "b")]).await;
    std::fs::remove_dir_all(trees.local().join("d")).unwrap();
    let plan = trees.up().delete().for_good().plan().await.unwrap();
    trees.put("d/new", "of somebody").await;
    let report = trees.stage.drive.execute(&plan).run().await.unwrap();
    assert_eq!(report.failures().count(), 1);
    assert_eq!(trees.there().await["d/new"], "of somebody");

    trees.run(trees.down()).await;
    std::fs::remove_file(trees.local().join("d/new")).unwrap();
    trees.remove("d").await;
    let plan = trees.down().delete().plan().await.unwrap();
    trees.write("d/mine", "mine");
    let report = trees.stage.drive.execute(&plan).run().await.unwrap();
    assert_eq!(report.failures().count(), 1);
    assert_eq!(trees.here()["d/mine"], "mine");
}
