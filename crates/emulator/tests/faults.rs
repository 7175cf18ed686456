//! Every fault, as a client meets it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

mod support;

use std::time::{Duration, Instant};

use dingtalk_storage_emulator::{Emulator, Fault, FaultKind};
use reqwest::Method;
use serde_json::{Value, json};
use support::{Answer, Drive};

const READ: &str = "storage_v1.GetSpace";
const COMMIT: &str = "storage_v2.CommitFile";
const PUT: &str = "storage.PutObject";
const GET: &str = "storage.GetObject";

/// A drive with a space and a file in it.
struct Scene {
    drive: Drive,
    space: String,
    root: String,
    file: String,
}

impl Scene {
    async fn new() -> Self {
        let drive = Drive::start().await;
        let (space, root) = drive.space("faults").await;
        let file = drive.file(&root, "digits.txt", "0123456789").await["id"].as_str().unwrap().to_owned();
        drive.emulator.clear_journal();
        Self { drive, space, root, file }
    }

    fn fault(&self, kind: FaultKind, operation: &str) {
        self.drive.emulator.add_fault(Fault::new(kind).on(operation));
    }

    /// A harmless call.
    async fn read(&self) -> Result<Answer, reqwest::Error> {
        let path = self.drive.by(&format!("/v1.0/storage/spaces/{}", self.space));
        Ok(Answer::read(self.drive.request(Method::GET, &path, None).send().await?).await)
    }

    /// A call that changes something, of an upload that is ready.
    async fn commit(&self, name: &str) -> Result<Answer, reqwest::Error> {
        let info = self.drive.upload_info(&self.root).await;
        assert_eq!(self.drive.put(&info, "x").await.status(), 200);
        let path = self.drive.by(&format!("/v2.0/storage/spaces/files/{}/commit", self.root));
        let body = json!({"uploadKey": info["uploadKey"], "name": name});
        Ok(Answer::read(self.drive.request(Method::POST, &path, Some(&body)).send().await?).await)
    }

    async fn get(&self, range: Option<&str>) -> Result<reqwest::Response, reqwest::Error> {
        let info = self.drive.download_info(&self.space, &self.file).await;
        let request = self.drive.signed(Method::GET, &info);
        match range {
            Some(range) => request.header("range", range),
            None => request,
        }
        .send()
        .await
    }

    async fn put(&self, bytes: &str) -> Result<reqwest::Response, reqwest::Error> {
        let info = self.drive.upload_info(&self.root).await;
        self.drive.signed(Method::PUT, &info["headerSignatureInfo"]).body(bytes.to_owned()).send().await
    }

    fn commits(&self) -> usize {
        self.drive.emulator.effects("file.committed")
    }

    /// Every fault of the test was hit.
    fn all_hit(&self) {
        assert_eq!(self.drive.emulator.missed_faults(), []);
    }
}

#[tokio::test]
async fn refusals_do_no_work() {
    let scene = Scene::new().await;
    scene.fault(
        FaultKind::Status { status: 503, code: Some("operationTimeout".to_owned()), retry_after: Some(7) },
        COMMIT,
    );
    assert_eq!(scene.commit("a").await.unwrap().refusal(), (503, "operationTimeout"));
    scene.fault(FaultKind::Throttle { code: None }, COMMIT);
    let throttled = "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi";
    assert_eq!(scene.commit("a").await.unwrap().refusal(), (403, throttled));
    scene.fault(FaultKind::BanPage { json: false }, COMMIT);
    let banned = scene.commit("a").await.unwrap();
    assert!(banned.status == 403 && banned.body.as_str().unwrap().starts_with("<!DOCTYPE html>"), "{banned:?}");
    scene.fault(FaultKind::BanPage { json: true }, COMMIT);
    assert_eq!(scene.commit("a").await.unwrap().body["status"], 1111);
    scene.fault(FaultKind::Redirect { status: 302, location: "http://127.0.0.1:1/".to_owned() }, COMMIT);
    assert_eq!(scene.commit("a").await.unwrap().status, 302);
    assert_eq!(scene.commits(), 0);
    scene.commit("a").await.unwrap().ok();
    assert_eq!(scene.commits(), 1);
    scene.all_hit();
}

#[tokio::test]
async fn connections_break_before_anything_is_done() {
    let scene = Scene::new().await;
    scene.fault(FaultKind::ResetBefore, COMMIT);
    scene.commit("a").await.unwrap_err();
    scene.fault(FaultKind::ResetRequest { at: 5 }, COMMIT);
    scene.commit("a").await.unwrap_err();
    assert_eq!(scene.commits(), 0);
    scene.fault(FaultKind::ResetRequest { at: 4 }, PUT);
    scene.put("0123456789").await.unwrap_err();
    assert_eq!(scene.drive.emulator.effects("object.stored"), 2, "the two commits put theirs, this one is lost");
    scene.all_hit();
}

