//! What goes wrong on the way: the right bytes come, or a clear error, and nothing is left that nobody can use.

use std::time::Duration;

use dingtalk_storage_emulator::{Fault, FaultKind};
use dingtalk_storage_transfer::Error;

use crate::stage::{PART, Stage, bytes};

const INFO: &str = "storage_v1.GetFileDownloadInfo";
const GET: &str = "storage.GetObject";

/// Every fault of the emulator that an answer of the storage can have.
fn of_the_storage() -> Vec<FaultKind> {
    let at = PART / 2;
    vec![
        FaultKind::Status { status: 500, code: None, retry_after: None },
        FaultKind::Status { status: 503, code: None, retry_after: Some(0) },
        FaultKind::Delay { millis: 5 },
        FaultKind::StallAnswer { at, millis: None },
        FaultKind::StallAnswer { at, millis: Some(5) },
        FaultKind::ResetBefore,
        FaultKind::ResetAnswer { at: 0 },
        FaultKind::ResetAnswer { at },
        FaultKind::ResetAfter,
        FaultKind::ApplyThenDrop,
        FaultKind::ApplyThenStatus { status: 500, code: None },
        FaultKind::ApplyThenStall { millis: None },
        FaultKind::Truncate { at: 0 },
        FaultKind::Truncate { at },
        FaultKind::FlipBit { bit: 8 * at + 3 },
        FaultKind::WrongCrc,
        FaultKind::NoCrc,
        FaultKind::WrongEtag,
        FaultKind::IgnoreRange,
        FaultKind::ExpireUrl,
        FaultKind::BreakSignature,
    ]
}

/// And those of an answer of the API.
fn of_the_api() -> Vec<FaultKind> {
    vec![
        FaultKind::Status { status: 500, code: Some("systemError".into()), retry_after: None },
        FaultKind::Throttle { code: None },
        FaultKind::Delay { millis: 5 },
        FaultKind::StallAnswer { at: 10, millis: Some(5) },
        FaultKind::ResetBefore,
        FaultKind::ResetAnswer { at: 10 },
        FaultKind::ApplyThenDrop,
        FaultKind::Truncate { at: 10 },
        FaultKind::DeadUrl,
        FaultKind::RevokeToken,
        FaultKind::MutateJson { pointer: "/headerSignatureInfo/expirationSeconds".into(), value: None },
        FaultKind::MutateJson { pointer: "/headerSignatureInfo/expirationSeconds".into(), value: Some(0.into()) },
    ]
}

async fn stage() -> Stage {
    Stage::with(|drive| drive.part_size(PART).parts_at_once(2).stall_timeout(Duration::from_millis(400))).await
}

