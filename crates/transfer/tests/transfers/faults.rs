//! What goes wrong on the way to the storage.

use dingtalk_storage_emulator::{Fault, FaultKind};
use dingtalk_storage_transfer::Error;

use crate::stage::{Stage, bytes};

#[tokio::test]
async fn a_broken_put_is_sent_again_and_committed_once() {
    let kinds = [
        FaultKind::ResetBefore,
        FaultKind::ResetRequest { at: 10 },
        FaultKind::ApplyThenDrop,
        FaultKind::ExpireUrl,
        FaultKind::BreakSignature,
        FaultKind::WrongCrc,
        FaultKind::Status { status: 500, code: None, retry_after: None },
        FaultKind::ApplyThenStatus { status: 503, code: None },
    ];
    let stage = Stage::new().await;
    for (done, kind) in kinds.into_iter().enumerate() {
        stage.fault(kind.clone(), "storage.PutObject");
        let uploaded = stage.drive.upload(bytes(1000)).to(&stage.root).name(format!("{done}.bin")).send().await;
        let uploaded = uploaded.unwrap_or_else(|error| panic!("{kind:?}: {error}"));
        assert!(stage.emulator.missed_faults().is_empty(), "{kind:?}");
        assert_eq!(stage.commits(), done + 1, "{kind:?}");
        assert_eq!(stage.content(&uploaded.entry).await, bytes(1000), "{kind:?}");
    }
}

#[tokio::test]
async fn a_dead_first_url_costs_no_call_of_the_api() {
    let stage = Stage::new().await;
    stage.fault(FaultKind::DeadUrl, "storage_v2.GetFileUploadInfo");
    stage.drive.upload(bytes(1000)).to(&stage.root).name("a.bin").send().await.unwrap();
    assert!(stage.emulator.missed_faults().is_empty());
    assert_eq!(stage.api_calls(), ["storage_v2.GetFileUploadInfo", "storage_v2.CommitFile"]);
}

#[tokio::test]
async fn bytes_that_stay_damaged_are_never_committed() {
    let stage = Stage::new().await;
    stage.emulator.add_fault(Fault::new(FaultKind::WrongCrc).on("storage.PutObject").always());
    let damaged = stage.drive.upload(bytes(1000)).to(&stage.root).name("a.bin").send().await.unwrap_err();
    assert!(matches!(damaged, Error::Damaged { .. }), "{damaged}");
    assert!(damaged.to_string().contains("transfer it again"), "{damaged}");
    assert_eq!(stage.commits(), 0);
    assert_eq!(stage.emulator.calls("storage_v2.CommitFile"), 0);
}

#[tokio::test]
async fn an_upload_without_a_checksum_says_so() {
    let stage = Stage::new().await;
    stage.fault(FaultKind::NoCrc, "storage.PutObject");
    let uploaded = stage.drive.upload(bytes(1000)).to(&stage.root).name("a.bin").send().await.unwrap();
    assert!(!uploaded.integrity.is_verified());
}

#[tokio::test]
async fn a_storage_that_never_answers_is_given_up_and_nothing_is_committed() {
    let stage = Stage::new().await;
    stage.emulator.add_fault(Fault::new(FaultKind::ResetBefore).on("storage.PutObject").always());
    let failed = stage.drive.upload(bytes(1000)).to(&stage.root).name("a.bin").send().await.unwrap_err();
    assert!(matches!(failed, Error::Api(_)), "{failed}");
    assert_eq!(stage.emulator.calls("storage_v2.CommitFile"), 0);
}
