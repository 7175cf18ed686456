//! How fast the emulator is on this machine: `cargo run --profile bench -p dingtalk-storage-emulator --example speed`.
//!
//! The client shares the machine's cores with the emulator, so it is as thin as can be: prepared requests on plain
//! sockets, and answers that are counted, not parsed. Where others use the cores too, the processor time that client and
//! emulator took together tells more than the rate.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a program for measuring")]
#![allow(clippy::cast_precision_loss, reason = "rates need no more digits")]

use std::fmt::Write;
use std::time::{Duration, Instant};

use dingtalk_storage_emulator::{Emulator, Plan, PlannedFile, PlannedSpace};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Bytes that a large transfer moves.
const LARGE: usize = 1 << 30;

#[tokio::main]
async fn main() {
    let start = Instant::now();
    let first = Emulator::start().await.unwrap();
    println!("first start in a process   {:>10.1} ms", millis(start.elapsed()));
    drop(first);
    let start = Instant::now();
    let more = emulators(100).await;
    println!("each of 100 more           {:>10.2} ms", millis(start.elapsed()) / more.len() as f64);
    drop(more);

    let emulator = Emulator::start().await.unwrap();
    emulator.plant(&entries(100)).await.unwrap();
    let client = Client::new(&emulator).await;
    let (space, root) = client.space("many").await;
    let read = client.prepare("GET", &format!("/v1.0/storage/spaces/{space}?"), &Value::Null);
    let path = format!("/v1.0/storage/spaces/{space}/dentries/0/query?");
    rate("GetSpace", &client.api, &read, 8, 20_000).await;
    let request = client.prepare("POST", &path, &json!({}));
    rate("GetDentry", &client.api, &request, 8, 20_000).await;
    let path = format!("/v1.0/storage/spaces/{space}/dentries/0/folders?");
    let body = json!({"name": "same", "option": {"conflictStrategy": "RETURN_DENTRY_IF_EXISTS"}});
    let request = client.prepare("POST", &path, &body);
    rate("AddFolder (exists)", &client.api, &request, 8, 20_000).await;
    let list = format!("/v1.0/storage/spaces/{space}/dentries?parentId=0&orderBy=NAME&");
    let request = client.prepare("GET", &list, &Value::Null);
    rate("ListDentries, 50 of 100", &client.api, &request, 8, 5_000).await;

    emulator.plant(&entries(100_000)).await.unwrap();
    rate("ListDentries, 50 of 100000", &client.api, &request, 8, 5_000).await;
    searches(&client).await;

    transfers(&client, &space, &root, "in memory").await;
    drop(client);
    drop(emulator);

    let folder = std::env::temp_dir().join(format!("emulator-speed-{}", std::process::id()));
    let emulator = Emulator::builder().folder(&folder).start().await.unwrap();
    let client = Client::new(&emulator).await;
    let (space, root) = client.space("disk").await;
    let path = format!("/v1.0/storage/spaces/{space}/dentries/0/folders?");
    let request = client.prepare("POST", &path, &json!({"name": "new"}));
    rate("AddFolder (new), on disk", &client.api, &request, 32, 2_000).await;
    transfers(&client, &space, &root, "on disk").await;
    emulator.stop().await;
    std::fs::remove_dir_all(folder).unwrap();
}

/// Measures from its start, and prints a line.
struct Stopwatch {
    start: Instant,
    processor: Option<f64>,
}

impl Stopwatch {
    fn start() -> Self {
        Self { start: Instant::now(), processor: processor() }
    }

    /// Prints how much was done in a second, and the processor time for all of it.
    fn rate(&self, what: &str, amount: f64, unit: &str, digits: usize) {
        let rate = amount / self.start.elapsed().as_secs_f64();
        let used = self.processor.zip(processor()).map(|(before, now)| format!("{:>8.2} s", now - before));
        println!("{what:<28}{rate:>10.digits$} {unit:<8}{}", used.unwrap_or_default());
    }
}

