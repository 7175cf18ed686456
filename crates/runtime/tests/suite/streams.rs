//! Streams of events against a server that breaks them in every way.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dingtalk_runtime::credentials::InternalApp;
use dingtalk_runtime::events::{Envelope, Payload, Stream};
use dingtalk_runtime::{Client, ClientBuilder, Error, Phase};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

const SECRET: &str = "app-secret-4711";
const TICKET: &str = "ticket4712";

/// An event without a shape of its own.
struct Any;

impl Payload for Any {
    type CorpId = String;

    fn name_of(_: u32) -> Option<&'static str> {
        None
    }

    fn decode(_: &str, _: Value) -> Result<Self, serde_json::Error> {
        Ok(Self)
    }
}

type Socket = WebSocketStream<UnixStream>;

/// What hands out tickets and opens streams. It ends with its runtime.
struct Gateway {
    path: PathBuf,
    streams: mpsc::UnboundedReceiver<UnixStream>,
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

impl Gateway {
    /// One that answers each request for a ticket with the next of these, and with a good ticket after them; and each
    /// request for a stream with the next of the others, before it opens one.
    fn start(tickets: Vec<Vec<u8>>, handshakes: Vec<Vec<u8>>) -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("dingtalk-gateway-{}-{number}", std::process::id()));
        let listener = UnixListener::bind(&path).unwrap();
        let (sender, streams) = mpsc::unbounded_channel();
        let (mut tickets, mut handshakes) = (tickets.into_iter(), handshakes.into_iter());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let Some(head) = head(&mut stream).await else { continue };
                if head.starts_with("POST") {
                    let good = json!({ "endpoint": "ws://127.0.0.1:9/connect", "ticket": TICKET }).to_string();
                    let good = answer(&good);
                    let _ = stream.write_all(&tickets.next().unwrap_or(good)).await;
                    continue;
                }
                assert!(head.contains(TICKET), "{head}");
                if let Some(bad) = handshakes.next() {
                    let _ = stream.write_all(&bad).await;
                    continue;
                }
                let key = head.lines().find_map(|line| line.strip_prefix("sec-websocket-key: ")).unwrap();
                let accept = derive_accept_key(key.as_bytes());
                let upgrade = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
                let upgrade = format!("{upgrade}Sec-WebSocket-Accept: {accept}\r\n\r\n");
                if stream.write_all(upgrade.as_bytes()).await.is_ok() {
                    let _ = sender.send(stream);
                }
            }
        });
        Self { path, streams }
    }

    fn client(&self) -> Client {
        let path = self.path.clone();
        let builder = ClientBuilder::new().base_url("http://127.0.0.1:9");
        builder.http(move |http| http.unix_socket(path.clone())).calls_per_second(None).build().unwrap()
    }

    fn run<W>(&self, handler: impl FnMut(Envelope<Any>) -> W + Send + 'static) -> JoinHandle<Result<Infallible, Error>>
    where
        W: Future<Output = Result<(), String>> + Send + 'static,
    {
        let stream = Stream::new(self.client(), &InternalApp::new("app-key", SECRET));
        tokio::spawn(async move { stream.run(handler).await })
    }

    async fn next(&mut self) -> Socket {
        let stream = self.streams.recv().await.unwrap();
        WebSocketStream::from_raw_socket(stream, Role::Server, None).await
    }
}

/// The head of a request; its body is left, or comes along.
async fn head(stream: &mut UnixStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if stream.read_buf(&mut head).await.ok()? == 0 {
            return None;
        }
    }
    let text = String::from_utf8_lossy(&head).into_owned();
    let length =
        text.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |it| it.parse().unwrap());
    while head.len() < text.find("\r\n\r\n")? + 4 + length {
        if stream.read_buf(&mut head).await.ok()? == 0 {
            return None;
        }
    }
    Some(text)
}

