//! What the official clients send and expect: the SDKs of the API, and those of the object storage.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

mod support;

use std::path::Path;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dingtalk_storage_emulator::Emulator;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use sha1::Sha1;
use support::{Answer, Drive};

const DATE: &str = "Thu, 01 Jan 2026 00:00:00 GMT";

#[tokio::test]
async fn flags_come_as_the_sdk_for_python_writes_them() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("python").await;
    let file = drive.file(&root, "a.png", "x").await["id"].as_str().unwrap().to_owned();
    let path = format!("/v1.0/storage/spaces/{space}/dentries");
    let with = drive.get(&drive.by(&format!("{path}?parentId=0&withThumbnail=True"))).await.ok();
    assert!(with["dentries"][0]["thumbnail"].is_object(), "{with}");
    let without = drive.get(&drive.by(&format!("{path}?parentId=0&withThumbnail=False"))).await.ok();
    assert_eq!(without["dentries"][0]["thumbnail"], Value::Null);
    let files = format!("/v1.0/drive/spaces/{space}/files");
    let info = drive.get(&drive.by(&format!("{files}/{file}/downloadInfos?withRegion=True"))).await.ok();
    assert!(info["region"].is_string());
    let query = "fileName=b.txt&fileSize=1&md5=0&withRegion=False&withInternalEndPoint=True";
    let info = drive.get(&drive.by(&format!("{files}/0/uploadInfos?{query}"))).await.ok();
    assert!(info["region"].is_null() && info["stsUploadInfo"]["internalEndPoint"].is_string());
    let path = drive.by(&format!("{path}/{file}?toRecycleBin=True"));
    let refused = drive.send(Method::DELETE, &path, None).await;
    assert_eq!(refused.refusal(), (400, "recycleBinNotSupportForSpace"), "True was understood");
    let wrong = drive.get(&drive.by(&format!("{files}/{file}/downloadInfos?withRegion=yes"))).await;
    assert_eq!(wrong.status, 400);
}

#[tokio::test]
async fn a_commit_tells_the_category() {
    let drive = Drive::start().await;
    let (_, root) = drive.space("category").await;
    assert_eq!(drive.file(&root, "a.png", "x").await["category"], "IMAGE");
    assert_eq!(drive.file(&root, "a.docx", "x").await["category"], "DOCUMENT");
}

#[tokio::test]
async fn the_old_host_gives_the_same_token() {
    let drive = Drive::start().await;
    let app = drive.emulator.credentials();
    let query = |key: &str, secret: &str| format!("/gettoken?appkey={key}&appsecret={secret}");
    let token = drive.get(&query(&app.app_key, &app.app_secret)).await.ok();
    assert_eq!(token, json!({"errcode": 0, "errmsg": "ok", "access_token": drive.token, "expires_in": 7200}));
    let wrong = drive.get(&query(&app.app_key, "wrong")).await.ok();
    assert_eq!((&wrong["errcode"], &wrong["access_token"]), (&json!(40_096), &Value::Null));
    let missing = drive.get("/gettoken?appkey=x").await.ok();
    assert_eq!(missing["errcode"], 40_096);
    assert_eq!(drive.get(&format!("{}&more=1", query(&app.app_key, &app.app_secret))).await.ok()["errcode"], 40_096);
    assert_eq!(drive.emulator.calls("oauth2_v1.GetAccessToken"), 5);
}

fn blobs(folder: &Path) -> usize {
    std::fs::read_dir(folder.join("blobs")).unwrap().count()
}

#[tokio::test]
async fn what_nobody_commits_in_time_is_freed() {
    let folder = tempfile::tempdir().unwrap();
    let mut drive = Drive::of(Emulator::builder().folder(folder.path()).virtual_clock()).await;
    let (space, root) = drive.space("late").await;
    let (in_time, late) = (drive.upload_info(&root).await, drive.upload_info(&root).await);
    for info in [&in_time, &late] {
        assert_eq!(drive.put(info, "abc").await.status(), 200);
    }
    drive.emulator.advance(Duration::from_mins(15));
    drive.commit(&root, &in_time, "a.txt").await.ok();
    assert_eq!(blobs(folder.path()), 2);
    let later = json!({"seconds": 1});
    drive.post("/_emulator/clock/advance", &later).await.ok();
    assert_eq!(blobs(folder.path()), 1, "the file's bytes stay, and those of the upload are gone");
    let refused = drive.commit(&root, &late, "b.txt").await;
    assert_eq!(refused.refusal(), (400, "paramError.uploadKey"));
    assert!(refused.body["message"].as_str().unwrap().contains("expired"), "{refused:?}");
    let again = drive.commit(&root, &in_time, "a.txt").await;
    assert!(again.body["message"].as_str().unwrap().contains("used up"), "{again:?}");
    drive.emulator.advance(Duration::from_hours(25));
    drive.token = drive.new_token().await;
    let refused = drive.commit(&root, &late, "b.txt").await;
    assert!(refused.body["message"].as_str().unwrap().contains("no such key"), "{refused:?}");
    assert_eq!(drive.download(&space, &list(&drive, &space).await[0]).await, b"abc");
}