/// Seconds of processor time that this process has taken, where the system tells.
fn processor() -> Option<f64> {
    const TICKS_IN_A_SECOND: f64 = 100.0;
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |place: usize| fields.get(place).and_then(|field| field.parse::<f64>().ok());
    Some((ticks(11)? + ticks(12)?) / TICKS_IN_A_SECOND)
}

async fn emulators(count: usize) -> Vec<Emulator> {
    let mut started = Vec::new();
    for _ in 0..count {
        started.push(Emulator::start().await.unwrap());
    }
    started
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// A space with so many small files in its root.
fn entries(count: usize) -> Plan {
    let file = |number| PlannedFile {
        path: format!("/file-{number:06}.txt"),
        text: Some(String::from("x")),
        from: None,
        size: None,
    };
    let files = (0..count).map(file).collect();
    let space = PlannedSpace { scene: Some("many".to_owned()), files, ..PlannedSpace::default() };
    Plan { spaces: vec![space], ..Plan::default() }
}

/// Searches among the entries of [`entries`]: what each takes, one after the other.
async fn searches(client: &Client) {
    for (what, keyword, option) in [
        ("one of 100000", "file-054321", json!({})),
        ("all of 100000, 50 shown", "file-", json!({})),
        ("none, all letters common", "txt-0", json!({})),
        ("none, letters unknown", "xyz", json!({})),
        ("one letter", "7", json!({})),
        ("none of all, by creator", "file-", json!({"creatorIds": ["nobody"]})),
        ("none of all, by time", "file-", json!({"createTimeRange": {"startTime": 1, "endTime": 2}})),
    ] {
        let body = json!({"keyword": keyword, "option": option});
        let path = format!("/v2.0/storage/dentries/search?operatorId={}", client.operator);
        let request = client.prepare("POST", &path, &body);
        rate(&format!("Search, {what}"), &client.api, &request, 1, 200).await;
    }
}

/// A client that knows no more than addresses and a token.
struct Client {
    api: String,
    storage: String,
    operator: String,
    token: String,
}

impl Client {
    async fn new(emulator: &Emulator) -> Self {
        let credentials = emulator.credentials();
        let address = |url: &str| url.trim_start_matches("http://").to_owned();
        let client = Self {
            api: address(emulator.api_url()),
            storage: address(emulator.storage_url()),
            operator: credentials.users[0].union_id.clone(),
            token: String::new(),
        };
        let body = json!({"appKey": credentials.app_key, "appSecret": credentials.app_secret});
        let token = client.call("POST", "/v1.0/oauth2/accessToken", &body).await;
        Self { token: token["accessToken"].as_str().unwrap().to_owned(), ..client }
    }

    /// A request as it goes over the wire; a path that ends in `?` or `&` gets the operator.
    fn prepare(&self, method: &str, path: &str, body: &Value) -> Vec<u8> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let operator = if path.ends_with(['?', '&']) { format!("unionId={}", self.operator) } else { String::new() };
        let (token, length) = (&self.token, body.len());
        format!(
            "{method} {path}{operator} HTTP/1.1\r\nhost: emulator\r\nx-acs-dingtalk-access-token: {token}\r\n\
             content-length: {length}\r\n\r\n{body}"
        )
        .into_bytes()
    }

    async fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        let mut stream = TcpStream::connect(&self.api).await.unwrap();
        stream.write_all(&self.prepare(method, path, body)).await.unwrap();
        let mut buffer = Vec::new();
        let body = answer(&mut stream, &mut buffer).await;
        serde_json::from_slice(&body).unwrap()
    }

    async fn space(&self, scene: &str) -> (String, String) {
        let space = self.call("POST", "/v1.0/storage/spaces?", &json!({"option": {"scene": scene}})).await;
        let id = space["space"]["id"].as_str().unwrap().to_owned();
        let root = self.call("POST", &format!("/v1.0/storage/spaces/{id}/dentries/0/query?"), &json!({})).await;
        (id, root["dentry"]["uuid"].as_str().unwrap().to_owned())
    }
}

