//! Drive 1.0 works on the same spaces and files as the storage operations.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::asking::{standing, text, texts};
use crate::support::{Answer, Drive, TOKEN};

/// A call of a person; GET and DELETE name it in the query, the others in the body.
async fn drive_call(drive: &Drive, person: usize, method: Method, path: &str, body: Value) -> Answer {
    let path = format!("/v1.0/drive/{path}");
    if method == Method::GET || method == Method::DELETE {
        let mark = if path.contains('?') { '&' } else { '?' };
        return drive.send(method, &format!("{path}{mark}unionId={}", drive.person(person)), None).await;
    }
    let mut body = body;
    body["unionId"] = json!(drive.person(person));
    drive.send(method, &path, Some(&body)).await
}

async fn get(drive: &Drive, path: &str) -> Answer {
    drive_call(drive, 0, Method::GET, path, Value::Null).await
}

async fn post(drive: &Drive, path: &str, body: Value) -> Answer {
    drive_call(drive, 0, Method::POST, path, body).await
}

#[tokio::test]
async fn spaces_come_and_go() {
    let drive = Drive::start().await;
    let (first, _) = drive.drive_space("First").await;
    let (second, root) = drive.drive_space("Second").await;
    drive.file(&root, "a.txt", "12345").await;
    let page = get(&drive, "spaces?spaceType=org&maxResults=1").await.ok();
    assert_eq!(texts(&page["spaces"], "spaceName"), ["First"]);
    let token = text(&page["nextToken"]);
    let last = get(&drive, &format!("spaces?spaceType=org&maxResults=1&nextToken={token}")).await.ok();
    assert_eq!((texts(&last["spaces"], "spaceId"), &last["nextToken"]), (vec![second.clone()], &json!("")));
    assert_eq!(get(&drive, "spaces?spaceType=personal&maxResults=1").await.refusal(), (400, "param.error"));
    assert_eq!(get(&drive, "spaces?spaceType=org&maxResults=101").await.refusal(), (400, "param.error.maxresults"));
    let named = |name: &str| post(&drive, "spaces", json!({"name": name}));
    assert_eq!(named("a|b").await.refusal(), (400, "name.invalid"));

    let managed = |person: usize| {
        drive_call(&drive, person, Method::POST, "managements/spaces/query", json!({"spaceIds": [first, second, "77"]}))
    };
    let both = managed(0).await.ok();
    assert_eq!(
        (texts(&both["spaces"], "spaceName"), &both["spaces"][1]["usedQuota"]),
        (vec!["First".to_owned(), "Second".to_owned()], &json!(5))
    );
    assert_eq!(managed(1).await.refusal(), (500, "no.priviledge"), "500 is what this one documents");

    let delete = |person: usize, id: &str| {
        let (drive, path) = (&drive, format!("spaces/{id}"));
        async move { drive_call(drive, person, Method::DELETE, &path, Value::Null).await }
    };
    assert_eq!(delete(1, &second).await.refusal(), (400, "no.priviledge"));
    assert_eq!(delete(0, &second).await, Answer { status: 200, body: Value::Null });
    assert_eq!(drive.entry(&second, "0").await.refusal(), (404, "spaceNotExist"));
    assert_eq!(delete(0, &second).await.refusal(), (400, "param.error"));
    let (storage, _) = drive.space("storage").await;
    assert_eq!(delete(0, &storage).await.refusal(), (400, "unsupported.operation"));
    let used = drive.get(&drive.by(&format!("/v1.0/storage/orgs/{}", drive.emulator.credentials().corp_id))).await.ok();
    assert_eq!(used["org"]["partitions"][0]["quota"]["used"], 0);
}

#[tokio::test]
async fn the_old_way_to_put_and_get_a_file() {
    let drive = Drive::start().await;
    let (space, _) = drive.drive_space("Team").await;
    let folder = json!({"fileName": "folder", "fileType": "folder", "addConflictPolicy": "returnError"});
    let added = post(&drive, &format!("spaces/{space}/files"), folder.clone()).await.ok();
    assert_eq!(post(&drive, &format!("spaces/{space}/files"), folder).await.refusal(), (400, "folder.exist"));
    let parent = text(&added["fileId"]);
    let query = "fileName=a.txt&fileSize=5&md5=5d41402abc4b2a76b9719d911017c592";
    let info = get(&drive, &format!("spaces/{space}/files/{parent}/uploadInfos?{query}")).await.ok();
    let signed = &info["headerSignatureUploadInfo"];
    let signed =
        json!({"resourceUrls": [signed["resourceUrl"]], "headers": signed["headers"], "mediaId": signed["mediaId"]});
    let put = drive.signed(Method::PUT, &signed).body("hello").send().await.unwrap();
    assert_eq!(put.status(), StatusCode::OK);
    let file = json!({"fileName": "a.txt", "fileType": "file", "parentId": parent, "mediaId": signed["mediaId"]});
    let added = post(&drive, &format!("spaces/{space}/files"), file.clone()).await.ok();
    assert_eq!((&added["filePath"], &added["contentType"]), (&json!("/folder/a.txt"), &json!("text")));
    assert_eq!(post(&drive, &format!("spaces/{space}/files"), file).await.refusal(), (400, "param.error"), "used up");
    let id = text(&added["fileId"]);
    assert_eq!(drive.download(&space, &id).await, b"hello", "the storage operations see it");
    let info = get(&drive, &format!("spaces/{space}/files/{id}/downloadInfos")).await.ok()["downloadInfo"].clone();
    let signed = json!({"resourceUrls": [info["resourceUrl"]], "headers": info["headers"]});
    let bytes = drive.signed(Method::GET, &signed).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(bytes, "hello");
    let of_folder = get(&drive, &format!("spaces/{space}/files/{parent}/downloadInfos")).await;
    assert_eq!(of_folder.refusal(), (400, "fileType.unsupported"));
    let missing = get(&drive, &format!("spaces/{space}/files/77/downloadInfos")).await;
    assert_eq!(missing.refusal(), (404, "object.not.exist"));
}

