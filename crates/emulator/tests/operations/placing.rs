//! Copying, moving and renaming.

use reqwest::Method;
use serde_json::{Value, json};

use crate::asking::{standing, text, texts};
use crate::support::Drive;

fn to(space: &str, folder: &str, strategy: &str) -> Value {
    json!({"targetSpaceId": space, "targetFolderId": folder, "option": {"conflictStrategy": strategy}})
}

#[tokio::test]
async fn a_copy_is_another_file_with_the_same_bytes() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("copies").await;
    let file = drive.file(&root, "a.txt", "hello").await;
    let id = text(&file["id"]);
    let path = format!("{space}/dentries/{id}/copy");
    let copied = drive.ask(&path, to(&space, "0", "AUTO_RENAME")).await.ok();
    assert_eq!((&copied["async"], &copied["dentry"]["name"]), (&json!(false), &json!("a(1).txt")));
    assert!(copied["dentry"]["id"] != file["id"] && copied["dentry"]["uuid"] != file["uuid"]);
    assert_eq!(drive.used(&space).await, 10);
    drive.of_space(0, Method::DELETE, &format!("{space}/dentries/{id}"), None).await.ok();
    assert_eq!(drive.download(&space, &text(&copied["dentry"]["id"])).await, b"hello", "bytes outlive the original");
    assert_eq!(drive.used(&space).await, 5);
    assert_eq!(drive.emulator.effects("entry.copied"), 1);
}

#[tokio::test]
async fn each_conflict_strategy_of_a_copy() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("strategies").await;
    let original = text(&drive.file(&root, "a.txt", "new").await["id"]);
    let folder = drive.folder(&space, "0", "target").await;
    let (target, uuid) = (text(&folder["id"]), text(&folder["uuid"]));
    let holder = text(&drive.file(&uuid, "a.txt", "old").await["id"]);
    let path = format!("{space}/dentries/{original}/copy");
    let refused = drive.ask(&path, to(&space, &target, "RETURN_ERROR_IF_EXISTS")).await;
    assert_eq!(refused.refusal(), (400, "dentryAlreadyExist"));
    let existing = drive.ask(&path, to(&space, &target, "RETURN_DENTRY_IF_EXISTS")).await.ok();
    assert_eq!(existing["dentry"]["id"], json!(holder));
    assert_eq!(drive.names(&space, &target).await, ["a.txt"]);
    let renamed = drive.ask(&path, to(&space, &target, "AUTO_RENAME")).await.ok();
    assert_eq!(renamed["dentry"]["name"], "a(1).txt");
    let replaced = drive.ask(&path, to(&space, &target, "OVERWRITE")).await.ok();
    assert_eq!(drive.names(&space, &target).await, ["a(1).txt", "a.txt"]);
    assert_eq!(drive.entry(&space, &holder).await.refusal(), (404, "dentryNotExist"));
    assert_eq!(drive.download(&space, &text(&replaced["dentry"]["id"])).await, b"new");
    assert_eq!(drive.ask(&path, to(&space, &target, "SOMEHOW")).await.refusal(), (400, "paramError.conflictStrategy"));
}

#[tokio::test]
async fn a_tree_is_copied_by_a_task_that_everybody_can_watch() {
    let drive = standing().await;
    let (space, _) = drive.space("trees").await;
    let [folder, ..] = drive.tree(&space, "0", "tree").await;
    let copied = drive.ask(&format!("{space}/dentries/{folder}/copy"), to(&space, "0", "AUTO_RENAME")).await.ok();
    assert_eq!((&copied["async"], &copied["dentry"]["name"]), (&json!(true), &json!("tree(1)")));
    let copy = text(&copied["dentry"]["id"]);
    assert!(drive.names(&space, &copy).await.is_empty(), "nobody has asked for the task yet");
    let rename = format!("{space}/dentries/{copy}/rename");
    assert_eq!(drive.ask(&rename, json!({"newName": "x"})).await.refusal(), (400, "operationConcurrentControl"));
    let seen = drive.task(&text(&copied["taskId"])).await;
    let statuses = texts(&Value::from(seen.clone()), "status");
    assert_eq!(statuses, ["INIT", "IN_PROGRESS", "SUCCESS"]);
    let counts: Vec<_> = seen.iter().map(|task| (&task["totalCount"], &task["successCount"])).collect();
    assert_eq!(counts, [(&json!(4), &json!(0)), (&json!(4), &json!(2)), (&json!(4), &json!(4))]);
    assert!(seen[1]["endTime"].is_null() && seen[2]["endTime"].is_string());
    assert_eq!(drive.names(&space, &copy).await, ["a.txt", "sub"]);
    assert_eq!(drive.used(&space).await, 12);
    drive.ask(&rename, json!({"newName": "x"})).await.ok();
}

