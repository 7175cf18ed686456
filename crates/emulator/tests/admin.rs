//! The admin API, which steers an emulator from any language.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

mod support;

use std::collections::BTreeSet;
use std::sync::Arc;

use dingtalk_storage_emulator::Emulator;
use reqwest::Method;
use serde_json::{Value, json};
use support::{Answer, Drive};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

async fn admin(drive: &Drive, method: Method, path: &str, body: Option<Value>) -> Answer {
    drive.send(method, &format!("/_emulator{path}"), body.as_ref()).await
}

#[tokio::test]
async fn faults_are_added_listed_and_taken_away() {
    let drive = Drive::start().await;
    let (space, _) = drive.space("admin").await;
    let path = drive.by(&format!("/v1.0/storage/spaces/{space}"));
    let fault = json!({"fault": {"kind": "throttle"}, "operation": "storage_v1.GetSpace", "nth": 2});
    let added = admin(&drive, Method::POST, "/faults", Some(fault)).await.ok();
    assert_eq!(added, json!({"number": 1}));
    let missed = admin(&drive, Method::GET, "/faults/missed", None).await.ok();
    assert_eq!(missed[0]["fault"], json!({"kind": "throttle", "code": null}));
    drive.get(&path).await.ok();
    assert_eq!(drive.get(&path).await.status, 403);
    let report = admin(&drive, Method::GET, "/faults", None).await.ok();
    assert_eq!((&report[0]["seen"], &report[0]["hits"]), (&json!(2), &json!(1)));
    assert_eq!(admin(&drive, Method::GET, "/faults/missed", None).await.ok(), json!([]));
    let always = json!({"fault": {"kind": "status", "status": 500}, "times": null});
    admin(&drive, Method::POST, "/faults", Some(always)).await.ok();
    assert_eq!(drive.get(&path).await.status, 500);
    assert_eq!(drive.get(&path).await.status, 500);
    admin(&drive, Method::DELETE, "/faults/2", None).await.ok();
    drive.get(&path).await.ok();
    assert_eq!(admin(&drive, Method::DELETE, "/faults/2", None).await.status, 404);
    admin(&drive, Method::DELETE, "/faults", None).await.ok();
    assert_eq!(admin(&drive, Method::GET, "/faults", None).await.ok(), json!([]));
}

