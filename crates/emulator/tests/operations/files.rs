//! Versions, properties, thumbnails and links of files.

use reqwest::Method;
use serde_json::{Value, json};

use crate::asking::{standing, text};
use crate::support::{Answer, Drive};

/// Puts bytes over a file of a folder.
async fn overwrite(drive: &Drive, folder: &str, name: &str, bytes: &str) {
    let info = drive.upload_info(folder).await;
    drive.put(&info, bytes).await;
    let path = drive.by(&format!("/v2.0/storage/spaces/files/{folder}/commit"));
    let option = json!({"conflictStrategy": "OVERWRITE"});
    drive.post(&path, &json!({"uploadKey": info["uploadKey"], "name": name, "option": option})).await.ok();
}

fn numbers(list: &Value, field: &str) -> Vec<i64> {
    list.as_array().unwrap().iter().map(|each| each[field].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn an_old_version_comes_back_on_top() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("versions").await;
    let id = text(&drive.file(&root, "a.txt", "one").await["id"]);
    overwrite(&drive, &root, "a.txt", "two!").await;
    let path = format!("{space}/dentries/{id}/versions");
    let first = drive.read(&format!("{path}?maxResults=1")).await.ok();
    assert_eq!(numbers(&first["dentries"], "version"), [2]);
    let second = drive.read(&format!("{path}?maxResults=1&nextToken={}", text(&first["nextToken"]))).await.ok();
    assert_eq!((numbers(&second["dentries"], "version"), numbers(&second["dentries"], "size")), (vec![1], vec![3]));
    assert!(second["nextToken"].is_null());
    let revert = |person, version: &str| {
        let (drive, path) = (&drive, format!("{path}/{version}/revert"));
        async move { drive.of_space(person, Method::POST, &path, None).await }
    };
    revert(0, "1").await.ok();
    assert_eq!(drive.download(&space, &id).await, b"one");
    let all = drive.read(&path).await.ok();
    assert_eq!(
        (numbers(&all["dentries"], "version"), numbers(&all["dentries"], "size")),
        (vec![3, 2, 1], vec![3, 4, 3])
    );
    assert_eq!(drive.used(&space).await, 10);
    assert_eq!(revert(0, "9").await.refusal(), (400, "paramError"));
    assert_eq!(revert(0, "x").await.refusal(), (400, "paramError"));
    assert_eq!(revert(1, "1").await.refusal(), (403, "permissionDenied"));
    assert_eq!(drive.read(&format!("{path}?maxResults=101")).await.refusal(), (400, "paramError.maxResults"));
    drive.of_space(0, Method::DELETE, &format!("{space}/dentries/{id}"), None).await.ok();
    assert_eq!(drive.used(&space).await, 0, "all versions are gone");
}

#[tokio::test]
async fn the_old_upload_makes_the_same_files() {
    let drive = Drive::start().await;
    let (space, _) = drive.space("old").await;
    let info = json!({"protocol": "HEADER_SIGNATURE", "multipart": false});
    let upload = |bytes: &'static str| {
        let (drive, info, space) = (&drive, info.clone(), space.clone());
        async move {
            let info = drive.ask(&format!("{space}/files/uploadInfos/query"), info).await.ok();
            drive.put(&info, bytes).await;
            info["uploadKey"].clone()
        }
    };
    let commit = |body: Value| {
        let (drive, path) = (&drive, format!("{space}/files/commit"));
        async move { drive.ask(&path, body).await }
    };
    let key = upload("one").await;
    let body = json!({"uploadKey": key, "name": "a.txt", "parentId": "0"});
    let file = commit(body.clone()).await.ok()["dentry"].clone();
    assert_eq!(file["category"], "DOCUMENT");
    let id = text(&file["id"]);
    assert_eq!(drive.download(&space, &id).await, b"one");
    let used_up = commit(body).await;
    assert_eq!(used_up.refusal(), (400, "paramError"), "this one documents no code of the key's own");
    let over = json!({"uploadKey": upload("second").await, "name": "a.txt", "parentId": "0", "overwriteDentryId": id});
    assert_eq!(commit(over).await.ok()["dentry"]["version"], 2);
    assert_eq!(drive.download(&space, &id).await, b"second");
    let folder = text(&drive.folder(&space, "0", "folder").await["id"]);
    for target in [folder.as_str(), "0"] {
        let over = json!({
            "uploadKey": upload("x").await, "name": "a.txt", "parentId": "0", "overwriteDentryId": target,
        });
        assert_eq!(commit(over).await.refusal(), (400, "paramError"), "{target} is no file");
    }
    let size = json!({"uploadKey": upload("x").await, "name": "b.txt", "parentId": "0", "option": {"size": 2}});
    assert_eq!(commit(size).await.refusal(), (400, "dentryStoreError"));
    let nowhere = json!({"uploadKey": upload("x").await, "name": "b.txt", "parentId": "77"});
    assert_eq!(commit(nowhere).await.refusal(), (404, "spaceNotExist"));
}

