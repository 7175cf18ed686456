//! What a plan says that it costs, and what it costs.

use std::collections::BTreeMap;

use dingtalk_storage_emulator::{Fault, FaultKind};
use dingtalk_storage_transfer::{Became, Plan, Report, TreeSync};

use crate::stage::PART;
use crate::trees::Trees;

impl Trees {
    /// Calls that the emulator has counted, but for the token.
    fn counted(&self) -> BTreeMap<String, u64> {
        let calls = self.stage.emulator.counts().calls.into_iter();
        let calls = calls.filter(|(operation, _)| operation.contains("_v") && !operation.starts_with("oauth2"));
        calls.map(|(operation, calls)| (operation, calls as u64)).filter(|(_, calls)| *calls > 0).collect()
    }

    /// Carries out a plan: it costs what it says, in its own words, in those of the report and in those of the server.
    async fn costs_what_it_says(&self, sync: TreeSync) -> (Plan, Report) {
        self.stage.emulator.clear_journal();
        let plan = sync.plan().await.unwrap();
        assert_eq!(self.counted().values().sum::<u64>(), plan.planning_calls);
        self.stage.emulator.clear_journal();
        let report = self.stage.drive.execute(&plan).run().await.unwrap();
        assert!(report.failures().next().is_none(), "{report:#?}");
        let planned: BTreeMap<String, u64> =
            plan.cost().by_operation.into_iter().map(|(operation, calls)| (operation.to_owned(), calls)).collect();
        assert_eq!(planned, self.counted(), "{plan}");
        assert_eq!(planned, report.calls);
        assert_eq!(plan.cost().calls, report.all_calls());
        (plan, report)
    }
}

#[tokio::test]
async fn every_plan_costs_what_it_says() {
    let trees = Trees::new().await;
    let long = |parts: usize| "x".repeat(usize::try_from(PART).unwrap() * parts + 1);
    // 1, 31 and 61 parts, of which one call gives the URLs of 30.
    for (path, content) in [("one", long(0)), ("two", long(1)), ("many", long(30)), ("more", long(60))] {
        trees.write(&format!("large/{path}"), &content);
    }
    for number in 0..120 {
        trees.write(&format!("small/{}/{number}", number % 5), &number.to_string());
    }
    trees.write("small/empty/", "");
    let (plan, _) = trees.costs_what_it_says(trees.up()).await;
    assert!(plan.cost().share() > 0.0 && plan.to_string().contains("% of 5000 a month"));
    let copy = tempfile::tempdir().unwrap();
    let down = || trees.stage.drive.sync(&trees.folder).to(copy.path());
    trees.costs_what_it_says(down()).await;

    // New versions, other times, moves with and without another name, deletions in several batches and levels.
    trees.write("small/1/1", "another");
    trees.write("large/one", &long(2));
    for (number, path) in ["small/2/2", "small/3/3", "small/4/4"].into_iter().enumerate() {
        trees.touch(path, number as u64 + 1);
    }
    let rename = |from: &str, to: &str| std::fs::rename(trees.local().join(from), trees.local().join(to)).unwrap();
    trees.write("new/", "");
    rename("large/many", "new/many");
    rename("small/1/6", "small/1/six");
    rename("small/1/11", "new/2");
    std::fs::remove_dir_all(trees.local().join("small/0")).unwrap();
    trees.write("small/9/", "");
    for path in ["large/more", "small/3/8"] {
        std::fs::remove_file(trees.local().join(path)).unwrap();
    }
    let moved = || trees.up().delete().for_good().track_renames();
    let (plan, _) = trees.costs_what_it_says(moved()).await;
    assert!(plan.count(dingtalk_storage_transfer::Action::Move) >= 2, "{plan}");
    trees.are_equal().await;
    trees.costs_what_it_says(down().delete().track_renames()).await;
    assert_eq!(crate::trees::read(copy.path()), trees.here());

    // All goes, with backups and without.
    let backup = trees.stage.drive.make_folder(&trees.stage.root, "backup").await.unwrap();
    trees.write("small/1/1", "once more");
    for folder in ["small/2", "large"] {
        std::fs::remove_dir_all(trees.local().join(folder)).unwrap();
    }
    trees.costs_what_it_says(trees.up().delete().backup_dir(&backup)).await;
    trees.are_equal().await;
    std::fs::remove_dir_all(trees.local().join("small")).unwrap();
    trees.costs_what_it_says(trees.up().delete().for_good()).await;
    trees.are_equal().await;
}

/// Whatever goes wrong, and however often it is tried again.
#[tokio::test]
async fn no_more_calls_are_made_than_are_allowed() {
    for most in (0..40).step_by(3) {
        let trees = Trees::equal(&[("old/a", "a"), ("old/b", "b"), ("v", "1"), ("t", "t")]).await;
        trees.write("v", "22");
        trees.touch("t", 3);
        std::fs::remove_dir_all(trees.local().join("old")).unwrap();
        for number in 0..6 {
            trees.write(&format!("n{}/{number}", number % 2), "new");
        }
        let plan = trees.up().delete().for_good().plan().await.unwrap();
        let unavailable =
            || FaultKind::Status { status: 503, code: Some("operationTimeout".into()), retry_after: None };
        for (operation, nth) in [
            ("storage_v1.AddFolder", 1),
            ("storage_v2.GetFileUploadInfo", 2),
            ("storage_v2.CommitFile", 3),
            ("storage_v1.UpdateDentryAppProperties", 1),
            ("storage_v1.DeleteDentries", 1),
        ] {
            trees.stage.emulator.add_fault(Fault::new(unavailable()).on(operation).nth(nth).times(2));
        }
        trees.stage.fault(FaultKind::ApplyThenDrop, "storage_v2.CommitFile");
        trees.stage.emulator.clear_journal();
        let report = trees.stage.drive.execute(&plan).max_calls(most).run().await.unwrap();
        let counted: u64 = trees.counted().values().sum();
        assert!(counted <= most, "{counted} calls, {most} were allowed");
        assert_eq!(counted, report.all_calls());
        assert_eq!(report.outcomes.len(), plan.items.len(), "each item has an outcome");

        // What is left is done later.
        trees.stage.emulator.clear_faults();
        trees.run(trees.up().delete().for_good()).await;
        trees.are_equal().await;
    }
}

#[tokio::test]
async fn nothing_is_begun_that_cannot_be_ended() {
    let trees = Trees::new().await;
    for number in 0..10 {
        trees.write(&number.to_string(), "content");
    }
    let plan = trees.up().plan().await.unwrap();
    trees.stage.emulator.clear_journal();
    let report = trees.stage.drive.execute(&plan).max_calls(7).run().await.unwrap();
    let started = report.outcomes.iter().filter(|outcome| outcome.became == Became::Done).count();
    assert_eq!((started, report.failures().count(), report.all_calls()), (3, 0, 6));
    assert_eq!(trees.stage.emulator.effects("object.stored"), 3);
    assert!(!report.is_complete());
}
