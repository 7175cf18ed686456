//! What is written down about a download on its way, so that it can go on after a crash. There is neither URL nor key
//! in it.

use serde::{Deserialize, Serialize};

use super::identity::Identity;
use super::parts::{Part, Parts};
use super::remote_file::NotedFile;
use super::{Download, Job, RemoteFile, Wanted};
use crate::Drive;
use crate::journal::ExactPath;
use crate::local::{Occupant, Replaced};

/// Format of the records; those of another one are not read.
const FORMAT: u32 = 1;

/// One note.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Record {
    /// The download was begun.
    Download(Box<Begun>),
    /// A stretch is on its way to the disk: it is read again before it is believed.
    There { start: u64, end: u64, crc64: u64 },
}

/// Which bytes of which file go where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Begun {
    format: u32,
    pub(crate) operator: String,
    pub(crate) target: ExactPath,
    pub(super) file: NotedFile,
    /// What it is called in messages.
    pub(crate) name: String,
    pub(super) version: Option<i64>,
    pub(super) start: u64,
    pub(super) end: Option<u64>,
    pub(super) accept_unverified: bool,
    /// What had the name when it was begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    replaced: Option<Occupant>,
    etag: String,
    crc64: Option<u64>,
    size: u64,
}

impl Begun {
    /// None where nothing tells its content from another one.
    pub(super) fn of(
        job: &Job,
        target: &ExactPath,
        accept_unverified: bool,
        replaced: Option<&Occupant>,
    ) -> Option<Self> {
        let Identity { etag: Some(etag), crc64, size: Some(size) } = job.identity().clone() else { return None };
        // A weak tag promises no equal bytes.
        if etag.starts_with("W/") {
            return None;
        }
        Some(Self {
            format: FORMAT,
            operator: job.drive.client().operator().as_str().to_owned(),
            target: target.clone(),
            file: job.file.noted(),
            name: job.file.name(),
            version: job.version,
            start: job.wanted.start,
            end: job.wanted.end,
            accept_unverified,
            replaced: replaced.cloned(),
            etag,
            crc64,
            size,
        })
    }

    fn is_of(&self, job: &Job) -> bool {
        let wanted = (job.wanted.start, job.wanted.end);
        self.format == FORMAT
            && self.file == job.file.noted()
            && self.version == job.version
            && (self.start, self.end) == wanted
    }

    /// The same download once more.
    pub(crate) fn download(self, drive: &Drive) -> Download {
        let mut download = drive.download(RemoteFile::from(self.file));
        download.version = self.version;
        download.wanted = Wanted { start: self.start, end: self.end };
        download.accept_unverified = self.accept_unverified;
        download.replaces_only = Some(Replaced(self.replaced));
        download
    }

    /// Bytes that are wanted of the file.
    pub(crate) fn length(&self) -> u64 {
        self.end.unwrap_or(self.size).min(self.size).saturating_sub(self.start)
    }
}

/// What the records say, if they are about the same bytes of the same file.
pub(super) fn read(job: &Job, records: &[Record]) -> Option<(Identity, Parts)> {
    let (Record::Download(begun), records) = records.split_first()? else { return None };
    let identity = Identity { etag: Some(begun.etag.clone()), crc64: begun.crc64, size: Some(begun.size) };
    begun.is_of(job).then(|| (identity, parts(records, &job.wanted.of(begun.size))))
}

/// The stretches that are there. The newest first: what was written down before may have been lost and fetched again.
fn parts(records: &[Record], wanted: &std::ops::Range<u64>) -> Parts {
    let mut parts = Parts::default();
    for record in records.iter().rev() {
        if let Record::There { start, end, crc64 } = *record
            && start >= wanted.start
            && end <= wanted.end
        {
            parts.add(Part { range: start..end, crc: crc64 });
        }
    }
    parts
}

/// Bytes that are there, as far as it is written down.
pub(crate) fn bytes(records: &[Record]) -> u64 {
    parts(records, &(0..u64::MAX)).bytes()
}

impl From<&Part> for Record {
    fn from(part: &Part) -> Self {
        Self::There { start: part.range.start, end: part.range.end, crc64: part.crc }
    }
}