#[tokio::test]
async fn many_are_read_with_an_outcome_each() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("read").await;
    let file = drive.file(&root, "a.png", "a").await;
    let body = json!({"dentryIds": [file["id"], "77"], "option": {"withThumbnail": true}});
    let read = drive.ask(&format!("{space}/dentries/query"), body).await.ok();
    let results = read["resultItems"].as_array().unwrap();
    assert_eq!((&results[0]["dentry"]["uuid"], &results[0]["success"]), (&file["uuid"], &json!(true)));
    assert!(results[0]["dentry"]["thumbnail"]["url"].is_string());
    assert_eq!((&results[1]["success"], &results[1]["errorCode"]), (&json!(false), &json!("dentryNotExist")));
}

#[tokio::test]
async fn an_app_has_three_properties_on_a_file() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("properties").await;
    let id = text(&drive.file(&root, "a.txt", "a").await["id"]);
    let path = format!("{space}/dentries/{id}/appProperties");
    let property =
        |name: &str, value: &str, visibility: &str| json!({"name": name, "value": value, "visibility": visibility});
    let put = |properties: Value| {
        let (drive, path) = (&drive, path.clone());
        async move { drive.of_space(0, Method::PUT, &path, Some(json!({"appProperties": properties}))).await }
    };
    put(json!([property("a", "1", "PRIVATE"), property("b", "1", "PUBLIC")])).await.ok();
    put(json!([property("a", "2", "PRIVATE"), property("c", "1", "PUBLIC")])).await.ok();
    let properties = |answer: Value| -> Vec<String> {
        let all = answer["dentry"]["appProperties"].as_object().cloned().unwrap_or_default();
        let all = all.values().flat_map(|list| list.as_array().unwrap().clone());
        let mut all: Vec<String> =
            all.map(|each| format!("{}={}", text(&each["name"]), text(&each["value"]))).collect();
        all.sort();
        all
    };
    assert_eq!(properties(drive.entry(&space, &id).await.ok()), ["a=2", "b=1", "c=1"]);
    let fourth = put(json!([property("d", "1", "PUBLIC")])).await;
    assert_eq!(fourth.refusal(), (400, "dentryAppPropertiesNumberExceedsLimit"));
    assert_eq!(put(json!([{"name": "a", "value": "1"}])).await.status, 400, "visibility is required");

    let credentials = drive.emulator.credentials();
    let body = json!({"client_id": credentials.suite_key, "client_secret": credentials.suite_secret,
        "grant_type": "client_credentials"});
    let token = drive.post(&format!("/v1.0/oauth2/{}/token", credentials.corp_id), &body).await.ok();
    let url = format!(
        "{}{}",
        drive.emulator.api_url(),
        drive.by(&format!("/v1.0/storage/spaces/{space}/dentries/{id}/query"))
    );
    let request = drive.client.post(url).header(crate::support::TOKEN, text(&token["access_token"]));
    let seen = Answer::read(request.json(&json!({})).send().await.unwrap()).await.ok();
    assert_eq!(properties(seen), ["b=1", "c=1"], "another app sees public ones only");

    let remove = format!("{path}/remove");
    drive.ask(&remove, json!({"propertyNames": ["a", "b", "nothing"]})).await.ok();
    assert_eq!(properties(drive.entry(&space, &id).await.ok()), ["c=1"]);
    let four = drive.ask(&remove, json!({"propertyNames": ["a", "b", "c", "d"]})).await;
    assert_eq!(four.refusal(), (400, "dentryAppPropertiesNumberExceedsLimit"));
    let missing =
        drive.ask(&format!("{space}/dentries/77/appProperties/remove"), json!({"propertyNames": ["a"]})).await;
    assert_eq!(missing.refusal(), (404, "dentryNotExist"));
}

