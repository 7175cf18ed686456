//! Trees compared, file by file.

use dingtalk_storage_emulator::FaultKind;
use dingtalk_storage_transfer::{Compare, FileState, TreeSync};

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
