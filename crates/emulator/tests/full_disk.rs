//! A disk that takes nothing for a while. The limit of the process on the size of its files plays the full disk: with the
//! signal ignored, writes fail as they do when there is no room.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

mod support;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use reqwest::{Client, Method};
use serde_json::{Value, json};
use support::{Answer, TOKEN, client};

/// An emulator in a process of its own.
struct Process {
    child: Child,
    client: Client,
    about: Value,
    token: String,
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Process {
    async fn start(folder: &Path) -> Self {
        let script = "trap '' XFSZ; exec \"$0\" --folder \"$1\"";
        let program = env!("CARGO_BIN_EXE_dingtalk-storage-emulator");
        let mut command = Command::new("sh");
        command.args(["-c", script, program]).arg(folder).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let about: Value = serde_json::from_str(&line).unwrap();
        let mut process = Self { child, client: client(), about, token: String::new() };
        let body = json!({"appKey": process.about["appKey"], "appSecret": process.about["appSecret"]});
        let token = process.send(Method::POST, "/v1.0/oauth2/accessToken", Some(body)).await.ok();
        process.token.push_str(token["accessToken"].as_str().unwrap());
        process
    }

    /// From now on, no file can have more bytes, where it has not got them yet, or any number again.
    fn most_bytes(&self, most: &str) {
        let process = self.child.id().to_string();
        let status = Command::new("prlimit").args(["--pid", &process, &format!("--fsize={most}:")]).status();
        assert!(status.unwrap().success());
    }

    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let url = format!("{}{path}", self.about["apiUrl"].as_str().unwrap());
        let mut request = self.client.request(method, url);
        if !self.token.is_empty() {
            request = request.header(TOKEN, &self.token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        Answer::read(request.send().await.unwrap()).await
    }

    /// A call of the operator.
    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mark = if path.contains('?') { '&' } else { '?' };
        let operator = self.about["users"][0]["unionId"].as_str().unwrap();
        self.send(method, &format!("{path}{mark}unionId={operator}"), body).await
    }

    async fn folder(&self, space: &str, name: &str) -> Answer {
        let path = format!("/v1.0/storage/spaces/{space}/dentries/0/folders");
        self.call(Method::POST, &path, Some(json!({"name": name}))).await
    }

    async fn names(&self, space: &str) -> Vec<String> {
        let path = format!("/v1.0/storage/spaces/{space}/dentries?parentId=0&orderBy=NAME&order=ASC");
        let found = self.call(Method::GET, &path, None).await.ok();
        let name = |entry: &Value| entry["name"].as_str().unwrap().to_owned();
        found["dentries"].as_array().unwrap().iter().map(name).collect()
    }

    async fn ledger(&self) -> usize {
        let made = self.send(Method::GET, "/_emulator/effects?what=folder.created", None).await.ok();
        made.as_array().unwrap().len()
    }

    async fn upload(&self, root: &str) -> (Value, u16) {
        let path = format!("/v2.0/storage/spaces/files/{root}/uploadInfos/query");
        let body = json!({"protocol": "HEADER_SIGNATURE"});
        let info = self.call(Method::POST, &path, Some(body)).await.ok();
        let status = self.put(&info).await;
        (info, status)
    }

    async fn put(&self, info: &Value) -> u16 {
        let signed = &info["headerSignatureInfo"];
        let mut request = self.client.put(signed["resourceUrls"][0].as_str().unwrap());
        for (name, value) in signed["headers"].as_object().unwrap() {
            request = request.header(name, value.as_str().unwrap());
        }
        request.body(vec![7; 100_000]).send().await.unwrap().status().as_u16()
    }
}

#[tokio::test]
async fn what_does_not_fit_is_refused_and_not_done_and_then_it_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let emulator = Process::start(folder.path()).await;
    let space = emulator.call(Method::POST, "/v1.0/storage/spaces", Some(json!({"option": {"scene": "full"}}))).await;
    let space = space.ok()["space"]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1.0/storage/spaces/{space}/dentries/0/query");
    let root = emulator.call(Method::POST, &path, Some(json!({}))).await.ok()["dentry"]["uuid"].clone();
    let root = root.as_str().unwrap();
    emulator.folder(&space, "before").await.ok();
    let (info, status) = emulator.upload(root).await;
    assert_eq!(status, 200);

    emulator.most_bytes("4096");
    for name in ["lost", "lost too"] {
        let refused = emulator.folder(&space, name).await;
        assert_eq!(refused.refusal(), (500, "systemError"), "{refused:?}");
    }
    assert_eq!(emulator.put(&info).await, 500);
    assert_eq!(emulator.names(&space).await, ["before"], "reading goes on");
    assert_eq!(emulator.ledger().await, 1);
    let advance = emulator.send(Method::POST, "/_emulator/clock/advance", Some(json!({"seconds": 1}))).await;
    let message = advance.body["message"].as_str().unwrap().to_owned();
    assert!(advance.status == 500 && message.contains(folder.path().to_str().unwrap()), "{advance:?}");

    emulator.most_bytes("unlimited");
    emulator.folder(&space, "after").await.ok();
    assert_eq!(emulator.names(&space).await, ["after", "before"]);
    assert_eq!(emulator.ledger().await, 2);
    let path = format!("/v2.0/storage/spaces/files/{root}/commit");
    let body = json!({"uploadKey": info["uploadKey"], "name": "bytes"});
    let file = emulator.call(Method::POST, &path, Some(body)).await.ok();
    assert_eq!(file["dentry"]["size"], 100_000, "the bytes that were put in time are still there");
    let (_, status) = emulator.upload(root).await;
    assert_eq!(status, 200);
    drop(emulator);

    let emulator = Process::start(folder.path()).await;
    assert_eq!(emulator.names(&space).await, ["after", "before", "bytes"], "what was told is there after a kill");
}
