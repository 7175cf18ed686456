//! Plans that are written down, shared, cut and carried out again.

use std::sync::Arc;

use dingtalk_storage_emulator::{Fault, FaultKind};
use dingtalk_storage_transfer::{Action, Became, Drive, Error, Outcome, Plan, Report};
use tokio::sync::Notify;

use crate::stage::PART;
use crate::trees::Trees;

async fn changed() -> Trees {
    let trees = Trees::equal(&[("v", "1"), ("t", "t"), ("gone/a", "a"), ("gone/b", "b"), ("old", "moves")]).await;
    trees.write("v", "22");
    trees.touch("t", 3);
    std::fs::remove_dir_all(trees.local().join("gone")).unwrap();
    std::fs::rename(trees.local().join("old"), trees.local().join("new")).unwrap();
    for number in 0..20 {
        trees.write(&format!("n{}/{}/{number}", number % 3, number % 2), &"x".repeat(number));
    }
    trees
}

#[tokio::test]
async fn a_plan_is_written_down_and_read_again() {
    let trees = changed().await;
    let plan = trees.up().delete().for_good().track_renames().plan().await.unwrap();
    let lines = plan.to_json_lines().unwrap();
    assert_eq!(lines.lines().count(), plan.items.len() + 1);
    let read = Plan::from_json_lines(&lines).unwrap();
    assert_eq!((&read.items, &read.route, read.cost()), (&plan.items, &plan.route, plan.cost()));
    assert_eq!(read.to_json_lines().unwrap(), lines);
    let json: Plan = serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap();
    assert_eq!(json.items, plan.items);
    let cut = lines.lines().take(5).collect::<Vec<_>>().join("\n");
    for no_plan in ["", "{}", "x", &cut, &lines.replace("\"format\":1", "\"format\":9")] {
        assert!(matches!(Plan::from_json_lines(no_plan), Err(Error::Plan(_))), "{no_plan:.40}");
    }
}

/// Each machine has the whole text, and does its part of it.
#[tokio::test]
async fn machines_share_a_plan() {
    let trees = changed().await;
    let lines = trees.up().delete().for_good().track_renames().plan().await.unwrap().to_json_lines().unwrap();
    trees.stage.emulator.clear_journal();
    let parts = (1..=3).map(|number| {
        let (drive, plan) = (Drive::new(trees.stage.drive.client()), Plan::from_json_lines(&lines).unwrap());
        async move { drive.execute(&plan).shard(number, 3).run().await.unwrap() }
    });
    let mut report = Report::default();
    for part in futures_util::future::join_all(parts).await {
        let written = serde_json::to_string(&part).unwrap();
        report.add(serde_json::from_str(&written).unwrap());
    }
    let plan = Plan::from_json_lines(&lines).unwrap();
    assert_eq!(
        report.outcomes.iter().map(|outcome| outcome.item).collect::<Vec<_>>(),
        (0..plan.items.len()).collect::<Vec<_>>()
    );
    assert_eq!(trees.stage.emulator.effects("file.committed"), 20, "each file once");
    // The rest, such as folders that were not empty yet.
    let rest = Drive::new(trees.stage.drive.client()).execute(&plan).run().await.unwrap();
    assert!(rest.is_complete(), "{rest:#?}");
    trees.are_equal().await;
    trees.is_settled(trees.up().delete()).await;
}

fn is_bringing(outcome: &Outcome) -> bool {
    !matches!(outcome.action, Action::Delete | Action::DeleteFolder)
}

