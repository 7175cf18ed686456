//! Files that are there already, and folders that are not.

use dingtalk_storage_transfer::{Action, Error, Existing, Side};

use crate::trees::Trees;

#[tokio::test]
async fn what_is_there_is_replaced_kept_or_refused() {
    let trees = Trees::equal(&[("same", "s"), ("d/other", "one")]).await;
    trees.write("d/other", "another");
    trees.write("new", "n");
    let there = trees.there().await;

    let plan = trees.up().existing(Existing::Refuse).plan().await.unwrap();
    let refused: Vec<_> = plan.refused.iter().map(|refused| (refused.path.as_str(), refused.exists)).collect();
    assert_eq!((refused, plan.same, plan.count(Action::Upload)), (vec![("d/other", true)], 1, 1));
    assert!(!trees.stage.drive.execute(&plan).run().await.unwrap().is_complete());
    let mut expected = there.clone();
    expected.insert("new".to_owned(), "n".to_owned());
    assert_eq!(trees.there().await, expected);

    trees.write("newer", "n");
    let (plan, _) = trees.run(trees.up().existing(Existing::Keep)).await;
    assert_eq!((plan.kept.len(), plan.same, plan.count(Action::Upload)), (3, 0, 1));
    assert_eq!(trees.there().await["d/other"], "one");

    // In the other direction as well.
    let plan = trees.down().existing(Existing::Refuse).plan().await.unwrap();
    assert_eq!((plan.refused.len(), plan.is_empty()), (1, true));
    let (plan, _) = trees.run(trees.down().existing(Existing::Keep)).await;
    assert_eq!((plan.kept.len(), trees.here()["d/other"].as_str()), (4, "another"));
    trees.run(trees.up()).await;
    trees.are_equal().await;
}

#[tokio::test]
async fn a_folder_that_is_not_there_yet_is_planned_for_and_not_made() {
    let trees = Trees::new().await;
    trees.write("a", "a");
    trees.write("d/b", "bb");
    let absent = trees.stage.drive.sync(trees.local()).to(Side::Absent).plan().await.unwrap();
    let empty = trees.up().plan().await.unwrap();
    assert_eq!((absent.cost(), absent.bytes(), absent.listing_calls), (empty.cost(), 3, 0));
    trees.stage.emulator.clear_journal();
    let refused = trees.stage.drive.execute(&absent).run().await;
    assert!(matches!(refused, Err(Error::Plan(_))), "{refused:?}");
    assert_eq!(trees.stage.emulator.journal().len(), 0);

    trees.run(trees.up()).await;
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("not/there");
    let plan = trees.stage.drive.sync(&trees.folder).to(copy.as_path()).plan().await.unwrap();
    assert_eq!((plan.count(Action::Download), folder.path().join("not").exists()), (2, false));
    assert!(trees.stage.drive.execute(&plan).run().await.unwrap().is_complete());
    assert_eq!(crate::trees::read(&copy), trees.here());
}
