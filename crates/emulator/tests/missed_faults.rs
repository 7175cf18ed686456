//! Faults that are meant for a call and find nothing to do there: they are reported as missed, and the call comes
//! through as if they were not there. A test that relies on them has tested nothing.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

mod support;

use dingtalk_storage_emulator::{Fault, FaultKind};
use reqwest::Method;
use serde_json::{Value, json};
use support::Drive;

/// A drive with a file of ten digits.
struct Scene {
    drive: Drive,
    space: String,
    root: String,
    file: String,
}

impl Scene {
    async fn new() -> Self {
        let drive = Drive::start().await;
        let (space, root) = drive.space("missed").await;
        let file = drive.file(&root, "digits.txt", "0123456789").await["id"].as_str().unwrap().to_owned();
        Self { drive, space, root, file }
    }

    async fn status(&self, what: &Call) -> u16 {
        let drive = &self.drive;
        let object = async |range: Option<&str>| {
            let info = drive.download_info(&self.space, &self.file).await;
            let request = drive.signed(Method::GET, &info);
            let request = if let Some(range) = range { request.header("range", range) } else { request };
            let answer = request.send().await.unwrap();
            let status = answer.status().as_u16();
            answer.bytes().await.unwrap();
            status
        };
        match what {
            Call::GetSpace => drive.get(&drive.by(&format!("/v1.0/storage/spaces/{}", self.space))).await.status,
            Call::GetNoSpace => drive.get(&drive.by("/v1.0/storage/spaces/1")).await.status,
            Call::GetUnknownToken => {
                let path = drive.by("/v1.0/storage/spaces/1");
                let url = format!("{}{path}", drive.emulator.api_url());
                drive.client.get(url).header(support::TOKEN, "nobody's").send().await.unwrap().status().as_u16()
            }
            Call::DeleteDriveSpace => {
                let body = json!({"unionId": drive.operator(), "name": "short"});
                let made = drive.post("/v1.0/drive/spaces", &body).await.ok();
                let path = format!("/v1.0/drive/spaces/{}", made["spaceId"].as_str().unwrap());
                drive.send(Method::DELETE, &drive.by(&path), None).await.status
            }
            Call::Put => drive.put(&drive.upload_info(&self.root).await, "x").await.status().as_u16(),
            Call::PutUnsigned => {
                let info = drive.upload_info(&self.root).await;
                let request = drive.signed(Method::PUT, &info["headerSignatureInfo"]).header("content-type", "a/b");
                request.body("x").send().await.unwrap().status().as_u16()
            }
            Call::Get => object(None).await,
            Call::GetRangeBeyond => object(Some("bytes=10-20")).await,
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Call {
    GetSpace,
    GetNoSpace,
    GetUnknownToken,
    DeleteDriveSpace,
    Put,
    PutUnsigned,
    Get,
    GetRangeBeyond,
}

fn mutate(pointer: &str, value: Option<Value>) -> FaultKind {
    FaultKind::MutateJson { pointer: pointer.to_owned(), value }
}

#[tokio::test]
async fn faults_that_find_nothing_to_do_are_missed() {
    let scene = Scene::new().await;
    let lost = || FaultKind::ApplyThenStatus { status: 500, code: None };
    for (fault, operation, call, status) in [
        // The call is refused: there is no work whose answer could be lost.
        (lost(), "storage_v1.GetSpace", Call::GetNoSpace, 404),
        (FaultKind::ApplyThenDrop, "storage_v1.GetSpace", Call::GetNoSpace, 404),
        (FaultKind::ApplyThenStall { millis: None }, "storage_v1.GetSpace", Call::GetNoSpace, 404),
        (FaultKind::ApplyThenDrop, "storage.PutObject", Call::PutUnsigned, 403),
        (lost(), "storage.PutObject", Call::PutUnsigned, 403),
        (mutate("/space/id", None), "storage_v1.GetSpace", Call::GetNoSpace, 404),
        (FaultKind::WrongCrc, "storage.PutObject", Call::PutUnsigned, 403),
        // There is nothing to change.
        (mutate("/space/absent", None), "storage_v1.GetSpace", Call::GetSpace, 200),
        (mutate("/space/id", None), "drive_v1.DeleteSpace", Call::DeleteDriveSpace, 200),
        (FaultKind::RevokeToken, "storage_v1.GetSpace", Call::GetUnknownToken, 400),
        (FaultKind::FlipBit { bit: 80 }, "storage.GetObject", Call::Get, 200),
        (FaultKind::FlipBit { bit: 0 }, "storage.PutObject", Call::Put, 200),
        (FaultKind::IgnoreRange, "storage.GetObject", Call::Get, 200),
        (FaultKind::IgnoreRange, "storage.GetObject", Call::GetRangeBeyond, 200),
        (FaultKind::Truncate { at: 10 }, "storage.GetObject", Call::Get, 200),
        (FaultKind::Truncate { at: 0 }, "storage.PutObject", Call::Put, 200),
        (FaultKind::StallAnswer { at: 10, millis: None }, "storage.GetObject", Call::Get, 200),
        (FaultKind::StallAnswer { at: 0, millis: None }, "storage.PutObject", Call::Put, 200),
        (FaultKind::Slow { rate: 100 }, "storage.GetObject", Call::Get, 200),
        (FaultKind::ResetRequest { at: 0 }, "storage.GetObject", Call::Get, 200),
    ] {
        let number = scene.drive.emulator.add_fault(Fault::new(fault.clone()).on(operation));
        assert_eq!(scene.status(&call).await, status, "{fault:?} {call:?}");
        let reports = scene.drive.emulator.missed_faults();
        assert_eq!(reports.len(), 1, "{fault:?} {call:?}");
        assert_eq!((reports[0].number, reports[0].hits, reports[0].struck), (number, 1, 0), "{fault:?} {call:?}");
        scene.drive.emulator.clear_faults();
    }
}

#[tokio::test]
async fn faults_that_have_something_to_do_strike_once_for_each_call() {
    let scene = Scene::new().await;
    for (fault, operation, call, status) in [
        (FaultKind::ApplyThenStatus { status: 500, code: None }, "storage.GetObject", Call::Get, 500),
        (FaultKind::ApplyThenStatus { status: 500, code: None }, "storage.PutObject", Call::Put, 500),
        (FaultKind::ApplyThenStatus { status: 500, code: None }, "storage_v1.GetSpace", Call::GetSpace, 500),
        (mutate("/space/id", None), "storage_v1.GetSpace", Call::GetSpace, 200),
        (FaultKind::FlipBit { bit: 79 }, "storage.GetObject", Call::Get, 200),
        (FaultKind::FlipBit { bit: 0 }, "storage_v1.GetSpace", Call::GetNoSpace, 404),
        (FaultKind::WrongEtag, "storage.GetObject", Call::Get, 200),
    ] {
        scene.drive.emulator.add_fault(Fault::new(fault.clone()).on(operation).times(2));
        for _ in 0..3 {
            let last = scene.drive.emulator.faults()[0].hits == 2;
            let wanted = if last && status >= 500 { 200 } else { status };
            assert_eq!(scene.status(&call).await, wanted, "{fault:?} {call:?}");
        }
        let report = scene.drive.emulator.faults().remove(0);
        assert_eq!((report.hits, report.struck), (2, 2), "{fault:?} {call:?}");
        scene.drive.emulator.clear_faults();
    }
}

#[tokio::test]
async fn the_storage_answers_with_the_status_code_and_time_that_were_asked_for() {
    let scene = Scene::new().await;
    let fault = FaultKind::Status { status: 503, code: Some("RequestLimitExceeded".to_owned()), retry_after: Some(7) };
    scene.drive.emulator.add_fault(Fault::new(fault).on("storage.GetObject"));
    let info = scene.drive.download_info(&scene.space, &scene.file).await;
    let refused = scene.drive.signed(Method::GET, &info).send().await.unwrap();
    assert_eq!((refused.status().as_u16(), refused.headers()["retry-after"].to_str().unwrap()), (503, "7"));
    assert!(refused.text().await.unwrap().contains("<Code>RequestLimitExceeded</Code>"));
    let fault = FaultKind::ApplyThenStatus { status: 500, code: Some("Wobbly".to_owned()) };
    scene.drive.emulator.add_fault(Fault::new(fault).on("storage.PutObject"));
    let before = scene.drive.emulator.effects("object.stored");
    let lost = scene.drive.put(&scene.drive.upload_info(&scene.root).await, "x").await;
    assert!(lost.text().await.unwrap().contains("<Code>Wobbly</Code>"));
    assert_eq!(scene.drive.emulator.effects("object.stored"), before + 1);
    let redirect = FaultKind::Redirect { status: 307, location: "http://127.0.0.1:1/".to_owned() };
    scene.drive.emulator.add_fault(Fault::new(redirect).on("storage.PutObject"));
    let sent = scene.drive.put(&scene.drive.upload_info(&scene.root).await, "x").await;
    assert_eq!((sent.status().as_u16(), &sent.headers()["location"]), (307, &"http://127.0.0.1:1/".parse().unwrap()));
    assert_eq!(scene.drive.emulator.effects("object.stored"), before + 1, "a redirect does nothing");
    assert_eq!(scene.drive.emulator.missed_faults(), []);
}
