//! Knowledge bases, documents, search, people, the organization and the app.

use reqwest::Method;
use serde_json::{Value, json};

use crate::asking::{standing, text, texts};
use crate::support::Drive;

/// "My Docs" of a person.
async fn my_docs(drive: &Drive, person: usize) -> Value {
    drive.operated(person, Method::GET, "/v2.0/wiki/mineWorkspaces", None).await.ok()["workspace"].clone()
}

async fn search(drive: &Drive, person: usize, keyword: &str, option: Value) -> crate::support::Answer {
    let body = json!({"keyword": keyword, "option": option});
    drive.operated(person, Method::POST, "/v2.0/storage/dentries/search", Some(body)).await
}

#[tokio::test]
async fn files_go_up_to_my_docs() {
    let drive = Drive::start().await;
    let mine = my_docs(&drive, 0).await;
    assert_eq!(mine, my_docs(&drive, 0).await, "there is one for each person");
    assert_eq!((&mine["type"], &mine["permissionRole"]), (&json!("PERSONAL"), &json!("OWNER")));
    let root = text(&mine["rootNodeId"]);
    let file = drive.file(&root, "notes.md", "hello").await;
    let list = format!("/v2.0/wiki/nodes?parentNodeId={root}&withPermissionRole=true");
    let nodes = drive.operated(0, Method::GET, &list, None).await.ok();
    let node = &nodes["nodes"][0];
    assert_eq!((&node["nodeId"], &node["size"], &node["permissionRole"]), (&file["uuid"], &json!(5), &json!("OWNER")));
    let one = drive.operated(0, Method::GET, &format!("/v2.0/wiki/nodes/{}", text(&file["uuid"])), None).await.ok();
    assert_eq!(one["node"]["name"], "notes.md");
    assert_eq!(one["node"]["permissionRole"], Value::Null, "only when it is asked for");
    let by_url = json!({"url": node["url"]});
    let found = drive.operated(0, Method::POST, "/v2.0/wiki/nodes/queryByUrl", Some(by_url)).await.ok();
    assert_eq!(found["node"]["nodeId"], file["uuid"]);
    let many = json!({"nodeIds": [file["uuid"], "x".repeat(32)]});
    let found = drive.operated(0, Method::POST, "/v2.0/wiki/nodes/batchQuery", Some(many.clone())).await.ok();
    assert_eq!(texts(&found["nodes"], "nodeId"), [text(&file["uuid"])]);
    let denied = drive.operated(1, Method::POST, "/v2.0/wiki/nodes/batchQuery", Some(many)).await;
    assert_eq!(denied.refusal(), (403, "permissionDenied"));
    assert_eq!(drive.operated(1, Method::GET, &list, None).await.refusal(), (403, "permissionDenied"));
}

#[tokio::test]
async fn nodes_that_are_not_there() {
    let drive = Drive::start().await;
    let (_, root) = drive.space("no-wiki".replace('-', "").as_str()).await;
    let get = |path: String| {
        let drive = &drive;
        async move { drive.operated(0, Method::GET, &path, None).await }
    };
    assert_eq!(get(format!("/v2.0/wiki/nodes/{root}")).await.refusal(), (404, "nodeNotExist"), "it is in no wiki");
    assert_eq!(get("/v2.0/wiki/nodes?parentNodeId=x".to_owned()).await.refusal(), (404, "parentNodeNotExist"));
    let missing = json!({"url": "https://alidocs.dingtalk.com/i/nodes/x"});
    let answer = drive.operated(0, Method::POST, "/v2.0/wiki/nodes/queryByUrl", Some(missing)).await;
    assert_eq!(answer.refusal(), (404, "nodeNotExist"));
    let other = json!({"url": "https://example.com/"});
    let answer = drive.operated(0, Method::POST, "/v2.0/wiki/nodes/queryByUrl", Some(other)).await;
    assert_eq!(answer.refusal(), (400, "paramError"));
}

