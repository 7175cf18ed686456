//! Uploads that stop before their end, and go on.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use dingtalk_storage_emulator::{Emulator, Fault, FaultKind};
use dingtalk_storage_transfer::{Error, Start, Upload};
use tempfile::TempDir;
use tokio::sync::Notify;

use crate::stage::{PART, Stage, bytes};

const PARTS: u64 = 10;

/// A file of ten parts.
fn file() -> (TempDir, PathBuf, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let (path, content) = (folder.path().join("a.bin"), bytes(PARTS * PART - 7));
    std::fs::write(&path, &content).unwrap();
    (folder, path, content)
}

/// Sends until the storage has taken some parts, and refuses more than that for good.
async fn stop_after(stage: &Stage, upload: Upload, parts: u64) -> Error {
    let refusal = FaultKind::Status { status: 400, code: None, retry_after: None };
    stage.emulator.add_fault(Fault::new(refusal).on("storage.UploadPart").nth(parts + 1).always());
    let error = upload.send().await.unwrap_err();
    stage.emulator.clear_faults();
    error
}

fn parts_sent(stage: &Stage) -> u64 {
    stage.emulator.effects("part.stored") as u64
}

#[tokio::test]
async fn the_same_upload_goes_on_where_it_stopped_and_says_so() {
    for at in 0..PARTS {
        // One after the other, so that what is stored is known to the part.
        let stage = Stage::with(|drive| drive.single_put(PART).part_size(PART).parts_at_once(1)).await;
        let (_folder, path, content) = file();
        let stopped = stop_after(&stage, stage.drive.upload(&path).to(&stage.root), at).await;
        let Error::Stopped { source, journal, stored, length } = &stopped else { panic!("{stopped}") };
        assert!(matches!(**source, Error::Api(_)), "{source}");
        assert!(journal.starts_with(stage.state.path()) && journal.exists(), "{}", journal.display());
        assert_eq!(*length, content.len() as u64);
        assert_eq!(*stored, at * PART);
        assert!(stopped.to_string().contains(&journal.display().to_string()), "{stopped}");
        assert_eq!(parts_sent(&stage), at);

        // Another process: nothing but the disk is the same.
        stage.emulator.clear_journal();
        let uploaded = stage.another_drive().upload(&path).to(&stage.root).send().await.unwrap();
        assert_eq!(uploaded.start, Start::Resumed { bytes: *stored });
        assert!(uploaded.integrity.is_verified());
        assert_eq!(parts_sent(&stage), PARTS - at);
        assert_eq!(
            stage.api_calls(),
            ["storage_v1.GetMultipartFileUploadInfos", "storage_v2.CommitFile"],
            "nothing is begun again"
        );
        assert!(stage.content(&uploaded.entry).await == content, "{at}");
        assert_eq!(stage.commits(), 1);
        assert!(stage.journals().is_empty());
    }
}

#[tokio::test]
async fn a_dropped_upload_leaves_a_state_to_go_on_from() {
    let stage = Stage::new().await;
    let (_folder, path, content) = file();
    let half = Arc::new(Notify::new());
    let reached = Arc::clone(&half);
    let upload = stage.drive.upload(&path).to(&stage.root).on_progress(move |progress| {
        if progress.done > PARTS / 2 * PART {
            reached.notify_one();
        }
    });
    tokio::select! {
        uploaded = upload.send() => panic!("it was not stopped: {uploaded:?}"),
        () = half.notified() => {}
    }
    assert_eq!(stage.emulator.calls("storage_v2.CommitFile"), 0);
    let before = parts_sent(&stage);
    // The same process, at once.
    let uploaded = stage.drive.upload(&path).to(&stage.root).send().await.unwrap();
    assert!(matches!(uploaded.start, Start::Resumed { bytes } if bytes > 0), "{:?}", uploaded.start);
    let again = parts_sent(&stage) - PARTS;
    assert!(again <= stage.drive.settings().parts_at_once as u64, "{again} parts were sent again of {before}");
    assert!(stage.content(&uploaded.entry).await == content);
    assert_eq!(stage.commits(), 1);
}

