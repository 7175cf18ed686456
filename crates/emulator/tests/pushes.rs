//! News on its way: redelivery, faults, the encrypted form, and streams.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use aes::Aes256;
use aes::cipher::block_padding::NoPadding;
use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dingtalk_storage_emulator::{Emulator, Fault, FaultKind, Subscriber};
use futures_util::{SinkExt, StreamExt};
use reqwest::Method;
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use support::Drive;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

const TOKEN: &str = "sometoken";
const AES_KEY: &str = "abcdefghijABCDEFGHIJ0123456789abcdefghijABC";

/// What a subscriber answers to a body; nothing for closing the connection.
type Answers = Arc<dyn Fn(usize, &Received) -> Option<String> + Send + Sync>;

/// A push as a subscriber sees it.
#[derive(Debug, Clone)]
struct Received {
    target: String,
    body: String,
}

impl Received {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    fn parameter(&self, name: &str) -> String {
        let (_, query) = self.target.split_once('?').unwrap();
        let parameter = query.split('&').find_map(|each| each.strip_prefix(&format!("{name}=")));
        parameter.unwrap().to_owned()
    }
}

#[allow(clippy::unnecessary_wraps, reason = "it is one of the answers of which none is another")]
fn http(status: u16, body: &str) -> Option<String> {
    Some(format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n{body}", body.len()))
}

/// A subscriber that answers as it is told; what it got comes out of the channel.
async fn subscriber(answers: Answers) -> (String, mpsc::UnboundedReceiver<Received>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/events", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut number = 0;
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let Some(push) = read(&mut stream).await else { continue };
            let answer = answers(number, &push);
            number += 1;
            sender.send(push).unwrap();
            if let Some(answer) = answer {
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        }
    });
    (url, receiver)
}

