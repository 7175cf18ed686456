//! Files that are there already, and folders that are not.

use dingtalk_storage_transfer::{Action, Became, Error, Existing, Plan, Side};

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
async fn a_folder_that_is_not_there_yet_is_planned_for_and_made_when_the_plan_is_carried_out() {
    let trees = Trees::new().await;
    trees.write("a", "a");
    trees.write("d/b", "bb");
    let drive = &trees.stage.drive;
    let new = |names: &[&str]| {
        Side::New(Box::new(trees.folder.clone()), names.iter().map(|name| (*name).to_owned()).collect())
    };
    let planned = drive.sync(trees.local()).to(new(&["x", "y"])).backup_dir(new(&["old"])).plan().await.unwrap();
    let empty = trees.up().plan().await.unwrap();
    assert_eq!((planned.bytes(), planned.listing_calls), (3, 0));
    assert_eq!((planned.cost().calls, planned.items.len()), (empty.cost().calls + 2, empty.items.len()));
    assert_eq!(trees.there().await.len(), 0, "a plan makes nothing");
    for within in [&["x", "y"][..], &["x", "y", "old"]] {
        let within = drive.sync(trees.local()).to(new(&["x", "y"])).backup_dir(new(within)).plan().await;
        assert!(matches!(within, Err(Error::Plan(_))), "{within:?}");
    }

    // By two machines that have read it; what is made is made once, and no folder for backups that nothing goes to.
    let plan = Plan::from_json_lines(&planned.to_json_lines().unwrap()).unwrap();
    for number in [1, 2] {
        let report = drive.execute(&plan).shard(number, 2).run().await.unwrap();
        assert!(report.is_complete(), "{report:?}");
    }
    let there = trees.there().await;
    assert_eq!(there.keys().filter(|path| !path.starts_with("x/")).collect::<Vec<_>>(), Vec::<&String>::new());
    assert_eq!((there["x/y/a"].as_str(), there["x/y/d/b"].as_str()), ("a", "bb"));
    let again = drive.execute(&plan).run().await.unwrap();
    assert!(again.outcomes.iter().all(|outcome| outcome.became == Became::AlreadyDone), "{again:?}");

    trees.run(trees.up().delete().for_good()).await;
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("not/there");
    let plan = trees.stage.drive.sync(&trees.folder).to(copy.as_path()).plan().await.unwrap();
    assert_eq!((plan.count(Action::Download), folder.path().join("not").exists()), (2, false));
    assert!(trees.stage.drive.execute(&plan).run().await.unwrap().is_complete());
    assert_eq!(crate::trees::read(&copy), trees.here());
}
