//! What operations leave behind outlives the process.

use dingtalk_storage_emulator::Emulator;
use reqwest::Method;
use serde_json::json;

use crate::asking::{text, texts};
use crate::support::Drive;

async fn start(folder: &std::path::Path) -> Drive {
    Drive::of(Emulator::builder().folder(folder).virtual_clock()).await
}

#[tokio::test]
async fn tasks_go_on_and_everything_else_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let drive = start(folder.path()).await;
    let (space, root) = drive.drive_space("Team").await;
    let corp_id = drive.emulator.credentials().corp_id.clone();
    let subscription = json!({"scope": "ORG", "scopeId": corp_id});
    drive.post(&drive.by("/v1.0/storage/events/subscribe"), &subscription).await.ok();
    let file = text(&drive.file(&root, "c.txt", "c").await["id"]);
    let recycle = format!("{space}/dentries/{file}?toRecycleBin=true");
    drive.of_space(0, Method::DELETE, &recycle, None).await.ok();
    let mine = drive.operated(0, Method::GET, "/v2.0/wiki/mineWorkspaces", None).await.ok();
    let [tree, ..] = drive.tree(&space, "0", "tree").await;
    let target = json!({"targetSpaceId": space, "targetFolderId": "0"});
    let copied = drive.ask(&format!("{space}/dentries/{tree}/copy"), target).await.ok();
    let task = drive.by(&format!("/v1.0/storage/tasks/{}", text(&copied["taskId"])));
    assert_eq!(drive.get(&task).await.ok()["task"]["status"], "INIT");
    let events = drive.emulator.events();
    drive.emulator.stop().await;

    let drive = start(folder.path()).await;
    assert_eq!(drive.emulator.events(), events);
    assert_eq!(drive.get(&task).await.ok()["task"]["status"], "IN_PROGRESS");
    assert_eq!(drive.get(&task).await.ok()["task"]["successCount"], 4);
    assert_eq!(drive.names(&space, &text(&copied["dentry"]["id"])).await, ["a.txt", "sub"]);
    assert_eq!(drive.operated(0, Method::GET, "/v2.0/wiki/mineWorkspaces", None).await.ok(), mine);
    let bin = drive.by(&format!("/v1.0/storage/recycleBins?recycleBinScope=ORG&scopeId={corp_id}"));
    let bin = text(&drive.get(&bin).await.ok()["recycleBin"]["id"]);
    let items = drive.by(&format!("/v1.0/storage/recycleBins/{bin}/recycleItems"));
    let items = drive.get(&items).await.ok();
    assert_eq!(texts(&items["recycleItems"], "originalName"), ["c.txt"]);
    let item = text(&items["recycleItems"][0]["id"]);
    let restore = drive.by(&format!("/v1.0/storage/recycleBins/{bin}/recycleItems/{item}/restore"));
    drive.post(&restore, &json!({})).await.ok();
    assert_eq!(drive.download(&space, &file).await, b"c");
    assert!(drive.emulator.events().len() > events.len(), "the subscription lasts");
}