#[tokio::test]
async fn a_quota_holds_from_the_moment_it_is_set() {
    let drive = Drive::start().await;
    let (space, root) = drive.drive_space("Team").await;
    drive.file(&root, "a.txt", "12345").await;
    let body = json!({"unionId": drive.operator(), "spaceIds": [space], "quota": 9});
    let changed = drive.send(Method::PUT, "/v1.0/drive/managements/spaces", Some(&body)).await.ok();
    assert_eq!(changed["spaces"][0]["quota"], 9);
    let info = drive.upload_info(&root).await;
    drive.put(&info, "12345").await;
    assert_eq!(drive.commit(&root, &info, "b.txt").await.refusal(), (400, "spaceQuotaInsufficient"));
    let query = "fileName=b.txt&fileSize=5&md5=0";
    let refused = get(&drive, &format!("spaces/{space}/files/0/uploadInfos?{query}")).await;
    assert_eq!(refused.refusal(), (400, "insufficient.capacity"));
}

#[tokio::test]
async fn the_old_file_operations_work_on_the_same_tree() {
    let drive = standing().await;
    let (space, _) = drive.drive_space("Team").await;
    let [folder, a, sub, b] = drive.tree(&space, "0", "tree").await;
    let file = |id: &str, what: &str| format!("spaces/{space}/files/{id}/{what}");
    let renamed = post(&drive, &file(&a, "rename"), json!({"newFileName": "z.txt"})).await.ok();
    assert_eq!((&renamed["fileName"], &renamed["fileId"]), (&json!("z.txt"), &json!(a)));
    assert_eq!(
        post(&drive, &file(&a, "rename"), json!({"newFileName": "sub"})).await.refusal(),
        (400, "folder.exists")
    );
    assert_eq!(
        post(&drive, &file(&a, "rename"), json!({"newFileName": "a*"})).await.refusal(),
        (400, "filename.invalid")
    );
    let target = json!({"targetSpaceId": space});
    let moved = post(&drive, &file(&sub, "move"), target.clone()).await.ok();
    assert_eq!(moved["filePath"], "/sub");
    assert_eq!(drive.entry(&space, &b).await.ok()["dentry"]["path"], "/sub/b.txt");
    let copied = post(&drive, &file(&sub, "copy"), target.clone()).await.ok();
    assert_eq!(copied["file"]["fileName"], "sub(1)");
    let task = format!("tasks/{}", text(&copied["taskId"]));
    assert_eq!(get(&drive, &task).await.ok()["status"], "INIT");
    get(&drive, &task).await.ok();
    let done = get(&drive, &task).await.ok();
    assert_eq!((&done["status"], &done["success"], &done["failed"]), (&json!("SUCCESS"), &json!(2), &json!(0)));
    let denied = drive_call(&drive, 1, Method::POST, &file(&sub, "copy"), target).await;
    assert_eq!(denied.refusal(), (400, "no.priviledge"));
    let list = get(&drive, &format!("spaces/{space}/files?maxResults=9&orderType=nameAsc")).await.ok();
    assert_eq!(texts(&list["files"], "fileName"), ["sub", "sub(1)", "tree"]);
    assert_eq!(
        get(&drive, &format!("spaces/{space}/files?maxResults=9&parentId=77")).await.refusal(),
        (404, "parent.not.exist")
    );
    let info = get(&drive, &format!("spaces/{space}/files/{folder}")).await.ok();
    assert_eq!(info["fileType"], "folder");
    let delete = format!("spaces/{space}/files/{folder}?deletePolicy=completely");
    drive_call(&drive, 0, Method::DELETE, &delete, Value::Null).await.ok();
    assert_eq!(drive.names(&space, "0").await, ["sub", "sub(1)"]);
}

