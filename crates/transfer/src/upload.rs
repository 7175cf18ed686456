//! Files up, in one call: `drive.upload(source).to(folder).name("a.pdf").send()`.

mod commit;
mod committed;
mod file;
mod folder;
mod memory;
mod parts;
mod piece;
mod progress;
mod put;
mod reading;
mod session;
mod single;
mod source;
mod spool;
mod stream_reader;
mod target;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use bytes::Bytes;
use dingtalk_storage::types::{AppProperty, ConflictStrategy, OnlineDocumentType, StorageRegion};
use serde::{Deserialize, Serialize};

use crate::allowance::SetAside;
use crate::sync::check_drive_name;
use crate::{Drive, Entry, Error, Integrity};

pub(crate) use committed::Committed;
use file::LocalFile;
use folder::Folder;
pub(crate) use folder::Folders;
pub(crate) use memory::ReaderMemory;
pub(crate) use parts::url_calls;
use piece::Piece;
pub use progress::Progress;
use progress::{Listener, Meter};
use reading::Reading;
pub(crate) use session::record;
pub use source::Source;
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
            switches: Switches::default(),
            options: Options::default(),
            listener: None,
            aside: None,
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
    switches: Switches,
    options: Options,
    listener: Option<Listener>,
    /// Bytes that are set aside for it already.
    aside: Option<SetAside>,
}

/// What is done on wish.
#[derive(Debug, Default)]
struct Switches {
    make_folders: bool,
    start_over: bool,
    marked: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Options {
    conflict: Option<ConflictStrategy>,
    app_properties: Vec<AppProperty>,
    region: Option<StorageRegion>,
    convert: bool,
    convert_to: Option<OnlineDocumentType>,
    /// When the content was changed last, to be written beside it.
    modified: Option<i64>,
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
    /// Whether it was begun by this call.
    pub start: Start,
}

/// How an upload began.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Start {
    /// With its first byte.
    Fresh,
    /// Where an earlier one of the same file to the same place had stopped.
    Resumed {
        /// Bytes that were stored already, and not sent again.
        bytes: u64,
    },
    /// Once more with its first byte, because what was stored could not be gone on with.
    Anew {
        /// Why not.
        reason: String,
    },
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
    folder: Folder,
    name: String,
    options: Options,
    start_over: bool,
    /// Value of the property that tells its file from all others, if it is to have one.
    marker: Option<String>,
    meter: Arc<Meter>,
    /// Which of the URLs worked last; the first, to begin with.
    good_url: AtomicUsize,
}

/// An upload that is over.
struct Done {
    entry: Entry,
    integrity: Integrity,
    start: Start,
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

    /// Takes over all that another upload was set up with.
    pub(crate) fn with_options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Makes the folders of a [`Target::Path`] that are not there.
    pub fn make_folders(mut self) -> Self {
        self.switches.make_folders = true;
        self
    }

    /// Attaches a property that only this app sees (`dingtalk-storage-upload`), with a value that no other upload has.
    /// Should the answer to the commit get lost, it tells the file from all others in the folder. It is one of the
    /// three properties that a file can get.
    pub fn marked(mut self) -> Self {
        self.switches.marked = true;
        self
    }

    /// Writes beside a new file when its content was changed last, in milliseconds since 1970, with its checksum.
    pub(crate) fn stamped(mut self, modified: i64) -> Self {
        self.options.modified = Some(modified);
        self
    }

    /// Takes the bytes that it moves of some that were set aside for it.
    pub(crate) fn counted_by(mut self, aside: SetAside) -> Self {
        self.aside = Some(aside);
        self
    }

    /// Begins with the first byte, also where an earlier upload of the file to the same place could be gone on with.
    pub fn start_over(mut self) -> Self {
        self.switches.start_over = true;
        self
    }

    /// Is told how far it has come. It is called between pieces, so it must not take long.
    pub fn on_progress(mut self, listener: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.listener = Some(Arc::new(listener));
        self
    }

