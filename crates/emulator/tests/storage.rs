//! The object storage behind signed URLs.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

mod support;

use std::time::Duration;

use dingtalk_storage_emulator::Emulator;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use support::{Drive, TOKEN};

/// Status and code of an error in XML.
async fn refusal(answer: Response) -> (u16, String) {
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    let code = text.split("<Code>").nth(1).and_then(|rest| rest.split("</Code>").next());
    (status, code.unwrap_or_else(|| panic!("no code in {text}")).to_owned())
}

async fn put_with(drive: &Drive, info: &Value, name: &str, value: &str) -> (u16, String) {
    let request = drive.signed(Method::PUT, &info["headerSignatureInfo"]).header(name, value);
    refusal(request.body("x").send().await.unwrap()).await
}

#[tokio::test]
async fn headers_that_were_not_signed_are_refused() {
    let drive = Drive::start().await;
    let (_, root) = drive.space("signed").await;
    let info = drive.upload_info(&root).await;
    let mismatch = (403, "SignatureDoesNotMatch".to_owned());
    assert_eq!(put_with(&drive, &info, "content-type", "application/octet-stream").await, mismatch);
    assert_eq!(put_with(&drive, &info, "content-md5", "eB5eJF1ptWaXm4bijSPyxw==").await, mismatch);
    assert_eq!(put_with(&drive, &info, "x-oss-meta-a", "b").await, mismatch);
    assert_eq!(put_with(&drive, &info, TOKEN, &drive.token).await, mismatch);
    assert!(drive.emulator.journal().iter().any(|record| record.token_leaked), "the journal shows the leak");
    assert_eq!(drive.emulator.effects("object.stored"), 0);
    let harmless = drive.signed(Method::PUT, &info["headerSignatureInfo"]).header("user-agent", "anything");
    assert_eq!(harmless.body("x").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_large_upload_that_is_refused_is_told_why() {
    let drive = Drive::start().await;
    let (_, root) = drive.space("large").await;
    let info = drive.upload_info(&root).await;
    for _ in 0..5 {
        let request = drive.signed(Method::PUT, &info["headerSignatureInfo"]).header("content-type", "text/plain");
        let answer = request.body(vec![0; 20 << 20]).send().await.unwrap();
        assert_eq!(refusal(answer).await, (403, "SignatureDoesNotMatch".to_owned()));
    }
}

#[tokio::test]
async fn a_signature_is_for_one_verb_and_one_object() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("verbs").await;
    let file = drive.file(&root, "a.txt", "abc").await;
    let info = drive.download_info(&space, file["id"].as_str().unwrap()).await;
    let upload = drive.upload_info(&root).await;
    let mismatch = (403, "SignatureDoesNotMatch".to_owned());
    assert_eq!(refusal(drive.signed(Method::PUT, &info).body("x").send().await.unwrap()).await, mismatch);
    let mut other = info.clone();
    other["resourceUrls"] = upload["headerSignatureInfo"]["resourceUrls"].clone();
    assert_eq!(refusal(drive.signed(Method::GET, &other).send().await.unwrap()).await, mismatch);
    let url = info["resourceUrls"][0].as_str().unwrap();
    assert_eq!(refusal(drive.client.get(url).send().await.unwrap()).await, (403, "AccessDenied".to_owned()));
    let head = drive.signed(Method::HEAD, &info).send().await.unwrap();
    assert_eq!(head.status(), 403, "the verb is signed, and nothing is handed out for HEAD");
}

#[tokio::test]
async fn signed_urls_expire_after_900_seconds() {
    let drive = Drive::of(Emulator::builder().virtual_clock()).await;
    let (space, root) = drive.space("expiry").await;
    let info = drive.upload_info(&root).await;
    assert_eq!(info["headerSignatureInfo"]["expirationSeconds"], 900);
    drive.emulator.advance(Duration::from_mins(15));
    assert_eq!(drive.put(&info, "abc").await.status(), 200, "the last moment");
    drive.emulator.advance(Duration::from_secs(1));
    assert_eq!(refusal(drive.put(&info, "abc").await).await, (403, "RequestTimeTooSkewed".to_owned()));
    assert_eq!(drive.commit(&root, &info, "a.txt").await.refusal(), (400, "paramError.uploadKey"), "too late");
    let file = json!({"dentry": drive.file(&root, "a.txt", "abc").await});
    let download = drive.download_info(&space, file["dentry"]["id"].as_str().unwrap()).await;
    drive.emulator.advance(Duration::from_secs(901));
    let answer = drive.signed(Method::GET, &download).send().await.unwrap();
    assert_eq!(refusal(answer).await, (403, "RequestTimeTooSkewed".to_owned()));
}

#[tokio::test]
async fn answers_carry_checksum_tag_and_request_id() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("checksums").await;
    let info = drive.upload_info(&root).await;
    let answer = drive.put(&info, "123456789").await;
    // The check value of CRC-64/XZ, and the MD5 of the same nine digits.
    assert_eq!(answer.headers()["x-oss-hash-crc64ecma"], 0x995d_c9bb_df19_39fa_u64.to_string().as_str());
    assert_eq!(answer.headers()["etag"], "\"25F9E794323B453885F5181F1B624D0B\"");
    assert_eq!(answer.headers()["x-oss-request-id"].len(), 24);
    let file = drive.commit(&root, &info, "digits.txt").await.ok();
    let info = drive.download_info(&space, file["dentry"]["id"].as_str().unwrap()).await;
    let answer = drive.signed(Method::GET, &info).header("range", "bytes=2-4").send().await.unwrap();
    assert_eq!(answer.status(), 206);
    assert_eq!(answer.headers()["content-range"], "bytes 2-4/9");
    assert_eq!(answer.headers()["content-length"], "3");
    assert_eq!(answer.headers()["x-oss-hash-crc64ecma"], 0x995d_c9bb_df19_39fa_u64.to_string().as_str());
    assert_eq!(answer.text().await.unwrap(), "345");
}

