//! Objects read: as a whole, in ranges, under conditions, in earlier versions.

use std::ops::Range;

use bytes::Bytes;
use dingtalk_storage_transfer::{Entry, Error, OpenFile};
use futures_util::{StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{
    GetOptions, GetRange, GetResult, GetResultPayload, OBJECT_STORE_COALESCE_DEFAULT, Result, coalesce_ranges,
    collect_bytes,
};

use crate::failure::{STORE, failed, is_gone};
use crate::metadata::metadata;
use crate::store::{Found, Inner};

impl Inner {
    pub(crate) async fn get(&self, location: &Path, options: &GetOptions) -> Result<GetResult> {
        let path = self.place.path(location)?;
        let fail = |error: Error| failed(location.as_ref(), error);
        let Found { mut entry, mut from_memory } = self.find(&path).await.map_err(fail)?;
        loop {
            let wanted = self.version(&entry, options.version.as_deref()).await;
            let is_lost = matches!(&wanted, Err(Failure::Drive(error)) if from_memory && is_gone(error));
            if !is_lost {
                let wanted = wanted.map_err(|failure| failure.about(location))?;
                let meta = metadata(location.clone(), &wanted);
                options.check_preconditions(&meta)?;
                let range = match &options.range {
                    Some(range) => within(range, meta.size)?,
                    None => 0..meta.size,
                };
                let file = self.open(&path, &wanted).map_err(fail)?;
                let is_read = !options.head && !range.is_empty();
                match if is_read { file.ready().await } else { Ok(()) } {
                    Err(error) if from_memory && is_gone(&error) => {}
                    Err(error) => return Err(fail(error)),
                    Ok(()) => {
                        let bytes = if is_read { range.clone() } else { 0..0 };
                        return Ok(GetResult {
                            payload: GetResultPayload::Stream(stream(location, &file, bytes)),
                            attributes: self.attributes.of(&wanted),
                            range: if options.head { 0..meta.size } else { range },
                            meta,
                        });
                    }
                }
            }
            // What was known leads nowhere: what is there now?
            (entry, from_memory) = (self.ask(&path).await.map_err(fail)?, false);
        }
    }

    /// Ranges of one version; those that lie close to each other are read together.
    pub(crate) async fn get_ranges(&self, location: &Path, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        if ranges.is_empty() {
            return Ok(Vec::new());
        }
        let path = self.place.path(location)?;
        let fail = |error: Error| failed(location.as_ref(), error);
        let Found { mut entry, from_memory } = self.find(&path).await.map_err(fail)?;
        let mut file = self.open(&path, &entry).map_err(fail)?;
        match file.ready().await {
            Err(error) if from_memory && is_gone(&error) => {
                entry = self.ask(&path).await.map_err(fail)?;
                file = self.open(&path, &entry).map_err(fail)?;
            }
            ready => ready.map_err(fail)?,
        }
        for range in ranges {
            within(&GetRange::Bounded(range.clone()), entry.size)?;
        }
        let fetch = |range: Range<u64>| {
            let length = range.end - range.start;
            collect_bytes(stream(location, &file, range), Some(length))
        };
        coalesce_ranges(ranges, fetch, OBJECT_STORE_COALESCE_DEFAULT).await
    }

    /// A file open for all reads of its version, which share signed URLs.
    fn open(&self, path: &str, entry: &Entry) -> Result<OpenFile, Error> {
        if entry.is_online_document() {
            return Err(Error::NotAFile { name: entry.name.clone() });
        }
        self.recent.opened(path, entry, || {
            let download = self.drive.download(entry);
            // What is read is what the metadata is about, whatever is stored meanwhile.
            match entry.version {
                Some(version) => download.version(version).open(),
                None => download.open(),
            }
        })
    }

    /// A version of a file as it was then.
    async fn version(&self, entry: &Entry, version: Option<&str>) -> Result<Entry, Failure> {
        let Some(wanted) = version else { return Ok(entry.clone()) };
        let number: Option<i64> = wanted.parse().ok();
        if number.is_some() && number == entry.version {
            return Ok(entry.clone());
        }
        let versions = self.drive.versions(entry).await.map_err(Failure::Drive)?;
        let found = versions.into_iter().find(|each| number.is_some() && each.version == number);
        let mut found = found.ok_or_else(|| Failure::NoVersion(wanted.to_owned()))?;
        // Whatever the list of versions calls it, it is this file.
        (found.id, found.uuid) = (entry.id.clone(), entry.uuid.clone());
        Ok(found)
    }
}

enum Failure {
    Drive(Error),
    NoVersion(String),
}

impl Failure {
    fn about(self, location: &Path) -> object_store::Error {
        match self {
            Self::Drive(error) => failed(location.as_ref(), error),
            Self::NoVersion(version) => object_store::Error::NotFound {
                path: location.to_string(),
                source: format!("it has no version {version:?}").into(),
            },
        }
    }
}

fn within(range: &GetRange, size: u64) -> Result<Range<u64>> {
    range.as_range(size).map_err(|source| object_store::Error::Generic { store: STORE, source: Box::new(source) })
}

fn stream(
    location: &Path,
    file: &OpenFile,
    range: Range<u64>,
) -> futures_util::stream::BoxStream<'static, Result<Bytes>> {
    let path = location.to_string();
    file.read(range).map_err(move |error| failed(&path, error)).boxed()
}
