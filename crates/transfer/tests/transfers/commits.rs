//! Commits whose answer is lost.

use std::collections::HashSet;

use dingtalk_storage::types::ConflictStrategy;
use dingtalk_storage_emulator::{Fault, FaultKind};
use dingtalk_storage_transfer::{Drive, Error, Start, StoredName, Upload};
use futures_util::{StreamExt, TryStreamExt};

use crate::stage::{PART, Stage, bytes};

#[tokio::test]
async fn a_lost_answer_gives_the_same_entry_and_no_second_file() {
    let stage = Stage::new().await;
    for (round, length) in [10, 10, PART, 3 * PART].into_iter().enumerate() {
        stage.emulator.clear_journal();
        stage.fault(FaultKind::ApplyThenDrop, "storage_v2.CommitFile");
        let uploaded = stage.drive.upload(bytes(length)).to(&stage.root).name("a.bin").send().await.unwrap();
        assert!(stage.emulator.missed_faults().is_empty());
        assert_eq!(stage.commits(), 1, "{round}");
        assert_eq!(stage.api_calls().last().unwrap(), "storage_v1.ListDentries", "one call more");
        assert_eq!(uploaded.name == StoredName::AsWished, round == 0, "{:?}", uploaded.entry.name);
        assert!(stage.content(&uploaded.entry).await == bytes(length), "{round}");
    }
}

#[tokio::test]
async fn a_folder_that_is_known_by_its_uuid_takes_two_calls_to_find_out() {
    let stage = Stage::new().await;
    stage.fault(FaultKind::ApplyThenDrop, "storage_v2.CommitFile");
    stage.drive.upload(bytes(10)).to(&stage.root.uuid).name("a.bin").send().await.unwrap();
    assert_eq!(stage.api_calls().len(), 4);
    assert_eq!(stage.commits(), 1);
}

#[tokio::test]
async fn a_commit_that_never_arrived_is_made_once_more() {
    let stage = Stage::new().await;
    stage.fault(FaultKind::ResetRequest { at: 1 }, "storage_v2.CommitFile");
    let uploaded = stage.drive.upload(bytes(10)).to(&stage.root).name("a.bin").send().await.unwrap();
    assert!(stage.emulator.missed_faults().is_empty());
    assert_eq!(uploaded.name, StoredName::AsWished);
    assert_eq!((stage.commits(), stage.emulator.calls("storage_v2.CommitFile")), (1, 2));
}

#[tokio::test]
async fn when_it_cannot_be_told_the_error_says_where_to_look() {
    let stage = Stage::new().await;
    stage.fault(FaultKind::ApplyThenDrop, "storage_v2.CommitFile");
    stage.emulator.add_fault(Fault::new(FaultKind::ResetBefore).on("storage_v1.ListDentries").always());
    let error = stage.drive.upload(bytes(10)).to(&stage.root).name("a.bin").send().await.unwrap_err();
    assert!(error.to_string().contains(stage.root.uuid.as_str()), "{error}");
    assert!(matches!(error, Error::CommitUnknown { name, size: 10, .. } if name == "a.bin"));
    assert_eq!((stage.commits(), stage.emulator.calls("storage_v2.CommitFile")), (1, 1));
}

#[tokio::test]
async fn an_older_file_of_the_same_name_and_size_is_not_taken_for_the_lost_one() {
    let stage = Stage::new().await;
    let first = stage.drive.upload(bytes(10)).to(&stage.root).name("a.bin").send().await.unwrap();
    stage.fault(FaultKind::ResetRequest { at: 1 }, "storage_v2.CommitFile");
    let second = stage.drive.upload(bytes(10)).to(&stage.root).name("a.bin").send().await.unwrap();
    assert_ne!(first.entry.uuid, second.entry.uuid);
    assert_eq!(stage.commits(), 2);
}

#[tokio::test]
async fn every_lost_answer_of_many_gives_its_own_file() {
    let many: usize = std::env::var("TRANSFER_LOST").ok().and_then(|many| many.parse().ok()).unwrap_or(100);
    let stage = Stage::new().await;
    stage.emulator.add_fault(Fault::new(FaultKind::ApplyThenDrop).on("storage_v2.CommitFile").always());
    let uploads = (0..many).map(|number| {
        let content = bytes(10 + number as u64);
        stage.drive.upload(content).to(&stage.root).name(format!("{number}.bin")).send()
    });
    let uploaded: Vec<_> = futures_util::stream::iter(uploads).buffered(4).try_collect().await.unwrap();
    for (number, uploaded) in uploaded.iter().enumerate() {
        assert_eq!((&uploaded.name, uploaded.entry.size), (&StoredName::AsWished, 10 + number as u64));
        assert_eq!(uploaded.entry.name, format!("{number}.bin"));
    }
    assert_eq!((stage.commits(), stage.emulator.calls("storage_v2.CommitFile")), (many, many));
    assert_eq!(stage.api_calls().len(), 3 * many, "one call more for each");
}