#[tokio::test]
async fn knowledge_bases_are_listed_read_and_found() {
    let drive = Drive::start().await;
    let list = |person: usize, rest: &str| {
        let (drive, path) = (&drive, format!("/v2.0/wiki/workspaces?withPermissionRole=true{rest}"));
        async move { drive.operated(person, Method::GET, &path, None).await }
    };
    let handbook = list(1, "").await.ok()["workspaces"][0].clone();
    assert_eq!((&handbook["name"], &handbook["permissionRole"]), (&json!("Handbook"), &json!("READER")));
    assert_eq!(list(1, "&orderBy=COLOUR").await.refusal(), (400, "paramError.orderBy"));
    let id = text(&handbook["workspaceId"]);
    let get = |person: usize, id: &str| {
        let (drive, path) = (&drive, format!("/v2.0/wiki/workspaces/{id}"));
        async move { drive.operated(person, Method::GET, &path, None).await }
    };
    assert_eq!(get(0, &id).await.ok()["workspace"]["rootNodeId"], handbook["rootNodeId"]);
    assert_eq!(get(0, "nothing").await.refusal(), (404, "workspaceNotExist"));
    let (space, _) = drive.space("space").await;
    assert_eq!(get(0, &space).await.refusal(), (400, "isNotWorkspace"));
    let mine = text(&my_docs(&drive, 0).await["workspaceId"]);
    assert_eq!(get(1, &mine).await.refusal(), (403, "permissionDenied"));
    let batch = |ids: Value| {
        drive.operated(1, Method::POST, "/v2.0/wiki/workspaces/batchQuery", Some(json!({"workspaceIds": ids})))
    };
    assert_eq!(texts(&batch(json!([id])).await.ok()["workspaces"], "workspaceId"), [&*id]);
    assert_eq!(batch(json!([id, "nothing"])).await.refusal(), (404, "workspaceNotExist"));
    let find = |person: usize, keyword: &str| {
        let body = json!({"keyword": keyword});
        drive.operated(person, Method::POST, "/v2.0/storage/workspaces/search", Some(body))
    };
    assert_eq!(texts(&find(1, "hand").await.ok()["items"], "workspaceId"), [id]);
    assert_eq!(texts(&find(1, "docs").await.ok()["items"], "workspaceId"), [""; 0], "those of others");
    assert_eq!(texts(&find(0, "docs").await.ok()["items"], "workspaceId"), [mine]);
    assert_eq!(find(0, "").await.refusal(), (400, "paramError-keyword"));
}

#[tokio::test]
async fn a_knowledge_base_has_rules_of_its_own() {
    let drive = Drive::start().await;
    let root = text(&my_docs(&drive, 0).await["rootNodeId"]);
    let path = drive.by(&format!("/v2.0/storage/spaces/dentries/{root}/permissions"));
    let organisation = json!([{"type": "ORG", "id": drive.emulator.credentials().corp_id}]);
    let refused = drive.post(&path, &json!({"roleId": "MANAGER", "members": organisation})).await;
    assert_eq!(refused.refusal(), (400, "paramError.roleId"));
    drive.post(&path, &json!({"roleId": "READER", "members": organisation})).await.ok();
    drive.operated(1, Method::GET, &format!("/v2.0/wiki/nodes?parentNodeId={root}"), None).await.ok();
    let list = drive.by(&format!("/v2.0/storage/spaces/dentries/{root}/permissions/query"));
    let listed = drive.post(&list, &json!({})).await.ok();
    assert_eq!(listed["permissions"].as_array().unwrap().len(), 1, "whole organizations are not listed");
}

#[tokio::test]
async fn search_finds_what_the_operator_may_see() {
    let drive = standing().await;
    let body = json!({"option": {"scene": "open", "capabilities": {"canSearch": true}}});
    let space = text(&drive.post(&drive.by("/v1.0/storage/spaces"), &body).await.ok()["space"]["id"]);
    let root = text(&drive.entry(&space, "0").await.ok()["dentry"]["uuid"]);
    let (closed, closed_root) = drive.space("closed").await;
    drive.file(&closed_root, "report.txt", "x").await;
    drive.file(&root, "Report 2025.pdf", "a").await;
    drive.emulator.advance(std::time::Duration::from_mins(1));
    let folder = text(&drive.folder(&space, "0", "old").await["uuid"]);
    let second = drive.file(&folder, "report 2024.txt", "b").await;
    let names = |answer: Value| texts(&answer["items"], "name");
    let found = search(&drive, 0, "REPORT", json!({})).await.ok();
    assert_eq!(names(found.clone()), ["report 2024.txt", "Report 2025.pdf"]);
    assert_eq!(found["items"][0]["path"]["longPath"], "old");
    assert_eq!(found["items"][0]["creator"]["userId"], json!(drive.user_id(0)));
    assert_eq!(names(search(&drive, 1, "report", json!({})).await.ok()), [""; 0]);
    let first = search(&drive, 0, "report", json!({"maxResults": 1})).await.ok();
    let rest = search(&drive, 0, "report", json!({"maxResults": 1, "nextToken": first["nextToken"]})).await.ok();
    assert_eq!((names(rest.clone()), &rest["nextToken"]), (vec!["Report 2025.pdf".to_owned()], &Value::Null));

    let now = drive.emulator.now().0;
    let id: i64 = space.parse().unwrap();
    for (option, expected) in [
        (json!({"dentryCategories": ["ARCHIVE"]}), vec![]),
        (json!({"createTimeRange": {"startTime": now - 1000}}), vec!["report 2024.txt"]),
        (json!({"createTimeRange": {"endTime": now - 1000}}), vec!["Report 2025.pdf"]),
        (json!({"creatorIds": [drive.user_id(1)]}), vec![]),
        (json!({"modifierIds": [drive.person(0)], "spaceIds": [id]}), vec!["report 2024.txt", "Report 2025.pdf"]),
        (json!({"visitTimeRange": {"startTime": 0}}), vec![]),
    ] {
        assert_eq!(names(search(&drive, 0, "report", option.clone()).await.ok()), expected, "{option}");
    }
    let open = format!("{space}/dentries/{}/openInfos/query", text(&second["id"]));
    drive.ask(&open, json!({})).await.ok();
    let visited = search(&drive, 0, "report", json!({"visitTimeRange": {"startTime": 0}})).await.ok();
    assert_eq!(names(visited), ["report 2024.txt"]);
    let closed: i64 = closed.parse().unwrap();
    for (person, option, status, code) in [
        (0, json!({"dentryCategories": ["RECIPE"]}), 400, "paramError.dentryCategories"),
        (0, json!({"createTimeRange": {"startTime": 2, "endTime": 1}}), 400, "paramError.createTimeRange"),
        (0, json!({"visitTimeRange": {"startTime": 2, "endTime": 1}}), 400, "paramError.visitTimeRange"),
        (0, json!({"maxResults": 51}), 400, "paramError.maxResults"),
        (1, json!({"spaceIds": [closed]}), 403, "spaceNotAccessible"),
    ] {
        assert_eq!(search(&drive, person, "report", option.clone()).await.refusal(), (status, code), "{option}");
    }
}