#[tokio::test]
async fn a_journal_has_the_key_and_nothing_else_that_is_secret() {
    let stage = Stage::new().await;
    let (_folder, path, _) = file();
    stop_after(&stage, stage.drive.upload(&path).to(&stage.root), 3).await;
    let journals = stage.journals();
    let [journal] = journals.as_slice() else { panic!("{journals:?}") };
    assert!(journal.contains("uploadKey") && journal.contains("a.bin"), "{journal}");
    let lowered = journal.to_lowercase();
    for secret in ["http", "authorization", "signature", "token", "oss ", &stage.emulator.credentials().app_secret] {
        assert!(!lowered.contains(&secret.to_lowercase()), "{secret}: {journal}");
    }
}

#[tokio::test]
async fn a_file_that_was_changed_meanwhile_is_refused_until_it_is_started_over() {
    let stage = Stage::new().await;
    let (_folder, path, mut content) = file();
    stop_after(&stage, stage.drive.upload(&path).to(&stage.root), 3).await;
    stage.emulator.clear_journal();
    let modified = std::fs::metadata(&path).unwrap().modified().unwrap();
    content.reverse();
    // Another file of the same name, size and time.
    let other = path.with_extension("other");
    std::fs::write(&other, &content).unwrap();
    std::fs::OpenOptions::new().write(true).open(&other).unwrap().set_modified(modified).unwrap();
    std::fs::rename(&other, &path).unwrap();
    for _ in 0..2 {
        let refused = stage.another_drive().upload(&path).to(&stage.root).send().await.unwrap_err();
        assert!(matches!(refused, Error::SourceChanged { .. }), "{refused}");
    }
    assert!(stage.emulator.journal().is_empty(), "nothing is sent");
    let uploaded = stage.another_drive().upload(&path).to(&stage.root).start_over().send().await.unwrap();
    assert_eq!(uploaded.start, Start::Fresh);
    assert!(stage.content(&uploaded.entry).await == content);
    assert_eq!(stage.commits(), 1);
    assert!(stage.journals().is_empty());
}

#[tokio::test]
async fn an_upload_that_the_server_has_forgotten_starts_anew_and_says_so() {
    for parts in [3, PARTS] {
        let stage =
            Stage::on(Emulator::builder().virtual_clock(), |drive| drive.single_put(PART).part_size(PART)).await;
        let (_folder, path, content) = file();
        if parts < PARTS {
            stop_after(&stage, stage.drive.upload(&path).to(&stage.root), parts).await;
        } else {
            let refusal = FaultKind::Status { status: 400, code: None, retry_after: None };
            stage.fault(refusal, "storage_v2.CommitFile");
            stage.drive.upload(&path).to(&stage.root).send().await.unwrap_err();
        }
        stage.emulator.advance(Duration::from_secs(48 * 3600));
        let uploaded = stage.another_drive().upload(&path).to(&stage.root).send().await.unwrap();
        assert!(matches!(&uploaded.start, Start::Anew { reason } if reason.contains("uploadKey")), "{uploaded:?}");
        assert!(stage.content(&uploaded.entry).await == content);
        assert_eq!(stage.commits(), 1);
        assert!(stage.journals().is_empty());
    }
}

#[tokio::test]
async fn a_commit_that_comes_when_the_urls_have_expired_asks_for_new_ones() {
    let stage = Stage::on(Emulator::builder().virtual_clock(), |drive| drive.single_put(PART).part_size(PART)).await;
    let (_folder, path, content) = file();
    let refusal = FaultKind::Status { status: 400, code: None, retry_after: None };
    stage.fault(refusal, "storage_v2.CommitFile");
    stage.drive.upload(&path).to(&stage.root).send().await.unwrap_err();
    // The key still works, the signatures do not.
    stage.emulator.advance(Duration::from_secs(2 * 3600));
    stage.emulator.clear_journal();
    let uploaded = stage.another_drive().upload(&path).to(&stage.root).send().await.unwrap();
    assert_eq!(uploaded.start, Start::Resumed { bytes: content.len() as u64 });
    assert_eq!(parts_sent(&stage), 0);
    assert!(stage.content(&uploaded.entry).await == content);
}

