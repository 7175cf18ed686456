//! Memory for what readers gave and what is not sent yet: all uploads of a drive share it.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What is counted, in bytes.
const UNIT: u64 = 64 << 10;

/// So much memory; parts that find no place in it are on the disk.
#[derive(Debug, Clone)]
pub(crate) struct ReaderMemory(Arc<Semaphore>);

/// A place in it, which is there for others once nothing is in it any more.
#[derive(Debug, Clone)]
pub(super) struct Place {
    bytes: u64,
    _taken: Arc<OwnedSemaphorePermit>,
}

impl ReaderMemory {
    pub(crate) fn new(bytes: u64) -> Self {
        let units = usize::try_from(bytes / UNIT).unwrap_or(usize::MAX);
        Self(Arc::new(Semaphore::new(units.min(Semaphore::MAX_PERMITS))))
    }

    /// A place for so many bytes, if there is one now: nobody waits for memory who can have the disk.
    pub(super) fn place(&self, bytes: u64) -> Option<Place> {
        let units = u32::try_from(bytes.div_ceil(UNIT)).ok()?;
        let taken = Arc::clone(&self.0).try_acquire_many_owned(units).ok()?;
        Some(Place { bytes, _taken: Arc::new(taken) })
    }
}

impl Place {
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// Bytes that come, and the place that they are in.
pub(super) struct Held {
    pub(super) bytes: BytesMut,
    place: Option<Place>,
}

impl Held {
    pub(super) fn new(place: Option<&Place>) -> Self {
        Self { bytes: BytesMut::new(), place: place.cloned() }
    }

    /// The bytes, which keep the place as long as somebody has some of them.
    pub(super) fn freeze(self) -> Bytes {
        match self.place {
            Some(_) => Bytes::from_owner(self),
            None => self.bytes.freeze(),
        }
    }
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}