/// A part that is through deletes nothing as long as another one is not.
#[tokio::test]
async fn the_part_that_is_through_last_deletes() {
    let refused = || FaultKind::Status { status: 403, code: None, retry_after: None };
    for for_good in [true, false] {
        let trees = Trees::equal(&[("report", "one"), ("d/b", "two")]).await;
        std::fs::rename(trees.local().join("report"), trees.local().join("report-final")).unwrap();
        std::fs::rename(trees.local().join("d"), trees.local().join("e")).unwrap();
        let up = trees.up().delete();
        let plan = if for_good { up.for_good() } else { up }.plan().await.unwrap();
        let lines = plan.to_json_lines().unwrap();
        let deletions = plan.count(Action::Delete) + plan.count(Action::DeleteFolder);
        let before = plan.items.len() - deletions;
        assert!(deletions == 3 && before == 3, "{plan}");
        let part = |number: usize| {
            let drive = Drive::new(trees.stage.drive.client());
            let plan = Plan::from_json_lines(&lines).unwrap();
            async move { drive.execute(&plan).shard(number, before).run().await.unwrap() }
        };
        let deleted = |report: &Report| report.outcomes.iter().filter(|outcome| !is_bringing(outcome)).count();
        let old = |there: &crate::trees::Content| there.contains_key("report") && there.contains_key("d/b");
        // The first is through, and knows of no failure.
        let first = part(1).await;
        assert!(first.is_complete() && deleted(&first) == 0, "{first:#?}");
        // The second fails, and what it was to bring is nowhere but under its old name.
        trees.stage.emulator.add_fault(Fault::new(refused()).on("storage.PutObject").always());
        let mut all = first;
        for number in 2..=before {
            let report = part(number).await;
            assert!(report.outcomes.iter().all(|outcome| outcome.became != Became::Done || is_bringing(outcome)));
            all.add(report);
        }
        trees.stage.emulator.clear_faults();
        assert!(old(&trees.there().await), "{all:#?}");
        assert!(!all.is_complete());
        // Each again, in another order; what is through first leaves the deletions to what is through last.
        for number in (2..=before).rev() {
            assert!(old(&trees.there().await));
            all.add(part(number).await);
        }
        assert_eq!(all.outcomes.len(), plan.items.len(), "{all:#?}");
        assert!(all.is_complete(), "{all:#?}");
        trees.are_equal().await;
        trees.is_settled(trees.up().delete()).await;
    }
}

/// The same of a folder of this machine that several see.
#[tokio::test]
async fn the_part_that_is_through_last_deletes_here_too() {
    let trees = Trees::equal(&[("a", "one"), ("b", "two")]).await;
    let copy = tempfile::tempdir().unwrap();
    crate::trees::write(copy.path(), "old/x", "x");
    let lines = trees.stage.drive.sync(&trees.folder).to(copy.path()).delete().plan().await.unwrap();
    let lines = lines.to_json_lines().unwrap();
    let part = |number: usize| {
        let (drive, plan) = (Drive::new(trees.stage.drive.client()), Plan::from_json_lines(&lines).unwrap());
        async move { drive.execute(&plan).shard(number, 2).run().await.unwrap() }
    };
    assert!(part(2).await.is_complete() && copy.path().join("old/x").exists());
    assert!(part(1).await.is_complete() && !copy.path().join("old").exists());
    assert_eq!(crate::trees::read(copy.path()), trees.there().await);
}

#[tokio::test]
async fn a_plan_that_is_carried_out_twice_does_nothing_the_second_time() {
    let trees = changed().await;
    let plan = trees.up().delete().for_good().track_renames().plan().await.unwrap();
    let read = Plan::from_json_lines(&plan.to_json_lines().unwrap()).unwrap();
    assert!(trees.stage.drive.execute(&plan).run().await.unwrap().is_complete());
    trees.are_equal().await;
    for again in [&plan, &read, &read] {
        trees.stage.emulator.clear_journal();
        let report = trees.stage.drive.execute(again).run().await.unwrap();
        assert!(report.outcomes.iter().all(|outcome| outcome.became == Became::AlreadyDone), "{report:#?}");
        assert_eq!(trees.effects().len(), 0);
        assert_eq!(trees.stage.emulator.effects("object.stored"), 0);
    }

    let copy = tempfile::tempdir().unwrap();
    let down = trees.stage.drive.sync(&trees.folder).to(copy.path()).plan().await.unwrap();
    trees.stage.drive.execute(&down).run().await.unwrap();
    trees.stage.emulator.clear_journal();
    let report = trees.stage.drive.execute(&down).run().await.unwrap();
    assert!(report.outcomes.iter().all(|outcome| outcome.became == Became::AlreadyDone), "{report:#?}");
    assert_eq!(report.all_calls(), 0);
}