#[tokio::test]
async fn the_old_recycle_bin_is_the_same_one() {
    let drive = standing().await;
    let (space, root) = drive.drive_space("Team").await;
    let [folder, ..] = drive.tree(&space, "0", "tree").await;
    let file = text(&drive.file(&root, "c.txt", "c").await["id"]);
    for id in [&folder, &file] {
        let delete = format!("spaces/{space}/files/{id}?deletePolicy=toRecycle");
        drive_call(&drive, 0, Method::DELETE, &delete, Value::Null).await.ok();
    }
    let list = "recycleItems?recycleType=org&maxResults=9";
    let listed = get(&drive, list).await.ok();
    assert_eq!(texts(&listed["recycleItems"], "fileName"), ["c.txt", "tree"]);
    let by_name = get(&drive, "recycleItems?recycleType=org&maxResults=1&orderType=fileNameAsc").await.ok();
    let next = format!(
        "recycleItems?recycleType=org&maxResults=1&orderType=fileNameAsc&nextToken={}",
        text(&by_name["nextToken"])
    );
    assert_eq!(texts(&get(&drive, &next).await.ok()["recycleItems"], "fileName"), ["tree"]);
    let ids: Vec<i64> = texts(&listed["recycleItems"], "recycleItemId").iter().map(|id| id.parse().unwrap()).collect();
    let body = |ids: &[i64]| json!({"recycleType": "org", "recycleItemIdList": ids});
    post(&drive, "recycleItems/recover", body(&ids[1..])).await.ok();
    assert_eq!(drive.names(&space, &folder).await, ["a.txt", "sub"]);
    assert_eq!(post(&drive, "recycleItems/recover", body(&ids[1..])).await.refusal(), (404, "object.not.exist"));
    assert_eq!(post(&drive, "recycleItems/delete", body(&[7])).await.refusal(), (400, "param.error"));
    post(&drive, "recycleItems/delete", body(&ids[..1])).await.ok();
    assert_eq!(get(&drive, list).await.ok()["recycleItems"], json!([]));
    drive_call(
        &drive,
        0,
        Method::DELETE,
        &format!("spaces/{space}/files/{folder}?deletePolicy=toRecycle"),
        Value::Null,
    )
    .await
    .ok();
    post(&drive, "recycleItems/clear", json!({"recycleType": "personal"})).await.ok();
    assert_eq!(texts(&get(&drive, list).await.ok()["recycleItems"], "fileName"), ["tree"]);
    post(&drive, "recycleItems/clear", json!({"recycleType": "org"})).await.ok();
    assert_eq!(drive.used(&space).await, 0);
}

#[tokio::test]
async fn the_old_roles_are_the_same_ones() {
    let drive = Drive::start().await;
    let (space, root) = drive.drive_space("Team").await;
    let file = drive.file(&root, "a.txt", "a").await;
    let id = text(&file["id"]);
    let corp_id = drive.emulator.credentials().corp_id.clone();
    let path = format!("spaces/{space}/files/{id}/permissions");
    let body = |role: &str| json!({"role": role, "members": [{"corpId": corp_id, "memberType": "user", "memberId": drive.user_id(1)}]});
    let read = || async {
        let path = format!("{space}/dentries/{id}/query");
        drive.of_space(1, Method::POST, &path, Some(json!({}))).await.status
    };
    assert_eq!(read().await, 403);
    post(&drive, &path, body("only_viewer")).await.ok();
    assert_eq!(read().await, 200);
    drive_call(&drive, 0, Method::PUT, &path, body("editor")).await.ok();
    let listed = get(&drive, &path).await.ok();
    let mut members: Vec<(String, bool)> = listed["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| (text(&each["role"]), each["extend"].as_bool().unwrap()))
        .collect();
    members.sort();
    assert_eq!(members, [("editor".to_owned(), false), ("owner".to_owned(), true)]);
    post(&drive, &format!("{path}/delete"), body("editor")).await.ok();
    assert_eq!(read().await, 403);
    let denied = drive_call(&drive, 1, Method::POST, &path, body("editor")).await;
    assert_eq!(denied.refusal(), (400, "no.priviledge"));
    let mut foreign = body("editor");
    foreign["members"][0]["corpId"] = json!("ding0");
    assert_eq!(post(&drive, &path, foreign).await.refusal(), (400, "unsupported.operation"));
}

#[tokio::test]
async fn what_is_not_emulated_says_so() {
    let drive = Drive::start().await;
    let body = json!({"unionId": drive.operator(), "identifier": "x", "bizType": "y", "permissionMode": "acl"});
    let url = format!("{}/v1.0/drive/spaces/customSpaces", drive.emulator.api_url());
    let answer = drive.client.post(url).header(TOKEN, &drive.token).json(&body).send().await.unwrap();
    let answer = Answer::read(answer).await;
    assert_eq!(answer.refusal(), (501, "NotEmulated"));
}
