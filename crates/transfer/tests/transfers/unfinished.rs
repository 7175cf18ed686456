//! Transfers that stopped: what there is, going on by the journal alone, and forgetting.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dingtalk_storage::types::{AppProperty, ConflictStrategy, PropertyVisibility};
use dingtalk_storage_emulator::{Fault, FaultKind};
use dingtalk_storage_transfer::{
    Category, Direction, Drive, Entry, Error, Resumed, Start, StoredName, Unfinished, Uploaded,
};
use tempfile::TempDir;

use crate::stage::{PART, Stage, ada, bytes};

const PARTS: u64 = 10;
const LENGTH: u64 = PARTS * PART - 7;

async fn one_at_a_time() -> Stage {
    Stage::with(|drive| drive.single_put(PART).part_size(PART).parts_at_once(1)).await
}

/// Refuses the storage's work for good after three parts.
fn stop_after_three(stage: &Stage, operation: &str) {
    let refusal = FaultKind::Status { status: 400, code: None, retry_after: None };
    stage.emulator.add_fault(Fault::new(refusal).on(operation).nth(4).always());
}

/// An upload that stopped, of a file in a folder of its own.
async fn stopped_upload(stage: &Stage) -> (TempDir, PathBuf, Error) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("local.bin");
    std::fs::write(&path, bytes(LENGTH)).unwrap();
    stop_after_three(stage, "storage.UploadPart");
    let upload = stage.drive.upload(&path).to(&stage.root).name("a.bin");
    let upload = upload.on_conflict(ConflictStrategy::Overwrite);
    let property = AppProperty::new("key", "value", PropertyVisibility::Public);
    let error = upload.app_properties([property]).marked().send().await.unwrap_err();
    stage.emulator.clear_faults();
    (folder, path, error)
}

/// A download that stopped, to a file in a folder of its own.
async fn stopped_download(stage: &Stage) -> (TempDir, PathBuf, Error, Entry) {
    let upload = stage.drive.upload(bytes(LENGTH)).to(&stage.root).name("remote.bin");
    let entry = upload.send().await.unwrap().entry;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("here.bin");
    stop_after_three(stage, "storage.GetObject");
    let error = stage.drive.download(&entry).to_path(&path).await.unwrap_err();
    stage.emulator.clear_faults();
    (folder, path, error, entry)
}

fn names(folder: &Path) -> usize {
    folder.read_dir().unwrap().count()
}

