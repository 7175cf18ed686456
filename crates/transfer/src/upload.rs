//! Files up, in one call: `drive.upload(source).to(folder).name("a.pdf").send()`.

mod commit;
mod committed;
mod file;
mod parts;
mod piece;
mod progress;
mod put;
mod reading;
mod single;
mod source;
mod target;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use bytes::Bytes;
use dingtalk_storage::types::{AppProperty, ConflictStrategy, OnlineDocumentType, StorageRegion};

use crate::{Drive, Entry, Error, Integrity};

pub(crate) use committed::Committed;
use file::LocalFile;
use piece::Piece;
pub use progress::Progress;
use progress::{Listener, Meter};
use reading::Reading;
pub use source::Source;
use target::Place;
pub use target::Target;

/// Properties that a file can get with its upload.
const MOST_PROPERTIES: usize = 3;

impl Drive {
    /// Uploads a file: bytes, a path of this machine, or a reader. [`UploadSource::to`] says where to.
    ///
    /// Up to [`DriveBuilder::single_put`](crate::DriveBuilder::single_put) it takes two calls of the API; n parts take 2 + ⌈n/30⌉, and one
    /// more where the folder is known by its uuid alone.
    pub fn upload(&self, source: impl Into<Source>) -> UploadSource {
        UploadSource { drive: self.clone(), source: source.into() }
    }
}

/// An upload that does not know yet where to.
#[derive(Debug)]
#[must_use = "an upload does nothing until it is sent"]
pub struct UploadSource {
    drive: Drive,
    source: Source,
}

impl UploadSource {
    /// Names the folder.
    pub fn to(self, folder: impl Into<Target>) -> Upload {
        Upload {
            drive: self.drive,
            source: self.source,
            target: folder.into(),
            name: None,
            options: Options::default(),
            listener: None,
        }
    }
}

/// An upload to set up and send.
#[must_use = "an upload does nothing until it is sent"]
pub struct Upload {
    drive: Drive,
    source: Source,
    target: Target,
    name: Option<String>,
    options: Options,
    listener: Option<Listener>,
}

#[derive(Debug, Default)]
struct Options {
    conflict: Option<ConflictStrategy>,
    app_properties: Vec<AppProperty>,
    region: Option<StorageRegion>,
    convert: bool,
    convert_to: Option<OnlineDocumentType>,
}

/// What an upload became.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Uploaded {
    /// The file as it is stored.
    pub entry: Entry,
    /// Whether it has the name that was wished.
    pub name: StoredName,
    /// Whether the storage's checksum was held against that of the bytes.
    pub integrity: Integrity,
}

/// Whether a file was stored under the name that was wished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoredName {
    /// It was.
    AsWished,
    /// It has another one, [`Entry::name`]: blanks were cut, the name was taken, or it became an online document.
    Changed {
        /// The name that was wished.
        wished: String,
    },
}

/// What all steps of an upload share.
struct Job {
    drive: Drive,
    target: Target,
    name: String,
    options: Options,
    meter: Arc<Meter>,
    /// Which of the URLs worked last; the first, to begin with.
    good_url: AtomicUsize,
    place: tokio::sync::Mutex<Option<Place>>,
}

impl Job {
    /// A number of bytes as the API takes it.
    fn wire_size(&self, bytes: u64) -> Result<i64, Error> {
        i64::try_from(bytes).map_err(|_| Error::TooLarge { name: self.name.clone(), most: parts::LARGEST_FILE })
    }
}

impl Upload {
    /// Names the file, with its extension; the default is the name of the path. Bytes and readers have none.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Says what to do when the name is taken. The default changes the name: [`StoredName::Changed`].
    pub fn on_conflict(mut self, strategy: ConflictStrategy) -> Self {
        self.options.conflict = Some(strategy);
        self
    }

    /// Attaches properties, at most three.
    pub fn app_properties(mut self, properties: impl IntoIterator<Item = AppProperty>) -> Self {
        self.options.app_properties = properties.into_iter().collect();
        self
    }

    /// Says where the bytes should be stored.
    pub fn region(mut self, region: StorageRegion) -> Self {
        self.options.region = Some(region);
        self
    }