/// The body of the next answer on a connection. What was read too much stays in the buffer.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Vec<u8> {
    loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&buffer[..end]).to_lowercase();
            assert!(head.starts_with("http/1.1 20"), "{head}");
            let length = head
                .split("content-length: ")
                .nth(1)
                .map_or(0, |rest| rest.split("\r\n").next().unwrap().parse().unwrap());
            while buffer.len() < end + 4 + length {
                assert!(stream.read_buf(buffer).await.unwrap() > 0);
            }
            let rest = buffer.split_off(end + 4 + length);
            let body = buffer.split_off(end + 4);
            *buffer = rest;
            return body;
        }
        assert!(stream.read_buf(buffer).await.unwrap() > 0);
    }
}

/// Sends a request again and again on some connections.
async fn rate(what: &str, address: &str, request: &[u8], connections: usize, calls: usize) {
    let watch = Stopwatch::start();
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..connections {
        let (address, request) = (address.to_owned(), request.to_vec());
        workers.spawn(async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.set_nodelay(true).unwrap();
            let mut buffer = Vec::new();
            for _ in 0..calls / connections {
                stream.write_all(&request).await.unwrap();
                answer(&mut stream, &mut buffer).await;
            }
        });
    }
    while workers.join_next().await.is_some() {}
    watch.rate(what, (calls / connections * connections) as f64, "calls/s", 0);
}

/// Puts and gets a large object.
async fn transfers(client: &Client, space: &str, root: &str, place: &str) {
    let path = format!("/v2.0/storage/spaces/files/{root}");
    let body = json!({"protocol": "HEADER_SIGNATURE"});
    let info = client.call("POST", &format!("{path}/uploadInfos/query?"), &body).await;
    let mut stream = TcpStream::connect(&client.storage).await.unwrap();
    let head = signed("PUT", &info["headerSignatureInfo"], LARGE);
    let chunk = vec![7_u8; 1 << 20];
    let watch = Stopwatch::start();
    stream.write_all(head.as_bytes()).await.unwrap();
    for _ in 0..LARGE / chunk.len() {
        stream.write_all(&chunk).await.unwrap();
    }
    answer(&mut stream, &mut Vec::new()).await;
    watch.rate(&format!("PUT of 1 GiB, {place}"), LARGE as f64 / 1e9, "GB/s", 2);
    let body = json!({"uploadKey": info["uploadKey"], "name": "large.bin"});
    let file = client.call("POST", &format!("{path}/commit?"), &body).await;
    let id = file["dentry"]["id"].as_str().unwrap();
    let path = format!("/v1.0/storage/spaces/{space}/dentries/{id}/downloadInfos/query?");
    let info = client.call("POST", &path, &json!({})).await;
    let head = signed("GET", &info["headerSignatureInfo"], 0);
    let mut buffer = vec![0; 1 << 20];
    let watch = Stopwatch::start();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut left = LARGE;
    while left > 0 {
        let length = stream.read(&mut buffer).await.unwrap();
        assert!(length > 0);
        left = left.saturating_sub(length);
    }
    watch.rate(&format!("GET of 1 GiB, {place}"), LARGE as f64 / 1e9, "GB/s", 2);
}

fn signed(method: &str, info: &Value, length: usize) -> String {
    let url = info["resourceUrls"][0].as_str().unwrap();
    let path = url.splitn(4, '/').nth(3).unwrap();
    let mut head = format!("{method} /{path} HTTP/1.1\r\nhost: storage\r\ncontent-length: {length}\r\n");
    for (name, value) in info["headers"].as_object().unwrap() {
        write!(head, "{name}: {}\r\n", value.as_str().unwrap()).unwrap();
    }
    head + "\r\n"
}