#[tokio::test]
async fn ranges_beyond_the_object_are_ignored_unless_the_standard_is_asked_for() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("ranges").await;
    let file = drive.file(&root, "a.txt", "0123456789").await;
    let info = drive.download_info(&space, file["id"].as_str().unwrap()).await;
    let get = async |range: &str, standard: bool| {
        let request = drive.signed(Method::GET, &info).header("range", range);
        let request = if standard { request.header("x-oss-range-behavior", "standard") } else { request };
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    assert_eq!(get("bytes=-3", false).await, (206, "789".to_owned()));
    assert_eq!(get("bytes=0-1,5-6", false).await, (206, "01".to_owned()));
    assert_eq!(get("bytes=5-20", false).await, (200, "0123456789".to_owned()));
    assert_eq!(get("bytes=5-20", true).await, (206, "56789".to_owned()));
    assert_eq!(get("bytes=10-", false).await, (200, "0123456789".to_owned()));
    let (status, text) = get("bytes=10-", true).await;
    assert_eq!(status, 416);
    assert!(text.contains("<Code>InvalidRange</Code>"), "{text}");
    let journal = drive.emulator.journal();
    let reads = journal.iter().filter(|record| record.operation == "storage.GetObject");
    let answered: Vec<_> = reads.map(|record| (record.answer_bytes, record.content_range.as_deref())).collect();
    let parts = [(3, Some("bytes 7-9/10")), (2, Some("bytes 0-1/10")), (10, None), (5, Some("bytes 5-9/10"))];
    assert_eq!(answered[..4], parts, "the journal tells what was answered");
}

async fn multipart(drive: &Drive, space: &str) -> Value {
    let path = drive.by(&format!("/v1.0/storage/spaces/{space}/files/multiPartUploadInfos/init"));
    drive.post(&path, &json!({})).await.ok()["uploadKey"].clone()
}

async fn parts(drive: &Drive, key: &Value, numbers: &[i64]) -> support::Answer {
    let path = drive.by("/v1.0/storage/spaces/files/multiPartUploadInfos/query");
    drive.post(&path, &json!({"uploadKey": key, "partNumbers": numbers})).await
}

async fn put_parts(drive: &Drive, key: &Value, contents: &[(i64, Vec<u8>)]) {
    let numbers: Vec<i64> = contents.iter().map(|(number, _)| *number).collect();
    let infos = parts(drive, key, &numbers).await.ok();
    for (info, (number, bytes)) in infos["multipartHeaderSignatureInfos"].as_array().unwrap().iter().zip(contents) {
        assert_eq!(info["partNumber"], *number);
        assert_eq!(drive.put(info, bytes.clone()).await.status(), 200);
    }
}

fn noise(length: usize, seed: u8) -> Vec<u8> {
    (0..=250).cycle().map(|place: u8| place ^ seed).take(length).collect()
}

