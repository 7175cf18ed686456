//! Bytes that go to files and come from files are the same bytes, also when a fault holds some of them back.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

mod support;

use dingtalk_storage_emulator::{Emulator, Fault, FaultKind};
use reqwest::Method;
use support::Drive;

fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let next = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    std::iter::repeat_with(next).take(length).collect()
}

#[tokio::test]
async fn files_larger_than_every_buffer_come_back_whole() {
    let folder = tempfile::tempdir().unwrap();
    let drive = Drive::of(Emulator::builder().folder(folder.path())).await;
    let (space, root) = drive.space("disk").await;
    let bytes = noise((5 << 20) + 123);
    let file = drive.file(&root, "large.bin", bytes.clone()).await;
    let id = file["id"].as_str().unwrap();
    assert!(drive.download(&space, id).await == bytes);
    let get = async |range: &str| {
        let info = drive.download_info(&space, id).await;
        let answer = drive.signed(Method::GET, &info).header("range", range).send().await.unwrap();
        answer.bytes().await.unwrap()
    };
    assert!(get("bytes=1048570-3145739").await == bytes[1_048_570..=3_145_739]);
    // A fault that splits what was read holds the rest back, and must not mix it up with what is read next.
    let fault = FaultKind::StallAnswer { at: 1_500_001, millis: Some(1) };
    drive.emulator.add_fault(Fault::new(fault).on("storage.GetObject"));
    assert!(get("bytes=0-").await == bytes);
    drive.emulator.add_fault(Fault::new(FaultKind::FlipBit { bit: 8 * 3_000_000 }).on("storage.GetObject"));
    let flipped = get("bytes=0-").await;
    let wrong: Vec<usize> = (0..bytes.len()).filter(|place| flipped[*place] != bytes[*place]).collect();
    assert_eq!(wrong, [3_000_000]);
    drive.emulator.stop().await;
}

#[tokio::test]
async fn what_is_replaced_or_cut_off_leaves_no_file_behind() {
    let folder = tempfile::tempdir().unwrap();
    let drive = Drive::of(Emulator::builder().folder(folder.path())).await;
    let (_, root) = drive.space("disk").await;
    let info = drive.upload_info(&root).await;
    for _ in 0..3 {
        assert_eq!(drive.put(&info, noise(10_000)).await.status(), 200);
    }
    drive.emulator.add_fault(Fault::new(FaultKind::ResetRequest { at: 1 }).on("storage.PutObject"));
    let cut = drive.signed(Method::PUT, &info["headerSignatureInfo"]).body(noise(3_000_000)).send().await;
    assert!(cut.is_err());
    let files = || std::fs::read_dir(folder.path().join("blobs")).unwrap().count();
    drive.commit(&root, &info, "a.bin").await.ok();
    assert_eq!(files(), 1);
    drive.emulator.stop().await;
    let drive = Drive::of(Emulator::builder().folder(folder.path())).await;
    assert_eq!(files(), 1);
    drive.emulator.stop().await;
}
