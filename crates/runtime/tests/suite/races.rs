//! Time-outs that race with the request on its way: what is said not to be sent never arrives.

use std::collections::HashSet;
use std::time::Duration;

use dingtalk_runtime::{Client, ErrorKind, Phase};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::support::*;

const CALLS: usize = 6_000;
const AT_ONCE: usize = 300;

/// Tells the id of each request that arrives whole.
async fn serve(mut stream: TcpStream, arrived: mpsc::UnboundedSender<String>) {
    let mut buffer = Vec::new();
    loop {
        while let Some(end) = buffer.windows(2).position(|part| part == b"\"}") {
            let text = String::from_utf8_lossy(&buffer[..end]).into_owned();
            let id = text.rsplit("call-").next().unwrap_or_default().to_owned();
            arrived.send(id).unwrap();
            buffer.drain(..end + 2);
            let _ = stream.write_all(&bytes(200, "", GOOD)).await;
        }
        if stream.read_buf(&mut buffer).await.unwrap_or(0) == 0 {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_not_to_be_sent_never_arrives() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (sender, mut arrived) = mpsc::unbounded_channel();
    let accepting = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, sender.clone()));
        }
    });
    let token = dingtalk_runtime::credentials::FixedToken::new("fixed-token").unwrap();
    let builder = dingtalk_runtime::ClientBuilder::new().base_url(address).credentials(token);
    let client: Client = builder.calls_per_second(None).build().unwrap();
    let mut random = fastrand::Rng::with_seed(7);
    let mut not_sent = HashSet::new();
    let mut outcomes = [0_usize; 3];
    for first in (0..CALLS).step_by(AT_ONCE) {
        let mut calls = JoinSet::new();
        for id in first..first + AT_ONCE {
            let timeout = Duration::from_micros(random.u64(..1_500));
            let call = request(&client, &WRITE).body("name", &format!("call-{id}")).send::<Thing>();
            calls.spawn(async move { (id, call.attempt_timeout(timeout).once().await) });
        }
        while let Some(ended) = calls.join_next().await {
            let (id, result) = ended.unwrap();
            match result {
                Ok(_) => outcomes[0] += 1,
                Err(error) if error.phase() == Phase::NotSent => {
                    assert!(matches!(error.kind(), ErrorKind::Timeout | ErrorKind::Connect | ErrorKind::Connection));
                    not_sent.insert(id.to_string());
                    outcomes[1] += 1;
                }
                Err(_) => outcomes[2] += 1,
            }
        }
    }
    // All connections end with the client; only then is everything here that will ever come.
    drop(client);
    accepting.abort();
    let _ = accepting.await;
    let mut count = 0;
    while let Some(id) = arrived.recv().await {
        count += 1;
        assert!(!not_sent.contains(&id), "call {id} arrived and was said not to be sent");
    }
    assert!(count >= outcomes[0], "{count} arrived of {outcomes:?}");
    assert!(outcomes[1] > 0 && outcomes[1] < CALLS, "{outcomes:?}");
}
