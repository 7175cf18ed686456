//! Files written: at once, in pieces, under conditions, and not at all.

use dingtalk_storage_emulator::{Fault, FaultKind};
use opendal_core::ErrorKind;
use opendal_testkit::WriteChecker;

use crate::stage::Stage;

/// `write`, `write_can_empty`, `create_dir` by need.
#[tokio::test]
async fn a_write_is_one_commit_and_replaces() {
    let stage = Stage::new().await;
    stage.operator.write("a/b/c.txt", "one").await.unwrap();
    let written = stage.operator.write("a/b/c.txt", "two, longer").await.unwrap();
    assert_eq!(stage.text("a/b/c.txt").await, "two, longer");
    let now = stage.operator.stat("a/b/c.txt").await.unwrap();
    assert_eq!((written.etag(), written.content_length()), (now.etag(), 11));
    assert_eq!(stage.emulator.effects("file.committed") + stage.emulator.effects("file.versioned"), 2);
    stage.operator.write("empty", "").await.unwrap();
    assert_eq!(stage.operator.stat("empty").await.unwrap().content_length(), 0);
    assert_eq!(stage.operator.read("empty").await.unwrap().len(), 0);
    assert_eq!(stage.operator.write("a/b/", "x").await.unwrap_err().kind(), ErrorKind::IsADirectory);
}

/// `write_can_multi`: pieces of any size.
#[tokio::test]
async fn pieces_are_one_upload() {
    let stage = Stage::new().await;
    let sizes = [1, 5 << 20, 3, 8 << 20, 4 << 20, 7];
    let checker = WriteChecker::new(sizes.to_vec());
    let mut writer = stage.operator.writer("pieces").await.unwrap();
    for piece in checker.chunks() {
        writer.write(piece.clone()).await.unwrap();
    }
    let metadata = writer.close().await.unwrap();
    assert_eq!(metadata.content_length(), sizes.iter().map(|size| *size as u64).sum::<u64>());
    checker.check(&stage.operator.read("pieces").await.unwrap().to_vec());
    assert_eq!(stage.emulator.effects("file.committed"), 1);
}

#[tokio::test]
async fn what_is_dropped_or_aborted_commits_nothing() {
    let stage = Stage::new().await;
    let mut aborted = stage.operator.writer("aborted").await.unwrap();
    aborted.write(vec![1_u8; 20 << 20]).await.unwrap();
    aborted.abort().await.unwrap();
    let mut dropped = stage.operator.writer("dropped").await.unwrap();
    dropped.write(vec![1_u8; 20 << 20]).await.unwrap();
    drop(dropped);
    stage.operator.write("other", "x").await.unwrap();
    assert_eq!(stage.emulator.effects("file.committed"), 1);
    assert!(!stage.operator.exists("aborted").await.unwrap() && !stage.operator.exists("dropped").await.unwrap());
}

/// `write_with_if_not_exists`.
#[tokio::test]
async fn a_name_that_is_taken_is_refused_on_wish() {
    let stage = Stage::new().await;
    stage.operator.write_with("a", "one").if_not_exists(true).await.unwrap();
    let taken = stage.operator.write_with("a", "two").if_not_exists(true).await.unwrap_err();
    assert_eq!(taken.kind(), ErrorKind::ConditionNotMatch, "{taken}");
    assert_eq!(stage.text("a").await, "one");
}

/// A failure is the same whoever asks, and never one that a retry layer sends again.
#[tokio::test]
async fn failures_are_permanent_and_say_why() {
    let stage = Stage::new().await;
    let refuse = FaultKind::Status { status: 403, code: Some("permissionDenied".into()), retry_after: None };
    stage.emulator.add_fault(Fault::new(refuse).on("storage_v2.GetFileUploadInfo").always());
    let refused = stage.operator.write("a", "one").await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::PermissionDenied, "{refused}");
    assert!(!refused.is_temporary());
    stage.emulator.clear_faults();
    // The answers to both commits are lost: nobody knows, and nobody may try again.
    stage.emulator.add_fault(Fault::new(FaultKind::ApplyThenDrop).on("storage_v2.CommitFile"));
    stage.operator.write("b", "one").await.unwrap();
    assert_eq!(stage.emulator.effects("file.committed"), 1);
}
