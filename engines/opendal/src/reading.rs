//! Files read, in ranges of one version.

use std::sync::Mutex;

use dingtalk_storage_transfer::{ByteStream, Entry, OpenFile};
use opendal_core::raw::{OpRead, RpRead, oio};
use opendal_core::{Buffer, BytesRange, Error, ErrorKind, Result};
use tokio::sync::OnceCell;

use crate::core::Core;
use crate::failure::failed;
use crate::metadata::{Conditions, metadata};

/// A file. It is looked for when the first range is, and all ranges are of the version that it had then.
#[derive(Debug)]
pub(crate) struct FileReader {
    core: Core,
    path: String,
    version: Option<String>,
    conditions: Conditions,
    opened: OnceCell<(Entry, OpenFile)>,
}

impl FileReader {
    pub(crate) fn new(core: Core, path: &str, args: &OpRead) -> Self {
        Self {
            core,
            path: path.to_owned(),
            version: args.version().map(str::to_owned),
            conditions: Conditions {
                is: args.if_match().map(str::to_owned),
                is_not: args.if_none_match().map(str::to_owned),
                modified_since: args.if_modified_since(),
                unmodified_since: args.if_unmodified_since(),
            },
            opened: OnceCell::new(),
        }
    }

    async fn opened(&self) -> Result<&(Entry, OpenFile)> {
        let open = async || {
            let entry = version(&self.core, self.core.stat(&self.path).await?, self.version.as_deref()).await?;
            self.conditions.check(&entry)?;
            let download = self.core.drive.download(&entry);
            let file = match entry.version {
                Some(version) => download.version(version).open(),
                None => download.open(),
            };
            Ok((entry, file.map_err(|error| failed(&error))?))
        };
        self.opened.get_or_try_init(open).await
    }
}

/// A version of a file as it was then.
pub(crate) async fn version(core: &Core, entry: Entry, version: Option<&str>) -> Result<Entry> {
    let Some(wanted) = version else { return Ok(entry) };
    let number: Option<i64> = wanted.parse().ok();
    if number.is_some() && number == entry.version {
        return Ok(entry);
    }
    let versions = core.drive.versions(&entry).await.map_err(|error| failed(&error))?;
    let found = versions.into_iter().find(|each| number.is_some() && each.version == number);
    let mut found = found.ok_or_else(|| Error::new(ErrorKind::NotFound, "the file has no such version"))?;
    // Whatever the list of versions calls it, it is this file.
    (found.id, found.uuid) = (entry.id, entry.uuid);
    Ok(found)
}

impl oio::StreamRead for FileReader {
    async fn open(&self, range: BytesRange) -> Result<(RpRead, Box<dyn oio::ReadStreamDyn>)> {
        let (entry, file) = self.opened().await?;
        let size = usize::try_from(entry.size)
            .map_err(|_| Error::new(ErrorKind::Unsupported, "the file is larger than this machine can count"))?;
        let range = range.to_content_range(size)?;
        let metadata = RpRead::new(metadata(entry));
        if range.is_empty() {
            return Ok((metadata, Box::new(Buffer::new())));
        }
        let stream = Stream(Mutex::new(file.read(range.start as u64..range.end as u64)));
        Ok((metadata, Box::new(stream)))
    }
}

/// Bytes as they come. Only its owner uses it; the lock makes it one that several could.
struct Stream(Mutex<ByteStream>);

impl oio::ReadStream for Stream {
    async fn read(&mut self) -> Result<Buffer> {
        let stream = self.0.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner);
        let piece = stream.try_next().await.map_err(|error| failed(&error))?;
        Ok(piece.map_or_else(Buffer::new, Buffer::from))
    }
}