    /// Sends the bytes and commits them. Dropping it before it is done commits nothing, unless the commit itself was on
    /// its way.
    ///
    /// A file that goes in parts is gone on with by the same upload (file, folder, name, operator), also of another
    /// process: only the parts that were on their way are sent again. One that goes at once is sent again, unless it was
    /// about to be committed: then the same upload finds out what became of it.
    ///
    /// # Errors
    ///
    /// [`Error::DriveName`] if no file can be called so; [`Error::TooManyBytes`] if the drive has a maximum; [`Error::Source`] if the source broke, ended early, grew or
    /// changed; [`Error::Damaged`] if the storage has other bytes; [`Error::SourceChanged`] if an earlier upload
    /// stopped and the file is another one now; [`Error::Api`] if the API or the storage refused. None of them is
    /// committed. [`Error::Stopped`] if one of them stopped an upload that can be gone on with; it has the cause.
    /// [`Error::CommitUnknown`] if nobody can tell whether it was.
    pub async fn send(self) -> Result<Uploaded, Error> {
        self.target.check()?;
        let name = self.name.or_else(|| self.source.name().map(str::to_owned));
        let name = name.filter(|name| !name.trim().is_empty()).ok_or(Error::NoName)?;
        check_drive_name(&name)?;
        let own = usize::from(self.switches.marked) + usize::from(self.options.modified.is_some());
        let given = self.options.app_properties.len() + own;
        if given > MOST_PROPERTIES {
            return Err(Error::TooManyProperties { given, most: MOST_PROPERTIES });
        }
        let opened = Opened::open(self.source, &name, &self.drive).await?;
        let mut aside = match self.aside {
            Some(aside) => aside,
            None => self.drive.allowance().set_aside(&name, opened.length_here())?,
        };
        let again = opened.again();
        let mut job = Job {
            folder: Folder::of(&self.drive, &self.target, self.switches.make_folders).await?,
            meter: Meter::new(opened.length(), self.listener),
            drive: self.drive,
            name,
            options: self.options,
            start_over: self.switches.start_over,
            marker: self.switches.marked.then(marker),
            good_url: AtomicUsize::new(0),
        };
        let mut sent = opened.send(&job).await;
        if sent.as_ref().is_err_and(has_no_folder) {
            job.folder.forget(&job.drive, &self.target).await;
            let folder = Folder::of(&job.drive, &self.target, self.switches.make_folders).await?;
            // What was known before is not there any more, and another folder is.
            if let Some(opened) = again.filter(|_| folder.uuid != job.folder.uuid) {
                job.folder = folder;
                job.meter.reset();
                sent = opened.send(&job).await;
            }
        }
        aside.moved(job.meter.moved());
        drop(aside);
        let Done { entry, integrity, start } = sent?;
        job.drive.paths(&entry.space).remember(&entry);
        let is_wished = entry.name == job.name;
        let name = if is_wished { StoredName::AsWished } else { StoredName::Changed { wished: job.name } };
        Ok(Uploaded { entry, name, integrity, start })
    }
}

/// A value that no other upload has.
fn marker() -> String {
    format!("{:032x}", fastrand::u128(..))
}

/// Whether the folder that was known is not there any more.
fn has_no_folder(error: &Error) -> bool {
    let error = match error {
        Error::Stopped { source, .. } => source,
        error => error,
    };
    let codes = ["paramError.parentDentryUuid", "spaceNotExist", "dentryNotExist"];
    matches!(error, Error::Api(error) if error.code().is_some_and(|code| codes.contains(&code.as_str())))
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
    Piece(Piece),
    File(LocalFile),
    Reader { first: Piece, reading: Reading },
}

impl Opened {
    async fn open(source: Source, name: &str, drive: &Drive) -> Result<Self, Error> {
        Ok(match source {
            Source::Bytes(bytes) => Self::Piece(Piece::Bytes(bytes)),
            Source::Path(path) => Self::File(LocalFile::open(path).await?),
            Source::File(file) => Self::File(LocalFile::opened(file, None).await?),
            Source::Opened { file, path } => Self::File(LocalFile::opened(file, Some(path)).await?),
            Source::Reader { reader, length } => {
                let mut reading = Reading::new(reader, length, name, drive)?;
                let first = reading.next().await?.unwrap_or(Piece::Bytes(Bytes::new()));
                // What is no more than a part is sent at once.
                if reading.is_over() { Self::Piece(first) } else { Self::Reader { first, reading } }
            }
        })
    }

    /// The same once more; none for what is gone when it was read.
    fn again(&self) -> Option<Self> {
        match self {
            Self::Piece(piece) => Some(Self::Piece(piece.clone())),
            Self::File(file) => Some(Self::File(file.clone())),
            Self::Reader { .. } => None,
        }
    }

    fn length(&self) -> Option<u64> {
        match self {
            Self::Piece(piece) => Some(piece.length()),
            Self::File(file) => Some(file.length()),
            Self::Reader { reading, .. } => reading.length(),
        }
    }

    /// Bytes to set aside for it; a reader does that itself, as they come.
    fn length_here(&self) -> u64 {
        if matches!(self, Self::Reader { .. }) { 0 } else { self.length().unwrap_or(0) }
    }

    async fn send(self, job: &Job) -> Result<Done, Error> {
        match self {
            Self::Piece(piece) => whole(job, &piece).await,
            Self::Reader { first, reading } => parts::upload_reader(job, reading, first).await,
            Self::File(file) => {
                let length = file.length();
                whole(job, &Piece::File { file, start: 0, length }).await
            }
        }
    }
}

/// Uploads what can be read anywhere: at once, or in parts if it is large.
async fn whole(job: &Job, piece: &Piece) -> Result<Done, Error> {
    if piece.length() > job.drive.settings().single_put {
        // Too large for the caller's own future.
        Box::pin(parts::upload(job, piece)).await
    } else {
        single::upload(job, piece).await
    }
}
