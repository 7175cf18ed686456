//! Bytes go through the emulator without being held.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

mod support;

use std::fmt::Write;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use support::{TOKEN, client};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const MEGABYTE: usize = 1 << 20;
const MEGABYTES: usize = 256;

/// Most memory that the process may have had at any time.
const MOST: usize = 96;

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Process {
    /// Megabytes of memory at the highest.
    fn peak(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() / 1024
    }
}

/// Opens a connection and sends the head of a request with exactly the headers of a signature.
async fn open(method: &str, signed: &Value, length: usize) -> TcpStream {
    let url = signed["resourceUrls"][0].as_str().unwrap().strip_prefix("http://").unwrap();
    let (host, path) = url.split_once('/').unwrap();
    let mut head = format!("{method} /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n");
    for (name, value) in signed["headers"].as_object().unwrap() {
        write!(head, "{name}: {}\r\n", value.as_str().unwrap()).unwrap();
    }
    if length > 0 {
        write!(head, "content-length: {length}\r\n").unwrap();
    }
    let mut stream = TcpStream::connect(host).await.unwrap();
    stream.write_all(format!("{head}\r\n").as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn large_files_go_to_disk_and_back_in_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_dingtalk-storage-emulator"))
        .arg("--folder")
        .arg(folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let process = Process(child);
    let about: Value = serde_json::from_str(&line).unwrap();
    let (client, api) = (client(), about["apiUrl"].as_str().unwrap());
    let operator = about["users"][0]["unionId"].as_str().unwrap();
    let body = json!({"appKey": about["appKey"], "appSecret": about["appSecret"]});
    let token = client.post(format!("{api}/v1.0/oauth2/accessToken")).json(&body).send().await.unwrap();
    let token = token.json::<Value>().await.unwrap()["accessToken"].as_str().unwrap().to_owned();
    let call = async |path: String, body: Value| {
        let request = client.post(format!("{api}{path}?unionId={operator}")).header(TOKEN, &token);
        let answer: Value = request.json(&body).send().await.unwrap().json().await.unwrap();
        assert!(answer.get("code").is_none(), "{path}: {answer}");
        answer
    };
    let space = call("/v1.0/storage/spaces".to_owned(), json!({})).await;
    let space = space["space"]["id"].as_str().unwrap().to_owned();
    let root = call(format!("/v1.0/storage/spaces/{space}/dentries/0/query"), json!({})).await;
    let files = format!("/v2.0/storage/spaces/files/{}", root["dentry"]["uuid"].as_str().unwrap());
    let info = call(format!("{files}/uploadInfos/query"), json!({"protocol": "HEADER_SIGNATURE"})).await;

    let mut put = open("PUT", &info["headerSignatureInfo"], MEGABYTES * MEGABYTE).await;
    for number in 0..MEGABYTES {
        put.write_all(&vec![u8::try_from(number % 251).unwrap(); MEGABYTE]).await.unwrap();
    }
    let mut answer = String::new();
    put.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    let commit = json!({"uploadKey": info["uploadKey"], "name": "large.bin"});
    let file = call(format!("{files}/commit"), commit).await["dentry"].clone();
    let path = format!("/v1.0/storage/spaces/{space}/dentries/{}/downloadInfos/query", file["id"].as_str().unwrap());
    let info = call(path, json!({})).await;

    let mut get = open("GET", &info["headerSignatureInfo"], 0).await;
    let (mut received, mut bytes) = (0, vec![0; MEGABYTE]);
    loop {
        let count = get.read(&mut bytes).await.unwrap();
        if count == 0 {
            break;
        }
        received += count;
    }
    assert!(received > MEGABYTES * MEGABYTE, "{received} bytes of head and body");
    let peak = process.peak();
    assert!(peak < MOST, "{peak} MB at the highest");
}