async fn only(drive: &Drive) -> Unfinished {
    let mut all = drive.unfinished().await.unwrap();
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

#[tokio::test]
async fn an_upload_goes_on_by_its_journal_as_it_was_begun() {
    let stage = one_at_a_time().await;
    let before = stage.drive.upload(bytes(3)).to(&stage.root).name("a.bin").send().await.unwrap();
    let (_folder, path, error) = stopped_upload(&stage).await;
    let noted = stage.journals().concat();
    assert!(noted.contains(r#""name":"key","value":"value","visibility":"PUBLIC""#), "{noted}");
    let drive = stage.another_drive();
    let unfinished = only(&drive).await;
    assert_eq!(Some(unfinished.journal.as_path()), error.journal());
    assert_eq!((unfinished.direction, unfinished.name.as_str()), (Direction::Up, "a.bin"));
    assert_eq!((&unfinished.local, unfinished.is_running), (&path.canonicalize().unwrap(), false));
    assert_eq!((unfinished.done, unfinished.total), (3 * PART, LENGTH));

    let told = Arc::new(AtomicU64::new(0));
    let last = Arc::clone(&told);
    let resume =
        drive.resume(&unfinished.journal).on_progress(move |progress| last.store(progress.done, Ordering::Relaxed));
    let Resumed::Uploaded(uploaded) = resume.await.unwrap() else { panic!("it was an upload") };
    let Uploaded { entry, name, start, .. } = *uploaded;
    assert_eq!((name, start), (StoredName::AsWished, Start::Resumed { bytes: 3 * PART }));
    assert_eq!(
        (entry.uuid.as_str(), entry.version),
        (before.entry.uuid.as_str(), Some(2)),
        "it replaces, as it was to"
    );
    assert_eq!(told.load(Ordering::Relaxed), LENGTH);
    assert!(stage.content(&entry).await == bytes(LENGTH));
    assert!(drive.unfinished().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_download_goes_on_by_its_journal_as_it_was_begun() {
    let stage = one_at_a_time().await;
    let (folder, path, error, _) = stopped_download(&stage).await;
    assert_eq!(names(folder.path()), 1, "the bytes so far, and no journal");
    let drive = stage.another_drive();
    let unfinished = only(&drive).await;
    assert_eq!(Some(unfinished.journal.as_path()), error.journal());
    assert_eq!((unfinished.direction, unfinished.name.as_str()), (Direction::Down, "remote.bin"));
    assert_eq!((unfinished.done, unfinished.total), (3 * PART, LENGTH));
    stage.emulator.clear_journal();
    let Resumed::Downloaded(downloaded) = drive.resume(&unfinished.journal).await.unwrap() else {
        panic!("it was a download")
    };
    assert_eq!((downloaded.size, downloaded.resumed), (LENGTH, 3 * PART));
    assert!(downloaded.integrity.is_verified());
    assert_eq!(stage.emulator.calls("storage.GetObject"), 7);
    assert!(std::fs::read(&path).unwrap() == bytes(LENGTH));
    assert!(drive.unfinished().await.unwrap().is_empty() && stage.journals().is_empty());
}

/// What an earlier try has brought must not be lost by one that fails at once.
#[tokio::test]
async fn a_download_that_fails_at_once_loses_nothing() {
    let stage = one_at_a_time().await;
    let (_folder, path, ..) = stopped_download(&stage).await;
    let journal = only(&stage.drive).await.journal;
    stage.fault(
        FaultKind::Status { status: 403, code: Some("permissionDenied".into()), retry_after: None },
        "storage_v1.GetFileDownloadInfo",
    );
    let refused = stage.drive.resume(&journal).await.unwrap_err();
    assert_eq!((refused.category(), refused.journal()), (Category::Access, Some(journal.as_path())));
    let Resumed::Downloaded(downloaded) = stage.drive.resume(&journal).await.unwrap() else { panic!() };
    assert_eq!(downloaded.resumed, 3 * PART);
    assert!(std::fs::read(&path).unwrap() == bytes(LENGTH));
}

#[tokio::test]
async fn what_is_forgotten_leaves_nothing_and_what_runs_cannot_be() {
    let stage = one_at_a_time().await;
    let (_source, _, uploading) = stopped_upload(&stage).await;
    let (folder, _, downloading, entry) = stopped_download(&stage).await;
    assert_eq!(stage.drive.unfinished().await.unwrap().len(), 2);
    for stopped in [uploading, downloading] {
        stage.drive.forget(stopped.journal().unwrap()).await.unwrap();
        let gone = stage.drive.forget(stopped.journal().unwrap()).await.unwrap_err();
        assert_eq!(gone.category(), Category::NotFound, "{gone}");
    }
    assert!(stage.drive.unfinished().await.unwrap().is_empty());
    assert_eq!(names(folder.path()), 0);

    stage
        .emulator
        .add_fault(Fault::new(FaultKind::StallAnswer { at: 10, millis: None }).on("storage.GetObject").nth(5));
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let begun = std::sync::Mutex::new(Some(begun));
    let target = folder.path().join("b.bin");
    let download = stage.drive.download(&entry).on_progress(move |progress| {
        if let Some(begun) = begun.lock().unwrap().take_if(|_| progress.done > 2 * PART) {
            begun.send(()).unwrap();
        }
    });
    let mut download = std::pin::pin!(download.to_path(&target));
    tokio::select! {
        downloaded = &mut download => panic!("it is over: {downloaded:?}"),
        begun = has_begun => begun.unwrap(),
    }
    let running = only(&stage.another_drive()).await;
    assert!(running.is_running);
    let refused = stage.drive.forget(&running.journal).await.unwrap_err();
    assert!(matches!(&refused, Error::InUse { path } if path.ends_with("b.bin")), "{refused}");
    let refused = stage.drive.resume(&running.journal).await.unwrap_err();
    assert_eq!(refused.category(), Category::Conflict, "{refused}");
}

#[tokio::test]
async fn what_is_no_journal_of_the_drive_or_another_persons_is_refused() {
    let stage = one_at_a_time().await;
    let (_folder, _, error) = stopped_upload(&stage).await;
    let journal = error.journal().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = elsewhere.path().join(journal.file_name().unwrap());
    std::fs::copy(journal, &copy).unwrap();
    let torn = journal.with_file_name("0.journal");
    std::fs::write(&torn, &std::fs::read(journal).unwrap()[..40]).unwrap();
    let person = stage.emulator.credentials().users[1].union_id.clone();
    let other = ada(&stage.emulator).runtime().clone();
    let other = dingtalk_storage::Client::from(other).operator(&person.as_str().into());
    let other = Drive::builder(&other).state_dir(stage.state.path()).build();
    for (drive, journal) in [
        (&stage.drive, copy.as_path()),
        (&stage.drive, &torn),
        (&stage.drive, Path::new("missing.journal")),
        (&stage.drive, Path::new("/")),
        (&other, journal),
    ] {
        let refused = drive.resume(journal).await.unwrap_err();
        assert!(matches!(refused, Error::NotATransfer { .. }), "{refused}");
    }
    assert_eq!(stage.drive.unfinished().await.unwrap().len(), 1, "a torn beginning is none");
}