/// Ids of what is in the root of a space.
async fn list(drive: &Drive, space: &str) -> Vec<String> {
    let path = drive.by(&format!("/v1.0/storage/spaces/{space}/dentries?parentId=0"));
    let dentries = drive.get(&path).await.ok()["dentries"].clone();
    dentries.as_array().unwrap().iter().map(|each| each["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_upload_in_parts_goes_on_with_new_credentials() {
    let folder = tempfile::tempdir().unwrap();
    let drive = Drive::of(Emulator::builder().folder(folder.path()).virtual_clock()).await;
    let (space, root) = drive.space("parts").await;
    let path = drive.by(&format!("/v1.0/storage/spaces/{space}/files/multiPartUploadInfos/init"));
    let key = drive.post(&path, &json!({})).await.ok()["uploadKey"].clone();
    let part = |number: u32| {
        let (drive, key) = (&drive, key.clone());
        async move {
            let path = drive.by("/v1.0/storage/spaces/files/multiPartUploadInfos/query");
            let body = json!({"uploadKey": key, "partNumbers": [number]});
            let answer = drive.post(&path, &body).await.ok();
            answer["multipartHeaderSignatureInfos"][0]["headerSignatureInfo"].clone()
        }
    };
    let put = drive.signed(Method::PUT, &part(1).await).body(vec![1; 100 << 10]).send().await.unwrap();
    assert_eq!(put.status(), 200);
    drive.emulator.advance(Duration::from_hours(1));
    let info = json!({"uploadKey": key});
    let refused = drive.commit(&root, &info, "a.bin").await;
    assert_eq!(refused.refusal(), (400, "paramError.uploadKey"), "the credentials have expired");
    let put = drive.signed(Method::PUT, &part(2).await).body("end").send().await.unwrap();
    assert_eq!(put.status(), 200);
    assert_eq!(drive.commit(&root, &info, "a.bin").await.ok()["dentry"]["size"], (100 << 10) + 3);

    drive.post(&path, &json!({})).await.ok();
    assert_eq!(blobs(folder.path()), 2);
    let key = drive.post(&path, &json!({})).await.ok()["uploadKey"].clone();
    let body = json!({"uploadKey": key, "partNumbers": [1]});
    let path = drive.by("/v1.0/storage/spaces/files/multiPartUploadInfos/query");
    let info = drive.post(&path, &body).await.ok()["multipartHeaderSignatureInfos"][0]["headerSignatureInfo"].clone();
    assert_eq!(drive.signed(Method::PUT, &info).body("x").send().await.unwrap().status(), 200);
    assert_eq!(blobs(folder.path()), 3);
    drive.post("/_emulator/clock/advance", &json!({"seconds": 24 * 3600 + 901})).await.ok();
    assert_eq!(blobs(folder.path()), 2, "after a day it is given up");
}

/// A client of the object storage with a temporary key, which signs as its official clients do.
struct StorageClient<'a> {
    drive: &'a Drive,
    keys: Value,
}

impl StorageClient<'_> {
    fn text(&self, name: &str) -> &str {
        self.keys[name].as_str().unwrap()
    }

    fn signature(&self, text: &str) -> String {
        let mut mac = Hmac::<Sha1>::new_from_slice(self.text("accessKeySecret").as_bytes()).unwrap();
        mac.update(text.as_bytes());
        STANDARD.encode(mac.finalize().into_bytes())
    }

    /// A request; `signed` is the part of the query that the signature covers, `more` is not.
    async fn send(&self, method: Method, key: &str, signed: &str, more: &str, body: Vec<u8>) -> Response {
        let resource = format!("/{}/{key}", self.text("bucket"));
        let query = if signed.is_empty() { String::new() } else { format!("?{signed}") };
        let token = self.text("accessToken");
        let text =
            format!("{method}\n\ntext/plain\n{DATE}\nx-oss-security-token:{token}\n{resource}{}", decoded(&query));
        let authorization = format!("OSS {}:{}", self.text("accessKeyId"), self.signature(&text));
        let mark = if query.is_empty() && !more.is_empty() { "?" } else { "" };
        let url = format!("{}{resource}{query}{mark}{more}", self.text("endPoint"));
        let request = self.drive.client.request(method, url).header("date", DATE).header("content-type", "text/plain");
        let request = request.header("x-oss-security-token", token).header("authorization", authorization);
        request.body(body).send().await.unwrap()
    }
}

