//! Large files.

use std::io::Cursor;

use dingtalk_storage_emulator::FaultKind;
use dingtalk_storage_transfer::Source;

use crate::stage::{PART, Stage, bytes};

/// Calls of an upload in so many parts.
fn calls(parts: usize) -> Vec<&'static str> {
    let mut calls = vec!["storage_v1.InitMultipartFileUpload"];
    calls.extend(vec!["storage_v1.GetMultipartFileUploadInfos"; parts.div_ceil(30)]);
    calls.push("storage_v2.CommitFile");
    calls
}

#[tokio::test]
async fn n_parts_take_two_calls_and_one_for_every_thirty_of_them() {
    let stage = Stage::new().await;
    let folder = tempfile::tempdir().unwrap();
    for (parts, length) in [(2, PART + 1), (2, 2 * PART), (3, 2 * PART + 1), (30, 30 * PART), (31, 30 * PART + 1)] {
        let path = folder.path().join(format!("{length}.bin"));
        std::fs::write(&path, bytes(length)).unwrap();
        stage.emulator.clear_journal();
        let uploaded = stage.drive.upload(&path).to(&stage.root).send().await.unwrap();
        assert_eq!(stage.api_calls(), calls(parts), "{length}");
        assert_eq!(stage.emulator.calls("storage.UploadPart"), parts, "{length}");
        assert!(uploaded.integrity.is_verified());
        assert_eq!(uploaded.entry.size, length);
        assert!(stage.content(&uploaded.entry).await == bytes(length), "{length}");
    }
}

#[tokio::test]
async fn the_checksum_of_the_parts_is_that_of_the_whole() {
    let stage = Stage::new().await;
    let content = bytes(3 * PART + 7);
    let parts = stage.drive.upload(content.clone()).to(&stage.root).name("parts").send().await.unwrap();
    assert_eq!(stage.emulator.calls("storage.UploadPart"), 4);
    let whole = Stage::with(|drive| drive).await;
    let whole = whole.drive.upload(content).to(&whole.root).name("whole").send().await.unwrap();
    assert_eq!(parts.integrity, whole.integrity);
}

#[tokio::test]
async fn a_folder_that_is_known_by_its_uuid_takes_one_call_more() {
    let stage = Stage::new().await;
    stage.drive.upload(bytes(PART + 1)).to(&stage.root.uuid).name("a.bin").send().await.unwrap();
    assert_eq!(stage.api_calls()[0], "doc_v2.GetDentryIdByUuid");
    assert_eq!(stage.api_calls()[1..], calls(2));
}

#[tokio::test]
async fn readers_are_sent_whether_or_not_their_length_is_known() {
    let stage = Stage::new().await;
    for length in [0, 1, PART - 1, PART, PART + 1, 2 * PART, 3 * PART + 1] {
        for known in [false, true] {
            let content = bytes(length);
            let reader = Cursor::new(content.clone());
            let source = if known { Source::sized_reader(length, reader) } else { Source::reader(reader) };
            let name = format!("{length} {known}");
            let uploaded = stage.drive.upload(source).to(&stage.root).name(&name).send().await.unwrap();
            assert_eq!(uploaded.entry.size, length, "{name}");
            assert!(uploaded.integrity.is_verified(), "{name}");
            assert!(stage.content(&uploaded.entry).await == content, "{name}");
        }
    }
}

#[tokio::test]
async fn expired_urls_of_parts_are_renewed_one_by_one() {
    let stage = Stage::new().await;
    stage.fault(FaultKind::ExpireUrl, "storage.UploadPart");
    let content = bytes(5 * PART);
    let uploaded = stage.drive.upload(content.clone()).to(&stage.root).name("a.bin").send().await.unwrap();
    assert!(stage.emulator.missed_faults().is_empty());
    assert_eq!(stage.emulator.calls("storage_v1.GetMultipartFileUploadInfos"), 2);
    assert!(stage.content(&uploaded.entry).await == content);
    assert_eq!(stage.commits(), 1);
}

#[tokio::test]
async fn a_part_whose_connection_breaks_is_sent_again() {
    let stage = Stage::new().await;
    let content = bytes(5 * PART);
    for kind in [
        FaultKind::ResetBefore,
        FaultKind::ResetRequest { at: 1000 },
        FaultKind::ApplyThenDrop,
        FaultKind::WrongCrc,
        FaultKind::Status { status: 503, code: None, retry_after: None },
    ] {
        stage.fault(kind.clone(), "storage.UploadPart");
        let upload =
            stage.drive.upload(content.clone()).to(&stage.root).name(format!("{kind:?}").replace(['"', ':'], ""));
        let uploaded = upload.send().await.unwrap();
        assert!(stage.emulator.missed_faults().is_empty(), "{kind:?}");
        assert!(stage.content(&uploaded.entry).await == content, "{kind:?}");
    }
    assert_eq!(stage.commits(), 5);
}