/// What has changed since is left alone.
#[tokio::test]
async fn a_plan_of_yesterday_harms_nothing_of_today() {
    let trees = changed().await;
    let lines = trees.up().delete().for_good().plan().await.unwrap().to_json_lines().unwrap();
    trees.put("v", "of somebody").await;
    trees.put("gone/a", "of somebody").await;
    trees.put("n0/0/0", "of somebody").await;
    trees.write("n0/0/6", "other bytes than planned");
    let plan = Plan::from_json_lines(&lines).unwrap();
    let report = trees.stage.drive.execute(&plan).run().await.unwrap();
    let mut failed: Vec<&str> = report.failures().map(|(outcome, _)| outcome.path.as_str()).collect();
    failed.sort_unstable();
    assert_eq!(failed, ["n0/0/0", "n0/0/6", "v"]);
    let there = trees.there().await;
    for path in ["v", "gone/a", "n0/0/0"] {
        assert_eq!(there[path], "of somebody", "{path}");
    }

    // Where nothing else failed, so that there are deletions.
    let others = Trees::equal(&[("gone/a", "a"), ("b", "b")]).await;
    std::fs::remove_dir_all(others.local().join("gone")).unwrap();
    let lines = others.up().delete().for_good().plan().await.unwrap().to_json_lines().unwrap();
    others.put("gone/a", "of somebody").await;
    let report = others.stage.drive.execute(&Plan::from_json_lines(&lines).unwrap()).run().await.unwrap();
    let mut failed: Vec<&str> = report.failures().map(|(outcome, _)| outcome.path.as_str()).collect();
    failed.sort_unstable();
    assert_eq!((failed, others.there().await["gone/a"].as_str()), (vec!["gone", "gone/a"], "of somebody"));

    let down = trees.down().plan().await.unwrap();
    let changed = down.items.iter().find(|item| item.path == "v").unwrap();
    assert!(changed.replaces.is_some());
    trees.write("v", "written since");
    let report = trees.stage.drive.execute(&down).run().await.unwrap();
    assert!(report.failures().any(|(outcome, _)| outcome.path == "v"));
    assert_eq!(trees.here()["v"], "written since");
}

/// Dropped in the middle, as often as it takes: each time something more is done, and nothing twice.
#[tokio::test]
async fn a_sync_that_is_cut_goes_on() {
    let trees = Trees::new().await;
    for number in 0..40 {
        trees.write(&format!("{}/{number}", number % 4), &format!("content {number}"));
    }
    trees.write("large", &"x".repeat(usize::try_from(PART).unwrap() * 5));
    let mut lives = 0;
    loop {
        lives += 1;
        assert!(lives < 40);
        let plan = trees.up().plan().await.unwrap();
        if plan.is_empty() {
            break;
        }
        let (enough, seen) = (Arc::new(Notify::new()), std::sync::atomic::AtomicUsize::new(0));
        let told = Arc::clone(&enough);
        let execution = trees.stage.drive.execute(&plan).on_outcome(move |_| {
            if seen.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 5 {
                told.notify_one();
            }
        });
        tokio::select! {
            report = execution.run() => assert!(report.unwrap().failures().all(|(_, failure)| failure.category == "conflict")),
            () = enough.notified() => {}
        }
    }
    assert!(lives > 3, "{lives}");
    trees.are_equal().await;
    // A commit that was on its way when it was cut may have arrived; nothing is stored twice for that.
    assert_eq!(trees.stage.emulator.effects("file.committed"), 41);
    assert_eq!(trees.effects().get("file.versioned"), None);
}

#[tokio::test]
async fn progress_ends_with_all_of_it() {
    let trees = changed().await;
    let plan = trees.up().delete().for_good().plan().await.unwrap();
    let last = Arc::new(std::sync::Mutex::new(None));
    let told = Arc::clone(&last);
    let execution =
        trees.stage.drive.execute(&plan).on_progress(move |progress| *told.lock().unwrap() = Some(progress));
    execution.run().await.unwrap();
    let last = last.lock().unwrap().unwrap();
    assert_eq!((last.items_done, last.bytes_done, last.bytes), (plan.items.len(), plan.bytes(), plan.bytes()));
    assert_eq!(last.items, plan.items.len());
}

/// An earlier run has sent a part of a file that has become another one.
#[tokio::test]
async fn a_file_that_changed_between_two_runs_is_sent_as_it_is() {
    let trees = Trees::new().await;
    let refused = FaultKind::Status { status: 400, code: Some("paramError".into()), retry_after: None };
    trees.write("large", &"x".repeat(usize::try_from(PART).unwrap() * 3));
    trees.stage.fault(refused, "storage_v2.CommitFile");
    let plan = trees.up().plan().await.unwrap();
    let report = trees.stage.drive.execute(&plan).run().await.unwrap();
    assert_eq!(report.failures().count(), 1);
    trees.stage.emulator.clear_faults();
    trees.write("large", &"y".repeat(usize::try_from(PART).unwrap() * 4));
    trees.touch("large", 5);
    trees.run(trees.up()).await;
    trees.are_equal().await;
    trees.is_settled(trees.up()).await;
}