#[tokio::test]
async fn an_unwatched_task_is_over_after_a_moment() {
    let drive = standing().await;
    let (space, _) = drive.space("later").await;
    let [folder, ..] = drive.tree(&space, "0", "tree").await;
    let copied = drive.ask(&format!("{space}/dentries/{folder}/copy"), to(&space, "0", "AUTO_RENAME")).await.ok();
    drive.emulator.advance(std::time::Duration::from_secs(1));
    assert_eq!(drive.names(&space, &text(&copied["dentry"]["id"])).await, ["a.txt", "sub"]);
    assert_eq!(drive.task(&text(&copied["taskId"])).await.len(), 1);
}

#[tokio::test]
async fn a_move_keeps_ids_and_takes_room_along() {
    let drive = standing().await;
    let (from, _) = drive.space("from").await;
    let (other, _) = drive.space("into").await;
    let [folder, a, _, b] = drive.tree(&from, "0", "tree").await;
    let before = drive.entry(&from, &b).await.ok();
    let moved = drive.ask(&format!("{from}/dentries/{folder}/move"), to(&other, "0", "AUTO_RENAME")).await.ok();
    assert_eq!(moved["dentry"]["id"], json!(folder));
    assert_eq!(drive.task(&text(&moved["taskId"])).await.len(), 3);
    let after = drive.entry(&other, &b).await.ok();
    assert_eq!(after["dentry"]["uuid"], before["dentry"]["uuid"]);
    assert_eq!(after["dentry"]["path"], "/tree/sub/b.txt");
    assert_eq!(drive.entry(&from, &a).await.refusal(), (404, "dentryNotExist"));
    assert_eq!((drive.used(&from).await, drive.used(&other).await), (0, 6));
    assert_eq!(drive.download(&other, &a).await, b"aaaa");
}

#[tokio::test]
async fn a_move_that_cannot_be_is_refused() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("refusals").await;
    let [folder, a, sub, _] = drive.tree(&space, "0", "tree").await;
    let into = |id: &str, folder: &str| (format!("{space}/dentries/{id}/move"), to(&space, folder, "AUTO_RENAME"));
    for (id, target, status, code) in [
        (&*folder, &*sub, 400, "paramError.targetFolderId"),
        (&folder, &folder, 400, "paramError.targetFolderId"),
        (&sub, &a, 400, "paramError.targetFolderId"),
        (&sub, "x", 400, "paramError.targetFolderId"),
        (&sub, "77", 404, "dentryNotExist"),
        ("77", "0", 404, "dentryNotExist"),
        ("x", "0", 400, "paramError.dentryId"),
        ("0", &sub, 400, "paramError.dentryId"),
    ] {
        let (path, body) = into(id, target);
        assert_eq!(drive.ask(&path, body).await.refusal(), (status, code), "{id} into {target}");
    }
    let path = format!("{space}/dentries/{a}/move");
    assert_eq!(drive.ask(&path, to("x", "0", "OVERWRITE")).await.refusal(), (400, "paramError.targetSpaceId"));
    assert_eq!(drive.ask(&path, to("77", "0", "OVERWRITE")).await.refusal(), (404, "spaceNotExist"));
    let elsewhere = format!("77/dentries/{a}/move");
    assert_eq!(drive.ask(&elsewhere, to(&space, "0", "OVERWRITE")).await.refusal(), (404, "spaceNotExist"));
    assert_eq!(drive.ask(&path, json!({"targetSpaceId": space})).await.refusal(), (400, "paramError.targetFolderId"));
    let denied = drive.of_space(1, Method::POST, &path, Some(to(&space, "0", "OVERWRITE"))).await;
    assert_eq!(denied.refusal(), (403, "permissionDenied"));
    let outer = drive.file(&root, "sub", "a file that has the folder's name").await;
    let path = format!("{space}/dentries/{sub}/move");
    assert_eq!(drive.ask(&path, to(&space, "0", "OVERWRITE")).await.refusal(), (400, "dentryAlreadyExist"), "{outer}");
    assert_eq!(drive.emulator.effects("entry.moved"), 0);
}

