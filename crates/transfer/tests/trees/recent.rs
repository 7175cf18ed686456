//! Paths for who is content with what was true a short time ago.

use std::time::Duration;

use dingtalk_storage_transfer::{Drive, Entry, Error};

use crate::stage::Stage;

const LIST: &str = "storage_v1.ListDentries";
const GET: &str = "storage_v1.GetDentry";
const AGE: Duration = Duration::from_secs(60);

/// `/a/b/c.txt`, of which the drive knows nothing.
async fn stage() -> (Stage, Entry) {
    let stage = Stage::new().await;
    let another = Drive::new(stage.drive.client());
    let folder = another.paths(&stage.root.space).make_folders("/a/b").await.unwrap();
    let file = another.upload(b"content".as_slice()).to(&folder).name("c.txt").send().await.unwrap().entry;
    stage.emulator.clear_journal();
    (stage, file)
}

/// Lets time go by.
async fn later() {
    tokio::time::pause();
    tokio::time::advance(AGE + Duration::from_secs(1)).await;
    tokio::time::resume();
}

#[tokio::test]
async fn what_was_seen_lately_takes_no_call_also_where_nothing_is() {
    let (stage, file) = stage().await;
    let paths = stage.drive.paths(&stage.root.space).recent(AGE);
    assert_eq!(paths.entry("/a/b/c.txt").await.unwrap().uuid, file.uuid);
    assert!(matches!(paths.entry("/a/b/d.txt").await, Err(Error::NotFound { .. })));
    assert_eq!(paths.children("/a/b").await.unwrap().len(), 1);
    assert!(paths.entry("/a/b/c.txt/").await.is_err());
    assert_eq!(stage.calls(), [LIST; 3]);
}

#[tokio::test]
async fn what_was_seen_long_ago_takes_one_call() {
    let (stage, file) = stage().await;
    let paths = stage.drive.paths(&stage.root.space).recent(AGE);
    paths.entry("/a/b/c.txt").await.unwrap();
    later().await;
    stage.emulator.clear_journal();
    // What is there is asked for itself, what is not there by the list of its folder alone, and then both are known.
    for _ in 0..2 {
        assert_eq!(paths.entry("/a/b/c.txt").await.unwrap().uuid, file.uuid);
        assert!(paths.entry("/a/b/d.txt").await.is_err());
        assert_eq!(paths.children("/a/b").await.unwrap().len(), 1);
    }
    assert_eq!(stage.calls(), [GET, LIST]);
    // A folder that could be listed is there.
    later().await;
    stage.emulator.clear_journal();
    assert_eq!(paths.children("/a/b").await.unwrap().len(), 1);
    assert!(paths.entry("/a/b").await.unwrap().is_folder());
    assert_eq!(stage.calls(), [LIST]);
}

#[tokio::test]
async fn what_others_did_is_seen_after_that_time_and_own_deeds_at_once() {
    let (stage, file) = stage().await;
    let paths = stage.drive.paths(&stage.root.space).recent(AGE);
    let folder = paths.entry("/a/b").await.unwrap();
    paths.children("/a/b").await.unwrap();

    // Own deeds, also of another clone.
    let made = stage.drive.clone().make_folder(&folder, "own").await.unwrap();
    assert_eq!(paths.entry("/a/b/own").await.unwrap().uuid, made.uuid);
    stage.drive.remove(&made).for_good().send().await.unwrap();
    assert!(paths.entry("/a/b/own").await.is_err());

    // Those of others: a name taken, a file deleted.
    let another = Drive::new(stage.drive.client());
    another.make_folder(&folder, "theirs").await.unwrap();
    another.remove(&file).for_good().send().await.unwrap();
    assert!(paths.entry("/a/b/theirs").await.is_err());
    assert!(paths.entry("/a/b/c.txt").await.is_ok());
    later().await;
    assert!(paths.entry("/a/b/theirs").await.is_ok());
    assert!(matches!(paths.entry("/a/b/c.txt").await, Err(Error::NotFound { .. })));

    // A folder on the way became another one.
    another.remove(&folder).for_good().send().await.unwrap();
    another.paths(&stage.root.space).forget_all();
    another.paths(&stage.root.space).make_folders("/a/b/new").await.unwrap();
    later().await;
    assert_eq!(paths.children("/a/b").await.unwrap().len(), 1);
    assert!(paths.entry("/a/b/new").await.unwrap().is_folder());
}

/// A folder that others have renamed is asked for by its id as well as before: it is noticed all the same.
#[tokio::test]
async fn a_folder_that_others_renamed_is_no_more_listed_under_its_old_name() {
    let (stage, _) = stage().await;
    let paths = stage.drive.paths(&stage.root.space).recent(AGE);
    assert_eq!(paths.children("/a/b").await.unwrap().len(), 1);
    let another = Drive::new(stage.drive.client());
    let folder = another.paths(&stage.root.space).resolve("/a/b").await.unwrap();
    another.rename(&folder, "theirs").await.unwrap();
    // Who looks all the time never waits for long enough to ask for the folder itself.
    later().await;
    assert!(matches!(paths.children("/a/b").await, Err(Error::NotFound { .. })));
    assert_eq!(paths.children("/a/theirs").await.unwrap().len(), 1);
}
