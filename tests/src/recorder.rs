//! A server on loopback that records what arrives, byte by byte, and answers as it is told.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the server answers to a request: status and JSON body.
pub type Answer = (u16, String);

type Answers = Arc<dyn Fn(&Recorded) -> Answer + Send + Sync>;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Request line and headers, in their order, without the empty line at the end.
    pub head: String,
    /// The body.
    pub body: String,
}

impl Recorded {
    /// Method and target.
    pub fn line(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }

    /// Value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let headers = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        headers.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
    }

    /// The whole request as text, with the port of the server left out because it changes.
    pub fn text(&self) -> String {
        let lines = self.head.lines().map(|line| if line.starts_with("host:") { "host: 127.0.0.1" } else { line });
        format!("{}\n\n{}", lines.collect::<Vec<_>>().join("\n"), self.body)
    }
}

/// A running server. It stops with the runtime that it was started on.
#[derive(Debug, Clone)]
pub struct Recorder {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Recorded>>>,
}

impl Recorder {
    /// Starts a server that answers each request with what the function gives.
    ///
    /// # Errors
    ///
    /// If no port can be opened.
    pub async fn start(answers: impl Fn(&Recorded) -> Answer + Send + Sync + 'static) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let recorder = Self { address: listener.local_addr()?, requests: Arc::default() };
        let requests = Arc::clone(&recorder.requests);
        let answers: Answers = Arc::new(answers);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&requests), Arc::clone(&answers)));
            }
        });
        Ok(recorder)
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All requests so far.
    pub fn requests(&self) -> Vec<Recorded> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The last request.
    pub fn last(&self) -> Option<Recorded> {
        self.requests().pop()
    }
}

async fn serve(mut stream: TcpStream, requests: Arc<Mutex<Vec<Recorded>>>, answers: Answers) -> io::Result<()> {
    let mut buffer = Vec::new();
    while let Some(request) = read_request(&mut stream, &mut buffer).await? {
        let (status, body) = answers(&request);
        requests.lock().unwrap_or_else(PoisonError::into_inner).push(request);
        let head = format!(
            "HTTP/1.1 {status} -\r\ncontent-type: application/json;charset=utf-8\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(format!("{head}{body}").as_bytes()).await?;
    }
    Ok(())
}

/// The next request of the connection; `None` at its end.
async fn read_request(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<Option<Recorded>> {
    loop {
        if let Some((request, used)) = whole_request(buffer) {
            buffer.drain(..used);
            return Ok(Some(request));
        }
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    }
}

/// The request at the start of the bytes, if it is all there, and its length.
fn whole_request(bytes: &[u8]) -> Option<(Recorded, usize)> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(bytes.get(..end)?).replace("\r\n", "\n");
    let mut request = Recorded { head, body: String::new() };
    let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let body = bytes.get(end + 4..end + 4 + length)?;
    request.body = String::from_utf8_lossy(body).into_owned();
    Some((request, end + 4 + length))
}