/// What is signed has its values decoded.
fn decoded(query: &str) -> String {
    query.replace("%2F", "/").replace("%20", " ")
}

async fn keys(drive: &Drive, space: &str) -> Value {
    let query = "fileName=a.txt&fileSize=5&md5=0";
    let path = drive.by(&format!("/v1.0/drive/spaces/{space}/files/0/uploadInfos?{query}"));
    drive.get(&path).await.ok()["stsUploadInfo"].clone()
}

async fn add(drive: &Drive, space: &str, media_id: &str) -> Answer {
    let body = json!({
        "unionId": drive.operator(), "fileName": "a.txt", "fileType": "file", "parentId": "0", "mediaId": media_id,
    });
    drive.post(&format!("/v1.0/drive/spaces/{space}/files"), &body).await
}

async fn code(answer: Response) -> (StatusCode, String) {
    let status = answer.status();
    let text = answer.text().await.unwrap();
    let code = text.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>"));
    (status, code.map(|(code, _)| code.to_owned()).unwrap_or_default())
}

#[tokio::test]
async fn a_client_of_the_storage_takes_the_temporary_keys_as_they_are() {
    let drive = Drive::of(Emulator::builder().virtual_clock()).await;
    let (space, _) = drive.space("sts").await;
    let client = StorageClient { drive: &drive, keys: keys(&drive, &space).await };
    let key = client.text("mediaId").to_owned();
    let put = client.send(Method::PUT, &key, "", "", b"hello".to_vec()).await;
    assert_eq!(put.status(), 200, "{}", put.text().await.unwrap());
    let head = client.send(Method::HEAD, &key, "", "", Vec::new()).await;
    assert_eq!((head.status().as_u16(), head.headers()["content-length"].to_str().unwrap()), (200, "5"));
    let file = add(&drive, &space, &key).await.ok();
    assert_eq!(drive.download(&space, file["fileId"].as_str().unwrap()).await, b"hello");

    let other = StorageClient { drive: &drive, keys: keys(&drive, &space).await };
    let foreign = other.send(Method::PUT, &key, "", "", b"x".to_vec()).await;
    assert_eq!(code(foreign).await, (StatusCode::FORBIDDEN, "AccessDenied".to_owned()), "another's object");
    let mut without = StorageClient { drive: &drive, keys: other.keys.clone() };
    without.keys["accessToken"] = json!("wrong");
    let key = other.text("mediaId").to_owned();
    let refused = without.send(Method::PUT, &key, "", "", b"x".to_vec()).await;
    assert_eq!(code(refused).await.1, "InvalidSecurityToken");
    let mut without = StorageClient { drive: &drive, keys: other.keys.clone() };
    without.keys["accessKeySecret"] = json!("wrong");
    let refused = without.send(Method::PUT, &key, "", "", b"x".to_vec()).await;
    assert_eq!(code(refused).await.1, "SignatureDoesNotMatch");
    drive.emulator.advance(Duration::from_mins(15));
    let query = format!("fileName=a.txt&fileSize=5&md5=0&mediaId={key}");
    let path = drive.by(&format!("/v1.0/drive/spaces/{space}/files/0/uploadInfos?{query}"));
    let renewed = drive.get(&path).await.ok()["stsUploadInfo"].clone();
    assert_eq!(renewed["mediaId"], json!(key));
    drive.emulator.advance(Duration::from_secs(1));
    let refused = other.send(Method::PUT, &key, "", "", b"x".to_vec()).await;
    assert_ne!(refused.status(), 200, "the older key has expired");
    let renewed = StorageClient { drive: &drive, keys: renewed };
    assert_eq!(renewed.send(Method::PUT, &key, "", "", b"x".to_vec()).await.status(), 200);
    add(&drive, &space, &key).await.ok();
}

