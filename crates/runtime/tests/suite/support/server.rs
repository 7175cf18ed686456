//! A server on a raw socket, which can break in every way that a server can.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dingtalk_runtime::ClientBuilder;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, UnixListener};

/// A request as it came in, byte for byte.
#[derive(Debug, Clone)]
pub struct Received {
    /// Method.
    pub method: String,
    /// Path and query as they stood in the request line.
    pub target: String,
    /// The head with all headers.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Received {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        lines.filter(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
    }

    /// The path without the query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// A parameter of the query, decoded.
    pub fn query(&self, name: &str) -> Option<String> {
        let (_, query) = self.target.split_once('?')?;
        let value = query.split('&').filter_map(|pair| pair.split_once('=')).find(|(other, _)| *other == name)?.1;
        Some(percent_encoding::percent_decode_str(value).decode_utf8().unwrap().into_owned())
    }
}

/// What the server does with a connection, one step after the other.
#[derive(Debug, Clone)]
pub enum Step {
    /// Sends bytes.
    Send(Vec<u8>),
    /// Waits.
    Wait(Duration),
    /// Never does anything again.
    Stall,
    /// Closes the connection in order.
    Close,
    /// Drops the connection. With a part of the request unread, that resets it.
    Reset,
}

/// How much of a request the server reads before it breaks off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Early {
    /// The first byte.
    First,
    /// The head.
    Head,
    /// Half of the body.
    Body,
    /// All but the last byte: as good as all of it.
    Last,
}

/// What the server does with a request.
#[derive(Debug, Clone)]
pub enum Plan {
    /// Reads it and answers.
    Answer(Vec<Step>),
    /// Reads a part of it.
    Break(Early, Vec<Step>),
}

/// An answer with a JSON body.
pub fn json(status: u16, body: &str) -> Plan {
    answer(status, "Content-Type: application/json;charset=utf-8\r\n", body)
}

/// An answer with headers of its own, each ended by CRLF.
pub fn answer(status: u16, headers: &str, body: &str) -> Plan {
    Plan::Answer(vec![Step::Send(bytes(status, headers, body))])
}

/// The bytes of an answer.
pub fn bytes(status: u16, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status} Status\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

type Script = dyn Fn(&Received) -> Plan + Send + Sync;
type Opening = dyn Fn() -> Option<Plan> + Send + Sync;

/// A running server. It ends with its runtime.
#[derive(Clone)]
pub struct Server {
    /// Scheme, host and port that clients are told.
    address: String,
    /// The socket behind it, if it is no TCP port. Such a socket hands on bytes at once, so that a paused clock
    /// never runs ahead of them.
    socket: Option<Arc<Socket>>,
    log: Arc<Mutex<Vec<Received>>>,
    connections: Arc<AtomicUsize>,
}

/// The file of a socket.
struct Socket(PathBuf);

impl Socket {
    fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        Self(std::env::temp_dir().join(format!("dingtalk-runtime-{}-{number}", std::process::id())))
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

struct Behaviour {
    /// Decides before a request is read; none reads it.
    opening: Box<Opening>,
    script: Box<Script>,
    log: Arc<Mutex<Vec<Received>>>,
}

impl Server {
    /// A server that answers each request as the script says.
    pub async fn start(script: impl Fn(&Received) -> Plan + Send + Sync + 'static) -> Self {
        Self::start_with(|| None, script).await
    }

    /// A server that may also break off before it has read a request.
    #[allow(clippy::unused_async, reason = "listening needs a runtime")]
    pub async fn start_with(
        opening: impl Fn() -> Option<Plan> + Send + Sync + 'static,
        script: impl Fn(&Received) -> Plan + Send + Sync + 'static,
    ) -> Self {
        let socket = Arc::new(Socket::new());
        let listener = UnixListener::bind(&socket.0).unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let accepted = Arc::clone(&connections);
        let log = Arc::new(Mutex::new(Vec::new()));
        let behaviour =
            Arc::new(Behaviour { opening: Box::new(opening), script: Box::new(script), log: Arc::clone(&log) });
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                accepted.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, Arc::clone(&behaviour)));
            }
        });
        Self { address: "http://127.0.0.1:9".to_owned(), socket: Some(socket), log, connections }
    }

    /// A server on a TCP port, for what is about addresses.
    pub async fn start_tcp(script: impl Fn(&Received) -> Plan + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let log = Arc::new(Mutex::new(Vec::new()));
        let behaviour =
            Arc::new(Behaviour { opening: Box::new(|| None), script: Box::new(script), log: Arc::clone(&log) });
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&behaviour)));
            }
        });
        Self { address, socket: None, log, connections: Arc::default() }
    }

    /// A server that is not there.
    pub fn absent() -> Self {
        let socket = Some(Arc::new(Socket::new()));
        Self { address: "http://127.0.0.1:9".to_owned(), socket, log: Arc::default(), connections: Arc::default() }
    }

    /// Scheme, host and port that clients are told.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Leads a client to the server.
    pub fn reach(&self, builder: ClientBuilder) -> ClientBuilder {
        let builder = builder.base_url(&self.address);
        match &self.socket {
            Some(socket) => {
                let path = socket.0.clone();
                // A client must not let itself be talked into writing down all that it sends.
                builder.http(move |http| http.unix_socket(path.clone()).connection_verbose(true))
            }
            None => builder,
        }
    }

    /// All requests that were read to their end.
    pub fn received(&self) -> Vec<Received> {
        self.log.lock().unwrap().clone()
    }

    /// The connections that were opened to its socket.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Those to a path.
    pub fn count(&self, path: &str) -> usize {
        self.log.lock().unwrap().iter().filter(|received| received.path() == path).count()
    }
}

