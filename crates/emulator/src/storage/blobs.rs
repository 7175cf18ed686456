//! Where bytes are kept: chunks in memory, or files of a folder. Both are filled and read as streams.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use crc_fast::{CrcAlgorithm, Digest};
use md5::{Digest as _, Md5};

use super::file_sink::FileSink;
use crate::http::Source;
use crate::state::Piece;

/// Chunks below this size are copied, so that they do not keep a large receive buffer alive.
const COPIED: usize = 4096;

/// Bytes in memory by the id of the blob.
type Chunks = BTreeMap<String, Arc<[Bytes]>>;

/// A store of blobs.
#[derive(Debug)]
pub enum Blobs {
    /// In memory.
    Memory(Mutex<Chunks>),
    /// In a folder, one file for each blob.
    Folder(PathBuf),
}

impl Blobs {
    /// A store in memory.
    pub fn memory() -> Self {
        Self::Memory(Mutex::default())
    }

    /// A store in a folder, which is made when it is not there.
    ///
    /// # Errors
    ///
    /// When the folder cannot be made.
    pub fn folder(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        Ok(Self::Folder(folder.to_owned()))
    }

    /// Starts a blob. Up to `md5_up_to` bytes, its entity tag is the MD5 of its bytes.
    ///
    /// # Errors
    ///
    /// When its file cannot be made.
    pub async fn write(&self, id: String, md5_up_to: u64) -> io::Result<BlobWriter<'_>> {
        let sink = match self {
            Self::Memory(_) => Sink::Memory(Vec::new()),
            Self::Folder(folder) => {
                let path = folder.join(format!("{id}.part"));
                let file = tokio::fs::File::create(&path).await?.into_std().await;
                Sink::File(FileSink::new(file), PartFile(Some(path)))
            }
        };
        let crc = Digest::new(CrcAlgorithm::Crc64Xz);
        Ok(BlobWriter { blobs: self, id, sink, crc, md5: Some(Md5::new()), md5_up_to, size: 0 })
    }

    /// Where a stretch of a blob can be read.
    ///
    /// # Errors
    ///
    /// When there is no such blob.
    pub fn read(&self, id: &str, from: u64, length: u64) -> io::Result<Vec<Source>> {
        match self {
            Self::Folder(folder) => Ok(vec![Source::File { path: folder.join(id), from, length }]),
            Self::Memory(chunks) => {
                let chunks = chunks.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned();
                let chunks = chunks.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
                Ok(stretch(&chunks, from, length))
            }
        }
    }

    /// Drops a blob.
    pub fn remove(&self, id: &str) {
        match self {
            Self::Memory(chunks) => drop(chunks.lock().unwrap_or_else(PoisonError::into_inner).remove(id)),
            // A file that cannot be removed now is removed when the store is opened the next time.
            Self::Folder(folder) => drop(std::fs::remove_file(folder.join(id))),
        }
    }

    /// Drops every blob that is not in use, among them those that were cut off when the process was killed.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read.
    pub fn keep_only(&self, used: &dyn Fn(&str) -> bool) -> io::Result<()> {
        match self {
            Self::Memory(chunks) => {
                chunks.lock().unwrap_or_else(PoisonError::into_inner).retain(|id, _| used(id));
            }
            Self::Folder(folder) => {
                for entry in std::fs::read_dir(folder)? {
                    let entry = entry?;
                    if !entry.file_name().to_str().is_some_and(used) {
                        std::fs::remove_file(entry.path())?;
                    }
                }
            }
        }
        Ok(())
    }
}

fn stretch(chunks: &[Bytes], mut skip: u64, mut length: u64) -> Vec<Source> {
    let mut found = Vec::new();
    for chunk in chunks {
        let size = chunk.len() as u64;
        if skip >= size {
            skip -= size;
            continue;
        }
        if length == 0 {
            break;
        }
        let end = size.min(skip.saturating_add(length));
        let range = usize::try_from(skip).unwrap_or(usize::MAX)..usize::try_from(end).unwrap_or(usize::MAX);
        found.push(Source::Memory(chunk.slice(range)));
        length -= end - skip;
        skip = 0;
    }
    found
}

#[derive(Debug)]
enum Sink {
    Memory(Vec<Bytes>),
    File(FileSink, PartFile),
}

/// A file that is removed unless it gets its name.
#[derive(Debug)]
struct PartFile(Option<PathBuf>);

impl PartFile {
    async fn name(mut self, name: PathBuf) -> io::Result<()> {
        match self.0.take() {
            Some(path) => tokio::fs::rename(path, name).await,
            None => Ok(()),
        }
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if let Some(path) = self.0.take() {
            // One that cannot be removed now is removed when the store is opened the next time.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// A blob that is being written.
pub struct BlobWriter<'a> {
    blobs: &'a Blobs,
    id: String,
    sink: Sink,
    crc: Digest,
    md5: Option<Md5>,
    md5_up_to: u64,
    size: u64,
}

impl BlobWriter<'_> {
    /// Appends bytes.
    ///
    /// # Errors
    ///
    /// When they cannot be written.
    pub async fn append(&mut self, bytes: Bytes) -> io::Result<()> {
        self.crc.update(&bytes);
        self.size += bytes.len() as u64;
        if self.size > self.md5_up_to {
            self.md5 = None;
        }
        if let Some(md5) = &mut self.md5 {
            md5.update(&bytes);
        }
        match &mut self.sink {
            Sink::Memory(chunks) if bytes.len() < COPIED => chunks.push(Bytes::copy_from_slice(&bytes)),
            Sink::Memory(chunks) => chunks.push(bytes),
            Sink::File(file, _) => file.append(bytes).await?,
        }
        Ok(())
    }

    /// How many bytes were written.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Ends the blob; only now it can be read.
    ///
    /// # Errors
    ///
    /// When its file cannot be written to the end.
    pub async fn finish(self) -> io::Result<Piece> {
        match (self.sink, self.blobs) {
            (Sink::Memory(written), Blobs::Memory(chunks)) => {
                let mut chunks = chunks.lock().unwrap_or_else(PoisonError::into_inner);
                chunks.insert(self.id.clone(), written.into());
            }
            (Sink::File(file, part), Blobs::Folder(folder)) => {
                file.finish().await?;
                part.name(folder.join(&self.id)).await?;
            }
            _ => return Err(io::Error::other("a blob was started in another store")),
        }
        let crc = self.crc.finalize();
        let etag = match self.md5 {
            Some(md5) => upper_hex(&md5.finalize()),
            None => upper_hex(&Md5::digest(format!("{crc}-{}", self.size))),
        };
        Ok(Piece { blob: self.id, size: self.size, crc, etag })
    }
}

/// Bytes as hexadecimal digits in upper case, as entity tags are.
pub(crate) fn upper_hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).map(|digit| digit.to_ascii_uppercase()).collect()
}