/// The kinds that there are, as the message about a kind that there is not lists them.
async fn kinds(drive: &Drive) -> BTreeSet<String> {
    let refused = admin(drive, Method::POST, "/faults", Some(json!({"fault": {"kind": "none"}}))).await;
    let message = refused.body["message"].as_str().unwrap().to_owned();
    let (_, kinds) = message.split_once("expected one of ").unwrap();
    kinds.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[tokio::test]
async fn every_kind_of_fault_can_be_asked_for() {
    let drive = Drive::start().await;
    let mut asked = BTreeSet::new();
    for fault in [
        json!({"kind": "status", "status": 503, "code": "operationTimeout", "retryAfter": 7}),
        json!({"kind": "throttle", "code": "Forbidden.AccessDenied.QpsLimitForApi"}),
        json!({"kind": "banPage", "json": true}),
        json!({"kind": "delay", "millis": 5}),
        json!({"kind": "stallRequest", "at": 3, "millis": 5}),
        json!({"kind": "stallAnswer", "at": 3, "millis": null}),
        json!({"kind": "slow", "rate": 100}),
        json!({"kind": "resetBefore"}),
        json!({"kind": "resetRequest", "at": 3}),
        json!({"kind": "resetAnswer", "at": 3}),
        json!({"kind": "resetAfter"}),
        json!({"kind": "applyThenDrop"}),
        json!({"kind": "applyThenStatus", "status": 500, "code": null}),
        json!({"kind": "applyThenStall", "millis": 5}),
        json!({"kind": "truncate", "at": 3}),
        json!({"kind": "flipBit", "bit": 9}),
        json!({"kind": "wrongCrc"}),
        json!({"kind": "noCrc"}),
        json!({"kind": "wrongEtag"}),
        json!({"kind": "ignoreRange"}),
        json!({"kind": "expireUrl"}),
        json!({"kind": "breakSignature"}),
        json!({"kind": "deadUrl"}),
        json!({"kind": "redirect", "status": 302, "location": "http://127.0.0.1:1/"}),
        json!({"kind": "mutateJson", "pointer": "/space", "value": {"id": 1}}),
        json!({"kind": "revokeToken"}),
    ] {
        admin(&drive, Method::POST, "/faults", Some(json!({"fault": fault}))).await.ok();
        let reports = admin(&drive, Method::GET, "/faults", None).await.ok();
        assert_eq!(reports.as_array().unwrap().last().unwrap()["fault"], fault);
        asked.insert(fault["kind"].as_str().unwrap().to_owned());
    }
    assert_eq!(asked, kinds(&drive).await);
    let readme = include_str!("../README.md");
    let table = readme.split_once("| kind | what happens |\n|---|---|\n").unwrap().1.split_once("\n\n").unwrap().0;
    let listed = table.lines().filter_map(|line| line.split('|').nth(1));
    let listed: BTreeSet<String> =
        listed.flat_map(|names| names.split('`').skip(1).step_by(2)).map(str::to_owned).collect();
    assert_eq!(listed, asked, "the table of the README");
}

#[tokio::test]
async fn mistakes_in_faults_are_told() {
    let drive = Drive::start().await;
    for (fault, told) in [
        (json!({"fault": {"kind": "throtle"}}), "unknown variant `throtle`"),
        (json!({"fault": {"kind": "delay"}}), "missing field `millis`"),
        (json!({"fault": {"kind": "delay", "millis": 1, "seconds": 1}}), "unknown field `seconds`"),
        (json!({"fault": {"kind": "throttle"}, "operation": "storage_v1.Nothing"}), "storage_v1.Nothing"),
        (json!({"fault": {"kind": "wrongCrc"}, "operation": "storage_v1.GetSpace"}), "storage_v1.GetSpace"),
        (json!({"fault": {"kind": "throttle"}, "probability": 2}), "from 0 to 1"),
    ] {
        let refused = admin(&drive, Method::POST, "/faults", Some(fault)).await;
        assert_eq!(refused.status, 400);
        let message = refused.body["message"].as_str().unwrap();
        assert!(message.contains(told), "{message}");
    }
    assert_eq!(admin(&drive, Method::GET, "/faults", None).await.ok(), json!([]));
}

#[tokio::test]
async fn journal_and_effects_can_be_read_and_narrowed() {
    let drive = Drive::start().await;
    let (_, root) = drive.space("admin").await;
    drive.file(&root, "a.txt", "x").await;
    let puts = admin(&drive, Method::GET, "/journal?operation=storage.PutObject", None).await.ok();
    assert_eq!(puts.as_array().unwrap().len(), 1);
    assert_eq!((&puts[0]["status"], &puts[0]["requestBytes"]), (&json!(200), &json!(1)));
    let commits = admin(&drive, Method::GET, "/effects?what=file.committed", None).await.ok();
    assert_eq!(commits[0]["operation"], "storage_v2.CommitFile");
    let counts = admin(&drive, Method::GET, "/counts", None).await.ok();
    assert_eq!((&counts["calls"]["storage.PutObject"], &counts["effects"]["file.committed"]), (&json!(1), &json!(1)));
    for wrong in ["/journal?operation=storage.PutObjekt", "/effects?what=file.comitted"] {
        let refused = admin(&drive, Method::GET, wrong, None).await;
        assert!(
            refused.status == 400 && refused.body["message"].as_str().unwrap().contains("is called"),
            "{refused:?}"
        );
    }
    let all = admin(&drive, Method::GET, "/journal", None).await.ok().to_string();
    assert!(!all.contains(&drive.token), "the journal holds no secrets");
    admin(&drive, Method::DELETE, "/journal", None).await.ok();
    assert_eq!(admin(&drive, Method::GET, "/journal", None).await.ok(), json!([]));
    assert_eq!(admin(&drive, Method::GET, "/counts", None).await.ok(), json!({"calls": {}, "effects": {}}));
}

#[tokio::test]
#[should_panic(expected = "nothing that happens is called file.comitted; there are ")]
async fn an_effect_that_there_is_not_is_a_mistake() {
    Emulator::start().await.unwrap().effects("file.comitted");
}

#[tokio::test]
#[should_panic(expected = "no operation is called storage_v2.CommitFil;")]
async fn a_call_that_there_is_not_is_a_mistake() {
    Emulator::start().await.unwrap().calls("storage_v2.CommitFil");
}

#[tokio::test]
async fn clock_limits_and_tokens_are_steered() {
    let mut drive = Drive::of(Emulator::builder().virtual_clock()).await;
    assert_eq!(admin(&drive, Method::GET, "/clock", None).await.ok()["text"], "2026-01-01T00:00:00Z");
    let advanced =
        admin(&drive, Method::POST, "/clock/advance", Some(json!({"seconds": 90, "millis": 500}))).await.ok();
    assert_eq!(advanced, json!({"millis": 1_767_225_690_500_i64, "text": "2026-01-01T00:01:30Z"}));
    assert_eq!(admin(&drive, Method::POST, "/clock/advance", Some(json!({}))).await.status, 400);
    let limits = admin(&drive, Method::PUT, "/limits", Some(json!({"perSecond": 1}))).await.ok();
    assert_eq!(
        limits,
        json!({"perSecond": 1, "window": "fixed", "perMonth": null, "perAddress": null, "tokenSeconds": null})
    );
    let path = drive.by("/v1.0/storage/spaces/1");
    assert_eq!(drive.get(&path).await.status, 404);
    assert_eq!(drive.get(&path).await.status, 403);
    admin(&drive, Method::PUT, "/limits", Some(json!({"tokenSeconds": 60}))).await.ok();
    let credentials = drive.emulator.credentials();
    let body = json!({"appKey": credentials.app_key, "appSecret": credentials.app_secret});
    admin(&drive, Method::DELETE, "/tokens", None).await.ok();
    let token = drive.post("/v1.0/oauth2/accessToken", &body).await.ok();
    assert_eq!(token["expireIn"], 60);
    drive.token = token["accessToken"].as_str().unwrap().to_owned();
    assert_eq!(drive.get(&path).await.status, 404);
    admin(&drive, Method::POST, "/clock/advance", Some(json!({"seconds": 60}))).await.ok();
    assert_eq!(drive.get(&path).await.refusal(), (400, "InvalidAuthentication"));
    admin(&drive, Method::PUT, "/limits", Some(json!({}))).await.ok();
    drive.token = drive.new_token().await;
    admin(&drive, Method::DELETE, "/tokens", None).await.ok();
    assert_eq!(drive.get(&path).await.refusal(), (400, "InvalidAuthentication"));
    drive.token = drive.new_token().await;
    assert_eq!(drive.get(&path).await.status, 404);
}

#[tokio::test]
async fn a_plan_is_planted_and_a_dump_is_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let mut drive = Drive::start().await;
    let plan = json!({"spaces": [{"scene": "planted", "files": [{"path": "/a.txt", "text": "abc"}]}]});
    admin(&drive, Method::POST, "/plan", Some(plan.clone())).await.ok();
    let dump = json!({"folder": folder.path()});
    admin(&drive, Method::POST, "/dump", Some(dump.clone())).await.ok();
    let (space, root) = drive.space("planted").await;
    drive.file(&root, "later.txt", "x").await;
    let about = admin(&drive, Method::POST, "/load", Some(dump)).await.ok();
    assert_eq!(about["apiUrl"], drive.emulator.api_url());
    drive.token = drive.new_token().await;
    let used = drive.get(&drive.by(&format!("/v1.0/storage/spaces/{space}"))).await.ok();
    assert_eq!(used["space"]["usedQuota"], 3);
    let wrong = json!({"spaces": [{"files": [{"path": "/a|b", "text": ""}]}]});
    let refused = admin(&drive, Method::POST, "/plan", Some(wrong)).await;
    assert!(refused.status == 400 && refused.body["message"].as_str().unwrap().contains("/a|b"), "{refused:?}");
}

