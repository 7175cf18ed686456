//! Roles: who has them, what they allow, how long they last, and where they end.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::asking::{standing, text, texts};
use crate::support::{Answer, Drive};

/// A call of a person about the roles on an entry, of version 2.0.
async fn roles(drive: &Drive, person: usize, method: Method, uuid: &str, rest: &str, body: Value) -> Answer {
    let path = format!("/v2.0/storage/spaces/dentries/{uuid}/permissions{rest}?unionId={}", drive.person(person));
    drive.send(method, &path, Some(&body)).await
}

fn to_user(drive: &Drive, role: &str, person: usize) -> Value {
    json!({"roleId": role, "members": [{"type": "USER", "id": drive.user_id(person)}]})
}

async fn grant(drive: &Drive, uuid: &str, role: &str, person: usize) {
    roles(drive, 0, Method::POST, uuid, "", to_user(drive, role, person)).await.ok();
}

/// What a person can do with a file: read it, download it, rename it.
async fn abilities(drive: &Drive, person: usize, space: &str, id: &str) -> [bool; 3] {
    let post = |what: &str, body: Value| {
        let path = format!("{space}/dentries/{id}/{what}");
        async move { drive.of_space(person, Method::POST, &path, Some(body)).await.status == 200 }
    };
    let read = post("query", json!({})).await;
    let download = post("downloadInfos/query", json!({})).await;
    [read, download, post("rename", json!({"newName": "renamed.txt"})).await]
}

#[tokio::test]
async fn each_role_allows_more_than_the_one_before() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("roles").await;
    let file = drive.file(&root, "a.txt", "a").await;
    let (id, uuid) = (text(&file["id"]), text(&file["uuid"]));
    assert_eq!(abilities(&drive, 1, &space, &id).await, [false, false, false]);
    for (role, expected) in
        [("READER", [true, false, false]), ("DOWNLOADER", [true, true, false]), ("EDITOR", [true, true, true])]
    {
        grant(&drive, &uuid, role, 1).await;
        assert_eq!(abilities(&drive, 1, &space, &id).await, expected, "{role}");
        let denied = roles(&drive, 1, Method::POST, &uuid, "", to_user(&drive, "READER", 2)).await;
        assert_eq!(denied.refusal(), (403, "permissionDenied"), "{role}");
    }
    grant(&drive, &uuid, "MANAGER", 1).await;
    roles(&drive, 1, Method::POST, &uuid, "", to_user(&drive, "READER", 2)).await.ok();
    assert_eq!(abilities(&drive, 2, &space, &id).await, [true, false, false]);
    let denied = roles(&drive, 1, Method::POST, &uuid, "", to_user(&drive, "OWNER", 2)).await;
    assert_eq!(denied.refusal(), (403, "permissionDenied"), "nobody gives more than they have");
    assert_eq!(abilities(&drive, 2, &space, &id).await, [true, false, false]);
}

#[tokio::test]
async fn a_role_is_taken_away_only_if_it_is_the_one() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("removed").await;
    let id = text(&drive.file(&root, "a.txt", "a").await["id"]);
    grant(&drive, &root, "EDITOR", 1).await;
    roles(&drive, 0, Method::POST, &root, "/remove", to_user(&drive, "READER", 1)).await.ok();
    assert_eq!(abilities(&drive, 1, &space, &id).await, [true, true, true]);
    roles(&drive, 0, Method::PUT, &root, "", to_user(&drive, "READER", 1)).await.ok();
    assert_eq!(abilities(&drive, 1, &space, &id).await, [true, false, false]);
    roles(&drive, 0, Method::POST, &root, "/remove", to_user(&drive, "READER", 1)).await.ok();
    assert_eq!(abilities(&drive, 1, &space, &id).await, [false, false, false]);
    roles(&drive, 0, Method::PUT, &root, "", to_user(&drive, "READER", 1)).await.ok();
    assert_eq!(abilities(&drive, 1, &space, &id).await, [false, false, false], "there was no role to change");
}