#[tokio::test]
async fn work_is_done_and_the_answer_is_lost() {
    let scene = Scene::new().await;
    scene.fault(FaultKind::ApplyThenDrop, COMMIT);
    scene.commit("a").await.unwrap_err();
    assert_eq!(scene.commits(), 1);
    scene.fault(FaultKind::ApplyThenStatus { status: 500, code: Some("unknownError".to_owned()) }, COMMIT);
    assert_eq!(scene.commit("b").await.unwrap().refusal(), (500, "unknownError"));
    assert_eq!(scene.commits(), 2);
    scene.fault(FaultKind::ResetAnswer { at: 10 }, COMMIT);
    let cut = tokio::time::timeout(Duration::from_secs(5), scene.cut("c")).await.unwrap();
    assert_eq!(cut, "error after 10 bytes");
    assert_eq!(scene.commits(), 3);
    scene.fault(FaultKind::Truncate { at: 0 }, COMMIT);
    assert_eq!(scene.cut("d").await, "error after 0 bytes");
    assert_eq!(scene.commits(), 4);
    scene.fault(FaultKind::ApplyThenStall { millis: None }, COMMIT);
    let stalled = tokio::time::timeout(Duration::from_millis(300), scene.commit("e")).await;
    assert!(stalled.is_err(), "no answer comes");
    assert_eq!(scene.commits(), 5);
    scene.fault(FaultKind::ApplyThenDrop, PUT);
    scene.put("x").await.unwrap_err();
    scene.fault(FaultKind::ApplyThenStatus { status: 503, code: None }, PUT);
    assert_eq!(scene.put("x").await.unwrap().status(), 503);
    scene.fault(FaultKind::ResetAfter, READ);
    scene.read().await.unwrap().ok();
    scene.all_hit();
}

impl Scene {
    /// Commits, and tells how the answer ended.
    async fn cut(&self, name: &str) -> String {
        let info = self.drive.upload_info(&self.root).await;
        self.drive.put(&info, "x").await;
        let path = self.drive.by(&format!("/v2.0/storage/spaces/files/{}/commit", self.root));
        let body = json!({"uploadKey": info["uploadKey"], "name": name});
        let answer = self.drive.request(Method::POST, &path, Some(&body)).send().await.unwrap();
        end_of(answer).await
    }
}

async fn end_of(mut answer: reqwest::Response) -> String {
    let mut received = 0;
    loop {
        match answer.chunk().await {
            Ok(Some(chunk)) => received += chunk.len(),
            Ok(None) => return format!("end after {received} bytes"),
            Err(_) => return format!("error after {received} bytes"),
        }
    }
}

#[tokio::test]
async fn answers_and_requests_stall_and_trickle() {
    let scene = Scene::new().await;
    let timed = async |future: &mut (dyn Future<Output = ()> + Unpin)| {
        let start = Instant::now();
        future.await;
        start.elapsed()
    };
    for (kind, operation) in [
        (FaultKind::Delay { millis: 120 }, READ),
        (FaultKind::StallAnswer { at: 3, millis: Some(120) }, READ),
        (FaultKind::ApplyThenStall { millis: Some(120) }, READ),
    ] {
        scene.fault(kind.clone(), operation);
        let mut read = Box::pin(async { drop(scene.read().await.unwrap().ok()) });
        let took = timed(&mut read).await;
        assert!(took >= Duration::from_millis(120), "{kind:?} took {took:?}");
    }
    scene.fault(FaultKind::StallRequest { at: 2, millis: Some(120) }, PUT);
    let mut put = Box::pin(async { assert_eq!(scene.put("0123456789").await.unwrap().status(), 200) });
    assert!(timed(&mut put).await >= Duration::from_millis(120));
    scene.fault(FaultKind::Slow { rate: 50 }, GET);
    let mut get = Box::pin(async { assert_eq!(scene.get(None).await.unwrap().text().await.unwrap(), "0123456789") });
    assert!(timed(&mut get).await >= Duration::from_millis(100), "ten bytes at 50 a second");
    scene.fault(FaultKind::StallAnswer { at: 3, millis: None }, GET);
    let stalled = async { scene.get(None).await.unwrap().text().await };
    assert!(tokio::time::timeout(Duration::from_millis(200), stalled).await.is_err());
    scene.all_hit();
}

