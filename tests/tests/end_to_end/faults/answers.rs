//! Answers that come late, in part, or changed.

use std::time::{Duration, Instant};

use dingtalk_storage::runtime::{ErrorKind, Phase};
use dingtalk_storage_emulator::FaultKind;
use serde_json::json;

use super::connections::UNKNOWN;
use super::{DONE, READ, Scene, WRITE};

/// What is said of a write whose answer is whole and cannot be read.
const APPLIED: Option<(ErrorKind, Phase)> = Some((ErrorKind::Answer, Phase::Applied));

pub async fn slow_answers_are_waited_for(scene: &Scene) {
    for kind in [
        FaultKind::Delay { millis: 100 },
        FaultKind::ApplyThenStall { millis: Some(100) },
        FaultKind::StallAnswer { at: 3, millis: Some(100) },
        FaultKind::StallRequest { at: 3, millis: Some(100) },
    ] {
        scene.fault(kind.clone(), READ);
        let start = Instant::now();
        assert_eq!(scene.reads().await, 1, "{kind:?}");
        assert!(start.elapsed() >= Duration::from_millis(100), "{kind:?}");
    }
    scene.fault(FaultKind::Slow { rate: 2_000 }, WRITE);
    assert_eq!(scene.written().await, DONE);
    scene.fault(FaultKind::ResetAfter, READ);
    assert_eq!(scene.reads().await, 1);
    assert_eq!(scene.reads().await, 1, "the next call finds another connection");
}

pub async fn stalled_answers_are_given_up(scene: &Scene) {
    scene.fault(FaultKind::StallAnswer { at: 3, millis: None }, READ);
    assert_eq!(scene.reads().await, 2);
    scene.fault(FaultKind::StallAnswer { at: 3, millis: None }, WRITE);
    assert_eq!(scene.written().await, (UNKNOWN, 1, 1));
}

pub async fn answers_that_break_off_are_asked_for_again_if_that_is_harmless(scene: &Scene) {
    for (kind, told) in [
        (FaultKind::ResetAnswer { at: 10 }, UNKNOWN),
        (FaultKind::Truncate { at: 10 }, UNKNOWN),
        (FaultKind::FlipBit { bit: 0 }, APPLIED),
    ] {
        scene.fault(kind.clone(), READ);
        assert_eq!(scene.reads().await, 2, "{kind:?}");
        scene.fault(kind.clone(), WRITE);
        assert_eq!(scene.written().await, (told, 1, 1), "{kind:?}");
    }
}

pub async fn changed_answers_are_read_as_far_as_they_make_sense(scene: &Scene) {
    let mutate = |pointer: &str, value| FaultKind::MutateJson { pointer: pointer.to_owned(), value };
    let used = async || scene.ada.storage_v1().get_space(&scene.space).send().await.map(|a| a.space.used_quota);
    scene.fault(mutate("/space/usedQuota", Some(json!("10"))), READ);
    assert_eq!(used().await.unwrap(), Some(10));
    scene.fault(mutate("/space/usedQuota", None), READ);
    assert_eq!(used().await.unwrap(), None);
    scene.fault(mutate("/space/addedLater", Some(json!({ "deep": [1] }))), READ);
    assert_eq!(used().await.unwrap(), Some(0));

    // Another shape would come again, so it is not asked for again.
    let before = scene.stage.emulator.calls(READ);
    scene.fault(mutate("/space", Some(json!([1]))), READ);
    let error = used().await.unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Answer, Phase::Applied));
    assert!(error.to_string().contains("space"), "{error}");
    assert_eq!(scene.stage.emulator.calls(READ) - before, 1);
    scene.fault(mutate("/dentry", Some(json!("gone"))), WRITE);
    assert_eq!(scene.written().await, (APPLIED, 1, 1));
}
