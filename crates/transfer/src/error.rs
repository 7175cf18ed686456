//! What can go wrong with a transfer, and what to do about it.

mod category;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use dingtalk_storage::types::{DentryId, DentryUuid};

use crate::Entry;

pub use category::Category;

/// Why a transfer failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A call failed; the text is the call's own.
    #[error(transparent)]
    Api(#[from] dingtalk_storage::Error),
    /// Something on this machine could not be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    Local {
        /// What was tried, for example `read`.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// The source could not be read, ended early, grew or changed while it was sent. Nothing was stored in the drive.
    #[error("cannot upload {name:?}, nothing was stored: {reason}")]
    Source {
        /// Name that the file was to have.
        name: String,
        /// What happened to the source.
        reason: String,
    },
    /// The bytes that were stored are not those that were sent, or those that came not those that are stored. An
    /// upload was not committed, a download not given its name.
    #[error(
        "the bytes of {name:?} were damaged on the way, transfer it again: CRC-64 {here:016x} here, {there:016x} in the \
         storage"
    )]
    Damaged {
        /// Name of the file.
        name: String,
        /// CRC-64/XZ of the bytes on this machine.
        here: u64,
        /// CRC-64/XZ that the storage told.
        there: u64,
    },
    /// The server gave no URLs for a part that it was asked for.
    #[error("part {part} of {name:?} cannot be sent, nothing was stored: the server gave no URL for it")]
    NoUrls {
        /// Name that the file was to have.
        name: String,
        /// Number of the part, counted from 1.
        part: i32,
    },
    /// A transfer stopped before its end. What is there stays: the same transfer goes on with it, also of another process,
    /// and so does [`Drive::resume`](crate::Drive::resume) with the journal.
    #[error(
        "{source}; {stored} of {length} bytes are there, and the same transfer goes on with them (journal {})",
        journal.display()
    )]
    Stopped {
        /// Why it stopped.
        source: Box<Error>,
        /// What is known about it; [`Drive::forget`](crate::Drive::forget) takes it away.
        journal: PathBuf,
        /// Bytes that are there: of an upload in the storage, of a download on this machine.
        stored: u64,
        /// All bytes.
        length: u64,
    },
    /// An earlier upload of a file stopped, and the file is another one now. Nothing was sent.
    #[error(
        "{} is not the file of which an earlier upload sent a part: {difference}. Start over to send the file as it \
         is now (or remove {})",
        path.display(), journal.display()
    )]
    SourceChanged {
        /// The file.
        path: PathBuf,
        /// What is different.
        difference: String,
        /// What is known about the earlier upload.
        journal: PathBuf,
    },
    /// Another transfer works on the same file, here or in another process.
    #[error("another transfer is working on {}: wait for its end", path.display())]
    InUse {
        /// The file: the source of an upload, the target of a download.
        path: PathBuf,
    },
    /// A journal that no unfinished transfer of this drive has.
    #[error("{} is no unfinished transfer that can go on: {reason}", journal.display())]
    NotATransfer {
        /// The journal.
        journal: PathBuf,
        /// Why it is none.
        reason: String,
    },
    /// Nothing says what the file is to be called.
    #[error("the upload has no name, which is needed for bytes, readers and paths that are no Unicode")]
    NoName,
    /// More properties than a file can get.
    #[error("{given} properties are too many: a file takes {most} with its upload")]
    TooManyProperties {
        /// Properties that were to be attached.
        given: usize,
        /// Most that can be.
        most: usize,
    },
    /// What should receive a file is none that can.
    #[error("{0:?} is a file and cannot receive another one: name a folder")]
    NotAFolder(String),
    /// The file is larger than the drive takes.
    #[error("{name:?} is too large: {most} bytes can be sent from this source")]
    TooLarge {
        /// Name that the file was to have.
        name: String,
        /// Most bytes that the source can be.
        most: u64,
    },
    /// The answer to the commit was lost, and the folder does not tell whether the file was stored.
    #[error(
        "nobody knows whether {name:?} ({size} bytes) was stored in folder {folder}: {evidence}. Look for it there \
         before you send it again, for it may become a second file"
    )]
    CommitUnknown {
        /// Folder that was to receive the file.
        folder: DentryUuid,
        /// Name that it was to have; the stored one can have a number behind it.
        name: String,
        /// Its bytes.
        size: u64,
        /// What the folder shows.
        evidence: String,
        /// How the answer was lost; none where an earlier process sent the commit.
        source: Option<dingtalk_storage::Error>,
    },
    /// An answer says something that cannot be.
    #[error("the server's answer cannot be used: {0}")]
    Answer(String),
    /// The file became another one while it was downloaded, again and again. A download to a path or in memory can
    /// simply be made again; a version can be named to get that one.
    #[error("{name:?} changed while it was downloaded: download it again, or name a version")]
    Changed {
        /// Name of the file.
        name: String,
    },
    /// What should be downloaded has no bytes.
    #[error("{name:?} is a folder and has no bytes: name a file")]
    NotAFile {
        /// Name of the folder.
        name: String,
    },
    /// A range that begins behind the end of the file.
    #[error("{name:?} has no byte {start}: ask for a range within the file")]
    OutOfRange {
        /// Name of the file.
        name: String,
        /// First byte that was asked for, counted from 0.
        start: u64,
    },
    /// Something was put under the name of a download, or was changed there, after it was begun. It stays as it is.
    #[error(
        "{} was made or changed while its bytes came, and stays as it is: move it away, and the same download gives what \
         came its name",
        path.display()
    )]
    TargetChanged {
        /// The file that is in the way.
        path: PathBuf,
    },
    /// Nothing says whether the bytes are right, and they were to replace a file. It stays as it was.
    #[error(
        "{} stays as it was: nothing says whether the bytes that come are right, for {reason}. Accept that, \
         or name another file",
        path.display()
    )]
    Unverified {
        /// The file that was to be replaced.
        path: PathBuf,
        /// Why it cannot be told.
        reason: &'static str,
    },
    /// The writer that was to take the bytes failed.
    #[error("cannot write what was downloaded: {0}")]
    Writer(#[source] io::Error),
    /// A name that cannot be that of a file on this machine. Nothing was written.
    #[error("{name:?} cannot be the name of a file on this machine: {reason}")]
    LocalName {
        /// The name.
        name: String,
        /// Why it cannot.
        reason: &'static str,
    },
    /// A name that nothing of the drive can have. Nothing was sent.
    #[error("nothing in the drive can be called {name:?}: {reason}")]
    DriveName {
        /// The name.
        name: String,
        /// Why it cannot.
        reason: &'static str,
    },
    /// Text that is no path of the drive.
    #[error("{path:?} is no path of the drive: {reason}")]
    BadPath {
        /// The text.
        path: String,
        /// Why it is none.
        reason: &'static str,
    },
    /// A path that leads nowhere. For an upload, [`make_folders`](crate::Upload::make_folders) makes what is missing.
    #[error(
        "{path:?} does not exist: there is no {}{missing:?} where it should be",
        if *is_folder { "folder " } else { "" }
    )]
    NotFound {
        /// The path.
        path: String,
        /// First name of it that does not exist, or is not that of a folder where one has to be.
        missing: String,
        /// A folder is missing; a file may have the name.
        is_folder: bool,
    },
    /// A path that leads to several entries.
    #[error("{path:?} can be any of {}: several entries are called {name:?}; name one by its id", ids.len())]
    Ambiguous {
        /// The path.
        path: String,
        /// The name that several have.
        name: String,
        /// Their ids.
        ids: Vec<DentryId>,
    },
    /// A rule of a filter that cannot be read.
    #[error("the filter cannot be used: {rule:?}: {reason}")]
    Filter {
        /// The rule.
        rule: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A sync that cannot be planned, or a plan that cannot be read.
    #[error("the sync cannot be planned or carried out: {0}")]
    Plan(String),
    /// More deletions than were allowed. Nothing was changed.
    #[error("{planned} files would be deleted, at most {most} may be: look at what is missing, or allow more")]
    TooManyDeletions {
        /// Files that would be deleted.
        planned: u64,
        /// Most that may be.
        most: u64,
    },
    /// More bytes than were allowed. Nothing of this file was transferred.
    #[error("{name:?} was not transferred: of {most} bytes that may be, {left} are left, and it takes {bytes}")]
    TooManyBytes {
        /// Name of the file.
        name: String,
        /// Bytes of the file, as far as they are known.
        bytes: u64,
        /// Bytes that are left.
        left: u64,
        /// Most bytes that may be transferred.
        most: u64,
    },
    /// A move or copy under another name that failed on its way, and could not be undone either.
    #[error(
        "{source}; it could not be undone ({undo}): {left} is {:?} now, in the folder with the id {} of space {}, and has \
         the uuid {}",
        entry.name, entry.parent, entry.space, entry.uuid
    )]
    HalfPlaced {
        /// Why it failed.
        source: Box<Error>,
        /// Why it could not be undone.
        undo: Box<Error>,
        /// What is left.
        left: Leftover,
        /// It, where it is now and under the name that it has there, as far as the answers told.
        entry: Box<Entry>,
    },
    /// A folder that this process changes faster than it can be listed.
    #[error("folder {folder} changes faster than it can be listed: look again when less is written to it")]
    Unsteady {
        /// Id of the folder.
        folder: DentryId,
    },
}

/// What a move or copy leaves behind that could not be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Leftover {
    /// What was to be moved: it is neither where it was, with the name that it had, nor where it was to be.
    Moved,
    /// A copy, which nobody needs; what was to be copied is as it was.
    Copy,
    /// A folder that was made for the replacement; what was to be moved or copied is as it was.
    Folder,
}

impl fmt::Display for Leftover {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Moved => "what was to be moved",
            Self::Copy => "a copy",
            Self::Folder => "a folder that was made on the way",
        })
    }
}

impl Error {
    /// What resumes the transfer that it stopped, with [`Drive::resume`](crate::Drive::resume); none where nothing is
    /// there to go on with.
    #[must_use]
    pub fn journal(&self) -> Option<&Path> {
        match self {
            Self::Stopped { journal, .. } => Some(journal),
            _ => None,
        }
    }
}