#[tokio::test]
async fn downloads_are_cut_flipped_and_mislabelled() {
    let scene = Scene::new().await;
    scene.fault(FaultKind::Truncate { at: 4 }, GET);
    assert_eq!(end_of(scene.get(None).await.unwrap()).await, "error after 4 bytes");
    scene.fault(FaultKind::ResetAnswer { at: 7 }, GET);
    assert_eq!(end_of(scene.get(None).await.unwrap()).await, "error after 7 bytes");
    scene.fault(FaultKind::FlipBit { bit: 8 * 3 }, GET);
    assert_eq!(scene.get(None).await.unwrap().text().await.unwrap(), "0122456789");
    let good = scene.get(None).await.unwrap();
    let header = |answer: &reqwest::Response, name: &str| answer.headers().get(name).cloned();
    for (kind, name) in [(FaultKind::WrongCrc, "x-oss-hash-crc64ecma"), (FaultKind::WrongEtag, "etag")] {
        scene.fault(kind, GET);
        let wrong = scene.get(None).await.unwrap();
        assert_ne!(header(&wrong, name), header(&good, name));
        assert!(header(&wrong, name).is_some());
    }
    scene.fault(FaultKind::NoCrc, GET);
    assert_eq!(header(&scene.get(None).await.unwrap(), "x-oss-hash-crc64ecma"), None);
    scene.fault(FaultKind::IgnoreRange, GET);
    let whole = scene.get(Some("bytes=2-3")).await.unwrap();
    assert_eq!((whole.status().as_u16(), whole.text().await.unwrap().as_str()), (200, "0123456789"));
    assert_eq!(scene.get(Some("bytes=2-3")).await.unwrap().text().await.unwrap(), "23");
    scene.all_hit();
}

#[tokio::test]
async fn the_storage_refuses_good_urls() {
    let scene = Scene::new().await;
    for (kind, status, code) in [
        (FaultKind::ExpireUrl, 403, "RequestTimeTooSkewed"),
        (FaultKind::BreakSignature, 403, "SignatureDoesNotMatch"),
        (FaultKind::Status { status: 503, code: None, retry_after: None }, 503, "ServiceUnavailable"),
    ] {
        scene.fault(kind, "storage.*");
        let answer = scene.get(None).await.unwrap();
        assert_eq!(answer.status(), status);
        assert!(answer.text().await.unwrap().contains(&format!("<Code>{code}</Code>")));
    }
    scene.fault(FaultKind::Redirect { status: 307, location: "http://127.0.0.1:1/".to_owned() }, PUT);
    assert_eq!(scene.put("x").await.unwrap().status(), 307);
    scene.all_hit();
}

#[tokio::test]
async fn answers_are_changed() {
    let scene = Scene::new().await;
    let mutate = |pointer: &str, value: Option<Value>| FaultKind::MutateJson { pointer: pointer.to_owned(), value };
    scene.fault(mutate("/space/usedQuota", Some(json!("10"))), READ);
    assert_eq!(scene.read().await.unwrap().ok()["space"]["usedQuota"], "10");
    scene.fault(mutate("/space/id", None), READ);
    assert_eq!(scene.read().await.unwrap().ok()["space"].get("id"), None);
    scene.fault(mutate("/space/more", Some(json!({"deep": [1]}))), READ);
    assert_eq!(scene.read().await.unwrap().ok()["space"]["more"]["deep"][0], 1);
    scene.fault(FaultKind::DeadUrl, "storage_v2.GetFileUploadInfo");
    let info = scene.drive.upload_info(&scene.root).await;
    let urls = info["headerSignatureInfo"]["resourceUrls"].as_array().unwrap();
    assert_eq!(urls.len(), 2);
    scene.drive.client.put(urls[0].as_str().unwrap()).send().await.unwrap_err();
    scene.all_hit();
}

#[tokio::test]
async fn a_token_is_revoked_in_the_middle_of_work() {
    let mut scene = Scene::new().await;
    scene.fault(FaultKind::RevokeToken, COMMIT);
    assert_eq!(scene.commit("a").await.unwrap().refusal(), (400, "InvalidAuthentication"));
    assert_eq!(scene.read().await.unwrap().refusal(), (400, "InvalidAuthentication"), "it stays invalid");
    let old = scene.drive.token.clone();
    scene.drive.token = scene.drive.new_token().await;
    assert_ne!(scene.drive.token, old);
    scene.read().await.unwrap().ok();
    scene.all_hit();
}

#[tokio::test]
async fn a_fault_that_hits_nothing_is_reported() {
    let emulator = Emulator::start().await.unwrap();
    let number = emulator.add_fault(Fault::new(FaultKind::ResetBefore).on("storage_v1.GetOrg"));
    let missed: Vec<u64> = emulator.missed_faults().iter().map(|report| report.number).collect();
    assert_eq!(missed, [number]);
}

#[tokio::test]
#[should_panic(expected = "no operation that this fault can hit is called storage_v1.GetSpaec")]
async fn a_fault_for_an_operation_that_does_not_exist_is_a_mistake() {
    let emulator = Emulator::start().await.unwrap();
    emulator.add_fault(Fault::new(FaultKind::ResetBefore).on("storage_v1.GetSpaec"));
}
