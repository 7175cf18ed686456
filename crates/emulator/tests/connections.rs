//! Answers that end in another way than by their end, seen from the socket: what arrives, and how the connection ends.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

mod support;

use std::fmt::Write;
use std::io::ErrorKind;
use std::time::Duration;

use dingtalk_storage_emulator::{Fault, FaultKind};
use serde_json::Value;
use support::{Drive, TOKEN};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How a connection ended.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// In an orderly way.
    Closed,
    /// With a reset.
    Reset,
    /// Not at all: nothing more came.
    Silent,
}

/// What came of an answer.
#[derive(Debug)]
struct Received {
    head: String,
    body: Vec<u8>,
    end: End,
}

impl Received {
    fn promised(&self) -> usize {
        let length = self.head.lines().find_map(|line| line.strip_prefix("content-length: "));
        length.unwrap_or_else(|| panic!("no length in {}", self.head)).parse().unwrap()
    }
}

/// Sends a request and reads whatever comes, until the connection ends or falls silent.
async fn exchange(url: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Received {
    let host = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).await.unwrap();
    let mut request = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\n");
    for (name, value) in headers {
        write!(request, "{name}: {value}\r\n").unwrap();
    }
    if method == "PUT" && !headers.iter().any(|(name, _)| *name == "content-length") {
        write!(request, "content-length: {}\r\n", body.len()).unwrap();
    }
    stream.write_all(format!("{request}\r\n{body}").as_bytes()).await.unwrap();
    let mut received = Vec::new();
    let end = loop {
        match tokio::time::timeout(Duration::from_millis(500), stream.read_buf(&mut received)).await {
            Err(_) => break End::Silent,
            Ok(Ok(0)) => break End::Closed,
            Ok(Ok(_)) => {}
            Ok(Err(error)) if error.kind() == ErrorKind::ConnectionReset => break End::Reset,
            Ok(Err(error)) => panic!("{error}"),
        }
    };
    let head_ends = received.windows(4).position(|four| four == b"\r\n\r\n").map_or(0, |place| place + 4);
    let body = received.split_off(head_ends);
    Received { head: String::from_utf8(received).unwrap(), body, end }
}

/// A drive with a space, and the raw requests that the tests make.
struct Scene {
    drive: Drive,
    space: String,
    root: String,
}

impl Scene {
    async fn new() -> Self {
        let drive = Drive::start().await;
        let (space, root) = drive.space("raw").await;
        Self { drive, space, root }
    }

    fn fault(&self, kind: FaultKind, operation: &str) {
        self.drive.emulator.add_fault(Fault::new(kind).on(operation));
    }

    fn missed(&self) -> usize {
        self.drive.emulator.missed_faults().len()
    }

    /// `GetSpace`, whose answer has a body.
    async fn read(&self) -> Received {
        let path = self.drive.by(&format!("/v1.0/storage/spaces/{}", self.space));
        exchange(self.drive.emulator.api_url(), "GET", &path, &[(TOKEN, &self.drive.token)], "").await
    }

    /// `PutObject`, whose answer has none.
    async fn put(&self) -> Received {
        let info = self.drive.upload_info(&self.root).await;
        self.signed("PUT", &info["headerSignatureInfo"], &[], "0123456789").await
    }

    /// `GetObject` of a file of ten digits.
    async fn get(&self) -> Received {
        let file = self.drive.file(&self.root, "digits.txt", "0123456789").await;
        let info = self.drive.download_info(&self.space, file["id"].as_str().unwrap()).await;
        self.signed("GET", &info, &[], "").await
    }

    async fn signed(&self, method: &str, info: &Value, more: &[(&str, &str)], body: &str) -> Received {
        let storage = self.drive.emulator.storage_url();
        let path = info["resourceUrls"][0].as_str().unwrap().strip_prefix(storage).unwrap();
        let headers = info["headers"].as_object().unwrap();
        let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap()));
        let headers: Vec<(&str, &str)> = headers.chain(more.iter().copied()).collect();
        exchange(storage, method, path, &headers, body).await
    }
}

#[tokio::test]
async fn after_a_whole_answer_the_connection_is_reset() {
    let scene = Scene::new().await;
    scene.fault(FaultKind::ResetAfter, "storage_v1.GetSpace");
    let read = scene.read().await;
    assert_eq!((read.body.len(), &read.end), (read.promised(), &End::Reset), "{read:?}");
    assert!(serde_json::from_slice::<Value>(&read.body).unwrap()["space"].is_object());
    scene.fault(FaultKind::ResetAfter, "storage.PutObject");
    let put = scene.put().await;
    assert!(put.head.starts_with("HTTP/1.1 200 OK\r\n"), "{put:?}");
    assert_eq!((put.promised(), put.body.len(), &put.end), (0, 0, &End::Reset));
    assert_eq!(scene.missed(), 0);
    assert_eq!(scene.read().await.end, End::Silent, "without a fault the connection stays open");
}

#[tokio::test]
async fn a_reset_behind_the_last_byte_comes_after_it() {
    let scene = Scene::new().await;
    for at in [0, 5] {
        scene.fault(FaultKind::ResetAnswer { at }, "storage.PutObject");
        let put = scene.put().await;
        assert!(put.head.starts_with("HTTP/1.1 200 OK\r\n"), "{put:?}");
        assert_eq!(put.end, End::Reset);
    }
    for at in [10, 1000] {
        scene.fault(FaultKind::ResetAnswer { at }, "storage.GetObject");
        let get = scene.get().await;
        assert_eq!((get.body.as_slice(), get.end), (b"0123456789".as_slice(), End::Reset));
    }
    scene.fault(FaultKind::ResetAnswer { at: 4 }, "storage.GetObject");
    let get = scene.get().await;
    assert_eq!((get.body.as_slice(), get.promised(), get.end), (b"0123".as_slice(), 10, End::Reset));
    assert_eq!(scene.missed(), 0);
}

#[tokio::test]
async fn a_cut_answer_ends_in_an_orderly_way_and_a_stalled_one_not_at_all() {
    let scene = Scene::new().await;
    scene.fault(FaultKind::Truncate { at: 3 }, "storage.GetObject");
    let get = scene.get().await;
    assert_eq!((get.body.as_slice(), get.promised(), get.end), (b"012".as_slice(), 10, End::Closed));
    scene.fault(FaultKind::StallAnswer { at: 3, millis: None }, "storage.GetObject");
    let get = scene.get().await;
    assert_eq!((get.body.as_slice(), get.promised(), get.end), (b"012".as_slice(), 10, End::Silent));
    scene.fault(FaultKind::StallAnswer { at: 3, millis: None }, "storage_v1.GetSpace");
    assert_eq!(scene.read().await.body.len(), 3);
    assert_eq!(scene.missed(), 0);
}

/// What is promised counts, before a byte of it has come.
#[tokio::test]
async fn one_put_takes_five_gigabytes_and_no_more() {
    let scene = Scene::new().await;
    let info = scene.drive.upload_info(&scene.root).await;
    let put = async |length: &str| {
        let more = [("content-length", length), ("expect", "100-continue")];
        scene.signed("PUT", &info["headerSignatureInfo"], &more, "").await
    };
    assert!(put("5368709120").await.head.starts_with("HTTP/1.1 100 Continue\r\n"));
    let refused = put("5368709121").await;
    assert!(refused.head.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{refused:?}");
    assert!(String::from_utf8(refused.body).unwrap().contains("<Code>EntityTooLarge</Code>"));
}
