//! Parts of a reader on the disk: they are sent from there, again if need be, and take no memory.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::file::{LocalFile, blocking};
use super::piece::Piece;
use crate::{Drive, Error};

/// Bytes on the disk at the same time, unless one part alone has more; in mebibytes.
const ROOM: u32 = 1024;
/// Where two parts are more than the room, there still are two: one is sent while the next one comes.
const HALF: u64 = ROOM as u64 / 2;

/// A folder for parts of readers. They have no names there, so nothing of them is left whatever happens.
#[derive(Debug)]
pub(super) struct Spool {
    folder: Option<PathBuf>,
    room: Arc<Semaphore>,
}

impl Spool {
    /// In the user's folder for state; never in a shared temporary folder.
    pub(super) fn of(drive: &Drive) -> Self {
        let folder = drive.state_dir().map(|state| state.join("parts"));
        Self { folder, room: Arc::new(Semaphore::new(ROOM as usize)) }
    }

    /// Whether there is a place for files; else all parts are in memory.
    pub(super) fn is_there(&self) -> bool {
        self.folder.is_some()
    }

    /// A file for a part of so many bytes, when there is room for it.
    pub(super) async fn file(&self, size: u64) -> Result<SpoolFile, Error> {
        let folder = self.folder.clone().unwrap_or_default();
        let permits = u32::try_from(size.div_ceil(1 << 20).clamp(1, HALF)).unwrap_or(1);
        let room = Arc::clone(&self.room).acquire_many_owned(permits).await;
        let made = folder.clone();
        let file = blocking(move || {
            crate::journal::make_folder(&made)?;
            tempfile::tempfile_in(made)
        });
        let file = file.await.map_err(|source| failed("make a file for parts in", &folder, source))?;
        Ok(SpoolFile { file: Arc::new(file), folder, length: 0, room: room.ok() })
    }
}

/// A part that is being written.
#[derive(Debug)]
pub(super) struct SpoolFile {
    file: Arc<File>,
    folder: PathBuf,
    length: u64,
    room: Option<OwnedSemaphorePermit>,
}

impl SpoolFile {
    pub(super) async fn write(&mut self, bytes: Bytes) -> Result<(), Error> {
        self.length += bytes.len() as u64;
        let file = Arc::clone(&self.file);
        let written = blocking(move || (&*file).write_all(&bytes)).await;
        written.map_err(|source| failed("write parts into", &self.folder, source))
    }

    /// What it has, to be sent as often as it takes.
    pub(super) async fn into_piece(self) -> Result<Piece, Error> {
        let Self { file, folder, length, room } = self;
        let opened = LocalFile::of_part(file, room.map(Arc::new)).await;
        let file = opened.map_err(|source| failed("read parts from", &folder, source))?;
        Ok(Piece::File { file, start: 0, length })
    }
}

fn failed(action: &'static str, folder: &std::path::Path, source: std::io::Error) -> Error {
    Error::Local { action, path: folder.to_owned(), source }
}