/// Serves the requests of one connection.
async fn serve<S: Stream>(mut stream: S, behaviour: Arc<Behaviour>) {
    let mut buffer = Vec::new();
    loop {
        if buffer.is_empty() && !more(&mut stream, &mut buffer, 1).await {
            return;
        }
        let steps = match (behaviour.opening)() {
            Some(Plan::Break(early, steps)) => {
                let _ = read_part(&mut stream, &mut buffer, early).await;
                steps
            }
            Some(Plan::Answer(_)) => panic!("the opening only breaks off"),
            None => {
                let Some(received) = read(&mut stream, &mut buffer).await else { return };
                let plan = (behaviour.script)(&received);
                behaviour.log.lock().unwrap().push(received);
                let Plan::Answer(steps) = plan else { panic!("only the opening breaks off") };
                steps
            }
        };
        match run(stream, steps).await {
            Some(open) => stream = open,
            None => return,
        }
    }
}

/// A connection of any kind.
trait Stream: AsyncRead + AsyncWrite + Unpin {}

impl<S: AsyncRead + AsyncWrite + Unpin> Stream for S {}

/// Does the steps; gives the connection back unless one of them ends it.
async fn run<S: Stream>(mut stream: S, steps: Vec<Step>) -> Option<S> {
    for step in steps {
        match step {
            Step::Send(bytes) => stream.write_all(&bytes).await.ok()?,
            Step::Wait(time) => tokio::time::sleep(time).await,
            Step::Stall => std::future::pending().await,
            Step::Close => {
                stream.shutdown().await.ok()?;
                // What was not read must be, or the other side would see a reset.
                tokio::io::copy(&mut stream, &mut tokio::io::sink()).await.ok()?;
                return None;
            }
            Step::Reset => return None,
        }
    }
    Some(stream)
}

/// Reads some bytes, at most so many.
async fn more<S: Stream>(stream: &mut S, buffer: &mut Vec<u8>, most: u64) -> bool {
    (&mut *stream).take(most).read_buf(buffer).await.is_ok_and(|count| count > 0)
}

fn head_end(buffer: &[u8]) -> Option<usize> {
    buffer.windows(4).position(|part| part == b"\r\n\r\n").map(|start| start + 4)
}

async fn read_part<S: Stream>(stream: &mut S, buffer: &mut Vec<u8>, early: Early) -> Option<()> {
    if early == Early::First {
        return Some(());
    }
    // Byte by byte, so that what shall not be read is not.
    let (end, length) = read_head(stream, buffer, 1).await?;
    let wanted = match early {
        Early::First | Early::Head => end,
        Early::Body => end + length / 2,
        Early::Last => end + length.saturating_sub(1),
    };
    while buffer.len() < wanted {
        more(stream, buffer, (wanted - buffer.len()) as u64).await.then_some(())?;
    }
    Some(())
}

/// Reads a head, in pieces of so many bytes; gives where it ends and how long the body is.
async fn read_head<S: Stream>(stream: &mut S, buffer: &mut Vec<u8>, piece: u64) -> Option<(usize, usize)> {
    loop {
        if let Some(end) = head_end(buffer) {
            let head = String::from_utf8_lossy(&buffer[..end]).to_ascii_lowercase();
            let length = head.split_once("content-length: ").and_then(|(_, rest)| rest.lines().next()?.parse().ok());
            return Some((end, length.unwrap_or(0)));
        }
        more(stream, buffer, piece).await.then_some(())?;
    }
}

async fn read<S: Stream>(stream: &mut S, buffer: &mut Vec<u8>) -> Option<Received> {
    const PIECE: u64 = 64 * 1024;
    let (end, length) = read_head(stream, buffer, PIECE).await?;
    while buffer.len() < end + length {
        more(stream, buffer, PIECE).await.then_some(())?;
    }
    let rest = buffer.split_off(end + length);
    let request = std::mem::replace(buffer, rest);
    let head = String::from_utf8_lossy(&request[..end]).into_owned();
    let mut words = head.split(' ').map(str::to_owned);
    let (method, target) = (words.next()?, words.next()?);
    Some(Received { method, target, head, body: request[end..].to_vec() })
}
