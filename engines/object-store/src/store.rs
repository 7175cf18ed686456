//! The store, and how it does what the trait asks for.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use bytes::Bytes;
use dingtalk_storage_transfer::{Drive, Entry, Error, Paths, RecentPaths};
use futures_util::stream::BoxStream;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMultipartOptions,
    PutOptions, PutPayload, PutResult, RenameOptions, Result,
};

use crate::attributes::AttributePolicy;
use crate::gates::Gates;
use crate::location::Place;
use crate::recent::Recent;

/// A space of the drive, or a folder of it, as an object store. Cloning it is cheap; clones share what they know.
#[derive(Clone)]
pub struct DingtalkStore {
    pub(crate) inner: Arc<Inner>,
}

/// What the clones of a store share.
#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) drive: Drive,
    pub(crate) place: Place,
    pub(crate) attributes: AttributePolicy,
    pub(crate) deletes_for_good: bool,
    pub(crate) recent: Recent,
    /// Held by who renames an object: of two, one comes too late.
    pub(crate) renaming: Gates,
}

/// A file, and whether it was known before.
pub(crate) struct Found {
    pub(crate) entry: Entry,
    pub(crate) from_memory: bool,
}

impl DingtalkStore {
    /// The drive below: its calls are counted there, and can be [limited](Drive::limited).
    #[must_use]
    pub fn drive(&self) -> &Drive {
        &self.inner.drive
    }
}

impl Inner {
    pub(crate) fn paths(&self) -> Paths {
        self.drive.paths(&self.place.space)
    }

    /// The same, where what was seen a moment ago is believed.
    pub(crate) fn recent_paths(&self) -> RecentPaths {
        self.paths().recent(self.recent.freshness())
    }

    /// The file of a path, as it was a moment ago.
    pub(crate) async fn find(&self, path: &str) -> Result<Found, Error> {
        match self.recent.entry(path) {
            Some(entry) => Ok(Found { entry, from_memory: true }),
            None => Ok(Found { entry: self.ask(path).await?, from_memory: false }),
        }
    }

    /// The file of a path, as it is now.
    pub(crate) async fn ask(&self, path: &str) -> Result<Entry, Error> {
        let asked = Instant::now();
        let found = self.paths().stat_file(path).await;
        match &found {
            Ok(entry) => self.recent.learn(path, entry, asked),
            Err(_) => self.recent.forget(path),
        }
        found
    }
}

#[async_trait]
impl ObjectStore for DingtalkStore {
    async fn put_opts(&self, location: &Path, payload: PutPayload, opts: PutOptions) -> Result<PutResult> {
        self.inner.put(location, payload, opts).await
    }

    async fn put_multipart_opts(&self, location: &Path, opts: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        self.inner.put_multipart(location, opts)
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.inner.get(location, &options).await
    }

    async fn get_ranges(&self, location: &Path, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        self.inner.get_ranges(location, ranges).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        Arc::clone(&self.inner).delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        Arc::clone(&self.inner).list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.inner.copy(from, to, options.mode).await
    }

    async fn rename_opts(&self, from: &Path, to: &Path, options: RenameOptions) -> Result<()> {
        self.inner.rename(from, to, options.target_mode).await
    }
}

impl fmt::Display for DingtalkStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "DingtalkStore({})", self.inner.place)
    }
}

impl fmt::Debug for DingtalkStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}
