//! Connections that break.

use dingtalk_storage::runtime::{ErrorKind, Phase};
use dingtalk_storage_emulator::FaultKind;

use super::{DONE, IDEMPOTENT, READ, Scene, WRITE};

/// What is said of a write when nothing tells whether it was done.
pub const UNKNOWN: Option<(ErrorKind, Phase)> = Some((ErrorKind::OutcomeUnknown, Phase::Unknown));

/// Nobody on this side can know that nothing was done, so a write is not sent again.
pub async fn connections_break_before_anything_is_done(scene: &Scene) {
    for kind in
        [FaultKind::ResetBefore, FaultKind::ResetRequest { at: 5 }, FaultKind::StallRequest { at: 5, millis: None }]
    {
        scene.fault(kind.clone(), WRITE);
        assert_eq!(scene.written().await, (UNKNOWN, 1, 0), "{kind:?}");
        scene.fault(kind.clone(), IDEMPOTENT);
        scene.repeat().await.unwrap();
        scene.fault(kind, READ);
        assert_eq!(scene.reads().await, 2);
    }
    assert_eq!(scene.stage.emulator.calls(IDEMPOTENT), 6);
    assert_eq!(scene.stage.emulator.effects("event.subscribed"), 3);
    assert_eq!(scene.written().await, DONE);
}

/// The folder was made; a client that sends the call again makes a second one.
pub async fn a_lost_answer_to_a_write_is_of_unknown_outcome(scene: &Scene) {
    for kind in [
        FaultKind::ApplyThenDrop,
        FaultKind::ApplyThenStatus { status: 500, code: Some("unknownError".to_owned()) },
        FaultKind::ApplyThenStall { millis: None },
    ] {
        scene.fault(kind.clone(), WRITE);
        assert_eq!(scene.written().await, (UNKNOWN, 1, 1), "{kind:?}");
    }
}

pub async fn what_is_idempotent_is_sent_again(scene: &Scene) {
    for kind in [
        FaultKind::ApplyThenDrop,
        FaultKind::ApplyThenStatus { status: 500, code: Some("unknownError".to_owned()) },
        FaultKind::ApplyThenStall { millis: None },
    ] {
        let before = scene.stage.emulator.calls(IDEMPOTENT);
        scene.fault(kind.clone(), IDEMPOTENT);
        scene.repeat().await.unwrap();
        assert_eq!(scene.stage.emulator.calls(IDEMPOTENT) - before, 2, "{kind:?}");
    }
    // However often it was done, there is one subscription, and so one piece of news.
    scene.write().await.unwrap();
    assert_eq!(scene.stage.emulator.events().len(), 1);
}
