//! Telling that an emulator answers, and waiting for one that does.

use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Error;

/// How long an emulator is waited for.
const PATIENCE: Duration = Duration::from_mins(1);

/// How long between two questions.
const PAUSE: Duration = Duration::from_millis(50);

/// Writes the line into a file, which is there whole or not at all, or into a named pipe that somebody reads from.
pub(super) async fn announce(file: &Path, line: &str) -> io::Result<()> {
    let line = format!("{line}\n");
    if tokio::fs::metadata(file).await.is_ok_and(|found| !found.is_file()) {
        return tokio::fs::write(file, line).await;
    }
    let mut unfinished = file.as_os_str().to_owned();
    unfinished.push(".part");
    tokio::fs::write(&unfinished, line).await?;
    tokio::fs::rename(unfinished, file).await
}

/// Waits until an emulator answers.
pub(super) async fn wait_for(url: &str) -> Result<(), Error> {
    let refuse = |reason: &str| Error::NotThere(url.to_owned(), reason.to_owned());
    let authority = url.strip_prefix("http://").map(|rest| rest.trim_end_matches('/'));
    let authority = authority.filter(|authority| !authority.is_empty() && !authority.contains('/'));
    let authority = authority.ok_or_else(|| refuse("it is no URL of the form http://127.0.0.1:18080"))?;
    let address = if authority.contains(':') { authority.to_owned() } else { format!("{authority}:80") };
    let answers = async {
        while !is_healthy(&address, authority).await.unwrap_or(false) {
            tokio::time::sleep(PAUSE).await;
        }
    };
    let reason = format!("nothing answered in {} seconds", PATIENCE.as_secs());
    tokio::time::timeout(PATIENCE, answers).await.map_err(|_| refuse(&reason))
}

async fn is_healthy(address: &str, authority: &str) -> io::Result<bool> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET /healthz HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(4096).read_to_end(&mut answer).await?;
    Ok(answer.starts_with(b"HTTP/1.1 200 "))
}
