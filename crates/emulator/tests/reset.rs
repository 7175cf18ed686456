//! Back to the beginning, and plans that come later.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

mod support;

use std::path::Path;
use std::time::Duration;

use dingtalk_storage_emulator::{Emulator, Fault, FaultKind, Plan};
use reqwest::Method;
use serde_json::{Value, json};
use support::Drive;

/// Everything that a test does, and the answers to it.
async fn transcript(drive: &mut Drive) -> Vec<Value> {
    drive.token = String::new();
    drive.token = drive.new_token().await;
    let (space, root) = drive.space("reset").await;
    let file = drive.file(&root, "a.txt", "abc").await;
    let journal = drive.get("/_emulator/journal").await.ok();
    vec![json!([drive.token, space, root]), file, journal, drive.get("/_emulator/counts").await.ok()]
}

#[tokio::test]
async fn everything_is_as_it_was() {
    let builder = Emulator::builder().seed(7).virtual_clock().loose();
    let mut drive = Drive::with(builder.start().await.unwrap()).await;
    drive.post("/_emulator/reset", &Value::Null).await.ok();
    let first = transcript(&mut drive).await;
    drive.emulator.advance(Duration::from_hours(5));
    let number = drive.emulator.add_fault(Fault::new(FaultKind::ResetBefore).on("storage_v1.GetOrg"));
    let limits = json!({"perSecond": 1});
    drive.send(Method::PUT, "/_emulator/limits", Some(&limits)).await.ok();
    let plan = json!({"users": [{"unionId": "new", "userId": "new", "name": "New"}]});
    drive.post("/_emulator/plan", &plan).await.ok();
    drive.emulator.deliver_events_to("http://127.0.0.1:1/").unwrap();

    let about = drive.post("/_emulator/reset", &Value::Null).await.ok();
    assert_eq!(about["users"].as_array().unwrap().len(), 3);
    assert_eq!(drive.get("/_emulator/journal").await.ok(), json!([]));
    assert_eq!(drive.get("/_emulator/effects").await.ok(), json!([]));
    assert_eq!(drive.get("/_emulator/faults").await.ok(), json!([]));
    assert_eq!(drive.get("/_emulator/limits").await.ok()["perSecond"], Value::Null);
    assert_eq!(drive.get("/_emulator/clock").await.ok()["text"], "2026-01-01T00:00:00Z");
    let refused = drive.get(&drive.by("/v1.0/storage/spaces/1")).await;
    assert_eq!(refused.refusal(), (400, "InvalidAuthentication"), "tokens are forgotten");
    drive.emulator.reset().await.unwrap();
    assert_eq!(transcript(&mut drive).await, first, "to the byte, ids and numbers too");
    assert_eq!(drive.emulator.add_fault(Fault::new(FaultKind::ResetBefore)), number, "numbers of faults, too");
}

#[tokio::test]
async fn what_it_began_with_is_there_again() {
    let plan = Plan::from_yaml("spaces: [{scene: planned, files: [{path: /a.txt, text: planned}]}]").unwrap();
    let mut drive = Drive::of(Emulator::builder().plan(plan)).await;
    let credentials = drive.emulator.credentials();
    let (space, root) = drive.space("planned").await;
    drive.file(&root, "a.txt", "changed").await;
    drive.file(&root, "b.txt", "new").await;
    drive.emulator.reset().await.unwrap();
    assert_eq!(drive.emulator.credentials(), credentials);
    drive.token = String::new();
    drive.token = drive.new_token().await;
    assert_eq!(drive.space("planned").await.0, space);
    let path = drive.by(&format!("/v1.0/storage/spaces/{space}/dentries?parentId=0"));
    let dentries = drive.get(&path).await.ok()["dentries"].clone();
    assert_eq!(dentries.as_array().unwrap().len(), 1);
    assert_eq!(drive.download(&space, dentries[0]["id"].as_str().unwrap()).await, b"planned");
}

fn files(folder: &Path) -> usize {
    std::fs::read_dir(folder.join("blobs")).unwrap().count()
}

#[tokio::test]
async fn a_folder_is_emptied_too() {
    let folder = tempfile::tempdir().unwrap();
    let drive = Drive::of(Emulator::builder().folder(folder.path())).await;
    let credentials = drive.emulator.credentials();
    let (_, root) = drive.space("kept").await;
    drive.file(&root, "a.txt", "abc").await;
    assert_eq!(files(folder.path()), 1);
    drive.emulator.reset().await.unwrap();
    assert_eq!(files(folder.path()), 0);
    drive.emulator.stop().await;
    let drive = Drive::of(Emulator::builder().folder(folder.path())).await;
    assert_eq!(drive.emulator.credentials(), credentials);
    let path = drive.by("/v1.0/drive/spaces?spaceType=org&maxResults=5");
    assert_eq!(drive.get(&path).await.ok()["spaces"], json!([]));
}

#[tokio::test]
async fn a_later_plan_adds_and_tells_what_it_changed() {
    let drive = Drive::start().await;
    let before = drive.emulator.credentials();
    let (space, _) = drive.space("later").await;
    let plan = json!({
        "users": [{"unionId": "zoe", "userId": "zoe1", "name": "Zoe"}],
        "apps": [{"key": "second-app", "secret": "s"}],
        "spaces": [{
            "scene": "later", "name": "Renamed", "quota": 1000,
            "files": [{"path": "/f/", }, {"path": "/f/a.txt", "text": "one"}],
        }],
    });
    let told = drive.post("/_emulator/plan", &plan).await.ok();
    assert_eq!(told["users"], json!({"added": ["zoe"], "changed": [], "removed": []}));
    assert_eq!(told["apps"]["added"], json!(["second-app"]));
    assert_eq!(told["spaces"], json!({"added": [], "changed": [space], "removed": []}));
    assert_eq!((&told["filesAdded"], &told["filesChanged"]), (&json!(2), &json!(0)));
    let after = drive.emulator.credentials();
    assert_eq!((after.users.len(), &after.app_key), (4, &before.app_key), "those who were there stay");
    let shown = drive.get(&drive.by(&format!("/v1.0/storage/spaces/{space}"))).await.ok();
    assert_eq!((&shown["space"]["name"], &shown["space"]["quota"]), (&json!("Renamed"), &json!(1000)));
    let told = drive.post("/_emulator/plan", &plan).await.ok();
    assert_eq!(
        (&told["users"]["changed"], &told["filesAdded"], &told["filesChanged"]),
        (&json!(["zoe"]), &json!(0), &json!(1))
    );

    let mut replacing = plan;
    replacing["replace"] = json!(true);
    replacing["users"][0]["admin"] = json!(true);
    let told = drive.post("/_emulator/plan", &replacing).await.ok();
    assert_eq!(told["users"]["removed"].as_array().unwrap().len(), 3);
    assert_eq!(told["apps"]["removed"].as_array().unwrap().len(), 2);
    let after = drive.emulator.credentials();
    assert_eq!((after.users.len(), after.app_key.as_str()), (1, "second-app"));
}