#[tokio::test]
async fn a_commit_of_a_process_that_died_is_found_and_not_made_again() {
    for fault in [FaultKind::ApplyThenDrop, FaultKind::ResetRequest { at: 1 }] {
        let stage = Stage::new().await;
        let (_folder, path, content) = file();
        stage.fault(fault.clone(), "storage_v2.CommitFile");
        stage.emulator.add_fault(Fault::new(FaultKind::ResetBefore).on("storage_v1.ListDentries").always());
        let unknown = stage.drive.upload(&path).to(&stage.root).send().await.unwrap_err();
        assert!(matches!(unknown, Error::CommitUnknown { .. }), "{unknown}");
        stage.emulator.clear_faults();
        let uploaded = stage.another_drive().upload(&path).to(&stage.root).send().await.unwrap();
        assert_eq!(uploaded.entry.name, "a.bin", "{fault:?}");
        assert!(uploaded.integrity.is_verified());
        assert!(stage.content(&uploaded.entry).await == content, "{fault:?}");
        assert_eq!(stage.commits(), 1, "{fault:?}");
        assert!(stage.journals().is_empty());
    }
}

#[tokio::test]
async fn a_commit_of_a_process_that_died_whose_file_is_gone_is_never_made_again() {
    let stage = Stage::new().await;
    let (_folder, path, _) = file();
    stage.fault(FaultKind::ApplyThenDrop, "storage_v2.CommitFile");
    stage.emulator.add_fault(Fault::new(FaultKind::ResetBefore).on("storage_v1.ListDentries").always());
    stage.drive.upload(&path).to(&stage.root).send().await.unwrap_err();
    stage.emulator.clear_faults();
    let calls = stage.drive.client().storage_v1();
    let made = calls.list_dentries(&stage.root.space, &stage.root.id).send().await.unwrap().dentries.remove(0);
    calls.rename_dentry(&stage.root.space, &made.id, "moved.bin").send().await.unwrap();
    for _ in 0..2 {
        let unknown = stage.another_drive().upload(&path).to(&stage.root).send().await.unwrap_err();
        assert!(matches!(unknown, Error::CommitUnknown { source: None, .. }), "{unknown}");
    }
    assert_eq!(stage.commits(), 1);
    let uploaded = stage.another_drive().upload(&path).to(&stage.root).start_over().send().await.unwrap();
    assert_eq!(uploaded.entry.name, "a.bin");
    assert_eq!(stage.commits(), 2, "who says so gets another one");
}

#[tokio::test]
async fn the_same_upload_twice_at_once_is_refused_and_another_name_is_not() {
    let stage = Stage::new().await;
    let (_folder, path, _) = file();
    let begun = Arc::new(Notify::new());
    let notes = Arc::clone(&begun);
    let first = stage.drive.upload(&path).to(&stage.root).on_progress(move |_| notes.notify_one());
    let mut first = std::pin::pin!(first.send());
    tokio::select! {
        uploaded = &mut first => panic!("it is over: {uploaded:?}"),
        () = begun.notified() => {}
    }
    let second = stage.another_drive().upload(&path).to(&stage.root).send().await;
    assert!(
        matches!(&second, Err(Error::InUse { path: in_use }) if in_use.ends_with(path.file_name().unwrap())),
        "{second:?}"
    );
    let other = stage.drive.upload(&path).to(&stage.root).name("b.bin").send().await.unwrap();
    assert_eq!((first.await.unwrap().entry.name, other.entry.name), ("a.bin".into(), "b.bin".into()));
    assert_eq!(stage.commits(), 2);
}

#[tokio::test]
async fn a_state_folder_that_cannot_be_written_is_told_and_who_wants_none_gets_none() {
    let stage = Stage::new().await;
    let (folder, path, _) = file();
    let blocked = folder.path().join("a file");
    std::fs::write(&blocked, "").unwrap();
    let settings = |state: &std::path::Path| {
        dingtalk_storage_transfer::Drive::builder(stage.drive.client())
            .state_dir(state)
            .single_put(PART)
            .part_size(PART)
    };
    let refused = settings(&blocked).build().upload(&path).to(&stage.root).send().await.unwrap_err();
    assert!(matches!(refused, Error::Local { .. }), "{refused}");
    let without = settings(stage.state.path()).resume(false).build();
    let error = stop_after(&stage, without.upload(&path).to(&stage.root), 3).await;
    assert!(matches!(error, Error::Api(_)), "{error}");
    assert!(stage.journals().is_empty());
}
