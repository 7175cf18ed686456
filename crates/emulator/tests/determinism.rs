//! Equal seeds give equal transcripts.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

mod support;

use std::fmt::Write;
use std::time::Duration;

use dingtalk_storage_emulator::{Emulator, Fault, FaultKind};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use support::{Drive, TOKEN, client};

/// Sends a request and writes all of its answer down, but for the ports.
async fn told(drive: &Drive, transcript: &mut String, request: RequestBuilder) -> Value {
    let Ok(answer) = request.send().await else {
        transcript.push_str("no answer\n");
        return Value::Null;
    };
    let mut headers: Vec<String> =
        answer.headers().iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
    headers.sort();
    writeln!(transcript, "{} {}", answer.status(), headers.join(", ")).unwrap();
    let text = answer.text().await.unwrap_or_else(|_| "cut".to_owned());
    let written = text
        .replace(drive.emulator.api_url(), "http://api")
        .replace(drive.emulator.storage_url(), "http://storage")
        .replace(drive.emulator.storage_url().trim_start_matches("http://"), "storage");
    writeln!(transcript, "{written}").unwrap();
    serde_json::from_str(&text).unwrap_or_default()
}

/// A day's work with mistakes, faults and time in it.
async fn transcript(seed: u64) -> String {
    let emulator = Emulator::builder().seed(seed).virtual_clock().start().await.unwrap();
    emulator.add_fault(Fault::new(FaultKind::ApplyThenDrop).on("storage_v1.AddFolder").with_probability(0.3, seed));
    let mut drive = Drive { emulator, client: client(), token: String::new() };
    let mut text = format!("{:?}\n", drive.emulator.credentials());
    let credentials = drive.emulator.credentials();
    let body = json!({"appKey": credentials.app_key, "appSecret": credentials.app_secret});
    let token = drive.request(Method::POST, "/v1.0/oauth2/accessToken", Some(&body));
    let token = told(&drive, &mut text, token).await;
    drive.token.push_str(token["accessToken"].as_str().unwrap());
    let request = drive.request(Method::POST, &drive.by("/v1.0/storage/spaces"), Some(&json!({})));
    let space = told(&drive, &mut text, request).await["space"]["id"].as_str().unwrap().to_owned();
    let path = drive.by(&format!("/v1.0/storage/spaces/{space}/dentries/0/folders"));
    for number in 0..12 {
        let request = drive.request(Method::POST, &path, Some(&json!({"name": format!("folder {}", number / 2)})));
        told(&drive, &mut text, request).await;
        drive.emulator.advance(Duration::from_millis(777));
    }
    let path = drive.by(&format!("/v1.0/storage/spaces/{space}/dentries/0/query"));
    let root = told(&drive, &mut text, drive.request(Method::POST, &path, Some(&json!({})))).await;
    let root = root["dentry"]["uuid"].as_str().unwrap();
    let path = drive.by(&format!("/v2.0/storage/spaces/files/{root}/uploadInfos/query"));
    let request = drive.request(Method::POST, &path, Some(&json!({"protocol": "HEADER_SIGNATURE"})));
    let info = told(&drive, &mut text, request).await;
    let put = drive.signed(Method::PUT, &info["headerSignatureInfo"]);
    told(&drive, &mut text, put.header(TOKEN, "leaked").body("x")).await;
    let put = drive.signed(Method::PUT, &info["headerSignatureInfo"]).body("some bytes");
    told(&drive, &mut text, put).await;
    let path = drive.by(&format!("/v2.0/storage/spaces/files/{root}/commit"));
    let body = json!({"uploadKey": info["uploadKey"], "name": "a.txt"});
    for _ in 0..2 {
        told(&drive, &mut text, drive.request(Method::POST, &path, Some(&body))).await;
    }
    let path = drive.by(&format!("/v1.0/storage/spaces/{space}/dentries?parentId=0&maxResults=5"));
    let page = told(&drive, &mut text, drive.request(Method::GET, &path, None)).await;
    let path = format!("{path}&nextToken={}", page["nextToken"].as_str().unwrap());
    told(&drive, &mut text, drive.request(Method::GET, &path, None)).await;
    writeln!(text, "{:?}", drive.emulator.ledger()).unwrap();
    text
}

#[tokio::test]
async fn equal_seeds_give_equal_transcripts() {
    let first = transcript(42).await;
    assert!(first.len() > 10_000 && first.contains("no answer"), "{first}");
    assert_eq!(first, transcript(42).await);
    assert_ne!(first, transcript(43).await);
}

#[tokio::test]
async fn without_a_seed_two_emulators_share_no_ids() {
    let (first, second) = (Emulator::start().await.unwrap(), Emulator::start().await.unwrap());
    assert_ne!(first.credentials().corp_id, second.credentials().corp_id);
    assert_ne!(first.credentials().app_secret, second.credentials().app_secret);
    assert_ne!(first.api_url(), second.api_url());
}
