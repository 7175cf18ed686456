//! Deleting for good and into the recycle bin, and bringing back.

use reqwest::Method;
use serde_json::{Value, json};

use crate::asking::{standing, text, texts};
use crate::support::{Answer, Drive};

/// The recycle bin of the organization.
async fn bin(drive: &Drive) -> String {
    let corp_id = &drive.emulator.credentials().corp_id;
    let path = drive.by(&format!("/v1.0/storage/recycleBins?recycleBinScope=ORG&scopeId={corp_id}"));
    text(&drive.get(&path).await.ok()["recycleBin"]["id"])
}

async fn items(drive: &Drive, bin: &str) -> Vec<Value> {
    let path = drive.by(&format!("/v1.0/storage/recycleBins/{bin}/recycleItems"));
    drive.get(&path).await.ok()["recycleItems"].as_array().unwrap().clone()
}

async fn recycle(drive: &Drive, space: &str, id: &str) -> Value {
    let path = format!("{space}/dentries/{id}?toRecycleBin=true");
    drive.of_space(0, Method::DELETE, &path, None).await.ok()
}

async fn restore(drive: &Drive, bin: &str, item: &str, strategy: &str) -> Answer {
    let path = drive.by(&format!("/v1.0/storage/recycleBins/{bin}/recycleItems/{item}/restore"));
    drive.post(&path, &json!({"option": {"conflictStrategy": strategy}})).await
}

#[tokio::test]
async fn a_tree_is_deleted_from_its_leaves() {
    let drive = standing().await;
    let (space, _) = drive.space("gone").await;
    let [folder, a, _, b] = drive.tree(&space, "0", "tree").await;
    let path = format!("{space}/dentries/{folder}");
    let deleted = drive.of_space(0, Method::DELETE, &path, None).await.ok();
    assert_eq!(deleted["async"], true);
    assert_eq!(drive.names(&space, "0").await, ["tree"]);
    assert_eq!(drive.emulator.effects("entry.deleted"), 0, "nothing is gone yet");
    assert_eq!(drive.task(&text(&deleted["taskId"])).await.len(), 3);
    assert_eq!(drive.emulator.effects("entry.deleted"), 1);
    assert_eq!(drive.names(&space, "0").await, Vec::<String>::new());
    for id in [a, b, folder] {
        assert_eq!(drive.entry(&space, &id).await.refusal(), (404, "dentryNotExist"));
    }
    assert_eq!(drive.used(&space).await, 0);
    let again = drive.of_space(0, Method::DELETE, &path, None).await;
    assert_eq!(again.refusal(), (404, "dentryNotExist"));
}

#[tokio::test]
async fn what_cannot_be_deleted_stays() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("stays").await;
    let file = text(&drive.file(&root, "a.txt", "a").await["id"]);
    let delete = |person, path: String| {
        let drive = &drive;
        async move { drive.of_space(person, Method::DELETE, &path, None).await }
    };
    let recycle = delete(0, format!("{space}/dentries/{file}?toRecycleBin=true")).await;
    assert_eq!(recycle.refusal(), (400, "recycleBinNotSupportForSpace"));
    assert_eq!(delete(0, format!("{space}/dentries/0")).await.refusal(), (403, "operationNotSupported"));
    assert_eq!(delete(1, format!("{space}/dentries/{file}")).await.refusal(), (403, "permissionDenied"));
    assert_eq!(delete(0, format!("77/dentries/{file}")).await.refusal(), (404, "spaceNotExist"));
    let body = json!({"dentryIds": [file], "option": {"toRecycleBin": true}});
    let many = drive.ask(&format!("{space}/dentries/batchRemove"), body).await.ok();
    assert_eq!(many["resultItems"][0]["errorCode"], "recycleBinNotSupportForSpace");
    assert_eq!(drive.names(&space, "0").await, ["a.txt"]);
}

