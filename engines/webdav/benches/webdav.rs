//! WebDAV against plain transfers, both in one run and turn by turn, on an emulator in the same process that has
//! files in memory: `cargo bench --bench webdav -- [MIB [ROUNDS]]`.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use dingtalk_storage::Client;
use dingtalk_storage::credentials::InternalApp;
use dingtalk_storage_emulator::Emulator;
use dingtalk_storage_transfer::Drive;
use dingtalk_storage_webdav::{Login, WebDav};
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

/// `ada:bench`.
const AUTHORIZATION: &str = "Authorization: Basic YWRhOmJlbmNo";
const PIECE: usize = 1 << 20;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // Cargo adds a flag of its own.
    let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse::<usize>().ok());
    let (mebibytes, rounds) = (numbers.next().unwrap_or(256), numbers.next().unwrap_or(5));
    let folder = tempfile::tempdir()?;
    let source = folder.path().join("source");
    write_source(&source, mebibytes).await?;
    let (mut up, mut down) = (Pairs::default(), Pairs::default());
    for round in 0..rounds {
        measure(folder.path(), &source, round % 2 == 0, &mut up, &mut down).await?;
    }
    up.tell("up", mebibytes);
    down.tell("down", mebibytes);
    Ok(())
}

/// Both ways up and down, in turn, for what comes second meets what the first one left to do.
async fn measure(
    folder: &Path,
    source: &Path,
    plain_first: bool,
    up: &mut Pairs,
    down: &mut Pairs,
) -> Result<(), Box<dyn Error>> {
    // Anew, for it has everything in memory.
    let emulator = Emulator::start().await?;
    let credentials = emulator.credentials();
    let client = Client::builder()
        .base_url(emulator.api_url())
        .credentials(InternalApp::new(&credentials.app_key, &credentials.app_secret))
        .calls_per_second(None)
        .build()?;
    let person = credentials.users.first().ok_or("the emulator has no people")?;
    let ada = client.operator(&person.union_id.as_str().into());
    let space = ada.drive_v1().add_space("Bench").send().await?.space_id;
    // As the program sets it up.
    let drive = Drive::builder(&ada).state_dir(folder.join("state")).reader_memory(64 << 20).build();
    let server = WebDav::new(&drive, &space).bind(([127, 0, 0, 1], 0).into(), Login::new("ada", "bench")).await?;
    let (address, serving) = (server.address(), tokio::spawn(server.run(std::future::pending())));
    let root = drive.paths(&space).root().await?;
    let target = folder.join("target");
    for is_plain in [plain_first, !plain_first] {
        let began = Instant::now();
        if is_plain {
            drive.upload(source).to(&root).name("plain.bin").start_over().send().await?;
        } else {
            put(address, source).await?;
        }
        up.of(is_plain).push(began.elapsed());
    }
    let file = drive.paths(&space).stat_file("/plain.bin").await?;
    for is_plain in [plain_first, !plain_first] {
        let began = Instant::now();
        if is_plain {
            drive.download(&file).to_path(&target).await?;
        } else {
            get(address, &target).await?;
        }
        down.of(is_plain).push(began.elapsed());
    }
    serving.abort();
    Ok(())
}

/// Times of both ways.
#[derive(Default)]
struct Pairs {
    plain: Vec<Duration>,
    dav: Vec<Duration>,
}

impl Pairs {
    fn of(&mut self, is_plain: bool) -> &mut Vec<Duration> {
        if is_plain { &mut self.plain } else { &mut self.dav }
    }

    fn tell(&self, what: &str, mebibytes: usize) {
        let median = |times: &[Duration]| {
            let mut times = times.to_vec();
            times.sort_unstable();
            times.get(times.len() / 2).copied().unwrap_or_default().as_secs_f64()
        };
        let (plain, dav) = (median(&self.plain), median(&self.dav));
        let speed = |seconds: f64| f64::from(u32::try_from(mebibytes).unwrap_or(u32::MAX)) / seconds;
        println!(
            "{what:5} {mebibytes} MiB: plain {:.0} MiB/s, WebDAV {:.0} MiB/s, ratio {:.2}",
            speed(plain),
            speed(dav),
            plain / dav
        );
    }
}

async fn write_source(path: &Path, mebibytes: usize) -> io::Result<()> {
    let mut file = File::create(path).await?;
    let mut state = 1_u64;
    for _ in 0..mebibytes {
        let words = std::iter::repeat_with(|| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            state.to_le_bytes()
        });
        file.write_all(&words.take(PIECE / 8).flatten().collect::<Vec<u8>>()).await?;
    }
    file.flush().await
}

async fn put(address: SocketAddr, source: &Path) -> Result<(), Box<dyn Error>> {
    let mut file = File::open(source).await?;
    let length = file.metadata().await?.len();
    let mut stream = TcpStream::connect(address).await?;
    let head = format!(
        "PUT /dav.bin HTTP/1.1\r\nHost: x\r\n{AUTHORIZATION}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    pass(&mut file, &mut stream).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    if answer.starts_with("HTTP/1.1 20") { Ok(()) } else { Err(answer.into()) }
}

async fn get(address: SocketAddr, target: &Path) -> Result<(), Box<dyn Error>> {
    let mut stream = TcpStream::connect(address).await?;
    let head = format!("GET /dav.bin HTTP/1.1\r\nHost: x\r\n{AUTHORIZATION}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await?;
    let mut file = File::create(target).await?;
    let passed = pass(&mut stream, &mut file).await?;
    // As a download to a path does it.
    file.sync_data().await?;
    if passed > PIECE { Ok(()) } else { Err("the answer is too short".into()) }
}

async fn pass(from: &mut (impl AsyncRead + Unpin), to: &mut (impl AsyncWrite + Unpin)) -> io::Result<usize> {
    let (mut buffer, mut passed) = (vec![0; PIECE], 0);
    loop {
        let read = from.read(&mut buffer).await?;
        let Some(piece) = buffer.get(..read).filter(|piece| !piece.is_empty()) else { break };
        to.write_all(piece).await?;
        passed += read;
    }
    to.flush().await?;
    Ok(passed)
}
