//! Uploads in parts: committed once when they are completed, and never else.

use std::time::Duration;

use dingtalk_storage_emulator::{Fault, FaultKind};
use object_store::{ObjectStoreExt, PutPayload, WriteMultipart};

use crate::stage::{Stage, path};

fn part(letter: u8) -> PutPayload {
    vec![letter; 5 << 20].into()
}

#[tokio::test]
async fn what_is_dropped_or_aborted_commits_nothing() {
    let stage = Stage::new().await;
    let mut dropped = stage.store.put_multipart(&path("dropped")).await.unwrap();
    dropped.put_part(part(b'a')).await.unwrap();
    // Never waited for.
    let waiting = dropped.put_part(part(b'b'));
    drop(dropped);
    assert!(waiting.await.is_ok() || stage.emulator.effects("file.committed") == 0);

    let mut aborted = stage.store.put_multipart(&path("aborted")).await.unwrap();
    for _ in 0..5 {
        aborted.put_part(part(b'a')).await.unwrap();
    }
    aborted.abort().await.unwrap();
    assert!(aborted.put_part(part(b'a')).await.is_err());
    assert!(aborted.complete().await.is_err() && aborted.abort().await.is_ok());

    // Time for what might still be on its way.
    stage.store.put(&path("other"), "x".into()).await.unwrap();
    assert_eq!(stage.emulator.effects("file.committed"), 1);
    for name in ["dropped", "aborted"] {
        assert!(matches!(stage.store.head(&path(name)).await, Err(object_store::Error::NotFound { .. })), "{name}");
    }
}

#[tokio::test]
async fn parts_need_not_be_waited_for_and_a_lost_answer_makes_no_second_file() {
    let stage = Stage::new().await;
    stage.emulator.add_fault(Fault::new(FaultKind::ApplyThenDrop).on("storage_v2.CommitFile"));
    let mut upload = stage.store.put_multipart(&path("in/parts")).await.unwrap();
    let waiting: Vec<_> = (b'a'..b'f').map(|letter| upload.put_part(part(letter))).collect();
    let put = upload.complete().await.unwrap();
    for part in waiting {
        part.await.unwrap();
    }
    assert_eq!(stage.emulator.effects("file.committed"), 1);
    assert!(upload.complete().await.is_err() && upload.abort().await.is_err(), "it is there");
    let object = stage.store.get(&path("in/parts")).await.unwrap();
    assert_eq!((object.meta.size, &object.meta.e_tag), (25 << 20, &put.e_tag));
    let bytes = object.bytes().await.unwrap();
    for (at, letter) in (b'a'..b'f').enumerate() {
        assert!(bytes[at * (5 << 20)..(at + 1) * (5 << 20)].iter().all(|byte| *byte == letter), "part {at}");
    }
}

/// Why it failed is told to who waits for a part as well as to who completes.
#[tokio::test]
async fn a_failed_upload_says_why_everywhere() {
    let stage = Stage::new().await;
    let refuse = FaultKind::Status { status: 403, code: Some("permissionDenied".into()), retry_after: None };
    stage.emulator.add_fault(Fault::new(refuse).on("storage_v1.InitMultipartFileUpload").always());
    let mut upload = stage.store.put_multipart(&path("refused")).await.unwrap();
    let mut failure = None;
    for _ in 0..100 {
        if let Err(error) = upload.put_part(part(b'a')).await {
            failure = Some(error);
            break;
        }
    }
    for error in [failure.unwrap(), upload.complete().await.unwrap_err()] {
        assert!(matches!(error, object_store::Error::PermissionDenied { .. }), "{error}");
    }
    assert_eq!(stage.emulator.effects("file.committed"), 0);
}

/// What goes on after a failure by aborting tells why it failed, and not that there is nothing to abort.
#[tokio::test]
async fn a_writer_that_aborts_after_a_failure_tells_the_failure() {
    let stage = Stage::new().await;
    let refuse = FaultKind::Status { status: 403, code: Some("permissionDenied".into()), retry_after: None };
    stage.emulator.add_fault(Fault::new(refuse).on("storage_v2.CommitFile").always());
    let mut writer = WriteMultipart::new(stage.store.put_multipart(&path("refused")).await.unwrap());
    writer.write(b"x");
    let error = writer.finish().await.unwrap_err();
    assert!(matches!(error, object_store::Error::PermissionDenied { .. }), "{error}");
}

#[tokio::test]
async fn no_parts_are_an_empty_object_and_tiny_ones_one_object() {
    let stage = Stage::new().await;
    stage.store.put_multipart(&path("empty")).await.unwrap().complete().await.unwrap();
    assert_eq!(stage.store.head(&path("empty")).await.unwrap().size, 0);
    let mut upload = stage.store.put_multipart(&path("tiny")).await.unwrap();
    let texts: Vec<String> = (0..2_000).map(|number| format!("{number},")).collect();
    let waiting: Vec<_> = texts.iter().map(|text| upload.put_part(text.clone().into())).collect();
    upload.complete().await.unwrap();
    for part in waiting.into_iter().rev() {
        part.await.unwrap();
    }
    assert_eq!(stage.store.get(&path("tiny")).await.unwrap().bytes().await.unwrap(), texts.concat());
}

/// Who waits for each part holds no more than is on its way: the upload does not take what it cannot send.
#[tokio::test]
async fn parts_are_taken_no_faster_than_they_are_sent() {
    let stage = Stage::new().await;
    let stall = FaultKind::StallRequest { at: 0, millis: None };
    stage.emulator.add_fault(Fault::new(stall).on("storage.UploadPart").always());
    let mut upload = stage.store.put_multipart(&path("slow")).await.unwrap();
    let mut taken = 0;
    while let Ok(part) = tokio::time::timeout(Duration::from_secs(2), upload.put_part(part(b'a'))).await {
        part.unwrap();
        taken += 1;
        assert!(taken < 100, "nobody holds them back");
    }
    assert!(taken >= 2, "{taken}");
}