#[tokio::test]
async fn inheritance_can_be_broken_but_not_for_managers() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("inherited").await;
    let folder = drive.folder(&space, "0", "private").await;
    let uuid = text(&folder["uuid"]);
    let id = text(&drive.file(&uuid, "a.txt", "a").await["id"]);
    grant(&drive, &root, "EDITOR", 1).await;
    grant(&drive, &root, "MANAGER", 2).await;
    let mode = |uuid: String, mode: &'static str| {
        let drive = &drive;
        async move { roles(drive, 0, Method::PUT, &uuid, "/inheritances", json!({"inheritance": mode})).await }
    };
    mode(uuid.clone(), "BREAK").await.ok();
    let path = drive.by(&format!("/v2.0/storage/spaces/dentries/{uuid}/permissions/inheritances"));
    assert_eq!(drive.get(&path).await.ok()["inheritance"], "BREAK");
    assert_eq!(abilities(&drive, 1, &space, &id).await, [false, false, false]);
    assert_eq!(abilities(&drive, 2, &space, &id).await, [true, true, true]);
    mode(uuid.clone(), "PASS_ON").await.ok();
    assert_eq!(abilities(&drive, 1, &space, &id).await, [true, true, true]);
    let at_root = mode(root, "BREAK").await;
    assert_eq!(at_root.refusal(), (400, "permissionInheritanceUnsupportedForRootDentry"));
    assert_eq!(mode(uuid, "SOMETIMES").await.refusal(), (400, "paramError.permissionInheritance"));
}

#[tokio::test]
async fn in_the_space_of_an_app_roles_end() {
    let drive = standing().await;
    let body = json!({"option": {"scene": "app", "ownerType": "APP"}});
    let space = text(&drive.post(&drive.by("/v1.0/storage/spaces"), &body).await.ok()["space"]["id"]);
    let denied = drive.entry(&space, "0").await;
    assert_eq!(denied.refusal(), (403, "permissionDenied"), "even who made it needs a grant");
    let path = format!("{space}/dentries/0/permissions");
    let member = json!([{"type": "USER", "id": drive.person(0)}]);
    let body = json!({"roleId": "EDITOR", "members": member, "option": {"duration": 60}});
    drive.ask(&path, body.clone()).await.ok();
    let root = text(&drive.entry(&space, "0").await.ok()["dentry"]["uuid"]);
    drive.file(&root, "a.txt", "a").await;
    let listed = drive.ask(&format!("{path}/query"), json!({})).await.ok();
    assert_eq!(
        (&listed["permissions"][0]["duration"], &listed["permissions"][0]["dentryId"]),
        (&json!(60), &json!("0"))
    );
    drive.emulator.advance(Duration::from_secs(61));
    assert_eq!(drive.entry(&space, "0").await.refusal(), (403, "permissionDenied"));
    for duration in [0, 3601] {
        let body = json!({"roleId": "EDITOR", "members": member, "option": {"duration": duration}});
        assert_eq!(drive.ask(&path, body).await.refusal(), (400, "paramError"), "{duration}");
    }
    let (user_space, _) = drive.space("user").await;
    drive.ask(&format!("{user_space}/dentries/0/permissions"), body).await.ok();
    drive.emulator.advance(Duration::from_secs(61));
    drive.entry(&user_space, "0").await.ok();
}

#[tokio::test]
async fn roles_are_listed_page_by_page_and_by_role() {
    let drive = Drive::start().await;
    let (_, root) = drive.space("listed").await;
    grant(&drive, &root, "EDITOR", 1).await;
    grant(&drive, &root, "READER", 2).await;
    let list = |option: Value| {
        let (drive, root) = (&drive, root.clone());
        async move { roles(drive, 0, Method::POST, &root, "/query", json!({"option": option})).await.ok() }
    };
    let first = list(json!({"maxResults": 2})).await;
    let second = list(json!({"maxResults": 2, "nextToken": first["nextToken"]})).await;
    assert!(second["nextToken"].is_null());
    let ids = |answer: &Value| -> Vec<Value> {
        answer["permissions"].as_array().unwrap().iter().map(|each| each["member"]["id"].clone()).collect()
    };
    let mut all: Vec<String> = [ids(&first), ids(&second)].concat().iter().map(text).collect();
    all.sort();
    assert_eq!(all, [drive.user_id(0), drive.user_id(1), drive.user_id(2)]);
    let editors = list(json!({"filterRoleIds": ["EDITOR"]})).await;
    assert_eq!(ids(&editors), [json!(drive.user_id(1))]);
    assert_eq!(editors["permissions"][0]["member"]["name"], "Ben");
}

