//! A file that is read here and there.

use std::fmt;
use std::ops::RangeBounds;
use std::sync::Arc;

use super::{ByteStream, Job, Wanted};
use crate::Error;

/// A file that is read here and there, by however many at the same time. However much is read of it, it takes one call of
/// the API while its signed URLs work, which is some minutes, and one more each time that they have expired.
///
/// All reads are of one content: when the file becomes another one, they fail as [`Error::Changed`]. Where a
/// [`version`](super::Download::version) was asked for, they go on with that. Cloning it is cheap.
#[derive(Clone)]
pub struct OpenFile {
    job: Arc<Job>,
}

impl OpenFile {
    pub(super) fn new(job: Arc<Job>) -> Self {
        Self { job }
    }

    /// Asks for the signed URLs, unless there are some: one call of the API. Reads do so by themselves; who asks before
    /// learns that the file does not exist, or may not be read, without reading it.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if the API refused.
    pub async fn ready(&self) -> Result<(), Error> {
        self.job.urls.get(&self.job).await.map(drop)
    }

    /// The bytes of a range, counted from 0, as they come; an end behind that of the file is that of the file. Those of
    /// the whole file are held against the storage's checksum.
    pub fn read(&self, range: impl RangeBounds<u64>) -> ByteStream {
        ByteStream::of_range(Ok(Arc::clone(&self.job)), Wanted::new(&range))
    }
}

impl fmt::Debug for OpenFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("OpenFile").field("file", &self.job.file).finish_non_exhaustive()
    }
}