#[tokio::test]
async fn there_has_to_be_room_for_a_copy() {
    let drive = standing().await;
    let body = json!({"option": {"scene": "small", "quota": 8}});
    let small = text(&drive.post(&drive.by("/v1.0/storage/spaces"), &body).await.ok()["space"]["id"]);
    let (space, _) = drive.space("big").await;
    let [folder, a, ..] = drive.tree(&space, "0", "tree").await;
    let path = |id: &str, what: &str| format!("{space}/dentries/{id}/{what}");
    let copied = drive.ask(&path(&folder, "copy"), to(&small, "0", "AUTO_RENAME")).await.ok();
    drive.task(&text(&copied["taskId"])).await;
    for what in ["copy", "move"] {
        let refused = drive.ask(&path(&a, what), to(&small, "0", "AUTO_RENAME")).await;
        assert_eq!(refused.refusal(), (400, "spaceQuotaInsufficient"), "{what}");
    }
    assert_eq!(drive.names(&small, "0").await, ["tree"]);
}

#[tokio::test]
async fn a_task_tells_what_it_could_not_do() {
    let drive = standing().await;
    let (space, root) = drive.space("big").await;
    let [folder, ..] = drive.tree(&space, "0", "tree").await;
    let sub = text(&drive.folder(&space, &folder, "private").await["id"]);
    let uuid = text(&drive.entry(&space, &sub).await.ok()["dentry"]["uuid"]);
    drive.file(&uuid, "secret.txt", "s").await;
    let grants = |uuid: &str| drive.by(&format!("/v2.0/storage/spaces/dentries/{uuid}/permissions"));
    let member = json!([{"type": "USER", "id": drive.user_id(1)}]);
    drive.post(&grants(&root), &json!({"roleId": "EDITOR", "members": member})).await.ok();
    let mode = drive.by(&format!("/v2.0/storage/spaces/dentries/{uuid}/permissions/inheritances"));
    drive.send(Method::PUT, &mode, Some(&json!({"inheritance": "BREAK"}))).await.ok();
    let path = format!("{space}/dentries/{folder}");
    let deleted = drive.of_space(1, Method::DELETE, &path, None).await.ok();
    let seen = drive.task(&text(&deleted["taskId"])).await;
    let last = seen.last().unwrap();
    assert_eq!((&last["status"], &last["failMessage"]), (&json!("FAIL"), &json!("permissionDenied")));
    let counts = (&last["totalCount"], &last["successCount"], &last["failCount"]);
    assert_eq!(counts, (&json!(6), &json!(3), &json!(3)), "the folders above what is private stay as well");
    assert_eq!(drive.emulator.effects("entry.deleted"), 0, "the tree is still there");
    assert_eq!(drive.names(&space, &folder).await, ["private"]);
    assert_eq!(drive.names(&space, &sub).await, ["secret.txt"]);
}

#[tokio::test]
async fn each_of_many_has_an_outcome_of_its_own() {
    let drive = standing().await;
    let (space, root) = drive.space("many").await;
    let [folder, ..] = drive.tree(&space, "0", "tree").await;
    let target = text(&drive.folder(&space, "0", "target").await["id"]);
    let file = text(&drive.file(&root, "c.txt", "c").await["id"]);
    let mut body = to(&space, &target, "RETURN_ERROR_IF_EXISTS");
    body["dentryIds"] = json!([file, "77", folder]);
    let copied = drive.ask(&format!("{space}/dentries/batchCopy"), body.clone()).await.ok();
    let [first, second, third] = &copied["resultItems"].as_array().unwrap()[..] else { panic!("{copied}") };
    assert_eq!((&first["success"], &first["async"]), (&json!(true), &json!(false)));
    assert!(first["targetDentryId"].is_string() && first["errorCode"].is_null());
    assert_eq!((&second["success"], &second["errorCode"]), (&json!(false), &json!("dentryNotExist")));
    assert!(second["targetDentryId"].is_null());
    assert_eq!((&third["async"], &third["success"]), (&json!(true), &Value::Null));
    drive.task(&text(&third["taskId"])).await;
    assert_eq!(drive.names(&space, &target).await, ["c.txt", "tree"]);
    let again = drive.ask(&format!("{space}/dentries/batchMove"), body.clone()).await.ok();
    assert_eq!(again["resultItems"][0]["errorCode"], "dentryAlreadyExist");
    body["dentryIds"] = json!([file, file, file, file]);
    let path = format!("{space}/dentries/batchCopy");
    assert_eq!(drive.ask(&path, body.clone()).await.refusal(), (400, "paramError.dentryIds"), "three at most");
    body["dentryIds"] = json!(["x"]);
    assert_eq!(drive.ask(&path, body).await.refusal(), (400, "paramError.dentryIds"));
}

