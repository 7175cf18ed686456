//! Calls that are refused.

use std::io::ErrorKind as IoError;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use dingtalk_storage::ErrorClass;
use dingtalk_storage::runtime::{ErrorKind, Phase};
use dingtalk_storage_emulator::{Fault, FaultKind};

use super::{READ, Scene, WRITE};

fn unavailable() -> FaultKind {
    FaultKind::Status { status: 503, code: Some("operationTimeout".to_owned()), retry_after: None }
}

pub async fn a_server_in_trouble_is_asked_again_if_that_is_harmless(scene: &Scene) {
    scene.fault(unavailable(), READ);
    assert_eq!(scene.reads().await, 2);
    // A timeout of the server does not say that nothing was done.
    scene.fault(unavailable(), WRITE);
    assert_eq!(scene.written().await, (Some((ErrorKind::OutcomeUnknown, Phase::Unknown)), 1, 0));
    // A refusal does, and it would come again.
    scene.fault(FaultKind::Status { status: 403, code: Some("permissionDenied".to_owned()), retry_after: None }, WRITE);
    assert_eq!(scene.written().await, (Some((ErrorKind::Api, Phase::Refused)), 1, 0));
    // What the server asks for is waited for.
    scene.fault(FaultKind::Status { status: 500, code: None, retry_after: Some(1) }, READ);
    let start = Instant::now();
    assert_eq!(scene.reads().await, 2);
    assert!(start.elapsed() >= Duration::from_secs(1));
}

/// Throttling is a refusal, so a write is sent again too.
pub async fn throttled_calls_are_sent_later(scene: &Scene) {
    scene.fault(FaultKind::Throttle { code: None }, WRITE);
    let start = Instant::now();
    assert_eq!(scene.written().await, (None, 2, 1));
    assert!(start.elapsed() >= Duration::from_secs(1), "the limit is one per second");
}

pub async fn a_ban_stops_all_calls(scene: &Scene) {
    banned(scene, false).await;
}

pub async fn a_json_ban_stops_all_calls(scene: &Scene) {
    banned(scene, true).await;
}

/// A banned address that goes on calling stays banned, so the next calls are not even sent.
async fn banned(scene: &Scene, json: bool) {
    scene.fault(FaultKind::BanPage { json }, WRITE);
    assert_eq!(scene.written().await, (Some((ErrorKind::Banned, Phase::Refused)), 1, 0));
    let error = scene.read().await.unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Banned, Phase::NotSent));
    assert!(error.retry_after().is_some_and(|wait| wait > Duration::from_mins(1)), "{error}");
    assert_eq!(scene.stage.emulator.calls(READ), 0);
}

pub async fn redirects_are_not_followed(scene: &Scene) {
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let location = format!("http://{}/", elsewhere.local_addr().unwrap());
    scene.fault(FaultKind::Redirect { status: 307, location }, WRITE);
    assert_eq!(scene.written().await, (Some((ErrorKind::Redirect, Phase::Refused)), 1, 0));
    let visit = elsewhere.accept().map_err(|error| error.kind());
    assert!(matches!(visit, Err(IoError::WouldBlock)), "the token of the app does not go to others");
}

pub async fn a_revoked_token_is_replaced(scene: &Scene) {
    scene.fault(FaultKind::RevokeToken, WRITE);
    let tokens = scene.stage.emulator.calls("oauth2_v1.GetAccessToken");
    assert_eq!(scene.written().await, (None, 2, 1), "the refused call is made again with a new token");
    assert_eq!(
        scene.stage.emulator.calls("oauth2_v1.GetAccessToken") - tokens,
        1,
        "the app has a token, and gets one more"
    );
    assert_eq!(scene.written().await.0, None);
    assert_eq!(scene.stage.emulator.calls("oauth2_v1.GetAccessToken") - tokens, 1);
    // A token that is refused again and again ends in an error, not in a loop.
    scene.stage.emulator.add_fault(Fault::new(FaultKind::RevokeToken).on(READ).always());
    let error = scene.read().await.unwrap_err();
    assert_eq!(error.class(), ErrorClass::Token);
    assert_eq!(scene.stage.emulator.calls(READ), 2);
}
