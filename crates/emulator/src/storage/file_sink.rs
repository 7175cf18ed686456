//! A file that is written while the next bytes come in.

use std::fs::File;
use std::io::{self, IoSlice, Write};

use bytes::Bytes;
use tokio::task::JoinHandle;

/// Bytes that are written at once.
const WRITE: usize = 2 << 20;

/// A file that takes bytes. They are written in large stretches by another thread, one stretch at a time.
#[derive(Debug)]
pub struct FileSink {
    waiting: Vec<Bytes>,
    waiting_bytes: usize,
    state: State,
}

#[derive(Debug)]
enum State {
    Idle(File),
    Writing(JoinHandle<io::Result<File>>),
    Failed,
}

impl FileSink {
    /// Writes to a file from where it stands.
    pub fn new(file: File) -> Self {
        Self { waiting: Vec::new(), waiting_bytes: 0, state: State::Idle(file) }
    }

    /// Takes bytes.
    ///
    /// # Errors
    ///
    /// When earlier bytes could not be written.
    pub async fn append(&mut self, bytes: Bytes) -> io::Result<()> {
        self.waiting_bytes += bytes.len();
        self.waiting.push(bytes);
        if self.waiting_bytes >= WRITE { self.write().await } else { Ok(()) }
    }

    /// Waits until everything is written.
    ///
    /// # Errors
    ///
    /// When it could not be.
    pub async fn finish(mut self) -> io::Result<()> {
        self.write().await?;
        self.idle().await.map(drop)
    }

    async fn write(&mut self) -> io::Result<()> {
        let file = self.idle().await?;
        let bytes = std::mem::take(&mut self.waiting);
        self.waiting_bytes = 0;
        self.state = State::Writing(tokio::task::spawn_blocking(move || write_all(file, &bytes)));
        Ok(())
    }

    /// The file, once nobody writes to it.
    async fn idle(&mut self) -> io::Result<File> {
        match std::mem::replace(&mut self.state, State::Failed) {
            State::Idle(file) => Ok(file),
            State::Writing(writing) => writing.await.map_err(io::Error::other)?,
            State::Failed => Err(io::Error::other("the file could not be written")),
        }
    }
}

fn write_all(mut file: File, bytes: &[Bytes]) -> io::Result<File> {
    let mut slices: Vec<IoSlice<'_>> = bytes.iter().map(|bytes| IoSlice::new(bytes)).collect();
    let mut left = slices.as_mut_slice();
    IoSlice::advance_slices(&mut left, 0);
    while !left.is_empty() {
        match file.write_vectored(left) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => IoSlice::advance_slices(&mut left, written),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(file)
}