    /// Turns the file into an online document; its extension says of which kind.
    pub fn convert_to_online_document(mut self) -> Self {
        self.options.convert = true;
        self
    }

    /// Turns the file into an online document of a kind.
    pub fn convert_to(mut self, kind: OnlineDocumentType) -> Self {
        self.options.convert_to = Some(kind);
        self.convert_to_online_document()
    }

    /// Is told how far it has come. It is called between pieces, so it must not take long.
    pub fn on_progress(mut self, listener: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.listener = Some(Arc::new(listener));
        self
    }

    /// Sends the bytes and commits them. Dropping it before it is done commits nothing, unless the commit itself was on
    /// its way.
    ///
    /// # Errors
    ///
    /// [`Error::Source`] if the source broke, ended early, grew or changed; [`Error::Damaged`] if the storage has other
    /// bytes; [`Error::Api`] if the API or the storage refused. None of them is committed.
    /// [`Error::CommitUnknown`] if nobody can tell whether it was.
    pub async fn send(self) -> Result<Uploaded, Error> {
        self.target.check()?;
        let name = self.name.or_else(|| self.source.name().map(str::to_owned));
        let name = name.filter(|name| !name.trim().is_empty()).ok_or(Error::NoName)?;
        if self.options.app_properties.len() > MOST_PROPERTIES {
            return Err(Error::TooManyProperties { given: self.options.app_properties.len(), most: MOST_PROPERTIES });
        }
        let opened = Opened::open(self.source, &name, self.drive.settings().part_size).await?;
        let job = Job {
            meter: Meter::new(opened.length(), self.listener),
            drive: self.drive,
            target: self.target,
            name,
            options: self.options,
            good_url: AtomicUsize::new(0),
            place: tokio::sync::Mutex::default(),
        };
        let sent = opened.send(&job).await?;
        let entry = commit::commit(&job, &sent.key, sent.size).await?;
        let is_wished = entry.name == job.name;
        let name = if is_wished { StoredName::AsWished } else { StoredName::Changed { wished: job.name } };
        Ok(Uploaded { entry, name, integrity: sent.integrity })
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Upload");
        shown.field("source", &self.source).field("target", &self.target).field("name", &self.name);
        shown.field("options", &self.options).finish_non_exhaustive()
    }
}

/// A source that is ready to be sent.
enum Opened {
    Bytes(Bytes),
    File(LocalFile),
    Reader { first: Bytes, reading: Reading },
}

impl Opened {
    async fn open(source: Source, name: &str, part: u64) -> Result<Self, Error> {
        Ok(match source {
            Source::Bytes(bytes) => Self::Bytes(bytes),
            Source::Path(path) => Self::File(LocalFile::open(path).await?),
            Source::Reader { reader, length } => {
                let mut reading = Reading::new(reader, length, name, part)?;
                let first = reading.part(1).await?;
                // What is no more than a part is sent at once.
                if reading.is_over() { Self::Bytes(first) } else { Self::Reader { first, reading } }
            }
        })
    }

    fn length(&self) -> Option<u64> {
        match self {
            Self::Bytes(bytes) => Some(bytes.len() as u64),
            Self::File(file) => Some(file.length()),
            Self::Reader { reading, .. } => reading.length(),
        }
    }

    async fn send(self, job: &Job) -> Result<parts::Sent, Error> {
        match self {
            Self::Bytes(bytes) => whole(job, &Piece::Bytes(bytes)).await,
            Self::Reader { first, reading } => parts::send_reader(job, reading, first).await,
            Self::File(file) => {
                let piece = Piece::File { file: file.clone(), start: 0, length: file.length() };
                let sent = whole(job, &piece).await;
                // Before it is believed, also as a failure: what changes while it is read explains all else.
                match file.change().await? {
                    Some(reason) => Err(Error::Source { name: job.name.clone(), reason }),
                    None => sent,
                }
            }
        }
    }
}

/// Sends what can be read anywhere: at once, or in parts if it is large.
async fn whole(job: &Job, piece: &Piece) -> Result<parts::Sent, Error> {
    if piece.length() > job.drive.settings().single_put {
        return parts::send(job, piece).await;
    }
    let (key, integrity) = single::send(job, piece).await?;
    Ok(parts::Sent { key, size: piece.length(), integrity })
}