#[tokio::test]
async fn a_client_of_the_storage_uploads_in_parts() {
    let drive = Drive::of(Emulator::builder().virtual_clock()).await;
    let (space, _) = drive.space("sts").await;
    let client = StorageClient { drive: &drive, keys: keys(&drive, &space).await };
    let key = client.text("mediaId").to_owned();
    let started = client.send(Method::POST, &key, "uploads", "", Vec::new()).await.text().await.unwrap();
    let id = started.split_once("<UploadId>").unwrap().1.split_once('<').unwrap().0.to_owned();
    let mut parts = String::new();
    for (number, bytes) in [(1, vec![7; 100 << 10]), (2, b"end".to_vec())] {
        let query = format!("partNumber={number}&uploadId={id}");
        let put = client.send(Method::PUT, &key, &query, "", bytes).await;
        let etag = put.headers()["etag"].to_str().unwrap().to_owned();
        parts = format!("{parts}<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>");
    }
    assert_eq!(add(&drive, &space, &key).await.status, 400, "it was not completed");
    let query = format!("uploadId={id}");
    let found = client.send(Method::GET, &key, &query, "", Vec::new()).await.text().await.unwrap();
    assert!(found.matches("<Part>").count() == 2 && found.contains("<Size>102400</Size>"), "{found}");
    let wrong = parts.replacen("<ETag>", "<ETag>0", 1);
    let list = |parts: &str| format!("<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>").into_bytes();
    assert_eq!(code(client.send(Method::POST, &key, &query, "", list(&wrong)).await).await.1, "InvalidPart");
    assert_eq!(code(client.send(Method::POST, &key, &query, "", list("")).await).await.1, "MalformedXML");
    let joined = client.send(Method::POST, &key, &query, "", list(&parts)).await;
    assert!(joined.headers().contains_key("x-oss-hash-crc64ecma") && joined.status() == 200);
    let again = client.send(Method::POST, &key, &query, "", list(&parts)).await;
    assert_eq!(code(again).await.1, "NoSuchUpload");
    assert_eq!(add(&drive, &space, &key).await.ok()["fileSize"], (100 << 10) + 3);

    let client = StorageClient { drive: &drive, keys: keys(&drive, &space).await };
    let key = client.text("mediaId").to_owned();
    let started = client.send(Method::POST, &key, "uploads", "", Vec::new()).await.text().await.unwrap();
    let id = started.split_once("<UploadId>").unwrap().1.split_once('<').unwrap().0.to_owned();
    assert_eq!(client.send(Method::DELETE, &key, &format!("uploadId={id}"), "", Vec::new()).await.status(), 204);
    assert_eq!(client.send(Method::PUT, &key, "", "", b"whole".to_vec()).await.status(), 200, "as a whole instead");
    assert_eq!(add(&drive, &space, &key).await.ok()["fileSize"], 5);
}

#[tokio::test]
async fn signatures_cover_subresources() {
    let drive = Drive::of(Emulator::builder().virtual_clock()).await;
    let (space, root) = drive.space("sub").await;
    let client = StorageClient { drive: &drive, keys: keys(&drive, &space).await };
    let key = client.text("mediaId").to_owned();
    client.send(Method::PUT, &key, "", "", b"hello".to_vec()).await;
    for extra in ["acl", "uploads", "response-content-type=text%2Fhtml", "tagging", "x-oss-process=image%2Finfo"] {
        let refused = client.send(Method::GET, &key, "", extra, Vec::new()).await;
        assert_eq!(code(refused).await, (StatusCode::FORBIDDEN, "SignatureDoesNotMatch".to_owned()), "{extra}");
    }
    assert_eq!(client.send(Method::GET, &key, "", "x=1", Vec::new()).await.status(), 200, "others are not covered");
    let named = "response-content-disposition=inline&response-content-type=text%2Fhtml";
    let answer = client.send(Method::GET, &key, named, "", Vec::new()).await;
    assert_eq!(answer.headers()["content-type"], "text/html");
    assert_eq!(answer.headers()["content-disposition"], "inline");
    let acl = client.send(Method::GET, &key, "acl", "", Vec::new()).await;
    assert_eq!(code(acl).await, (StatusCode::NOT_IMPLEMENTED, "NotImplemented".to_owned()));

    let file = drive.file(&root, "b.txt", "x").await;
    let mut info = drive.download_info(&space, file["id"].as_str().unwrap()).await;
    let url = format!("{}?acl", info["resourceUrls"][0].as_str().unwrap());
    info["resourceUrls"][0] = json!(url);
    let refused = drive.signed(Method::GET, &info).send().await.unwrap();
    assert_eq!(code(refused).await.1, "SignatureDoesNotMatch", "of signed URLs, too");
}

