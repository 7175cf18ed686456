//! Redirects: no byte of a token goes anywhere else.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use dingtalk_runtime::{Client, ErrorKind, Phase};
use tokio::io::AsyncReadExt;

use crate::support::*;

/// A listener that takes whatever comes; gives its port, its connections and their bytes.
async fn trap() -> (u16, Arc<AtomicUsize>, Arc<Mutex<Vec<u8>>>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (connections, bytes) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
    let (counted, caught) = (Arc::clone(&connections), Arc::clone(&bytes));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            let mut all = Vec::new();
            let _ = stream.read_to_end(&mut all).await;
            caught.lock().unwrap().extend(all);
        }
    });
    (port, connections, bytes)
}

#[tokio::test]
async fn a_redirect_is_an_error_and_leads_nowhere() {
    let (port, connections, bytes) = trap().await;
    let places = [
        format!("http://127.0.0.1:{port}/v1.0/x"),
        format!("http://localhost:{port}/"),
        format!("https://127.0.0.1:{port}/"),
        format!("//127.0.0.1:{port}/"),
        format!("http://api.dingtalk.io@127.0.0.1:{port}/"),
        format!("HTTP://127.0.0.1:{port}"),
        "/v1.0/elsewhere".to_owned(),
        "../other".to_owned(),
        String::new(),
    ];
    for status in [301, 302, 303, 307, 308] {
        for place in &places {
            let head = format!("Location: {place}\r\n");
            let server = Server::start_tcp(move |_| answer(status, &head, "")).await;
            let plain = bare(&server);
            let adjusted = bare(&server).http(|http| http.redirect(reqwest::redirect::Policy::limited(10)));
            for builder in [plain, adjusted] {
                let client: Client = builder.build().unwrap();
                for operation in [&READ, &WRITE] {
                    let error = request(&client, operation).send::<Thing>().await.unwrap_err();
                    let facts = (error.kind(), error.phase(), error.status(), error.attempts());
                    assert_eq!(facts, (ErrorKind::Redirect, Phase::Refused, Some(status), 1), "{place}");
                }
            }
            assert_eq!(server.received().len(), 4, "{status} {place}");
        }
    }
    assert_eq!((connections.load(Ordering::SeqCst), bytes.lock().unwrap().len()), (0, 0));
}

#[tokio::test]
async fn a_redirect_of_the_token_request_leads_nowhere_either() {
    let (port, connections, _) = trap().await;
    let head = format!("Location: http://127.0.0.1:{port}/\r\n");
    let server = Server::start_tcp(move |_| answer(307, &head, "")).await;
    let client: Client = with_tokens(&server).build().unwrap();
    let error = request(&client, &READ).send::<Thing>().await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Credentials, Some(307)));
    assert_eq!(connections.load(Ordering::SeqCst), 0);
}
