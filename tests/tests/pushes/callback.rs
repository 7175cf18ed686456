//! Encrypted events over HTTP.

use std::time::Duration;

use dingtalk_storage::events::{Callback, CallbackError, Envelope, Event, EventError, Seen};
use dingtalk_storage::types::DentryId;
use dingtalk_storage_emulator::{Fault, FaultKind, Subscriber};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use super::{Watched, folder, soon};

const TOKEN: &str = "sometoken";
const AES_KEY: &str = "abcdefghijABCDEFGHIJ0123456789abcdefghijABC";

/// What a program makes of a push.
#[derive(Debug, PartialEq)]
enum Noted {
    Check,
    Handled(DentryId),
    /// It came again although it was handled.
    Twice(DentryId),
    Refused(CallbackError),
}

/// A program that receives pushes as the documentation of `Callback` shows; what it makes of them comes out.
async fn program(callback: Callback) -> (String, mpsc::UnboundedReceiver<Noted>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/events?app=drive", listener.local_addr().unwrap());
    let (sender, noted) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut seen = Seen::default();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let Some((query, body)) = request(&mut stream).await else { continue };
            let note = received(&callback, &mut seen, &query, body.as_bytes());
            let (status, body) = match note {
                Noted::Refused(_) => (500, String::new()),
                _ => (200, callback.success()),
            };
            let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            sender.send(note).unwrap();
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    (url, noted)
}

fn received(callback: &Callback, seen: &mut Seen, query: &str, body: &[u8]) -> Noted {
    let push = match callback.open(query, body) {
        Ok(push) if push.is_check() => return Noted::Check,
        Ok(push) => push,
        Err(error) => return Noted::Refused(error),
    };
    let envelope = match push.event::<Event>() {
        Ok(envelope) => envelope,
        Err(error) => return Noted::Refused(error.into()),
    };
    let id = envelope.id.clone().unwrap();
    if seen.has(&id) {
        return Noted::Twice(folder(&envelope));
    }
    seen.add(&id);
    Noted::Handled(folder(&envelope))
}

/// Query and body of a request.
async fn request(stream: &mut TcpStream) -> Option<(String, String)> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length: usize =
                head.to_lowercase().split("content-length: ").nth(1)?.split("\r\n").next()?.parse().ok()?;
            if body.len() >= length {
                let target = head.split(' ').nth(1)?;
                return Some((target.split_once('?')?.1.to_owned(), body.to_owned()));
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

fn subscriber(url: &str) -> Subscriber {
    Subscriber::new(url).attempts(3, Duration::from_millis(1)).encrypted(TOKEN, AES_KEY)
}

#[tokio::test]
async fn pushes_are_checked_opened_and_accepted_and_come_again_until_they_are() {
    let watched = Watched::start().await;
    let owner = watched.emulator.credentials().app_key;
    let callback = Callback::new(TOKEN, AES_KEY, &owner).unwrap();
    let (url, mut noted) = program(callback).await;
    watched.emulator.deliver_events(&subscriber(&url)).await.unwrap();
    assert_eq!(soon(noted.recv()).await, Some(Noted::Check));
    let first = watched.news("a").await;
    assert_eq!(soon(noted.recv()).await, Some(Noted::Handled(first)));
    // The answer is lost.
    watched.emulator.add_fault(Fault::new(FaultKind::ApplyThenDrop).on("events.Push"));
    let second = watched.news("b").await;
    assert_eq!(soon(noted.recv()).await, Some(Noted::Handled(second.clone())));
    assert_eq!(soon(noted.recv()).await, Some(Noted::Twice(second)));
    // Somebody else sends, and then the server itself.
    watched.emulator.add_fault(Fault::new(FaultKind::BreakSignature).on("events.Push"));
    let third = watched.news("c").await;
    assert_eq!(soon(noted.recv()).await, Some(Noted::Refused(CallbackError::Signature)));
    assert_eq!(soon(noted.recv()).await, Some(Noted::Handled(third)));
    assert_eq!(watched.emulator.missed_faults(), []);
}

#[tokio::test]
async fn a_wrong_configuration_is_told_by_what_is_wrong_with_it() {
    let watched = Watched::start().await;
    let owner = watched.emulator.credentials().app_key;
    let wrong_key = "1234567890123456789012345678901234567890123";
    for (token, key, owner, expected) in [
        ("another", AES_KEY, owner.as_str(), CallbackError::Signature),
        (TOKEN, wrong_key, owner.as_str(), CallbackError::Undecryptable),
        (TOKEN, AES_KEY, "another", CallbackError::Owner),
    ] {
        let (url, mut noted) = program(Callback::new(token, key, owner).unwrap()).await;
        watched.emulator.deliver_events(&subscriber(&url)).await.unwrap_err();
        assert_eq!(soon(noted.recv()).await, Some(Noted::Refused(expected)));
    }
    // Without being opened.
    let (url, mut bodies) = bodies().await;
    watched.emulator.deliver_events(&subscriber(&url)).await.unwrap_err();
    let body = soon(bodies.recv()).await.unwrap();
    let error = Envelope::<Event>::from_http(body.as_bytes()).unwrap_err();
    assert_eq!(error, EventError::Encrypted);
}

/// A program that does no more than to look at the bodies.
async fn bodies() -> (String, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/events", listener.local_addr().unwrap());
    let (sender, bodies) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            if let Some((_, body)) = request(&mut stream).await {
                let _ = sender.send(body);
            }
        }
    });
    (url, bodies)
}