#[tokio::test]
async fn many_are_deleted_with_an_outcome_each() {
    let drive = standing().await;
    let (space, root) = drive.space("many").await;
    let [folder, ..] = drive.tree(&space, "0", "tree").await;
    let file = text(&drive.file(&root, "c.txt", "c").await["id"]);
    let path = format!("{space}/dentries/batchRemove");
    let deleted = drive.ask(&path, json!({"dentryIds": [file, folder, file]})).await.ok();
    let results = deleted["resultItems"].as_array().unwrap();
    assert_eq!(results[0]["success"], true);
    assert_eq!((&results[1]["async"], &results[1]["success"]), (&json!(true), &Value::Null));
    assert_eq!(results[2]["errorCode"], "dentryNotExist");
    drive.task(&text(&results[1]["taskId"])).await;
    assert_eq!(drive.names(&space, "0").await, Vec::<String>::new());
    let too_many: Vec<String> = (1..=51).map(|id| id.to_string()).collect();
    let refused = drive.ask(&path, json!({"dentryIds": too_many})).await;
    assert_eq!(refused.refusal(), (400, "paramError.dentryIds"));
}

#[tokio::test]
async fn what_was_recycled_comes_back_as_it_was() {
    let drive = standing().await;
    let (space, _) = drive.drive_space("Team").await;
    let [folder, a, _, b] = drive.tree(&space, "0", "tree").await;
    let bin = bin(&drive).await;
    let deleted = recycle(&drive, &space, &folder).await;
    drive.task(&text(&deleted["taskId"])).await;
    for id in [&folder, &a, &b] {
        assert_eq!(drive.entry(&space, id).await.refusal(), (404, "dentryNotExist"));
    }
    assert_eq!(drive.used(&space).await, 6, "the recycle bin takes room");
    let listed = items(&drive, &bin).await;
    assert_eq!((&listed[0]["originalPath"], &listed[0]["type"]), (&json!("/tree"), &json!("FOLDER")));
    let item = text(&listed[0]["id"]);
    let path = drive.by(&format!("/v1.0/storage/recycleBins/{bin}/recycleItems/{item}"));
    assert_eq!(drive.get(&path).await.ok()["item"], listed[0]);
    drive.folder(&space, "0", "tree").await;
    assert_eq!(restore(&drive, &bin, &item, "RETURN_ERROR_IF_EXISTS").await.refusal(), (400, "dentryAlreadyExist"));
    let restored = restore(&drive, &bin, &item, "AUTO_RENAME").await.ok();
    assert_eq!((&restored["dentryId"], &restored["spaceId"]), (&json!(folder), &json!(space)));
    drive.task(&text(&restored["taskId"])).await;
    assert_eq!(drive.entry(&space, &b).await.ok()["dentry"]["path"], "/tree(1)/sub/b.txt");
    assert_eq!(drive.download(&space, &a).await, b"aaaa");
    assert!(items(&drive, &bin).await.is_empty());
    assert_eq!(restore(&drive, &bin, &item, "AUTO_RENAME").await.refusal(), (404, "recycleItemNotExist"));
}

#[tokio::test]
async fn without_its_folder_an_item_comes_back_to_the_root() {
    let drive = Drive::start().await;
    let (space, _) = drive.drive_space("Team").await;
    let [folder, a, ..] = drive.tree(&space, "0", "tree").await;
    recycle(&drive, &space, &a).await;
    drive.of_space(0, Method::DELETE, &format!("{space}/dentries/{folder}"), None).await.ok();
    let bin = bin(&drive).await;
    let item = text(&items(&drive, &bin).await[0]["id"]);
    restore(&drive, &bin, &item, "AUTO_RENAME").await.ok();
    assert_eq!(drive.names(&space, "0").await, ["a.txt"]);
}