#[tokio::test]
async fn reads_may_have_conditions() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("conditions").await;
    let file = drive.file(&root, "a.txt", "hello").await;
    let info = drive.download_info(&space, file["id"].as_str().unwrap()).await;
    let get = || drive.signed(Method::GET, &info);
    let first = get().send().await.unwrap();
    let tag = first.headers()["etag"].to_str().unwrap().to_owned();
    let date = first.headers()["last-modified"].to_str().unwrap().to_owned();
    let unchanged = get().header("if-none-match", &tag).send().await.unwrap();
    assert_eq!((unchanged.status().as_u16(), unchanged.headers()["etag"].to_str().unwrap()), (304, tag.as_str()));
    assert_eq!(unchanged.bytes().await.unwrap().len(), 0);
    assert_eq!(get().header("if-modified-since", &date).send().await.unwrap().status(), 304);
    assert_eq!(get().header("if-none-match", "\"other\"").send().await.unwrap().text().await.unwrap(), "hello");
    let part = get().header("if-match", &tag).header("range", "bytes=0-1").send().await.unwrap();
    assert_eq!((part.status().as_u16(), part.text().await.unwrap().as_str()), (206, "he"));
    let changed = get().header("if-match", "\"other\"").send().await.unwrap();
    assert_eq!(code(changed).await, (StatusCode::PRECONDITION_FAILED, "PreconditionFailed".to_owned()));
}

#[tokio::test]
async fn a_property_has_one_value() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("properties").await;
    let property = |name: &str, value: &str| json!({"name": name, "value": value, "visibility": "PUBLIC"});
    let properties = json!([property("a", "1"), property("b", "2"), property("a", "3")]);
    let info = drive.upload_info(&root).await;
    drive.put(&info, "x").await;
    let path = drive.by(&format!("/v2.0/storage/spaces/files/{root}/commit"));
    let body =
        json!({"uploadKey": info["uploadKey"], "name": "a.txt", "option": {"appProperties": properties.clone()}});
    let twice = drive.post(&path, &body).await;
    assert_eq!(twice.refusal(), (400, "paramError"));
    assert!(twice.body["message"].as_str().unwrap().contains("twice"), "{twice:?}");
    assert_eq!(drive.emulator.effects("file.committed"), 0);
    let path = drive.by(&format!("/v1.0/storage/spaces/{space}/dentries/0/folders"));
    let body = json!({"name": "f", "option": {"appProperties": properties.clone()}});
    assert_eq!(drive.post(&path, &body).await.refusal(), (400, "paramError"));
    let file = drive.commit(&root, &info, "a.txt").await.ok()["dentry"]["id"].as_str().unwrap().to_owned();
    let path = drive.by(&format!("/v1.0/storage/spaces/{space}/dentries/{file}/appProperties"));
    let update = drive.send(Method::PUT, &path, Some(&json!({"appProperties": properties}))).await;
    assert_eq!(update.refusal(), (400, "paramError"));
}

#[tokio::test]
async fn links_of_search_lead_somewhere() {
    let drive = Drive::start().await;
    let body = json!({"option": {"scene": "search", "capabilities": {"canSearch": true}}});
    let space = drive.post(&drive.by("/v1.0/storage/spaces"), &body).await.ok()["space"]["id"].clone();
    let path = drive.by(&format!("/v1.0/storage/spaces/{}/dentries/0/query", space.as_str().unwrap()));
    let root = drive.post(&path, &json!({})).await.ok()["dentry"]["uuid"].as_str().unwrap().to_owned();
    drive.file(&root, "R&D <report>.txt".replace(['<', '>'], "").as_str(), "x").await;
    let search = |kind: &str, keyword: &str| {
        let (drive, path) = (&drive, drive.by_name("operatorId", &format!("/v2.0/storage/{kind}/search")));
        let body = json!({"keyword": keyword});
        async move { drive.post(&path, &body).await.ok()["items"][0].clone() }
    };
    let found = search("dentries", "report").await;
    let url = found["path"]["url"].as_str().unwrap().to_owned();
    let page = drive.client.get(&url).send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.text().await.unwrap().contains("R&amp;D report.txt"));
    let path = drive.by_name("operatorId", "/v2.0/wiki/nodes/queryByUrl");
    let node = drive.post(&path, &json!({"url": url})).await.ok();
    assert_eq!(node["node"]["nodeId"], found["dentryUuid"]);
    let base = search("workspaces", "handbook").await;
    let page = drive.client.get(base["url"].as_str().unwrap()).send().await.unwrap();
    assert!(page.status() == 200 && page.text().await.unwrap().contains("Handbook"));
    let nothing = drive.client.get(url.replace("/i/nodes/", "/i/nodes/x")).send().await.unwrap();
    assert_eq!(nothing.status(), 404);
}
