//! Web pages of other origins.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

mod support;

use std::collections::BTreeSet;

use dingtalk_storage_emulator::{Emulator, Fault, FaultKind};
use reqwest::{Method, Response};
use serde_json::json;
use support::{Drive, TOKEN};

const PAGE: &str = "http://localhost:5173";

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

fn names(text: &str) -> BTreeSet<String> {
    text.split(',').map(|name| name.trim().to_lowercase()).collect()
}

/// What a browser asks before it sends a request that a form could not send.
async fn preflight(drive: &Drive, url: &str, origin: &str, method: &str, headers: &str) -> Response {
    let request = drive.client.request(Method::OPTIONS, url).header("origin", origin);
    let request = request.header("access-control-request-method", method);
    request.header("access-control-request-headers", headers).send().await.unwrap()
}

#[tokio::test]
async fn pages_of_the_origin_may_call_api_and_storage() {
    let drive = Drive::of(Emulator::builder().cors(PAGE)).await;
    let (space, root) = drive.space("browser").await;
    let api = format!("{}/v1.0/storage/spaces/{space}", drive.emulator.api_url());
    let info = drive.upload_info(&root).await;
    let object = info["headerSignatureInfo"]["resourceUrls"][0].as_str().unwrap().to_owned();
    let calls = drive.emulator.counts();
    for (url, method, headers) in [
        (api.as_str(), "GET", TOKEN),
        (api.as_str(), "POST", "content-type,x-acs-dingtalk-access-token"),
        (object.as_str(), "PUT", "authorization,x-oss-date"),
        (object.as_str(), "GET", "authorization,range,x-oss-date"),
        (object.as_str(), "HEAD", "authorization"),
        (api.as_str(), "DELETE", TOKEN),
    ] {
        let answer = preflight(&drive, url, PAGE, method, headers).await;
        assert_eq!((answer.status().as_u16(), header(&answer, "access-control-allow-origin")), (204, PAGE));
        assert!(names(header(&answer, "access-control-allow-methods")).contains(&method.to_lowercase()), "{method}");
        assert!(names(header(&answer, "access-control-allow-headers")).is_superset(&names(headers)));
        assert_eq!(header(&answer, "vary"), "Origin");
        let refused = preflight(&drive, url, "http://evil.example", method, headers).await;
        assert_eq!((refused.status().as_u16(), header(&refused, "access-control-allow-origin")), (403, ""));
    }
    assert_eq!(drive.emulator.counts(), calls, "a browser's question is no call");

    let put = drive.signed(Method::PUT, &info["headerSignatureInfo"]).header("origin", PAGE).body("hello");
    let put = put.send().await.unwrap();
    assert_eq!((put.status().as_u16(), header(&put, "access-control-allow-origin")), (200, PAGE));
    let exposed = names(header(&put, "access-control-expose-headers"));
    for name in ["etag", "x-oss-hash-crc64ecma", "content-range", "accept-ranges", "x-oss-request-id", "retry-after"] {
        assert!(exposed.contains(name), "{name} is not exposed: {exposed:?}");
    }
    let file = drive.commit(&root, &info, "a.txt").await.ok()["dentry"]["id"].as_str().unwrap().to_owned();
    let info = drive.download_info(&space, &file).await;
    let part =
        drive.signed(Method::GET, &info).header("origin", PAGE).header("range", "bytes=0-1").send().await.unwrap();
    assert_eq!((part.status().as_u16(), header(&part, "access-control-allow-origin")), (206, PAGE));
}

#[tokio::test]
async fn refusals_can_be_read_too() {
    let drive = Drive::of(Emulator::builder().cors(PAGE)).await;
    let api = format!("{}/v1.0/storage/spaces/1", drive.emulator.api_url());
    let storage = format!("{}/yundisk0/nothing.file", drive.emulator.storage_url());
    drive.emulator.add_fault(Fault::new(FaultKind::Throttle { code: None }).on("storage_v1.GetSpace").nth(2));
    for (url, status) in [(&api, 400), (&api, 403), (&storage, 403)] {
        let refused = drive.client.get(url).header("origin", PAGE).send().await.unwrap();
        assert_eq!((refused.status().as_u16(), header(&refused, "access-control-allow-origin")), (status, PAGE));
    }
}

#[tokio::test]
async fn nobody_else_is_let_in() {
    let drive = Drive::of(Emulator::builder().cors("*")).await;
    let admin = format!("{}/_emulator", drive.emulator.api_url());
    let asked = preflight(&drive, &admin, PAGE, "POST", "content-type").await;
    let answer = drive.client.get(&admin).header("origin", PAGE).send().await.unwrap();
    for answer in [&asked, &answer] {
        assert_eq!(header(answer, "access-control-allow-origin"), "", "the admin API is not for pages");
    }
    let api = format!("{}/v1.0/storage/spaces/1", drive.emulator.api_url());
    let any = drive.client.get(&api).header("origin", "http://any.example").send().await.unwrap();
    assert_eq!(header(&any, "access-control-allow-origin"), "http://any.example");
    let without = drive.client.get(&api).send().await.unwrap();
    assert_eq!(header(&without, "access-control-allow-origin"), "");

    let closed = Drive::start().await;
    let api = format!("{}/v1.0/storage/spaces/1", closed.emulator.api_url());
    assert_eq!(header(&preflight(&closed, &api, PAGE, "GET", TOKEN).await, "access-control-allow-origin"), "");
    let answer = closed.client.get(&api).header("origin", PAGE).send().await.unwrap();
    assert_eq!(header(&answer, "access-control-allow-origin"), "", "it is off unless it is asked for");
    let error = Emulator::builder().cors("http://localhost:5173/").start().await.unwrap_err();
    assert!(error.to_string().contains("http://localhost:5173/"), "{error}");
    let told = closed.post("/_emulator/faults", &json!({"fault": {"kind": "throttle"}, "operation": "cors"})).await;
    assert_eq!(told.status, 400);
}