#[tokio::test]
async fn groups_of_people_hold_roles() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("groups").await;
    let id = text(&drive.file(&root, "a.txt", "a").await["id"]);
    let credentials = drive.emulator.credentials();
    let corp_id = &credentials.corp_id;
    let lunch = &credentials.chats[1].open_conversation_id;
    for (member, ben, cui) in [
        (json!({"type": "CONVERSATION", "id": lunch}), true, false),
        (json!({"type": "DEPT", "id": "2", "corpId": corp_id}), true, true),
        (json!({"type": "ORG", "id": corp_id}), true, true),
    ] {
        let body = json!({"roleId": "READER", "members": [member]});
        roles(&drive, 0, Method::POST, &root, "", body.clone()).await.ok();
        assert_eq!(abilities(&drive, 1, &space, &id).await[0], ben, "{body}");
        assert_eq!(abilities(&drive, 2, &space, &id).await[0], cui, "{body}");
        roles(&drive, 0, Method::POST, &root, "/remove", body).await.ok();
        assert!(!abilities(&drive, 1, &space, &id).await[0]);
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_grant_is_told() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("wrong").await;
    let ask = |uuid: &str, body: Value| {
        let (drive, uuid) = (&drive, uuid.to_owned());
        async move { roles(drive, 0, Method::POST, &uuid, "", body).await }
    };
    let user = |id: String| json!([{"type": "USER", "id": id}]);
    let good = user(drive.user_id(1));
    for (body, code) in [
        (json!({"roleId": "KING", "members": good}), "paramError.roleId"),
        (json!({"members": good}), "paramError.roleId"),
        (json!({"roleId": "READER", "members": [{"type": "PET", "id": "1"}]}), "paramError.permissionMemberType"),
        (json!({"roleId": "READER", "members": user(drive.person(1))}), "paramError"),
        (json!({"roleId": "READER", "members": [{"type": "DEPT", "id": "2"}]}), "paramError"),
    ] {
        assert_eq!(ask(&root, body.clone()).await.refusal(), (400, code), "{body}");
    }
    let body = json!({"roleId": "READER", "members": good});
    assert_eq!(ask("0", body.clone()).await.refusal(), (400, "paramError.dentryUuid"));
    assert_eq!(ask(&"x".repeat(32), body.clone()).await.refusal(), (404, "dentryNotExist"));
    let v1 = |space: &str, id: &str| format!("{space}/dentries/{id}/permissions");
    let body = json!({"roleId": "READER", "members": user(drive.person(1))});
    assert_eq!(drive.ask(&v1("77", "0"), body.clone()).await.refusal(), (400, "spaceNotExist"));
    assert_eq!(drive.ask(&v1(&space, "77"), body.clone()).await.refusal(), (400, "dentryNotExist"));
    assert_eq!(drive.ask(&v1(&space, "x"), body.clone()).await.refusal(), (400, "paramError.dentryId"));
    drive.ask(&v1(&space, "0"), body.clone()).await.ok();
    let path = v1(&space, "0");
    let listed = drive.ask(&format!("{path}/query"), json!({"option": {"filterRoleIds": ["READER"]}})).await.ok();
    assert_eq!(listed["permissions"][0]["member"]["id"], json!(drive.person(1)), "version 1.0 has the unionId");
    assert_eq!(texts(&listed["permissions"], "operatorId"), [drive.person(0)]);
    drive.ask(&format!("{path}/remove"), body).await.ok();
    let none = drive.ask(&format!("{path}/query"), json!({"option": {"filterRoleIds": ["READER"]}})).await.ok();
    assert_eq!(none["permissions"], json!([]));
}