#[tokio::test]
async fn web_pages_cannot_steer_it() {
    let drive = Drive::start().await;
    let url = format!("{}/_emulator/faults", drive.emulator.api_url());
    let fault = json!({"fault": {"kind": "resetBefore"}}).to_string();
    let plain = drive.client.post(&url).header("content-type", "text/plain").body(fault.clone());
    assert_eq!(plain.send().await.unwrap().status(), 415);
    let rebound = drive.client.get(&url).header("host", "evil.example");
    assert_eq!(rebound.send().await.unwrap().status(), 403);
    assert_eq!(admin(&drive, Method::GET, "/faults", None).await.ok(), json!([]));
}

/// Takes a POST from a connection, and answers it; returns its body.
async fn take(listener: &TcpListener) -> Value {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut request = String::new();
    while !request.ends_with('}') {
        let mut bytes = [0; 4096];
        let count = stream.read(&mut bytes).await.unwrap();
        assert!(count > 0, "the request ends before its body: {request}");
        request.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
    }
    stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
    serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn news_is_read_and_pushed_in_order() {
    const FOLDERS: usize = 40;
    let folder = tempfile::tempdir().unwrap();
    let drive = Arc::new(Drive::of(Emulator::builder().folder(folder.path())).await);
    let (space, _) = drive.space("watched").await;
    let subscription = json!({"scope": "SPACE", "scopeId": space});
    drive.post(&drive.by("/v1.0/storage/events/subscribe"), &subscription).await.ok();
    assert_eq!(admin(&drive, Method::GET, "/events", None).await.ok(), json!([]));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/news", listener.local_addr().unwrap());
    assert_eq!(
        admin(&drive, Method::PUT, "/subscriber", Some(json!({"url": url}))).await.ok(),
        json!({"url": url.clone()})
    );
    for wrong in [json!({}), json!({"url": "http://192.0.2.1:80/"})] {
        assert_eq!(admin(&drive, Method::PUT, "/subscriber", Some(wrong)).await.status, 400);
    }
    let mut making = JoinSet::new();
    for number in 0..FOLDERS {
        let (drive, space) = (drive.clone(), space.clone());
        making.spawn(async move { drop(drive.folder(&space, "0", &format!("folder {number}")).await) });
    }
    let mut pushed = Vec::new();
    for _ in 0..FOLDERS {
        pushed.push(take(&listener).await);
    }
    making.join_all().await;
    let told = admin(&drive, Method::GET, "/events", None).await.ok();
    assert_eq!(json!(pushed), told, "news comes in the order of the changes");
    admin(&drive, Method::DELETE, "/subscriber", None).await.ok();
    drive.folder(&space, "0", "later").await;
    assert_eq!(admin(&drive, Method::GET, "/events", None).await.ok().as_array().unwrap().len(), FOLDERS + 1);
    let journal = admin(&drive, Method::GET, "/journal?operation=events.Push", None).await.ok();
    assert!(journal.as_array().unwrap().iter().all(|push| push["status"] == 204), "{journal}");
    assert!(journal.as_array().unwrap().len() <= FOLDERS);
}
