//! Where the bytes of an upload come from.

use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;

use bytes::Bytes;
use futures_core::Stream;
use tokio::io::AsyncRead;

use super::stream_reader::StreamReader;

/// Bytes to upload.
#[non_exhaustive]
pub enum Source {
    /// Bytes in memory.
    Bytes(Bytes),
    /// A file of this machine. It is read while it is sent, and must not change meanwhile.
    Path(PathBuf),
    /// An open file of this machine, from its first byte on, wherever its cursor stands. It is read while it is sent, and
    /// must not change meanwhile. What is known by no path cannot be gone on with by another process.
    File(File),
    /// An open file of this machine with the path by which it is known, so that another process can go on with it.
    Opened {
        /// The file.
        file: File,
        /// Its path.
        path: PathBuf,
    },
    /// Bytes as they come. Each part is kept until it is stored, so that it can be sent again: in memory as long as
    /// parts are small, else in files without names in the folder for state
    /// ([`DriveBuilder::state_dir`](crate::DriveBuilder::state_dir)), in memory if there is none.
    Reader {
        /// Gives the bytes.
        reader: Pin<Box<dyn AsyncRead + Send>>,
        /// How many there are, where that is known; another number is an error.
        length: Option<u64>,
    },
}

impl Source {
    /// Bytes as they come, until the reader ends. Parts grow as there are more, up to 5 GiB, which holds 48.3 TiB; if
    /// they do not have to grow ([`DriveBuilder::part_size`](crate::DriveBuilder::part_size)), 48.8 TiB. Where there is
    /// no place for files, it is 2.4 TiB. Who knows the length says so with [`sized_reader`](Self::sized_reader).
    pub fn reader(reader: impl AsyncRead + Send + 'static) -> Self {
        Self::Reader { reader: Box::pin(reader), length: None }
    }

    /// Bytes as they come, `length` of them: a reader that ends before or goes on after is never committed.
    pub fn sized_reader(length: u64, reader: impl AsyncRead + Send + 'static) -> Self {
        Self::Reader { reader: Box::pin(reader), length: Some(length) }
    }

    /// Bytes as they come, until the stream ends.
    pub fn stream(stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Self {
        Self::reader(StreamReader::new(stream))
    }

    /// Bytes as they come, `length` of them: a stream that ends before or goes on after is never committed.
    pub fn sized_stream(length: u64, stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Self {
        Self::sized_reader(length, StreamReader::new(stream))
    }

    /// Name that the source has of itself.
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Path(path) | Self::Opened { path, .. } => path.file_name()?.to_str(),
            _ => None,
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(formatter, "Bytes({})", bytes.len()),
            Self::Path(path) => write!(formatter, "Path({})", path.display()),
            Self::Opened { path, .. } => write!(formatter, "Opened({})", path.display()),
            Self::File(file) => write!(formatter, "File({file:?})"),
            Self::Reader { length, .. } => write!(formatter, "Reader({length:?})"),
        }
    }
}

impl From<Bytes> for Source {
    fn from(bytes: Bytes) -> Self {
        Self::Bytes(bytes)
    }
}

impl From<Vec<u8>> for Source {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl From<&'static [u8]> for Source {
    fn from(bytes: &'static [u8]) -> Self {
        Self::Bytes(Bytes::from_static(bytes))
    }
}

impl From<File> for Source {
    fn from(file: File) -> Self {
        Self::File(file)
    }
}

impl From<PathBuf> for Source {
    fn from(path: PathBuf) -> Self {
        Self::Path(path)
    }
}

impl From<&PathBuf> for Source {
    fn from(path: &PathBuf) -> Self {
        Self::Path(path.clone())
    }
}

impl From<&Path> for Source {
    fn from(path: &Path) -> Self {
        Self::Path(path.to_owned())
    }
}