#[tokio::test]
async fn ids_lead_to_each_other() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("ids").await;
    let file = drive.file(&root, "a.txt", "a").await;
    let (id, uuid) = (text(&file["id"]), text(&file["uuid"]));
    let get = |person: usize, path: String| {
        let drive = &drive;
        async move { drive.operated(person, Method::GET, &format!("/v2.0/doc/dentries/{path}"), None).await }
    };
    let there = get(0, format!("{id}/queryDentryUuid?spaceId={space}")).await.ok();
    let back = get(0, format!("{uuid}/queryDentryId")).await.ok();
    assert_eq!(there, json!({"dentryUuid": uuid, "dentryId": id, "spaceId": space}));
    assert_eq!(back, there);
    assert_eq!(get(0, format!("77/queryDentryUuid?spaceId={space}")).await.refusal(), (404, "documentNotExist"));
    assert_eq!(get(0, "x/queryDentryId".to_owned()).await.refusal(), (404, "documentNotExist"));
    assert_eq!(get(1, format!("{uuid}/queryDentryId")).await.refusal(), (403, "permissionDenied"));
}

#[tokio::test]
async fn people_go_by_two_ids() {
    let drive = Drive::start().await;
    let get = |user_id: &str| {
        let path = format!("/topapi/v2/user/get?access_token={}", drive.token);
        let body = json!({"userid": user_id});
        let drive = &drive;
        async move { drive.post(&path, &body).await.ok() }
    };
    let ben = get(&drive.user_id(1)).await;
    assert_eq!((&ben["errcode"], &ben["result"]["unionid"]), (&json!(0), &json!(drive.person(1))));
    assert_eq!(ben["result"]["dept_id_list"], json!([2]));
    assert_eq!(get(&drive.person(1)).await["errcode"], 33012, "a unionId is no userId");
}

#[tokio::test]
async fn the_organization_and_the_app_count_what_is_stored() {
    let drive = Drive::start().await;
    let corp_id = drive.emulator.credentials().corp_id.clone();
    let used = |path: &str, method: Method| {
        let (drive, path) = (&drive, drive.by(path));
        async move { drive.send(method, &path, None).await.ok() }
    };
    let org = format!("/v1.0/storage/orgs/{corp_id}");
    let app = "/v1.0/storage/currentApps/query";
    let before = used(&org, Method::GET).await["org"]["partitions"][0]["quota"]["used"].as_i64().unwrap();
    let (_, root) = drive.space("usage").await;
    drive.file(&root, "a.txt", "12345").await;
    drive.file(&text(&my_docs(&drive, 0).await["rootNodeId"]), "b.txt", "123").await;
    assert_eq!(used(&org, Method::GET).await["org"]["partitions"][0]["quota"]["used"], before + 8);
    let app = used(app, Method::POST).await;
    assert_eq!(app["app"]["partitions"][0]["quota"], json!({"used": 5, "type": "SHARE"}));
    assert_eq!(app["app"]["corpId"], json!(corp_id));
    let other = drive.by("/v1.0/storage/orgs/ding0");
    assert_eq!(drive.get(&other).await.refusal(), (403, "permissionDenied"));
}