fn answer(body: &str) -> Vec<u8> {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";
    format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn event(frame: usize, id: &str, data: &str) -> Message {
    let headers = json!({ "topic": "*", "messageId": format!("m{frame}"), "eventId": id, "eventType": "created" });
    Message::text(json!({ "type": "EVENT", "headers": headers, "data": data }).to_string())
}

/// What a client says of a frame: its id and what became of it.
fn said(message: Message) -> Option<(String, String)> {
    let answer: Value = serde_json::from_str(message.to_text().ok()?).ok()?;
    let data: Value = serde_json::from_str(answer["data"].as_str()?).ok()?;
    Some((answer["headers"]["messageId"].as_str()?.to_owned(), data["status"].as_str()?.to_owned()))
}

async fn hear(socket: &mut Socket) -> (String, String) {
    let heard = async {
        loop {
            if let Some(said) = said(socket.next().await.unwrap().unwrap()) {
                return said;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), heard).await.unwrap()
}

/// Events come while the handler is at work; gives how many are asked for later, and then lets all be handled.
async fn flood(events: usize, size: usize) -> usize {
    let mut gateway = Gateway::start(vec![], vec![]);
    let (gate, handled) = (Arc::new(Notify::new()), Arc::new(Mutex::new(BTreeMap::<String, usize>::new())));
    let (opened, counts) = (Arc::clone(&gate), Arc::clone(&handled));
    let mut is_first = true;
    let task = gateway.run(move |envelope| {
        let wait = std::mem::take(&mut is_first).then(|| Arc::clone(&opened));
        let counts = Arc::clone(&counts);
        async move {
            if let Some(gate) = wait {
                gate.notified().await;
            }
            *counts.lock().unwrap().entry(envelope.id.unwrap()).or_default() += 1;
            Ok(())
        }
    });
    let (mut write, mut read) = gateway.next().await.split();
    let data = json!({ "name": "x".repeat(size) }).to_string();
    let (last, mut later) = ("{\"last\":true}", BTreeSet::new());
    tokio::join!(
        async {
            for number in 0..events {
                write.send(event(number, &format!("e{number}"), &data)).await.unwrap();
            }
            let headers = json!({ "topic": "ping", "messageId": "ping" });
            let ping = json!({ "type": "SYSTEM", "headers": headers, "data": last }).to_string();
            write.send(Message::text(ping)).await.unwrap();
        },
        async {
            // Who is busy answers pings all the same.
            loop {
                let message = read.next().await.unwrap().unwrap();
                if message.to_text().unwrap().contains("last") {
                    break;
                }
                let (frame, status) = said(message).unwrap();
                assert_eq!(status, "LATER");
                later.insert(frame);
            }
        }
    );
    gate.notify_one();
    let (asked, mut open) = (later.len(), events - later.len());
    let mut waiting: Vec<String> = later.into_iter().collect();
    while open > 0 || !waiting.is_empty() {
        if open == 0 {
            for frame in waiting.drain(..waiting.len().min(100)).collect::<Vec<_>>() {
                let number: usize = frame.trim_start_matches('m').parse().unwrap();
                write.send(event(number, &format!("e{number}"), "{}")).await.unwrap();
                open += 1;
            }
        }
        let (frame, status) = said(read.next().await.unwrap().unwrap()).unwrap();
        open -= 1;
        if status == "LATER" {
            waiting.push(frame);
        }
    }
    task.abort();
    let handled = handled.lock().unwrap();
    assert!(handled.len() == events && handled.values().all(|times| *times == 1), "{handled:?}");
    asked
}

#[tokio::test(start_paused = true)]
async fn events_beyond_what_may_wait_are_asked_for_later() {
    // One is at work, and a thousand wait.
    assert_eq!(flood(2500, 10).await, 2500 - 1001);
    // One is at work, and 16 MiB wait, the last of them in part.
    assert_eq!(flood(30, 1 << 20).await, 30 - 17);
}

#[tokio::test(start_paused = true)]
async fn a_frame_with_a_broken_text_or_a_deep_value_is_an_event_all_the_same() {
    let mut gateway = Gateway::start(vec![], vec![]);
    let task = gateway.run(|_| std::future::ready(Ok(())));
    let mut socket = gateway.next().await;
    let deep = "[".repeat(2000) + &"]".repeat(2000);
    for (number, data) in
        ["{\"name\":\"\\ud83d\"}", &format!("{{\"deep\":{deep}}}"), "{\"name\":\"\t\"}"].iter().enumerate()
    {
        let headers = format!(r#"{{"messageId":"m{number}","eventId":"e{number}","eventType":"created"}}"#);
        socket.send(Message::text(format!(r#"{{"type":"EVENT","headers":{headers},"data":{data}}}"#))).await.unwrap();
        assert_eq!(hear(&mut socket).await, (format!("m{number}"), "SUCCESS".to_owned()), "{data:.40}");
    }
    task.abort();
}

/// Something that no stream should say.
fn garbage(random: &mut fastrand::Rng) -> Vec<u8> {
    let texts = [
        "",
        "{}",
        "[]",
        "null",
        r#"{"type":"EVENT"}"#,
        r#"{"type":"EVENT","headers":{"messageId":"g"}}"#,
        r#"{"type":"SYSTEM","headers":{"topic":"ping","messageId":"g"}}"#,
        r#"{"type":7,"headers":{"messageId":1e400}}"#,
        r#"{"type":"EVENT","headers":{"messageId":"g","eventId":{},"eventType":[]},"data":"{"}"#,
        "{\"headers\":",
        "\u{0}",
    ];
    let text = texts[random.usize(..texts.len())].as_bytes();
    let mut bytes = match random.u8(..6) {
        // A frame of its own: final, of text.
        0..=2 => [&[0x81, u8::try_from(text.len()).unwrap()], text].concat(),
        // A binary, a ping, a pong, the end of nothing, an unknown kind, reserved bits, a mask.
        3 => vec![
            [0x82, 0x89, 0x8a, 0x80, 0x83, 0xf1, 0x81][random.usize(..7)],
            [0, 2, 0x80][random.usize(..3)],
            b'{',
            0xff,
        ],
        // A text of a length that overflows, or never ends.
        4 => [&[0x81, 127], &[u8::MAX; 8][..]].concat(),
        _ => {
            let length = random.usize(..40);
            std::iter::repeat_with(|| random.u8(..)).take(length).collect()
        }
    };
    if random.u8(..8) == 0 {
        bytes.truncate(random.usize(..=bytes.len()));
    }
    bytes
}

/// Whatever comes between, before and after, each event is handled once, and accepted.
#[tokio::test(start_paused = true)]
async fn no_garbage_loses_or_doubles_an_event() {
    const EVENTS: usize = 20;
    let seeds = std::env::var("STREAM_SEEDS").map_or(60, |number| number.parse().unwrap());
    for seed in 0..seeds {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut gateway = Gateway::start(vec![], vec![]);
        let handled = Arc::new(Mutex::new(BTreeMap::<String, usize>::new()));
        let counts = Arc::clone(&handled);
        let task = gateway.run(move |envelope| {
            *counts.lock().unwrap().entry(envelope.id.unwrap_or_default()).or_default() += 1;
            std::future::ready(Ok(()))
        });
        let mut accepted = BTreeSet::new();
        while accepted.len() < EVENTS {
            let mut socket = gateway.next().await;
            for number in (0..EVENTS).filter(|number| !accepted.contains(&format!("m{number}"))).collect::<Vec<_>>() {
                if random.u8(..3) == 0 {
                    let bytes = garbage(&mut random);
                    let _ = socket.get_mut().write_all(&bytes).await;
                }
                // Twice at once, now and then.
                for _ in 0..random.usize(1..3) {
                    let _ = socket.send(event(number, &format!("e{number}"), r#"{"name":"a"}"#)).await;
                }
            }
            // What was broken by garbage is closed by the client, or silent until it gives up.
            let patience = Duration::from_secs(120);
            while let Ok(Some(Ok(message))) = tokio::time::timeout(patience, socket.next()).await {
                if let Some((frame, status)) = said(message)
                    && frame.starts_with('m')
                {
                    assert_eq!(status, "SUCCESS", "seed {seed}");
                    accepted.insert(frame);
                }
                if accepted.len() == EVENTS {
                    break;
                }
            }
        }
        assert!(!task.is_finished(), "seed {seed}");
        task.abort();
        let handled = handled.lock().unwrap();
        let twice: Vec<_> = handled.iter().filter(|(id, times)| id.starts_with('e') && **times != 1).collect();
        assert!(twice.is_empty() && handled.len() >= EVENTS, "seed {seed}: {handled:?}");
    }
}

/// All that an error says about itself and its causes.
fn shown(error: &Error) -> String {
    let mut shown = format!("{error} {error:?} {error:#?}");
    let mut cause = std::error::Error::source(error);
    while let Some(deeper) = cause {
        shown.extend([deeper.to_string(), format!("{deeper:?}")]);
        cause = deeper.source();
    }
    shown
}

/// What a stream does about a gateway that answers oddly: it ends, or goes on until it is open.
#[tokio::test(start_paused = true)]
async fn an_odd_gateway_is_waited_for_and_no_secret_is_shown() {
    let status = |status: &str, body: &str| {
        let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n");
        format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
    };
    let page = format!("<html>{SECRET} {TICKET}</html>");
    let outages = vec![
        b"".to_vec(),
        b"\0\0\0".to_vec(),
        status("502 Bad Gateway", &page),
        status("503 Service Unavailable", ""),
        status("429 Too Many Requests", ""),
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"endpoint\":".to_vec(),
        answer(&page),
    ];
    let handshakes = vec![
        b"".to_vec(),
        b"\xff\xfe".to_vec(),
        status("404 Not Found", &page),
        status("200 OK", &page),
        status("302 Found\r\nLocation: http://127.0.0.1:1/elsewhere", ""),
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n".to_vec(),
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n"
            .to_vec(),
    ];
    let mut gateway = Gateway::start(outages, handshakes);
    let task = gateway.run(|_| std::future::ready(Ok(())));
    let mut socket = gateway.next().await;
    socket.send(event(1, "e1", "{}")).await.unwrap();
    assert_eq!(hear(&mut socket).await.1, "SUCCESS");
    task.abort();

    // What a further try would not help ends it.
    for ticket in [
        answer("{}"),
        answer(&json!({ "endpoint": "", "ticket": TICKET }).to_string()),
        answer(&json!({ "endpoint": format!("http://127.0.0.1:9/{TICKET}"), "ticket": TICKET }).to_string()),
        answer(&json!({ "endpoint": format!("wss://[{TICKET}"), "ticket": TICKET }).to_string()),
        status(
            "400 Bad Request",
            &json!({ "code": "bad", "message": format!("no app {SECRET} {TICKET}") }).to_string(),
        ),
    ] {
        let text = String::from_utf8_lossy(&ticket).into_owned();
        let gateway = Gateway::start(vec![ticket], vec![]);
        let error = gateway.run(|_| std::future::ready(Ok(()))).await.unwrap().unwrap_err();
        assert_ne!(error.phase(), Phase::NotSent, "{text}");
        assert!(!shown(&error).contains(SECRET), "{text}: {error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_gateway_that_says_when_to_come_back_is_not_asked_before() {
    for _ in 0..10 {
        let head = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 300\r\nConnection: close\r\n";
        let busy = format!("{head}Content-Length: 0\r\n\r\n").into_bytes();
        let mut gateway = Gateway::start(vec![busy], vec![]);
        let began = Instant::now();
        let task = gateway.run(|_| std::future::ready(Ok(())));
        drop(gateway.next().await);
        assert!((300..400).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
        task.abort();
    }
}

/// How a peer gets stuck without an end of the connection that anybody could see.
#[derive(Debug, Clone, Copy)]
enum Stuck {
    Silent,
    /// It asks for answers and takes none of them.
    Deaf,
    /// A frame of which a byte comes now and then.
    Dripping,
    /// A message whose parts never end, and hold nothing.
    Endless,
    /// It will say no more, but takes what is said.
    HalfClosed,
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_is_stuck_is_left_and_its_event_is_handled_once() {
    for stuck in [Stuck::Silent, Stuck::Deaf, Stuck::Dripping, Stuck::Endless, Stuck::HalfClosed] {
        let mut gateway = Gateway::start(vec![], vec![]);
        let (gate, begun) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let handled = Arc::new(AtomicUsize::new(0));
        let (opened, begins, count) = (Arc::clone(&gate), Arc::clone(&begun), Arc::clone(&handled));
        let task = gateway.run(move |_| {
            let (gate, count) = (Arc::clone(&opened), Arc::clone(&count));
            begins.notify_one();
            async move {
                gate.notified().await;
                count.fetch_add(1, Ordering::SeqCst);
                Ok(())
            }
        });
        let mut socket = gateway.next().await;
        socket.send(event(1, "e1", "{}")).await.unwrap();
        begun.notified().await;
        let peer = tokio::spawn(async move {
            let stream = socket.get_mut();
            match stuck {
                Stuck::Silent => std::future::pending().await,
                Stuck::HalfClosed => {
                    stream.shutdown().await.unwrap();
                    std::future::pending::<()>().await;
                }
                Stuck::Deaf => {
                    let headers = json!({ "topic": "ping", "messageId": "p" });
                    let ping = json!({ "type": "SYSTEM", "headers": headers, "data": "x".repeat(10_000) }).to_string();
                    while socket.send(Message::text(ping.clone())).await.is_ok() {}
                }
                Stuck::Dripping => {
                    stream.write_all(&[0x81, 125]).await.unwrap();
                    while stream.write_all(b" ").await.is_ok() {
                        tokio::time::sleep(Duration::from_secs(9)).await;
                    }
                }
                Stuck::Endless => {
                    stream.write_all(&[0x01, 0]).await.unwrap();
                    while stream.write_all(&[0, 0]).await.is_ok() {
                        tokio::time::sleep(Duration::from_millis(10)).await;
                    }
                }
            }
        });
        let left_alone = Instant::now();
        // The handler goes on while nobody listens; a word that cannot be said does not undo it.
        tokio::time::sleep(Duration::from_secs(90)).await;
        gate.notify_one();
        let mut socket = gateway.next().await;
        let took = left_alone.elapsed();
        assert!(took < Duration::from_secs(150), "{stuck:?}: {took:?}");
        socket.send(event(2, "e1", "{}")).await.unwrap();
        assert_eq!(hear(&mut socket).await, ("m2".to_owned(), "SUCCESS".to_owned()), "{stuck:?}");
        assert_eq!(handled.load(Ordering::SeqCst), 1, "{stuck:?}");
        peer.abort();
        task.abort();
    }
}
