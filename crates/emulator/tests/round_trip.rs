//! From a token to the bytes of a file and back.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

mod support;

use dingtalk_storage_emulator::{Fault, FaultKind};
use reqwest::{Method, StatusCode};
use serde_json::json;
use support::Drive;

#[tokio::test]
async fn a_file_goes_up_and_comes_down() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("reports").await;
    assert_eq!(drive.space("reports").await.0, space, "the same scene is the same space");
    assert_ne!(drive.space("other").await.0, space);
    let folder = drive.folder(&space, "0", "2026").await;
    let uuid = folder["uuid"].as_str().unwrap();
    let file = drive.file(uuid, "hello.txt", "Hello, drive").await;
    assert_eq!(file["path"], "/2026/hello.txt");
    assert_eq!((&file["size"], &file["version"], &file["extension"]), (&json!(12), &json!(1), &json!("txt")));
    let id = file["id"].as_str().unwrap();
    assert_eq!(drive.download(&space, id).await, b"Hello, drive");
    let again = drive.file(uuid, "hello.txt", "Another").await;
    assert_eq!(again["name"], "hello(1).txt");
    let list = drive.by(&format!(
        "/v1.0/storage/spaces/{space}/dentries?parentId={}&orderBy=NAME&order=ASC",
        folder["id"].as_str().unwrap()
    ));
    let names: Vec<String> = drive.get(&list).await.ok()["dentries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|dentry| dentry["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["hello(1).txt", "hello.txt"]);
    let used = drive.get(&drive.by(&format!("/v1.0/storage/spaces/{space}"))).await.ok();
    assert_eq!(used["space"]["usedQuota"], 19);
    assert_ne!(root, uuid);
    assert_eq!(drive.emulator.effects("file.committed"), 2);
    assert_eq!(drive.emulator.calls("storage.PutObject"), 2);
}

#[tokio::test]
async fn an_answer_that_is_lost_is_applied_once() {
    let drive = Drive::start().await;
    let (_, root) = drive.space("lost").await;
    let info = drive.upload_info(&root).await;
    assert_eq!(drive.put(&info, "x").await.status(), StatusCode::OK);
    drive.emulator.add_fault(Fault::new(FaultKind::ApplyThenDrop).on("storage_v2.CommitFile"));
    let path = drive.by(&format!("/v2.0/storage/spaces/files/{root}/commit"));
    let body = json!({"uploadKey": info["uploadKey"], "name": "x.txt"});
    assert!(drive.request(Method::POST, &path, Some(&body)).send().await.is_err());
    assert_eq!(drive.emulator.effects("file.committed"), 1);
    assert_eq!(drive.post(&path, &body).await.refusal(), (400, "paramError.uploadKey"));
    assert_eq!(drive.emulator.missed_faults(), []);
}
