//! What is sent to the storage, to the byte: headers as they come over the wire.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use dingtalk_storage_emulator::{Fault, FaultKind};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::stage::{PART, Stage, bytes};

/// Headers that the server gives with its URLs.
const GIVEN: [(&str, &str); 2] =
    [("Authorization", "OSS id:signature"), ("x-oss-date", "Thu, 26 Nov 2026 08:00:00 GMT")];

/// A request: its first line, and its headers as they were written.
#[derive(Debug, Clone)]
struct Sent {
    line: String,
    headers: Vec<(String, String)>,
    length: usize,
}

/// A storage that answers as it is told, in turn, and then always 200.
struct Storage {
    url: String,
    sent: Arc<Mutex<Vec<Sent>>>,
}

impl Storage {
    async fn answering(answers: &'static [&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/object", listener.local_addr().unwrap());
        let sent = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&sent);
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(serve(connection, Arc::clone(&noted), answers));
            }
        });
        Self { url, sent }
    }

    fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }
}

async fn serve(connection: TcpStream, sent: Arc<Mutex<Vec<Sent>>>, answers: &'static [&'static str]) {
    let mut connection = BufReader::new(connection);
    loop {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if connection.read_line(&mut line).await.unwrap_or(0) == 0 {
                return;
            }
            match line.trim_end() {
                "" => break,
                line => lines.push(line.to_owned()),
            }
        }
        let headers: Vec<(String, String)> =
            lines[1..].iter().map(|line| line.split_once(": ").unwrap()).map(|(a, b)| (a.into(), b.into())).collect();
        let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        let length: usize = length.map_or(0, |(_, length)| length.parse().unwrap());
        connection.read_exact(&mut vec![0; length]).await.unwrap();
        let number = {
            let mut sent = sent.lock().unwrap();
            sent.push(Sent { line: lines[0].clone(), headers, length });
            sent.len()
        };
        let answer = answers.get(number - 1).copied().unwrap_or("200 OK");
        let answer = format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\n\r\n");
        connection.write_all(answer.as_bytes()).await.unwrap();
    }
}

fn info(urls: &[&str]) -> Value {
    let headers: serde_json::Map<String, Value> =
        GIVEN.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    json!({ "resourceUrls": urls, "headers": headers, "expirationSeconds": 900 })
}

/// Uploads to storages of ours; the emulator then has nothing to commit.
async fn upload(stage: &Stage, length: u64, urls: &[&str]) {
    let mutate = |operation: &str, pointer: &str, value| {
        let kind = FaultKind::MutateJson { pointer: pointer.into(), value: Some(value) };
        stage.emulator.add_fault(Fault::new(kind).on(operation).always());
    };
    mutate("storage_v2.GetFileUploadInfo", "/headerSignatureInfo", info(urls));
    let parts: Vec<Value> = (1..=length.div_ceil(PART))
        .map(|number| json!({ "partNumber": number, "headerSignatureInfo": info(urls) }))
        .collect();
    mutate("storage_v1.GetMultipartFileUploadInfos", "/multipartHeaderSignatureInfos", parts.into());
    let refused = stage.drive.upload(bytes(length)).to(&stage.root).name("a.bin").send().await;
    assert!(refused.is_err(), "the emulator has no bytes");
    assert!(stage.emulator.calls("storage_v2.CommitFile") > 0, "{refused:?}");
}

/// Exactly the headers that came, and what every request of the client has: no content type, no coding of the
/// transfer, no expectation, no token.
fn assert_exact(sent: &Sent, length: usize) {
    assert!(sent.line.starts_with("PUT /object") && sent.line.ends_with(" HTTP/1.1"), "{sent:?}");
    assert_eq!(sent.length, length);
    let names: BTreeSet<String> = sent.headers.iter().map(|(name, _)| name.to_lowercase()).collect();
    let wanted = ["accept", "authorization", "content-length", "host", "user-agent", "x-oss-date"].map(str::to_owned);
    assert_eq!(names, BTreeSet::from(wanted), "{sent:?}");
    assert_eq!(sent.headers.len(), wanted_count(), "each once: {sent:?}");
    for (name, value) in GIVEN {
        assert!(
            sent.headers.iter().any(|(other, given)| other.eq_ignore_ascii_case(name) && given == value),
            "{sent:?}"
        );
    }
    let length = length.to_string();
    assert!(sent.headers.iter().any(|(name, value)| name.eq_ignore_ascii_case("content-length") && *value == length));
}

fn wanted_count() -> usize {
    GIVEN.len() + 4
}

#[tokio::test]
async fn a_put_an_empty_file_and_parts_carry_the_servers_headers_and_nothing_else() {
    for length in [0, 1, 1000] {
        let (stage, storage) = (Stage::new().await, Storage::answering(&[]).await);
        upload(&stage, length, &[&storage.url]).await;
        let sent = storage.sent();
        assert_eq!(sent.len(), 1);
        assert_exact(&sent[0], usize::try_from(length).unwrap());
    }
    let (stage, storage) = (Stage::new().await, Storage::answering(&[]).await);
    upload(&stage, 3 * PART, &[&storage.url]).await;
    let sent = storage.sent();
    assert_eq!(sent.len(), 3);
    for part in &sent {
        assert_exact(part, usize::try_from(PART).unwrap());
    }
}

#[tokio::test]
async fn a_retry_fresh_urls_and_another_url_carry_the_same() {
    for answers in
        [["503 Service Unavailable"].as_slice(), &["500 Internal Server Error", "502 Bad Gateway"], &["403 Forbidden"]]
    {
        let (stage, storage) = (Stage::new().await, Storage::answering(answers).await);
        upload(&stage, 1000, &[&storage.url]).await;
        let sent = storage.sent();
        assert_eq!(sent.len(), answers.len() + 1, "{answers:?}");
        for put in &sent {
            assert_exact(put, 1000);
        }
    }
    for first_answer in ["500 Internal Server Error", "503 Service Unavailable"] {
        let stage = Stage::new().await;
        let answers = Box::leak(Box::new([first_answer]));
        let (first, second) = (Storage::answering(answers).await, Storage::answering(&[]).await);
        upload(&stage, 1000, &[&first.url, &second.url]).await;
        assert_eq!((first.sent().len(), second.sent().len()), (1, 1), "the next one, at once");
        assert_exact(&first.sent()[0], 1000);
        assert_exact(&second.sent()[0], 1000);
    }
}