#[tokio::test]
async fn parts_become_one_file_in_the_order_of_their_numbers() {
    let drive = Drive::start().await;
    let (space, _) = drive.space("parts").await;
    let key = multipart(&drive, &space).await;
    let (first, second, last) = (noise(102_400, 1), noise(150_000, 2), noise(10, 3));
    put_parts(&drive, &key, &[(7, last.clone()), (1, noise(5, 9)), (2, second.clone())]).await;
    put_parts(&drive, &key, &[(1, first.clone())]).await;
    let path = drive.by(&format!("/v1.0/storage/spaces/{space}/files/commit"));
    let body = json!({"uploadKey": key, "name": "big.bin", "parentId": "0"});
    let file = drive.post(&path, &body).await.ok();
    let whole = [first, second, last].concat();
    assert_eq!(file["dentry"]["size"], whole.len());
    let id = file["dentry"]["id"].as_str().unwrap();
    assert_eq!(drive.download(&space, id).await, whole);
    let info = drive.download_info(&space, id).await;
    let across = drive.signed(Method::GET, &info).header("range", "bytes=102398-102401").send().await.unwrap();
    assert_eq!(across.bytes().await.unwrap(), whole[102_398..=102_401]);
    let got = drive.signed(Method::GET, &info).send().await.unwrap();
    assert!(got.headers()["etag"].to_str().unwrap().ends_with("-3\""));
    let again = drive.file(&drive.space("parts").await.1, "same.bin", whole).await;
    let same = drive.download_info(&space, again["id"].as_str().unwrap()).await;
    let same = drive.signed(Method::GET, &same).send().await.unwrap();
    assert_eq!(got.headers()["x-oss-hash-crc64ecma"], same.headers()["x-oss-hash-crc64ecma"]);
}

#[tokio::test]
async fn parts_have_limits() {
    let drive = Drive::start().await;
    let (space, _) = drive.space("limits").await;
    let key = multipart(&drive, &space).await;
    assert_eq!(parts(&drive, &key, &[0]).await.refusal(), (400, "paramError.partNumbers"));
    assert_eq!(parts(&drive, &key, &[10_001]).await.refusal(), (400, "paramError.partNumbers"));
    put_parts(&drive, &multipart(&drive, &space).await, &[(10_000, noise(1, 1))]).await;
    let many: Vec<i64> = (1..=31).collect();
    assert_eq!(parts(&drive, &key, &many).await.refusal(), (400, "paramError.partNumbers"));
    assert_eq!(parts(&drive, &key, &many[..30]).await.status, 200);
    assert_eq!(parts(&drive, &json!("nobody's"), &[1]).await.refusal(), (400, "paramError.uploadKey"));
    put_parts(&drive, &key, &[(1, noise(102_399, 1)), (2, noise(1, 2))]).await;
    let path = drive.by(&format!("/v1.0/storage/spaces/{space}/files/commit"));
    let body = json!({"uploadKey": key, "name": "small.bin", "parentId": "0"});
    assert_eq!(drive.post(&path, &body).await.refusal(), (400, "dentryStoreError"), "a part is too small");
    put_parts(&drive, &key, &[(1, noise(102_400, 1))]).await;
    drive.post(&path, &body).await.ok();
}

#[tokio::test]
async fn what_was_committed_cannot_be_changed_by_its_old_url() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("frozen").await;
    let info = drive.upload_info(&root).await;
    drive.put(&info, "first").await;
    drive.put(&info, "second").await;
    let file = drive.commit(&root, &info, "a.txt").await.ok();
    assert_eq!(refusal(drive.put(&info, "third").await).await, (403, "AccessDenied".to_owned()));
    assert_eq!(drive.download(&space, file["dentry"]["id"].as_str().unwrap()).await, b"second");
}

#[tokio::test]
async fn nothing_put_is_nothing_to_commit() {
    let drive = Drive::start().await;
    let (_, root) = drive.space("empty").await;
    let info = drive.upload_info(&root).await;
    assert_eq!(drive.commit(&root, &info, "a.txt").await.refusal(), (400, "dentryStoreError"));
    let silent = drive.put(&info, "").await;
    assert_eq!(refusal(silent).await, (411, "MissingContentLength".to_owned()), "this client sends no length of 0");
    let empty = drive.signed(Method::PUT, &info["headerSignatureInfo"]).header("content-length", "0");
    assert_eq!(empty.send().await.unwrap().status(), 200);
    assert_eq!(drive.commit(&root, &info, "a.txt").await.ok()["dentry"]["size"], 0);
}
