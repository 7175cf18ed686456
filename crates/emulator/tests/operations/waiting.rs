//! What comes in the way of a task has to wait.

use reqwest::Method;
use serde_json::{Value, json};

use crate::asking::{standing, text};
use crate::support::Drive;

/// Starts a task on a tree; returns its id, and the uuid of a folder that it works on.
async fn start(drive: &Drive, space: &str, kind: &str) -> (String, String) {
    let [tree, ..] = drive.tree(space, "0", "tree").await;
    let uuid = text(&drive.entry(space, &tree).await.ok()["dentry"]["uuid"]);
    let delete = async |query: &str| {
        let path = format!("{space}/dentries/{tree}{query}");
        text(&drive.of_space(0, Method::DELETE, &path, None).await.ok()["taskId"])
    };
    let place = async |what: &str, target: &str| {
        let target = json!({"targetSpaceId": target, "targetFolderId": "0"});
        let placed = drive.ask(&format!("{space}/dentries/{tree}/{what}"), target).await.ok();
        (text(&placed["taskId"]), placed["dentry"].clone())
    };
    match kind {
        "copy" => {
            let (task, copy) = place("copy", space).await;
            (task, text(&copy["uuid"]))
        }
        "move" => {
            let (other, _) = drive.drive_space("Other").await;
            (place("move", &other).await.0, uuid)
        }
        "erase" => (delete("").await, uuid),
        "recycle" => (delete("?toRecycleBin=true").await, uuid),
        _ => {
            drive.task(&delete("?toRecycleBin=true").await).await;
            let corp_id = &drive.emulator.credentials().corp_id;
            let bins = drive.by(&format!("/v1.0/storage/recycleBins?recycleBinScope=ORG&scopeId={corp_id}"));
            let bin = text(&drive.get(&bins).await.ok()["recycleBin"]["id"]);
            let items = drive.by(&format!("/v1.0/storage/recycleBins/{bin}/recycleItems"));
            let item = text(&drive.get(&items).await.ok()["recycleItems"][0]["id"]);
            let restore = drive.by(&format!("/v1.0/storage/recycleBins/{bin}/recycleItems/{item}/restore"));
            (text(&drive.post(&restore, &json!({})).await.ok()["taskId"]), uuid)
        }
    }
}

#[tokio::test]
async fn a_commit_waits_for_each_kind_of_task() {
    for kind in ["copy", "move", "erase", "recycle", "restore"] {
        let drive = standing().await;
        let (space, root) = drive.drive_space("Team").await;
        let info = drive.upload_info(&root).await;
        assert_eq!(drive.put(&info, "x").await.status(), 200);
        let (task, folder) = start(&drive, &space, kind).await;
        let ask = async || drive.get(&drive.by(&format!("/v1.0/storage/tasks/{task}"))).await.ok()["task"].clone();
        for stage in ["waiting", "half done"] {
            let commit = drive.commit(&folder, &info, "x.txt").await;
            assert_eq!(commit.refusal(), (400, "operationConcurrentControl"), "{kind}, {stage}");
            if stage == "waiting" {
                assert_eq!(ask().await["status"], "INIT");
            }
        }
        let ended: Vec<Value> = drive.task(&task).await;
        assert_eq!(ended.last().unwrap()["status"], "SUCCESS", "{kind}");
        assert_eq!(drive.emulator.calls("storage_v2.CommitFile"), 4, "two for the tree, two that were refused");
        drive.commit(&root, &info, "x.txt").await.ok();
    }
}

#[tokio::test]
async fn a_commit_beside_a_task_does_not_wait() {
    let drive = standing().await;
    let (space, root) = drive.drive_space("Team").await;
    let info = drive.upload_info(&root).await;
    assert_eq!(drive.put(&info, "x").await.status(), 200);
    start(&drive, &space, "erase").await;
    drive.commit(&root, &info, "x.txt").await.ok();
}