#[tokio::test]
async fn each_conflict_strategy_of_restoring() {
    let drive = Drive::start().await;
    let (space, root) = drive.drive_space("Team").await;
    let subscription = json!({"scope": "SPACE", "scopeId": space});
    drive.post(&drive.by("/v1.0/storage/events/subscribe"), &subscription).await.ok();
    let bin = bin(&drive).await;
    let old = text(&drive.file(&root, "a.txt", "old").await["id"]);
    recycle(&drive, &space, &old).await;
    let new = drive.file(&root, "a.txt", "newer").await;
    let item = text(&items(&drive, &bin).await[0]["id"]);
    let kept = restore(&drive, &bin, &item, "RETURN_DENTRY_IF_EXISTS").await.ok();
    assert_eq!(kept["dentryId"], new["id"]);
    assert_eq!(items(&drive, &bin).await.len(), 1, "what was not restored stays");
    let before = drive.emulator.events().len();
    assert_eq!(restore(&drive, &bin, &item, "OVERWRITE").await.ok()["dentryId"], json!(old));
    assert_eq!(drive.names(&space, "0").await, ["a.txt"]);
    assert_eq!(drive.download(&space, &old).await, b"old");
    assert_eq!(drive.entry(&space, &text(&new["id"])).await.refusal(), (404, "dentryNotExist"));
    let replaced = drive.emulator.ledger().into_iter().find(|line| line.what == "entry.replaced").unwrap();
    assert_eq!(json!(replaced.subject), new["uuid"]);
    let news = drive.emulator.events().split_off(before);
    let told: Vec<(&Value, &Value)> = news.iter().map(|each| (&each["EventType"], &each["dentryId"])).collect();
    assert_eq!(told, [(&json!("storage_dentry_delete"), &new["id"]), (&json!("storage_dentry_create"), &json!(old))]);
    assert_eq!(drive.used(&space).await, 3);
}

#[tokio::test]
async fn items_are_listed_page_by_page_and_purged() {
    let drive = Drive::start().await;
    let (space, root) = drive.drive_space("Team").await;
    for number in 1..=5 {
        let file = drive.file(&root, &format!("{number}.txt"), "12345").await;
        recycle(&drive, &space, &text(&file["id"])).await;
    }
    let bin = bin(&drive).await;
    let page = |rest: String| drive.by(&format!("/v1.0/storage/recycleBins/{bin}/recycleItems?maxResults=2{rest}"));
    let first = drive.get(&page(String::new())).await.ok();
    assert_eq!(texts(&first["recycleItems"], "originalName"), ["5.txt", "4.txt"]);
    let token = text(&first["nextToken"]);
    let second = drive.get(&page(format!("&nextToken={token}"))).await.ok();
    assert_eq!(texts(&second["recycleItems"], "originalName"), ["3.txt", "2.txt"]);
    let of_other_list = drive.by(&format!("/v1.0/storage/spaces/{space}/dentries?parentId=0&nextToken={token}"));
    assert_eq!(drive.get(&of_other_list).await.refusal(), (400, "paramError"));

    let ids = texts(&first["recycleItems"], "id");
    let remove = drive.by(&format!("/v1.0/storage/recycleBins/{bin}/recycleItems/batchRemove"));
    let refused = drive.post(&remove, &json!({"recycleItemIds": [ids[0], "77"]})).await;
    assert_eq!(refused.refusal(), (404, "recycleItemNotExist"));
    assert_eq!(items(&drive, &bin).await.len(), 5, "all or none");
    drive.post(&remove, &json!({"recycleItemIds": ids})).await.ok();
    assert_eq!((items(&drive, &bin).await.len(), drive.used(&space).await), (3, 15));
    let one = text(&items(&drive, &bin).await[0]["id"]);
    let path = drive.by(&format!("/v1.0/storage/recycleBins/{bin}/recycleItems/{one}"));
    drive.send(Method::DELETE, &path, None).await.ok();
    assert_eq!(drive.get(&path).await.refusal(), (404, "recycleItemNotExist"));
    drive.send(Method::POST, &drive.by(&format!("/v1.0/storage/recycleBins/{bin}/clear")), None).await.ok();
    assert_eq!((items(&drive, &bin).await.len(), drive.used(&space).await), (0, 0));
}