#[tokio::test]
async fn pictures_and_documents_have_thumbnails() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("thumbnails").await;
    let picture = text(&drive.file(&root, "a.png", "a").await["id"]);
    let archive = text(&drive.file(&root, "a.zip", "a").await["id"]);
    let folder = text(&drive.folder(&space, "0", "folder").await["id"]);
    let path = format!("{space}/thumbnails/query");
    let answer = drive.ask(&path, json!({"dentryIds": [picture, archive, folder, "77"]})).await.ok();
    let results = answer["resultItems"].as_array().unwrap();
    assert_eq!(results[0]["success"], true);
    let url = text(&results[0]["thumbnail"]["url"]);
    let shown = drive.client.get(&url).send().await.unwrap();
    assert_eq!(shown.headers()["content-type"], "image/png");
    assert!(shown.bytes().await.unwrap().starts_with(b"\x89PNG"));
    drive.of_space(0, Method::DELETE, &format!("{space}/dentries/{picture}"), None).await.ok();
    assert_eq!(drive.client.get(&url).send().await.unwrap().status(), 404);
    let codes: Vec<&Value> = results[1..].iter().map(|each| &each["errorCode"]).collect();
    assert_eq!(codes, ["thumbnailNotExist", "dentryFormatNotSupport", "dentryNotExist"]);
    let many: Vec<String> = (1..=31).map(|id| id.to_string()).collect();
    assert_eq!(drive.ask(&path, json!({"dentryIds": many})).await.refusal(), (400, "paramError.dentryIds"));
}

#[tokio::test]
async fn a_link_opens_what_can_be_opened() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("links").await;
    let mut ids = Vec::new();
    for name in ["a.docx", "a.pdf", "a.zip", "a.xyz"] {
        ids.push(text(&drive.file(&root, name, "a").await["id"]));
    }
    let [word, pdf, archive, unknown] = &ids[..] else { panic!() };
    let open = |person: usize, id: &str, option: Value| {
        let (drive, path) = (&drive, format!("{space}/dentries/{id}/openInfos/query"));
        async move { drive.of_space(person, Method::POST, &path, Some(json!({"option": option}))).await }
    };
    let show = |answer: Value| {
        let (drive, url) = (&drive, text(&answer["url"]));
        async move { drive.client.get(url).send().await.unwrap().text().await.unwrap() }
    };
    let preview = open(0, pdf, json!({"waterMark": true})).await.ok();
    assert_eq!(preview["hasWaterMark"], true);
    assert!(show(preview).await.contains("preview: a.pdf, version 1"));
    assert!(show(open(0, word, json!({"type": "EDIT"})).await.ok()).await.contains("edit: a.docx"));
    for (id, option, code) in [
        (pdf, json!({"type": "EDIT"}), "dentryEditNotSupport"),
        (archive, json!({}), "dentryPreviewNotSupport"),
        (unknown, json!({}), "dentryExtensionNotSupport"),
        (pdf, json!({"type": "SMELL"}), "paramError.openType"),
        (pdf, json!({"version": 2}), "paramError"),
    ] {
        assert_eq!(open(0, id, option.clone()).await.refusal(), (400, code), "{option}");
    }
    assert_eq!(open(0, "77", json!({})).await.refusal(), (404, "dentryNotExist"));
    assert_eq!(open(1, pdf, json!({})).await.refusal(), (403, "permissionDenied"));
}