#[tokio::test]
async fn many_are_moved_with_or_without_their_roles() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("many").await;
    let target = text(&drive.folder(&space, "0", "target").await["id"]);
    let member = json!([{"type": "USER", "id": drive.user_id(1)}]);
    for (name, keep, status) in [("kept.txt", true, 200), ("lost.txt", false, 403)] {
        let file = drive.file(&root, name, "x").await;
        let (id, uuid) = (text(&file["id"]), text(&file["uuid"]));
        let grants = drive.by(&format!("/v2.0/storage/spaces/dentries/{uuid}/permissions"));
        drive.post(&grants, &json!({"roleId": "READER", "members": member})).await.ok();
        let mut body = to(&space, &target, "AUTO_RENAME");
        body["dentryIds"] = json!([id]);
        body["option"]["preservePermissions"] = json!(keep);
        let moved = drive.ask(&format!("{space}/dentries/batchMove"), body).await.ok();
        let result = &moved["resultItems"][0];
        assert_eq!((&result["success"], &result["targetDentryId"]), (&json!(true), &json!(id)));
        let read = drive.of_space(1, Method::POST, &format!("{space}/dentries/{id}/query"), Some(json!({}))).await;
        assert_eq!(read.status, status, "{name}");
    }
    assert_eq!(drive.names(&space, &target).await, ["kept.txt", "lost.txt"]);
}

#[tokio::test]
async fn a_new_name_has_to_be_allowed_and_free() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("names").await;
    let file = drive.file(&root, "a.txt", "a").await;
    drive.file(&root, "taken.txt", "b").await;
    let path = format!("{space}/dentries/{}/rename", text(&file["id"]));
    let renamed = drive.ask(&path, json!({"newName": " b.md "})).await.ok();
    let dentry = &renamed["dentry"];
    assert_eq!((&dentry["name"], &dentry["extension"], &dentry["uuid"]), (&json!("b.md"), &json!("md"), &file["uuid"]));
    assert_eq!(drive.names(&space, "0").await, ["b.md", "taken.txt"]);
    for name in ["a*b", "a|b", "ends.", " ", "a/b"] {
        assert_eq!(drive.ask(&path, json!({"newName": name})).await.refusal(), (400, "paramError.name"), "{name}");
    }
    assert_eq!(drive.ask(&path, json!({"newName": "taken.txt"})).await.refusal(), (400, "dentryAlreadyExist"));
    let root = format!("{space}/dentries/0/rename");
    assert_eq!(drive.ask(&root, json!({"newName": "x"})).await.refusal(), (400, "paramError.dentryId"));
}

#[tokio::test]
async fn what_is_in_the_way_is_replaced_or_kept_as_asked() {
    let drive = standing().await;
    let (space, root) = drive.space("ways").await;
    let target = drive.folder(&space, "0", "target").await;
    let old = drive.file(&text(&target["uuid"]), "a.txt", "old").await;
    let new = drive.file(&root, "a.txt", "newer").await;
    let body = |strategy: &str| {
        json!({
            "targetSpaceId": space, "targetFolderId": target["id"], "option": {"conflictStrategy": strategy},
        })
    };
    let path = format!("{space}/dentries/{}/move", text(&new["id"]));
    let kept = drive.ask(&path, body("RETURN_DENTRY_IF_EXISTS")).await.ok();
    assert_eq!((&kept["dentry"]["id"], drive.emulator.effects("entry.moved")), (&old["id"], 0));
    let moved = drive.ask(&path, body("OVERWRITE")).await.ok();
    assert_eq!((&moved["dentry"]["id"], &moved["dentry"]["path"]), (&new["id"], &json!("/target/a.txt")));
    assert_eq!(drive.entry(&space, &text(&old["id"])).await.refusal(), (404, "dentryNotExist"));
    assert_eq!((drive.used(&space).await, drive.emulator.effects("entry.replaced")), (5, 1));

    // A folder is never replaced: what is in it would go with it.
    let folder = format!("{space}/dentries/0/folders");
    let again = json!({"name": "target", "option": {"conflictStrategy": "OVERWRITE"}});
    assert_eq!(drive.ask(&folder, again).await.ok()["dentry"]["id"], target["id"]);
    assert_eq!(drive.names(&space, &text(&target["id"])).await, ["a.txt"]);

    let info = drive.upload_info(&root).await;
    assert_eq!(drive.put(&info, "unused").await.status(), 200);
    let path = drive.by(&format!("/v2.0/storage/spaces/files/{}/commit", text(&target["uuid"])));
    let option = json!({"conflictStrategy": "RETURN_DENTRY_IF_EXISTS"});
    let commit = json!({"uploadKey": info["uploadKey"], "name": "a.txt", "option": option});
    let kept = drive.post(&path, &commit).await.ok()["dentry"].clone();
    assert_eq!((&kept["id"], &kept["version"], &kept["size"]), (&new["id"], &json!(1), &json!(5)));
    assert_eq!(drive.post(&path, &commit).await.refusal(), (400, "paramError.uploadKey"), "the key is used up");
}