#[tokio::test(start_paused = true)]
async fn every_fault_at_every_step_of_a_download_ends_in_the_right_bytes() {
    let stage = stage().await;
    let content = bytes(4 * PART - 5);
    let file = stage.put("a.bin", &content).await;
    let path = stage.path("a.bin");
    let storage = of_the_storage().into_iter().flat_map(|kind| (1..=4).map(move |nth| (kind.clone(), GET, nth)));
    for (kind, operation, nth) in storage.chain(of_the_api().into_iter().map(|kind| (kind, INFO, 1))) {
        let _ = std::fs::remove_file(&path);
        stage.emulator.clear_faults();
        stage.emulator.add_fault(Fault::new(kind.clone()).on(operation).nth(nth));
        let downloaded = stage.drive.download(&file).to_path(&path).await;
        let downloaded = downloaded.unwrap_or_else(|error| panic!("{kind:?} at {nth}: {error}"));
        assert!(stage.emulator.missed_faults().is_empty(), "{kind:?} at {nth}");
        assert!(std::fs::read(&path).unwrap() == content, "{kind:?} at {nth}");
        assert!(downloaded.integrity.is_verified(), "{kind:?} at {nth}");
        assert_eq!(stage.local_names(), ["a.bin"], "{kind:?} at {nth}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_goes_on_where_it_was_or_says_what_is_wrong() {
    let stage = stage().await;
    let content = bytes(3 * PART + 5);
    let file = stage.put("a.bin", &content).await;
    for kind in of_the_storage() {
        stage.emulator.clear_faults();
        stage.fault(kind.clone(), GET);
        let mut written = Vec::new();
        let downloaded = stage.drive.download(&file).to_writer(&mut written).await;
        match (&kind, downloaded) {
            (FaultKind::FlipBit { .. } | FaultKind::WrongCrc, Err(Error::Damaged { .. })) => {}
            (FaultKind::NoCrc, Ok(downloaded)) => {
                assert!(!downloaded.integrity.is_verified());
                assert!(written == content);
            }
            (_, Ok(downloaded)) => {
                assert!(downloaded.integrity.is_verified(), "{kind:?}");
                assert!(written == content, "{kind:?}");
            }
            (_, Err(error)) => panic!("{kind:?}: {error}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_fault_that_stays_is_an_error_and_a_file_that_is_there_stays_as_it_is() {
    let kinds = [
        FaultKind::Status { status: 500, code: None, retry_after: None },
        FaultKind::ResetBefore,
        FaultKind::ResetAnswer { at: 0 },
        FaultKind::Truncate { at: 10 },
        FaultKind::FlipBit { bit: 8000 },
        FaultKind::WrongCrc,
        FaultKind::ExpireUrl,
        FaultKind::BreakSignature,
    ];
    let stage = stage().await;
    let file = stage.put("a.bin", &bytes(3 * PART)).await;
    let path = stage.path("a.bin");
    std::fs::write(&path, b"precious").unwrap();
    for kind in kinds {
        stage.emulator.clear_faults();
        stage.emulator.add_fault(Fault::new(kind.clone()).on(GET).always());
        let failed = stage.drive.download(&file).to_path(&path).await.unwrap_err();
        let is_damage = matches!(kind, FaultKind::FlipBit { .. } | FaultKind::WrongCrc);
        assert_eq!(matches!(failed, Error::Damaged { .. }), is_damage, "{kind:?}: {failed}");
        assert_eq!(std::fs::read(&path).unwrap(), b"precious", "{kind:?}");
        assert_eq!(stage.local_names(), ["a.bin"], "{kind:?}");
    }
}

#[tokio::test]
async fn a_storage_that_knows_no_ranges_still_gives_the_right_bytes() {
    let stage = stage().await;
    let content = bytes(3 * PART + 5);
    let file = stage.put("a.bin", &content).await;
    stage.emulator.add_fault(Fault::new(FaultKind::IgnoreRange).on(GET).always());
    stage.drive.download(&file).to_path(stage.path("a.bin")).await.unwrap();
    assert!(std::fs::read(stage.path("a.bin")).unwrap() == content);
    assert_eq!(stage.emulator.calls(GET), 1);
    let mut end = Vec::new();
    stage.drive.download(&file).range(2 * PART..).to_writer(&mut end).await.unwrap();
    assert!(end == content[usize::try_from(2 * PART).unwrap()..]);
}

#[tokio::test]
async fn a_dead_first_url_costs_no_call_of_the_api() {
    let stage = stage().await;
    let file = stage.put("a.bin", &bytes(3 * PART)).await;
    stage.fault(FaultKind::DeadUrl, INFO);
    stage.drive.download(&file).to_path(stage.path("a.bin")).await.unwrap();
    assert!(stage.emulator.missed_faults().is_empty());
    assert_eq!(stage.emulator.calls(INFO), 1);
    assert_eq!(stage.emulator.calls(GET), 3);
}

#[tokio::test(start_paused = true)]
async fn urls_that_expire_on_the_way_are_renewed_once_for_all_ranges() {
    let stage = stage().await;
    let content = bytes(8 * PART);
    let file = stage.put("a.bin", &content).await;
    stage.emulator.add_fault(Fault::new(FaultKind::StallAnswer { at: 10, millis: Some(200) }).on(GET).nth(2).times(2));
    let an_hour_passes = async {
        while stage.emulator.calls(GET) < 3 {
            tokio::task::yield_now().await;
        }
        stage.emulator.advance(Duration::from_secs(3600));
    };
    let (downloaded, ()) = tokio::join!(stage.drive.download(&file).to_path(stage.path("a.bin")), an_hour_passes);
    downloaded.unwrap();
    assert!(std::fs::read(stage.path("a.bin")).unwrap() == content);
    assert_eq!(stage.emulator.calls(INFO), 2);
}

/// Two versions must never be mixed: the newer one comes whole.
#[tokio::test(start_paused = true)]
async fn a_file_that_changes_meanwhile_comes_whole_in_its_new_version() {
    let stage = stage().await;
    let mut old = bytes(4 * PART);
    let file = stage.put("a.bin", &old).await;
    // Longer, as long, and shorter.
    for (round, size) in [5 * PART, 4 * PART, 2 * PART, 1].into_iter().enumerate() {
        let mut new = bytes(size);
        new.reverse();
        new[0] = u8::try_from(round).unwrap();
        stage.emulator.clear_faults();
        stage.emulator.add_fault(Fault::new(FaultKind::StallAnswer { at: 10, millis: Some(300) }).on(GET).nth(2));
        stage.emulator.add_fault(Fault::new(FaultKind::ExpireUrl).on(GET).nth(3).times(1));
        let path = stage.path("a.bin");
        let download = stage.drive.download(&file).to_path(&path);
        let (downloaded, _) = tokio::join!(download, stage.put("a.bin", &new));
        assert!(downloaded.unwrap().integrity.is_verified());
        let got = std::fs::read(&path).unwrap();
        assert!(got == new || got == old, "a mixture of {} bytes in round {round}", got.len());
        old = new;
    }
}

/// The same, where every request after the first is for the newer one.
#[tokio::test(start_paused = true)]
async fn a_stream_of_a_file_that_changes_says_so() {
    let stage = stage().await;
    let file = stage.put("a.bin", &bytes(4 * PART)).await;
    let mut stream = stage.drive.download(&file).bytes_stream();
    stage.emulator.add_fault(Fault::new(FaultKind::ResetAnswer { at: 10 }).on(GET));
    stage.emulator.add_fault(Fault::new(FaultKind::ExpireUrl).on(GET).nth(2));
    assert!(stream.try_next().await.unwrap().is_some());
    stage.put("a.bin", &bytes(5 * PART)).await;
    let changed = stream.try_next().await.unwrap_err();
    assert!(matches!(changed, Error::Changed { .. }), "{changed}");
}

#[tokio::test(start_paused = true)]
async fn what_was_cut_is_resumed_from_where_it_was() {
    // One after the other, so that nothing is on its way when it ends.
    let stage = Stage::with(|drive| drive.part_size(PART).parts_at_once(1)).await;
    let content = bytes(10 * PART);
    let file = stage.put("a.bin", &content).await;
    let path = stage.path("a.bin");
    stage.emulator.add_fault(Fault::new(FaultKind::ResetBefore).on(GET).nth(6).always());
    stage.drive.download(&file).to_path(&path).await.unwrap_err();
    assert_eq!(stage.local_names().len(), 1, "the bytes: {:?}", stage.local_names());
    assert!(!path.exists());
    stage.emulator.clear_faults();
    stage.emulator.clear_journal();

    let downloaded = stage.drive.download(&file).to_path(&path).await.unwrap();
    assert!(std::fs::read(&path).unwrap() == content);
    assert!(downloaded.integrity.is_verified());
    assert_eq!(downloaded.resumed, 5 * PART);
    assert_eq!(stage.emulator.calls(GET), 5);
    assert_eq!(stage.local_names(), ["a.bin"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_left_of_another_version_or_was_damaged_meanwhile_is_not_used() {
    let stage = stage().await;
    let path = stage.path("a.bin");
    for case in ["version", "bytes", "journal"] {
        let content = bytes(10 * PART);
        let file = stage.put("a.bin", &content).await;
        stage.emulator.add_fault(Fault::new(FaultKind::ResetBefore).on(GET).nth(6).always());
        stage.drive.download(&file).to_path(&path).await.unwrap_err();
        stage.emulator.clear_faults();
        let find = |end: &str| stage.local_names().into_iter().find(|name| name.ends_with(end)).unwrap();
        let mut expected = content;
        match case {
            "version" => {
                expected.reverse();
                stage.put("a.bin", &expected).await;
            }
            "bytes" => {
                let part = stage.path(&find(".part"));
                let mut damaged = std::fs::read(&part).unwrap();
                damaged[3] ^= 1;
                std::fs::write(&part, damaged).unwrap();
            }
            _ => {
                let journals = stage.state.path().join("transfers").read_dir().unwrap();
                let journal = journals.map(|journal| journal.unwrap().path()).next().unwrap();
                let torn = std::fs::read(&journal).unwrap();
                std::fs::write(&journal, &torn[..torn.len() - 3]).unwrap();
            }
        }
        let downloaded = stage.drive.download(&file).to_path(&path).await.unwrap();
        assert!(std::fs::read(&path).unwrap() == expected, "{case}");
        assert_eq!(downloaded.resumed, if case == "version" { 0 } else { 4 * PART }, "{case}");
        assert_eq!(stage.local_names(), ["a.bin"], "{case}");
        std::fs::remove_file(&path).unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_download_leaves_what_can_be_resumed_or_nothing() {
    let stage = stage().await;
    let content = bytes(10 * PART);
    let file = stage.put("a.bin", &content).await;
    let path = stage.path("a.bin");
    for (nth, is_left) in [(1, false), (6, true)] {
        stage.emulator.clear_faults();
        stage.emulator.add_fault(Fault::new(FaultKind::StallAnswer { at: 10, millis: None }).on(GET).nth(nth).always());
        let download = stage.drive.download(&file).to_path(&path);
        let dropped = tokio::time::timeout(Duration::from_millis(250), download).await;
        assert!(dropped.is_err());
        stage.emulator.clear_faults();
        assert_eq!(!stage.local_names().is_empty(), is_left);
    }
    let downloaded = stage.drive.download(&file).to_path(&path).await.unwrap();
    assert!(downloaded.resumed > 0);
    assert!(std::fs::read(&path).unwrap() == content);
}
