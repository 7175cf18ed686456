//! Trees compared, file by file.

use dingtalk_storage_emulator::{Fault, FaultKind};
use dingtalk_storage_transfer::{Action, Compare, FileState, TreeSync};

use crate::trees::Trees;

async fn states(sync: TreeSync) -> Vec<(String, FileState)> {
    let comparison = sync.check().await.unwrap();
    comparison.files.into_iter().map(|file| (file.path, file.state)).collect()
}

#[tokio::test]
async fn every_file_has_one_state() {
    let trees = Trees::equal(&[("d/same", "s"), ("differs", "one"), ("empty", ""), ("gone", "g")]).await;
    trees.write("differs", "two");
    trees.write("new", "n");
    std::fs::remove_file(trees.local().join("gone")).unwrap();
    trees.stage.emulator.clear_journal();
    let expected = |source, target| {
        [("d/same", FileState::Same), ("differs", FileState::Different), ("empty", FileState::Same), ("gone", target)]
            .into_iter()
            .chain([("new", source)])
            .map(|(path, state)| (path.to_owned(), state))
            .collect::<Vec<_>>()
    };
    for compare in [Compare::Checksum, Compare::Download] {
        let up = states(trees.up().compare(compare)).await;
        assert_eq!(up, expected(FileState::OnlySource, FileState::OnlyTarget), "{compare:?}");
        let down = states(trees.down().compare(compare)).await;
        assert_eq!(down, expected(FileState::OnlyTarget, FileState::OnlySource), "{compare:?}");
    }
    assert_eq!(trees.effects().len(), 0);
}

/// What the stamp says is believed, unless the bytes are asked for.
#[tokio::test]
async fn bytes_are_fetched_only_on_wish_and_those_that_cannot_be_are_told() {
    let trees = Trees::equal(&[("a", "aaa"), ("b", "bbb")]).await;
    let fetched = || trees.stage.emulator.calls("storage.GetObject");
    assert!(trees.up().compare(Compare::Checksum).check().await.unwrap().is_same());
    assert_eq!(fetched(), 0);
    assert!(trees.up().compare(Compare::Download).check().await.unwrap().is_same());
    assert_eq!(fetched(), 2);
    for _ in 0..20 {
        trees.stage.fault(FaultKind::FlipBit { bit: 3 }, "storage.GetObject");
    }
    let comparison = trees.up().compare(Compare::Download).check().await.unwrap();
    let failed = comparison.files.iter().filter(|file| matches!(file.state, FileState::Failed(_))).count();
    assert_eq!((failed, comparison.is_same()), (2, false), "{comparison:?}");
}

/// One file that vanishes while it is compared is one failure, for a check and for a plan; and nothing is deleted for it.
#[tokio::test]
async fn what_cannot_be_compared_is_one_failure_and_nothing_is_deleted() {
    let refused = || FaultKind::Status { status: 403, code: Some("permissionDenied".into()), retry_after: None };
    let trees = Trees::new().await;
    // Nobody has written a checksum beside them, so the storage is asked.
    for path in ["a", "b", "c", "gone"] {
        trees.put(path, path).await;
    }
    for path in ["a", "b", "c"] {
        trees.write(path, path);
    }
    trees.write("c", "d");
    trees.write("new", "new");
    let up = || trees.up().compare(Compare::Checksum).delete().for_good();
    let fault = Fault::new(refused()).on("storage_v1.GetFileDownloadInfo").nth(1);
    trees.stage.emulator.add_fault(fault.clone());
    let comparison = up().check().await.unwrap();
    let failed = comparison.files.iter().filter(|file| matches!(file.state, FileState::Failed(_))).count();
    assert_eq!((failed, comparison.files.len()), (1, 5), "{comparison:?}");

    trees.stage.emulator.clear_faults();
    trees.stage.emulator.clear_journal();
    trees.stage.emulator.add_fault(fault);
    let plan = up().plan().await.unwrap();
    trees.stage.emulator.clear_faults();
    let [refused] = plan.refused.as_slice() else { panic!("{plan}") };
    assert_eq!(refused.category.as_deref(), Some("access"));
    assert!(plan.withheld.as_ref().is_some_and(|why| why.contains(&refused.path)), "{plan}");
    assert_eq!((plan.count(Action::Delete), plan.count(Action::DeleteFolder)), (0, 0), "{plan}");
    let report = trees.stage.drive.execute(&plan).run().await.unwrap();
    assert!(report.failures().next().is_none() && !report.is_complete(), "{report:#?}");
    let there = trees.there().await;
    assert_eq!((there["new"].as_str(), there["gone"].as_str()), ("new", "gone"));
    trees.run(up()).await;
    trees.are_equal().await;
}