#[tokio::test]
async fn many_are_restored_with_an_outcome_each() {
    let drive = Drive::start().await;
    let (space, root) = drive.drive_space("Team").await;
    let file = text(&drive.file(&root, "a.txt", "a").await["id"]);
    recycle(&drive, &space, &file).await;
    let bin = bin(&drive).await;
    let item = text(&items(&drive, &bin).await[0]["id"]);
    let path = format!("/v1.0/storage/recycleBins/{bin}/recycleItems/batchRestore");
    let refused = |answer: &Value| answer["resultItems"][0]["errorCode"].clone();
    let by_other = format!("{path}?unionId={}", drive.person(1));
    assert_eq!(refused(&drive.post(&by_other, &json!({"recycleItemIds": [item]})).await.ok()), "permissionDenied");
    let restored = drive.post(&drive.by(&path), &json!({"recycleItemIds": [item, "77"]})).await.ok();
    let results = restored["resultItems"].as_array().unwrap();
    assert_eq!((&results[0]["success"], &results[0]["dentryId"]), (&json!(true), &json!(file)));
    assert_eq!(results[1]["errorCode"], "recycleItemNotExist");
    assert_eq!(drive.names(&space, "0").await, ["a.txt"]);
    let refusal = drive.post(&drive.by(&path), &json!({"recycleItemIds": ["x"]})).await;
    assert_eq!(refusal.refusal(), (400, "paramError.recycleItemIds"));
}

#[tokio::test]
async fn a_recycle_bin_that_is_not_there() {
    let drive = Drive::start().await;
    let of =
        |scope: &str, id: &str| drive.by(&format!("/v1.0/storage/recycleBins?recycleBinScope={scope}&scopeId={id}"));
    assert_eq!(drive.get(&of("ORG", "ding0")).await.refusal(), (404, "recycleBinNotExist"));
    assert_eq!(drive.get(&of("SPACE", "77")).await.refusal(), (400, "paramError.recycleBinScope"));
    assert_eq!(drive.get(&of("TEAM", "77")).await.refusal(), (400, "paramError.recycleBinScope"));
    let list = |bin: &str| drive.by(&format!("/v1.0/storage/recycleBins/{bin}/recycleItems"));
    assert_eq!(drive.get(&list("77")).await.refusal(), (404, "recycleBinNotExist"));
    assert_eq!(drive.get(&list("x")).await.refusal(), (400, "paramError.recycleBinId"));
    let too_many = format!("{}&maxResults=51", list(&bin(&drive).await));
    assert_eq!(drive.get(&too_many).await.refusal(), (400, "paramError.maxResults"));
    let clear = drive.by("/v1.0/storage/recycleBins/77/clear");
    assert_eq!(drive.send(Method::POST, &clear, None).await.refusal(), (400, "paramError.recycleBinId"));
}

#[tokio::test]
async fn a_task_belongs_to_the_app_that_started_it() {
    let drive = standing().await;
    let (space, _) = drive.space("tasks").await;
    let [folder, ..] = drive.tree(&space, "0", "tree").await;
    let deleted = drive.of_space(0, Method::DELETE, &format!("{space}/dentries/{folder}"), None).await.ok();
    let task = |id: &str| drive.by(&format!("/v1.0/storage/tasks/{id}"));
    assert_eq!(drive.get(&task("x")).await.refusal(), (400, "paramError.taskId"));
    assert_eq!(drive.get(&task("77")).await.refusal(), (404, "taskNotExist"));
    let credentials = drive.emulator.credentials();
    let body = json!({"suiteKey": credentials.suite_key, "suiteSecret": credentials.suite_secret,
        "authCorpId": credentials.corp_id, "suiteTicket": credentials.suite_ticket});
    let token = drive.post("/v1.0/oauth2/corpAccessToken", &body).await.ok()["accessToken"].clone();
    let path = task(&text(&deleted["taskId"]));
    let url = format!("{}{path}", drive.emulator.api_url());
    let other = drive.client.get(url).header(crate::support::TOKEN, text(&token)).send().await.unwrap();
    assert_eq!(Answer::read(other).await.refusal(), (404, "taskNotExist"));
    drive.get(&path).await.ok();
}
