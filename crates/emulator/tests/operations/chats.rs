//! Files in chats.

use reqwest::Method;
use serde_json::{Value, json};

use crate::asking::text;
use crate::support::{Answer, Drive};

async fn ask(drive: &Drive, person: usize, what: &str, body: &Value) -> Answer {
    drive.post(&format!("/v1.0/convFile/{what}?unionId={}", drive.person(person)), body).await
}

fn chat(drive: &Drive, number: usize) -> String {
    drive.emulator.credentials().chats[number].open_conversation_id.clone()
}

#[tokio::test]
async fn a_file_that_is_sent_lies_in_the_space_of_the_chat() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("mine").await;
    let id = text(&drive.file(&root, "a.txt", "hello").await["id"]);
    let lunch = chat(&drive, 1);
    let body = json!({"spaceId": space, "dentryId": id, "openConversationId": lunch});
    let sent = ask(&drive, 0, "conversations/files/send", &body).await.ok()["file"].clone();
    let found = ask(&drive, 1, "conversations/spaces/query", &json!({"openConversationId": lunch})).await.ok();
    assert_eq!(found["space"]["spaceId"], sent["spaceId"]);
    let path = format!("{}/dentries/{}/query", text(&sent["spaceId"]), text(&sent["id"]));
    let seen = drive.of_space(1, Method::POST, &path, Some(json!({}))).await.ok();
    assert_eq!((&seen["dentry"]["size"], &seen["dentry"]["uuid"]), (&json!(5), &sent["uuid"]));
    let outsider = drive.of_space(2, Method::POST, &path, Some(json!({}))).await;
    assert_eq!(outsider.refusal(), (403, "permissionDenied"), "Cui is not in the chat");
    let link = ask(&drive, 0, "conversations/files/links/send", &body).await.ok()["file"].clone();
    assert_eq!(link["name"], "a(1).txt");
    assert_eq!(drive.names(&text(&sent["spaceId"]), "0").await, ["a(1).txt", "a.txt"]);
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("mine").await;
    let id = text(&drive.file(&root, "a.txt", "hello").await["id"]);
    let folder = text(&drive.folder(&space, "0", "folder").await["id"]);
    let body = |id: &str, chat: &str| json!({"spaceId": space, "dentryId": id, "openConversationId": chat});
    let (lunch, partners) = (chat(&drive, 1), chat(&drive, 2));
    let send = "conversations/files/send";
    for (person, body, status, code) in [
        (0, body(&folder, &lunch), 400, "folderNotSupport"),
        (0, body("77", &lunch), 404, "dentryNotExist"),
        (0, body("x", &lunch), 400, "paramError.dentryId"),
        (0, body(&id, "cidnothing=="), 404, "conversationNotExist"),
        (0, body(&id, "lunch"), 400, "paramError.conversationId"),
        (1, body(&id, &lunch), 403, "permissionDenied"),
        (2, body(&id, &lunch), 403, "permissionDenied"),
        (0, body(&id, &partners), 403, "permissionDenied"),
    ] {
        assert_eq!(ask(&drive, person, send, &body).await.refusal(), (status, code), "{person} {body}");
    }
    let of_others = ask(&drive, 0, "conversations/spaces/query", &json!({"openConversationId": partners})).await;
    assert_eq!(of_others.refusal(), (403, "acrossOrgAccessForbidden"));
    let link = ask(&drive, 0, "conversations/files/links/send", &body(&folder, &lunch)).await;
    assert_eq!(link.refusal(), (400, "paramError.dentryId"));
    assert_eq!(drive.emulator.effects("file.sent"), 0);
}

#[tokio::test]
async fn an_app_sends_files_of_its_own_spaces() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("mine").await;
    let id = text(&drive.file(&root, "a.txt", "hello").await["id"]);
    let send = "apps/conversations/files/send";
    let first = ask(&drive, 1, send, &json!({"spaceId": space, "dentryId": id})).await.ok()["file"].clone();
    assert!(first["uuid"].is_null());
    let again = ask(&drive, 1, send, &json!({"spaceId": space, "dentryId": id})).await.ok()["file"].clone();
    assert_eq!(again["conversationId"], first["conversationId"], "one chat for each person");
    let list = format!("{}/dentries?parentId=0", text(&first["spaceId"]));
    let seen = drive.of_space(1, Method::GET, &list, None).await.ok();
    assert_eq!(seen["dentries"].as_array().unwrap().len(), 2);
    let mine = drive.operated(0, Method::GET, "/v2.0/wiki/mineWorkspaces", None).await.ok();
    let note = drive.file(&text(&mine["workspace"]["rootNodeId"]), "b.txt", "b").await;
    let body = json!({"spaceId": note["spaceId"], "dentryId": note["id"]});
    assert_eq!(ask(&drive, 1, send, &body).await.refusal(), (400, "permissionDenied"), "not the app's own");
    let body = json!({"spaceId": first["spaceId"], "dentryId": first["id"]});
    assert_eq!(ask(&drive, 1, send, &body).await.refusal(), (400, "permissionDenied"), "the chat's space neither");
    let missing = ask(&drive, 1, send, &json!({"spaceId": space, "dentryId": "77"})).await;
    assert_eq!(missing.refusal(), (404, "dentryNotExist"));
    let nobody = format!("/v1.0/convFile/{send}?unionId=nobody");
    assert_eq!(drive.post(&nobody, &json!({"spaceId": space, "dentryId": id})).await.refusal(), (400, "paramError"));
}