#[tokio::test]
async fn lists_are_in_the_order_that_was_asked_for() {
    let drive = standing().await;
    let (space, root) = drive.space("orders").await;
    for (name, bytes) in [("b.txt", "333"), ("c.txt", "1"), ("a.txt", "22")] {
        drive.file(&root, name, bytes).await;
        drive.emulator.advance(std::time::Duration::from_secs(1));
    }
    drive.folder(&space, "0", "d").await;
    for (order, expected) in [
        ("orderBy=NAME&order=ASC", ["a.txt", "b.txt", "c.txt", "d"]),
        ("orderBy=SIZE&order=DESC", ["b.txt", "a.txt", "c.txt", "d"]),
        ("orderBy=CREATE_TIME&order=ASC", ["b.txt", "c.txt", "a.txt", "d"]),
        ("", ["d", "a.txt", "c.txt", "b.txt"]),
    ] {
        let mut names = Vec::new();
        let mut token = String::new();
        loop {
            let path = format!("{space}/dentries?parentId=0&maxResults=3&{order}{token}");
            let page = drive.read(&path).await.ok();
            names.extend(crate::asking::texts(&page["dentries"], "name"));
            match page["nextToken"].as_str() {
                Some(next) => token = format!("&nextToken={next}"),
                None => break,
            }
        }
        assert_eq!(names, expected, "{order}");
    }
    let page = drive.read(&format!("{space}/dentries?parentId=0&maxResults=3")).await.ok();
    let token = text(&page["nextToken"]);
    drive.emulator.advance(std::time::Duration::from_hours(1));
    let stale = drive.read(&format!("{space}/dentries?parentId=0&maxResults=3&nextToken={token}")).await;
    assert_eq!(stale.refusal(), (400, "paramError"));
    let all = drive.ask(&format!("{space}/dentries/listAll"), json!({"option": {"order": "DESC"}})).await.ok();
    assert_eq!(crate::asking::texts(&all["dentries"], "name"), ["d", "a.txt", "c.txt", "b.txt"]);
}

#[tokio::test]
async fn who_may_not_change_a_file_does_not_overwrite_it() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("guarded").await;
    let file = drive.file(&root, "a.txt", "kept").await;
    let (id, uuid) = (text(&file["id"]), text(&file["uuid"]));
    let grants = drive.by(&format!("/v2.0/storage/spaces/dentries/{root}/permissions"));
    let member = json!([{"type": "USER", "id": drive.user_id(1)}]);
    drive.post(&grants, &json!({"roleId": "EDITOR", "members": member})).await.ok();
    let mode = drive.by(&format!("/v2.0/storage/spaces/dentries/{uuid}/permissions/inheritances"));
    drive.send(Method::PUT, &mode, Some(&json!({"inheritance": "BREAK"}))).await.ok();
    let (new, old) = (drive.upload_info(&root).await, drive.upload_info(&root).await);
    for info in [&new, &old] {
        assert_eq!(drive.put(info, "another").await.status(), 200);
    }
    let body = json!({"uploadKey": new["uploadKey"], "name": "a.txt", "option": {"conflictStrategy": "OVERWRITE"}});
    let path = format!("/v2.0/storage/spaces/files/{root}/commit?unionId={}", drive.person(1));
    assert_eq!(drive.post(&path, &body).await.refusal(), (403, "permissionDenied"));
    let body = json!({"uploadKey": old["uploadKey"], "name": "a.txt", "parentId": "0", "overwriteDentryId": id});
    let refused = drive.of_space(1, Method::POST, &format!("{space}/files/commit"), Some(body)).await;
    assert_eq!(refused.refusal(), (403, "permissionDenied"));
    assert_eq!(drive.download(&space, &id).await, b"kept");
    assert_eq!(drive.emulator.effects("file.versioned"), 0);
}