#[tokio::test]
async fn marked_uploads_of_one_name_and_one_size_are_told_apart() {
    let stage = Stage::new().await;
    stage.emulator.add_fault(Fault::new(FaultKind::ApplyThenDrop).on("storage_v2.CommitFile").always());
    // Drives that know nothing of each other.
    let uploads =
        (0..20).map(|_| stage.another_drive().upload(bytes(10)).to(&stage.root).name("a.bin").marked().send());
    let uploaded = futures_util::future::try_join_all(uploads).await.unwrap();
    let files: HashSet<_> = uploaded.iter().map(|uploaded| uploaded.entry.uuid.as_str()).collect();
    assert_eq!((files.len(), stage.commits()), (20, 20));
}

/// Sends a file in one piece, and drops the upload while its commit is on its way.
async fn dropped_at_commit(stage: &Stage, upload: Upload, kind: FaultKind) {
    stage.fault(kind, "storage_v2.CommitFile");
    let seen = async {
        while stage.commits() == 0 && stage.emulator.missed_faults().len() == 1 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        uploaded = upload.send() => panic!("it was not stopped: {uploaded:?}"),
        () = seen => {}
    }
    stage.emulator.clear_faults();
    stage.emulator.clear_journal();
}

#[tokio::test]
async fn a_file_in_one_piece_that_was_dropped_at_its_commit_is_found_and_committed_once() {
    for length in [0, 1, PART] {
        for marked in [false, true] {
            for arrives in [true, false] {
                let stage = Stage::new().await;
                let folder = tempfile::tempdir().unwrap();
                let path = folder.path().join("a.bin");
                std::fs::write(&path, bytes(length)).unwrap();
                let upload = |drive: Drive| {
                    let upload = drive.upload(path.as_path()).to(&stage.root);
                    let upload = upload.on_conflict(ConflictStrategy::ReturnErrorIfExists);
                    if marked { upload.marked() } else { upload }
                };
                let kind = if arrives {
                    FaultKind::ApplyThenStall { millis: None }
                } else {
                    FaultKind::StallRequest { at: 1, millis: None }
                };
                dropped_at_commit(&stage, upload(stage.drive.clone()), kind).await;
                let unfinished = stage.drive.unfinished().await.unwrap();
                assert_eq!((unfinished[0].done, unfinished[0].total), (length, length));

                let uploaded = upload(stage.another_drive()).send().await.unwrap();
                let context = format!("{length} {marked} {arrives} {:?}", stage.api_calls());
                assert_eq!(stage.emulator.calls("storage_v2.CommitFile"), usize::from(!arrives), "{context}");
                // Neither a key nor bytes once more.
                assert_eq!(stage.emulator.calls("storage_v2.GetFileUploadInfo"), 0, "{context}");
                assert!(stage.api_calls().len() <= 2 + usize::from(!arrives), "{context}");
                assert_eq!(uploaded.start, Start::Resumed { bytes: length }, "{context}");
                assert_eq!((uploaded.name, uploaded.integrity.is_verified()), (StoredName::AsWished, true));
                assert!(stage.content(&uploaded.entry).await == bytes(length), "{context}");
                assert!(stage.journals().is_empty());
                // It is done: the next one is another upload, and its name is taken.
                let taken = upload(stage.another_drive()).send().await.unwrap_err();
                assert!(matches!(taken, Error::Api(_)), "{taken}");
                assert!(stage.journals().is_empty(), "a refusal leaves nothing to go on with");
            }
        }
    }
}

#[tokio::test]
async fn a_file_that_was_changed_after_its_commit_was_dropped_is_uploaded_as_it_is_now() {
    let stage = Stage::new().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.bin");
    std::fs::write(&path, bytes(10)).unwrap();
    let upload = stage.drive.upload(path.as_path()).to(&stage.root);
    dropped_at_commit(&stage, upload, FaultKind::ApplyThenStall { millis: None }).await;
    std::fs::write(&path, bytes(11)).unwrap();
    let upload = stage.another_drive().upload(path.as_path()).to(&stage.root);
    let uploaded = upload.on_conflict(ConflictStrategy::Overwrite).send().await.unwrap();
    assert_eq!((uploaded.start, uploaded.entry.size), (Start::Fresh, 11));
    assert!(stage.content(&uploaded.entry).await == bytes(11));
    assert!(stage.journals().is_empty());
}

#[tokio::test]
async fn an_unknown_outcome_of_a_file_in_one_piece_is_found_out_by_the_same_upload() {
    let stage = Stage::new().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.bin");
    std::fs::write(&path, bytes(10)).unwrap();
    stage.fault(FaultKind::ApplyThenDrop, "storage_v2.CommitFile");
    stage.emulator.add_fault(Fault::new(FaultKind::ResetBefore).on("storage_v1.ListDentries").always());
    let error = stage.drive.upload(path.as_path()).to(&stage.root).send().await.unwrap_err();
    assert!(matches!(error, Error::CommitUnknown { .. }), "{error}");
    stage.emulator.clear_faults();
    let uploaded = stage.another_drive().upload(path.as_path()).to(&stage.root).send().await.unwrap();
    assert_eq!((uploaded.name, stage.commits()), (StoredName::AsWished, 1));
    assert!(stage.journals().is_empty());
}
