//! What things cost, in calls of the API.

use std::collections::HashSet;

use dingtalk_storage_emulator::{Plan, PlannedFile, PlannedSpace};
use dingtalk_storage_object_store::DingtalkStoreBuilder;
use futures_util::TryStreamExt;
use object_store::{ObjectStore, ObjectStoreExt};

use crate::stage::{Stage, path};

#[tokio::test]
async fn a_read_of_what_was_listed_costs_one_call_however_many_ranges_it_has() {
    let stage = Stage::new().await;
    for name in ["t/a", "t/b"] {
        stage.store.put(&path(name), "0123456789".into()).await.unwrap();
    }
    stage.calls();
    let listed: Vec<_> = stage.store.list(Some(&path("t"))).try_collect().await.unwrap();
    assert_eq!((listed.len(), stage.calls()), (2, vec!["ListDentries".to_owned(), "ListDentries".to_owned()]));
    stage.store.head(&path("t/a")).await.unwrap();
    assert!(stage.calls().is_empty());
    stage.store.get_range(&path("t/a"), 8..10).await.unwrap();
    assert_eq!(stage.calls(), ["GetFileDownloadInfo"]);
    stage.store.get_ranges(&path("t/a"), &[0..2, 4..6]).await.unwrap();
    stage.store.get(&path("t/a")).await.unwrap().bytes().await.unwrap();
    assert!(stage.calls().is_empty());
    stage.store.put(&path("t/c"), "x".into()).await.unwrap();
    assert_eq!(stage.calls(), ["GetFileUploadInfo", "CommitFile"]);
}

/// A call for each 50, and one for the root. That is 2,001 calls for 100,000, which `benches/bytes.rs` takes.
#[tokio::test]
async fn a_space_is_listed_with_a_call_for_each_page() {
    let stage = Stage::new().await;
    let file = |number: usize| PlannedFile {
        path: format!("/{:02}/{number}", number / 499),
        text: None,
        from: None,
        size: Some(0),
    };
    let files: Vec<_> = (0..4_990).map(file).collect();
    let plan = Plan { spaces: vec![PlannedSpace { files, ..PlannedSpace::default() }], ..Plan::default() };
    let planted = stage.emulator.plant(&plan).await.unwrap();
    assert_eq!(planted.files_added, 4_990);
    let space = planted.spaces.added.iter().chain(&planted.spaces.changed).next().unwrap();
    let store = DingtalkStoreBuilder::new().with_drive(&stage.drive).with_space(&space.as_str().into());
    let store = store.build().unwrap();
    stage.calls();
    let listed: HashSet<String> =
        store.list(None).map_ok(|meta| meta.location.to_string()).try_collect().await.unwrap();
    assert_eq!((listed.len(), stage.calls().len()), (4_990, 101));
    assert!(listed.contains("00/0") && listed.contains("09/4989"));
}