/// A whole request; nothing when it is cut off.
async fn read(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.to_lowercase().split("content-length: ").nth(1)?.split("\r\n").next()?.parse().ok()?;
            if body.len() >= length {
                let target = head.split(' ').nth(1)?.to_owned();
                return Some(Received { target, body: body.to_owned() });
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

/// A drive whose news about a space is subscribed to; the uuid of the root.
async fn watched() -> (Drive, String) {
    let drive = Drive::start().await;
    let (space, root) = drive.space("watched").await;
    let body = json!({"scope": "SPACE", "scopeId": space});
    drive.post(&drive.by("/v1.0/storage/events/subscribe"), &body).await.ok();
    (drive, root)
}

fn quick(url: &str) -> Subscriber {
    Subscriber::new(url).attempts(3, Duration::from_millis(1))
}

#[tokio::test]
async fn what_is_not_accepted_comes_again_in_order() {
    let (drive, root) = watched().await;
    let answers: Answers = Arc::new(|number, _| match number {
        0 => http(500, ""),
        1 => None,
        _ => http(200, "ok"),
    });
    let (url, mut received) = subscriber(answers).await;
    drive.emulator.deliver_events(&quick(&url)).await.unwrap();
    let first = drive.file(&root, "a.txt", "a").await;
    let second = drive.file(&root, "b.txt", "b").await;
    let mut ids = Vec::new();
    for _ in 0..4 {
        let news = received.recv().await.unwrap().json();
        ids.push((news["dentryId"].clone(), news["eventId"].clone()));
    }
    assert_eq!(ids[0], ids[1]);
    assert_eq!(ids[1], ids[2]);
    assert_eq!((&ids[2].0, &ids[3].0), (&first["id"], &second["id"]), "what comes after it waits");
    let journal = drive.emulator.journal();
    let statuses: Vec<u16> =
        journal.iter().filter(|record| record.operation == "events.Push").map(|record| record.status).collect();
    assert_eq!(statuses[..3], [500, 0, 200]);
}

#[tokio::test]
async fn it_is_not_tried_for_ever() {
    let (drive, root) = watched().await;
    let answers: Answers =
        Arc::new(|_, received| http(if received.json()["extension"] == "txt" { 503 } else { 204 }, ""));
    let (url, mut received) = subscriber(answers).await;
    drive.emulator.deliver_events(&quick(&url).attempts(2, Duration::from_millis(1))).await.unwrap();
    drive.file(&root, "a.txt", "a").await;
    drive.file(&root, "b.bin", "b").await;
    let mut extensions = Vec::new();
    for _ in 0..3 {
        extensions.push(received.recv().await.unwrap().json()["extension"].clone());
    }
    assert_eq!(extensions, ["txt", "txt", "bin"]);
}

#[tokio::test]
async fn pushes_fail_on_command() {
    let (drive, root) = watched().await;
    let (url, mut received) = subscriber(Arc::new(|_, _| http(200, ""))).await;
    drive.emulator.deliver_events(&quick(&url)).await.unwrap();
    for (name, fault, arrivals) in [
        ("lost", FaultKind::ResetBefore, 1),
        ("cut", FaultKind::ResetRequest { at: 20 }, 1),
        ("twice", FaultKind::ApplyThenDrop, 2),
        ("late", FaultKind::Delay { millis: 1 }, 1),
        ("wrong", FaultKind::FlipBit { bit: 9 }, 1),
        ("changed", FaultKind::MutateJson { pointer: "/spaceId".to_owned(), value: Some(json!("7")) }, 1),
    ] {
        drive.emulator.add_fault(Fault::new(fault.clone()).on("events.Push"));
        drive.file(&root, &format!("{name}.txt"), "x").await;
        for arrival in 0..arrivals {
            let news = received.recv().await.unwrap();
            match fault {
                FaultKind::FlipBit { .. } => assert!(serde_json::from_str::<Value>(&news.body).is_err(), "{news:?}"),
                FaultKind::MutateJson { .. } => assert_eq!(news.json()["spaceId"], "7"),
                _ => assert_eq!(news.json()["EventType"], "storage_dentry_create", "{name} {arrival}"),
            }
        }
    }
    assert_eq!(drive.emulator.missed_faults(), []);
}

fn signature(timestamp: &str, nonce: &str, encrypted: &str) -> String {
    let mut parts = [TOKEN, timestamp, nonce, encrypted];
    parts.sort_unstable();
    Sha1::digest(parts.concat()).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

fn key() -> Vec<u8> {
    use base64::alphabet::STANDARD;
    use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
    let config = GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true);
    GeneralPurpose::new(&STANDARD, config).decode(format!("{AES_KEY}=")).unwrap()
}

/// Message and owner, read as the classes of the documentation do.
fn decrypt(encrypted: &str) -> (String, String) {
    let key = key();
    let cipher = cbc::Decryptor::<Aes256>::new_from_slices(&key, &key[..16]).unwrap();
    let text = cipher.decrypt_padded_vec::<NoPadding>(&STANDARD.decode(encrypted).unwrap()).unwrap();
    let text = &text[..text.len() - usize::from(*text.last().unwrap())];
    let length = u32::from_be_bytes(text[16..20].try_into().unwrap()) as usize;
    let part = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (part(&text[20..20 + length]), part(&text[20 + length..]))
}

/// An answer as the classes of the documentation make it.
fn sealed(message: &str, owner: &str) -> String {
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    let mut text = [&[b'r'; 16][..], &length, message.as_bytes(), owner.as_bytes()].concat();
    let padding = 32 - text.len() % 32;
    text.extend(vec![u8::try_from(padding).unwrap(); padding]);
    let key = key();
    let cipher = cbc::Encryptor::<Aes256>::new_from_slices(&key, &key[..16]).unwrap();
    let encrypted = STANDARD.encode(cipher.encrypt_padded_vec::<NoPadding>(&text));
    let signature = signature("1", "nonce", &encrypted);
    json!({"msg_signature": signature, "timeStamp": "1", "nonce": "nonce", "encrypt": encrypted}).to_string()
}

#[tokio::test]
async fn news_comes_encrypted_and_is_accepted_encrypted() {
    let (drive, root) = watched().await;
    let owner = drive.emulator.credentials().app_key;
    let mut wrong = vec!["success".to_owned(), sealed("failure", &owner), sealed("success", "another")];
    wrong.push(sealed("success", &owner).replace("\"nonce\":\"nonce\"", "\"nonce\":\"other\""));
    for answer in wrong {
        let (url, _received) = subscriber(Arc::new(move |_, _| http(200, &answer))).await;
        let refused = drive.emulator.deliver_events(&quick(&url).encrypted(TOKEN, AES_KEY)).await.unwrap_err();
        assert!(refused.to_string().contains("check_url"), "{refused}");
    }
    let success = sealed("success", &owner);
    let answers: Answers = Arc::new(move |number, _| if number == 1 { http(200, "ok") } else { http(200, &success) });
    let (url, mut received) = subscriber(answers).await;
    let body = json!({
        "url": url, "attempts": 3, "pauseMillis": 1, "encryption": {"token": TOKEN, "aesKey": AES_KEY},
    });
    drive.send(Method::PUT, "/_emulator/subscriber", Some(&body)).await.ok();
    let check = received.recv().await.unwrap();
    let encrypted = check.json()["encrypt"].as_str().unwrap().to_owned();
    let (timestamp, nonce) = (check.parameter("timestamp"), check.parameter("nonce"));
    assert_eq!(check.parameter("msg_signature"), signature(&timestamp, &nonce, &encrypted));
    assert_eq!(check.parameter("signature"), check.parameter("msg_signature"));
    assert_eq!(decrypt(&encrypted), (json!({"EventType": "check_url"}).to_string(), owner.clone()));
    drive.file(&root, "a.txt", "a").await;
    let read =
        |news: &Received| serde_json::from_str::<Value>(&decrypt(news.json()["encrypt"].as_str().unwrap()).0).unwrap();
    let (first, second) = (received.recv().await.unwrap(), received.recv().await.unwrap());
    assert_eq!(read(&first), drive.emulator.events()[0]);
    assert_eq!(read(&first), read(&second), "an answer that is not encrypted accepts nothing");
    assert_ne!(first.body, second.body, "encrypted anew");
    drive.emulator.add_fault(Fault::new(FaultKind::BreakSignature).on("events.Push"));
    drive.file(&root, "b.txt", "b").await;
    let broken = received.recv().await.unwrap();
    let right = signature(
        &broken.parameter("timestamp"),
        &broken.parameter("nonce"),
        broken.json()["encrypt"].as_str().unwrap(),
    );
    assert_ne!(broken.parameter("signature"), right);
    let refused = json!({"url": url, "encryption": {"token": TOKEN, "aesKey": "short"}});
    assert_eq!(drive.send(Method::PUT, "/_emulator/subscriber", Some(&refused)).await.status, 400);
}

/// Opens a stream as the official clients do.
async fn stream(drive: &Drive) -> WebSocketStream<TcpStream> {
    let app = drive.emulator.credentials();
    let body = json!({
        "clientId": app.app_key, "clientSecret": app.app_secret, "ua": "test", "localIp": "127.0.0.1",
        "subscriptions": [{"type": "EVENT", "topic": "*"}],
    });
    let open = drive.post("/v1.0/gateway/connections/open", &body).await.ok();
    let url = format!("{}?ticket={}", open["endpoint"].as_str().unwrap(), open["ticket"].as_str().unwrap());
    let address = drive.emulator.api_url().trim_start_matches("http://");
    let socket = TcpStream::connect(address).await.unwrap();
    tokio_tungstenite::client_async(&url, socket).await.unwrap().0
}

async fn frame(socket: &mut WebSocketStream<TcpStream>) -> Value {
    loop {
        if let Message::Text(text) = socket.next().await.unwrap().unwrap() {
            return serde_json::from_str(&text).unwrap();
        }
    }
}

async fn acknowledge(socket: &mut WebSocketStream<TcpStream>, frame: &Value, code: u16, status: &str) {
    let data = json!({"status": status, "message": ""}).to_string();
    let headers = json!({"messageId": frame["headers"]["messageId"], "contentType": "application/json"});
    let answer = json!({"code": code, "headers": headers, "message": "OK", "data": data});
    socket.send(Message::text(answer.to_string())).await.unwrap();
}

#[tokio::test]
async fn news_comes_over_streams_until_it_is_acknowledged() {
    let (drive, root) = watched().await;
    drive.file(&root, "before.txt", "x").await;
    let mut socket = stream(&drive).await;
    let file = drive.file(&root, "a.txt", "a").await;
    let later = frame(&mut socket).await;
    let expected = &drive.emulator.events()[1];
    let headers = &later["headers"];
    assert_eq!(
        (&later["specVersion"], &later["type"], &headers["topic"]),
        (&json!("1.0"), &json!("EVENT"), &json!("*"))
    );
    assert_eq!((&headers["eventType"], &headers["eventId"]), (&expected["EventType"], &expected["eventId"]));
    assert_eq!(headers["eventCorpId"], expected["CorpId"]);
    assert_eq!(headers["eventBornTime"], expected["EventTime"].to_string());
    let data: Value = serde_json::from_str(later["data"].as_str().unwrap()).unwrap();
    assert_eq!((&data["dentryId"], &data["eventScope"]), (&file["id"], &json!("SPACE")));
    acknowledge(&mut socket, &later, 200, "LATER").await;
    let failed = frame(&mut socket).await;
    assert_eq!(failed["headers"]["eventId"], headers["eventId"]);
    assert_ne!(failed["headers"]["messageId"], headers["messageId"]);
    acknowledge(&mut socket, &failed, 500, "SUCCESS").await;
    let unanswered = frame(&mut socket).await;
    assert_eq!(unanswered["headers"]["eventId"], headers["eventId"]);
    drop(socket);

    let mut socket = stream(&drive).await;
    let again = frame(&mut socket).await;
    assert_eq!(again["headers"]["eventId"], headers["eventId"], "the next connection gets it");
    acknowledge(&mut socket, &again, 200, "SUCCESS").await;
    let second = drive.file(&root, "b.txt", "b").await;
    let next = frame(&mut socket).await;
    assert!(next["data"].as_str().unwrap().contains(second["id"].as_str().unwrap()));
    acknowledge(&mut socket, &next, 200, "SUCCESS").await;

    drive.emulator.add_fault(Fault::new(FaultKind::ApplyThenDrop).on("events.Push"));
    drive.file(&root, "c.txt", "c").await;
    let twice = frame(&mut socket).await;
    acknowledge(&mut socket, &twice, 200, "SUCCESS").await;
    assert!(!matches!(socket.next().await, Some(Ok(_))), "the connection is reset");
    let mut socket = stream(&drive).await;
    assert_eq!(frame(&mut socket).await["headers"]["eventId"], twice["headers"]["eventId"]);
    assert_eq!(drive.emulator.missed_faults(), []);
    drive.emulator.stop().await;
    let goodbye = frame(&mut socket).await;
    assert_eq!((&goodbye["type"], &goodbye["headers"]["topic"]), (&json!("SYSTEM"), &json!("disconnect")));
}

#[tokio::test]
async fn a_client_that_takes_nothing_keeps_no_news_from_others() {
    let (drive, root) = watched().await;
    // What no buffer of a socket holds, once.
    let value = Some(json!("x".repeat(32 << 20)));
    let large = FaultKind::MutateJson { pointer: "/extension".to_owned(), value };
    drive.emulator.add_fault(Fault::new(large).on("events.Push"));
    let deaf = stream(&drive).await;
    drive.file(&root, "a.txt", "a").await;
    while drive.emulator.calls("events.Push") == 0 {
        tokio::task::yield_now().await;
    }
    let mut socket = stream(&drive).await;
    tokio::time::pause();
    let news = tokio::time::timeout(Duration::from_mins(1), frame(&mut socket)).await.unwrap();
    assert_eq!(news["headers"]["eventId"], drive.emulator.events()[0]["eventId"]);
    drop(deaf);
}

#[tokio::test]
async fn streams_are_for_apps_with_a_ticket() {
    let drive = Drive::start().await;
    let app = drive.emulator.credentials();
    let open = |secret: &str, kind: &str| {
        let body =
            json!({"clientId": app.app_key, "clientSecret": secret, "subscriptions": [{"type": kind, "topic": "*"}]});
        let drive = &drive;
        async move { drive.post("/v1.0/gateway/connections/open", &body).await }
    };
    assert_eq!(open("wrong", "EVENT").await.refusal(), (401, "authFailed"));
    assert_eq!(open(&app.app_secret, "CALLBACK").await.refusal(), (400, "paramError"));
    let ticket = open(&app.app_secret, "EVENT").await.ok()["ticket"].as_str().unwrap().to_owned();
    let path = format!("/connect?ticket={ticket}");
    assert_eq!(drive.get(&path).await.status, 426, "it is a WebSocket");
    assert_eq!(drive.get(&path).await.status, 401, "a ticket works once");
    let late = Drive::of(Emulator::builder().virtual_clock()).await;
    let app = late.emulator.credentials();
    let body = json!({
        "clientId": app.app_key, "clientSecret": app.app_secret, "subscriptions": [{"type": "EVENT", "topic": "*"}],
    });
    let ticket = late.post("/v1.0/gateway/connections/open", &body).await.ok()["ticket"].as_str().unwrap().to_owned();
    late.emulator.advance(Duration::from_secs(91));
    assert_eq!(late.get(&format!("/connect?ticket={ticket}")).await.status, 401);
    assert_eq!(drive.emulator.calls("events.OpenConnection"), 3);
}

#[tokio::test]
async fn news_leaves_this_machine_only_when_it_is_let_out() {
    let drive = Drive::start().await;
    let refused = drive.emulator.deliver_events(&Subscriber::new("http://10.1.2.3:4000/")).await.unwrap_err();
    assert!(refused.to_string().contains("let it out"), "{refused}");
    let open = Drive::of(Emulator::builder().let_news_out()).await;
    open.emulator.deliver_events(&Subscriber::new("http://10.1.2.3:4000/")).await.unwrap();
    open.emulator.deliver_events(&Subscriber::new("http://app.internal:4000/")).await.unwrap();
    let refused = open.emulator.deliver_events(&Subscriber::new("http://8.8.8.8:4000/")).await.unwrap_err();
    assert!(refused.to_string().contains("private network"), "{refused}");
}
