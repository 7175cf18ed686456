//! News about files: who gets it, and that it is delivered.

use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::asking::text;
use crate::support::{Answer, Drive};

async fn subscribe(drive: &Drive, person: usize, what: &str, scope: &str, id: &str) -> Answer {
    let path = format!("/v1.0/storage/events/{what}?unionId={}", drive.person(person));
    drive.post(&path, &json!({"scope": scope, "scopeId": id})).await
}

fn told(events: &[Value]) -> Vec<(String, String)> {
    events.iter().map(|event| (text(&event["EventType"]), text(&event["dentryId"]))).collect()
}

#[tokio::test]
async fn changes_are_told_to_who_subscribed() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("watched").await;
    let (_, other_root) = drive.space("other").await;
    drive.file(&root, "before.txt", "x").await;
    subscribe(&drive, 0, "subscribe", "SPACE", &space).await.ok();
    let id = text(&drive.file(&root, "a.txt", "a").await["id"]);
    drive.file(&other_root, "elsewhere.txt", "x").await;
    drive.ask(&format!("{space}/dentries/{id}/rename"), json!({"newName": "b.txt"})).await.ok();
    drive.of_space(0, Method::DELETE, &format!("{space}/dentries/{id}"), None).await.ok();
    let events = drive.emulator.events();
    let expected = ["create", "update", "delete"].map(|kind| (format!("storage_dentry_{kind}"), id.clone()));
    assert_eq!(told(&events), expected);
    assert_eq!((&events[0]["eventScope"], &events[0]["eventScopeId"]), (&json!("SPACE"), &json!(space)));
    assert_eq!((&events[0]["unionId"], &events[0]["extension"]), (&json!(drive.person(0)), &json!("txt")));
    subscribe(&drive, 0, "unsubscribe", "SPACE", &space).await.ok();
    drive.file(&root, "after.txt", "x").await;
    assert_eq!(drive.emulator.events().len(), 3);
}

#[tokio::test]
async fn the_organization_is_for_administrators() {
    let drive = Drive::start().await;
    let corp_id = drive.emulator.credentials().corp_id.clone();
    let (space, root) = drive.space("watched").await;
    for (person, scope, id, status, code) in [
        (1, "ORG", &*corp_id, 403, "permissionDenied"),
        (1, "SPACE", &*space, 403, "permissionDenied"),
        (0, "ORG", "ding0", 400, "paramError.scopeId"),
        (0, "SPACE", "SPACE", 400, "paramError.scopeId"),
        (0, "ROOM", &*space, 400, "paramError.scope"),
    ] {
        for what in ["subscribe", "unsubscribe"] {
            let answer = subscribe(&drive, person, what, scope, id).await;
            assert_eq!(answer.refusal(), (status, code), "{what} {scope} {id}");
        }
    }
    subscribe(&drive, 0, "subscribe", "ORG", &corp_id).await.ok();
    drive.file(&root, "a.txt", "a").await;
    assert_eq!(drive.emulator.events()[0]["eventScopeId"], json!(corp_id));
}

#[tokio::test]
async fn news_is_pushed_to_a_url() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("pushed").await;
    subscribe(&drive, 0, "subscribe", "SPACE", &space).await.ok();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/events", listener.local_addr().unwrap());
    drive.emulator.deliver_events_to(&url).unwrap();
    assert!(drive.emulator.deliver_events_to("http://192.0.2.1:80/").is_err(), "news stays on this machine");
    drive.file(&root, "a.txt", "a").await;
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut request = String::new();
    while !request.ends_with('}') {
        let mut bytes = [0; 4096];
        let count = stream.read(&mut bytes).await.unwrap();
        assert!(count > 0, "the request ends before its body: {request}");
        request.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.unwrap();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /events HTTP/1.1"));
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(body, drive.emulator.events()[0]);
    assert_eq!(body["EventType"], "storage_dentry_create");
}
