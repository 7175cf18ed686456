//! Names that one side cannot hold, and names that several have.

use dingtalk_storage_emulator::{Fault, FaultKind};
use futures_util::{StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt};

use crate::stage::{Stage, path};

#[tokio::test]
async fn what_the_drive_does_not_take_comes_back_as_it_was() {
    let stage = Stage::new().await;
    let locations = ["a*b/c?.txt", "end.", " blanks ", "<tag>|\"quote\"", "a\\b", "100%.csv", "it‛s", "‛＊"];
    for location in locations {
        stage.store.put(&path(location), location.into()).await.unwrap();
        let bytes = stage.store.get(&path(location)).await.unwrap().bytes().await.unwrap();
        assert_eq!(bytes, location);
    }
    let mut listed: Vec<Path> = stage.store.list(None).map_ok(|meta| meta.location).try_collect().await.unwrap();
    let mut expected: Vec<Path> = locations.iter().map(|location| path(location)).collect();
    listed.sort_unstable();
    expected.sort_unstable();
    assert_eq!(listed, expected);
}

/// The others are listed all the same.
#[tokio::test]
async fn a_name_that_no_object_can_have_is_an_error_of_its_own() {
    let stage = Stage::new().await;
    let root = stage.drive.paths(&stage.space).root().await.unwrap();
    for name in ["a.txt", "a‛／b.txt", "z.txt"] {
        stage.drive.upload(b"x".to_vec()).to(&root).name(name).send().await.unwrap();
    }
    let listed: Vec<_> = stage.store.list(None).collect().await;
    let (good, bad): (Vec<_>, Vec<_>) = listed.into_iter().partition(Result::is_ok);
    assert_eq!((good.len(), bad.len()), (2, 1));
    let told = bad.into_iter().next().unwrap().unwrap_err().to_string();
    assert!(told.contains("a‛／b.txt") && told.contains("rename it"), "{told}");
    assert!(stage.store.list_with_delimiter(None).await.is_err());
}

/// The emulator has no two of a name; the answers of a list are made to.
#[tokio::test]
async fn two_files_of_one_name_are_listed_and_never_chosen_from() {
    let stage = Stage::with(|store| store.with_freshness(std::time::Duration::ZERO)).await;
    stage.store.put(&path("one"), "1".into()).await.unwrap();
    stage.store.put(&path("two"), "2".into()).await.unwrap();
    stage.drive.paths(&stage.space).forget_all();
    let calls = stage.drive.client().storage_v1();
    let by_folder = calls.list_dentries(&stage.space, &"0".into()).send().await.unwrap().dentries;
    let flat = calls.list_all_dentries(&stage.space).send().await.unwrap().dentries;
    for (operation, dentries) in [("storage_v1.ListDentries", by_folder), ("storage_v1.ListAllDentries", flat)] {
        let place = dentries.iter().position(|dentry| dentry.name == "two").unwrap();
        let rename = FaultKind::MutateJson { pointer: format!("/dentries/{place}/name"), value: Some("one".into()) };
        stage.emulator.add_fault(Fault::new(rename).on(operation).always());
    }
    let listed: Vec<Path> = stage.store.list(None).map_ok(|meta| meta.location).try_collect().await.unwrap();
    assert_eq!(listed, [path("one"), path("one")]);
    for error in [
        stage.store.get(&path("one")).await.unwrap_err(),
        stage.store.delete(&path("one")).await.unwrap_err(),
        stage.store.rename(&path("one"), &path("three")).await.unwrap_err(),
    ] {
        assert!(matches!(&error, Error::Generic { .. }) && error.to_string().contains("several entries"), "{error}");
    }
    assert_eq!(stage.emulator.effects("entry.recycled"), 0);
}
