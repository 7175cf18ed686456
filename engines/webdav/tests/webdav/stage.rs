//! An emulator, a server on it, and a client that sends what it is told to.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;

use dingtalk_storage::Client;
use dingtalk_storage::credentials::InternalApp;
use dingtalk_storage::runtime::Backoff;
use dingtalk_storage::types::SpaceId;
use dingtalk_storage_emulator::{Emulator, Fault, FaultKind};
use dingtalk_storage_transfer::{Drive, Entry};
use dingtalk_storage_webdav::{Login, WebDav};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

/// `ada:secret`.
pub const AUTHORIZATION: &str = "Authorization: Basic YWRhOnNlY3JldA==\r\n";
/// Smallest part that the storage takes.
pub const PART: usize = 100 << 10;

pub struct Stage {
    pub emulator: Emulator,
    pub drive: Drive,
    pub space: SpaceId,
    pub address: SocketAddr,
    pub state: TempDir,
    server: JoinHandle<()>,
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
    /// Whether the body came to its end.
    pub is_whole: bool,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// What a listing shows, in order.
    pub fn hrefs(&self) -> Vec<String> {
        let text = self.text();
        let shown = text.split("<D:response><D:href>").skip(1);
        let mut hrefs: Vec<String> = shown.map(|rest| rest.split("</D:href>").next().unwrap().to_owned()).collect();
        hrefs.sort();
        hrefs
    }
}

impl Stage {
    pub async fn new() -> Self {
        Self::with(|dav| dav).await
    }

    pub async fn with(settings: impl FnOnce(WebDav) -> WebDav) -> Self {
        let emulator = Emulator::start().await.unwrap();
        let state = tempfile::tempdir().unwrap();
        let client = client(&emulator);
        let ada = client.operator(&emulator.credentials().users[0].union_id.as_str().into());
        let space = ada.drive_v1().add_space("WebDAV").send().await.unwrap().space_id;
        let drive = Drive::builder(&ada).state_dir(state.path()).single_put(PART as u64).part_size(PART as u64).build();
        let login = Login::new("ada", "secret");
        let server = settings(WebDav::new(&drive, &space)).bind(([127, 0, 0, 1], 0).into(), login).await.unwrap();
        let address = server.address();
        let server = tokio::spawn(server.run(std::future::pending()));
        emulator.clear_journal();
        Self { emulator, drive, space, address, state, server }
    }

    /// Another drive, that knows nothing of what this one does.
    pub fn another_drive(&self) -> Drive {
        Drive::builder(self.drive.client()).state_dir(self.state.path()).build()
    }

    /// Stores a file by another drive, with the folders of its path.
    pub async fn plant(&self, path: &str, content: &[u8]) -> Entry {
        let (folder, name) = path.rsplit_once('/').unwrap();
        let another = self.another_drive();
        let folder = another.paths(&self.space).make_folders(folder).await.unwrap();
        let upload = another.upload(content.to_vec()).to(&folder).name(name);
        let entry =
            upload.on_conflict(dingtalk_storage::types::ConflictStrategy::Overwrite).send().await.unwrap().entry;
        self.emulator.clear_journal();
        entry
    }

    /// Sends a request; headers have `: ` in them.
    pub async fn send(&self, method: &str, path: &str, headers: &[&str], body: &[u8]) -> Answer {
        let lines: String = headers.iter().flat_map(|header| [*header, "\r\n"]).collect();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\n{AUTHORIZATION}Connection: close\r\nContent-Length: {}\r\n{lines}\r\n",
            self.address,
            body.len()
        );
        self.raw(&[head.as_bytes(), body].concat()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"").await
    }

    pub async fn put(&self, path: &str, body: &[u8]) -> Answer {
        self.send("PUT", path, &[], body).await
    }

    /// The status of a request without a body.
    pub async fn status(&self, method: &str, path: &str, headers: &[&str]) -> u16 {
        self.send(method, path, headers, b"").await.status
    }

    /// What is shown in a folder, itself first.
    pub async fn list(&self, path: &str) -> Vec<String> {
        let answer = self.send("PROPFIND", path, &["Depth: 1"], b"").await;
        assert_eq!(answer.status, 207, "{}", answer.text());
        answer.hrefs()
    }

    /// Sends bytes as they are, and waits for the answer.
    pub async fn raw(&self, request: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        // A server that has seen enough may close before it has read all.
        let _ = stream.write_all(request).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        parse(&answer)
    }

    pub fn fault(&self, kind: FaultKind, operation: &str) {
        self.emulator.add_fault(Fault::new(kind).on(operation));
    }

    /// Metered calls of the API since the last look, in order.
    pub fn calls(&self) -> Vec<String> {
        let calls = self.emulator.journal().into_iter().map(|record| record.operation);
        let calls =
            calls.filter(|operation| operation.contains("_v") && operation != "oauth2_v1.GetAccessToken").collect();
        self.emulator.clear_journal();
        calls
    }

    pub fn commits(&self) -> usize {
        self.emulator.effects("file.committed")
    }

    /// What is stored at a path, as another drive sees it.
    pub async fn stored(&self, path: &str) -> Option<Vec<u8>> {
        let another = self.another_drive();
        let entry = another.paths(&self.space).resolve(path).await.ok()?;
        let mut content = Vec::new();
        another.download(&entry).to_writer(&mut content).await.unwrap();
        Some(content)
    }

    /// Entries that went to the recycle bin.
    pub fn recycled(&self) -> usize {
        self.emulator.effects("entry.recycled")
    }
}

fn client(emulator: &Emulator) -> Client {
    let credentials = emulator.credentials();
    Client::builder()
        .base_url(emulator.api_url())
        .credentials(InternalApp::new(&credentials.app_key, &credentials.app_secret))
        .retry(Backoff::attempts(3).pauses(Duration::from_millis(1), Duration::from_millis(5)))
        .calls_per_second(None)
        .build()
        .unwrap()
}

fn parse(answer: &[u8]) -> Answer {
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    let Some(end) = end else {
        return Answer { status: 0, headers: HashMap::new(), body: Vec::new(), is_whole: false };
    };
    let head = String::from_utf8(answer[..end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers: HashMap<String, String> = lines
        .map(|line| line.split_once(':').unwrap())
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let rest = &answer[end + 4..];
    let (body, is_whole) = match headers.get("content-length") {
        Some(length) => (rest.to_vec(), rest.len() >= length.parse().unwrap()),
        None if headers.get("transfer-encoding").is_some_and(|coding| coding == "chunked") => unchunked(rest),
        None => (rest.to_vec(), true),
    };
    Answer { status, headers, body, is_whole }
}

fn unchunked(mut rest: &[u8]) -> (Vec<u8>, bool) {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|bytes| bytes == b"\r\n") {
        let length = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).unwrap();
        if length == 0 {
            return (body, true);
        }
        let Some(chunk) = rest.get(end + 2..end + 2 + length) else { break };
        body.extend_from_slice(chunk);
        rest = rest.get(end + 4 + length..).unwrap_or_default();
    }
    (body, false)
}

/// Bytes that are no two times the same.
pub fn bytes(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    std::iter::repeat_with(&mut next).take(length).collect()
}
