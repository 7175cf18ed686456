//! What has a name at one moment, so that it is known later whether it still has.

use std::ffi::OsStr;

use cap_std::fs::{Dir, Metadata};
use serde::{Deserialize, Serialize};

/// What has a name. It is another one when another file took its place, or its bytes or attributes were changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Occupant {
    length: u64,
    /// Number in its file system, and when its attributes were changed last, in nanoseconds since 1970.
    identity: Option<(u64, i64)>,
    /// When its content was changed last, in nanoseconds since 1970.
    modified: Option<i64>,
}

/// What had a name when something was begun: perhaps nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Replaced(pub(crate) Option<Occupant>);

impl Occupant {
    /// What has a name in a folder; a link counts by itself.
    pub(crate) fn of(dir: &Dir, name: &OsStr) -> Option<Self> {
        dir.symlink_metadata(name).ok().map(|metadata| Self::from(&metadata))
    }
}

#[cfg(unix)]
impl From<&Metadata> for Occupant {
    fn from(metadata: &Metadata) -> Self {
        use cap_std::fs::MetadataExt;
        let nanos = |seconds: i64, nanos| seconds.checked_mul(1_000_000_000)?.checked_add(nanos);
        let changed = nanos(metadata.ctime(), metadata.ctime_nsec());
        Self {
            length: metadata.len(),
            identity: changed.map(|changed| (metadata.ino(), changed)),
            modified: nanos(metadata.mtime(), metadata.mtime_nsec()),
        }
    }
}

#[cfg(not(unix))]
impl From<&Metadata> for Occupant {
    fn from(metadata: &Metadata) -> Self {
        let modified = metadata.modified().ok().map(cap_std::time::SystemTime::into_std);
        let since = modified.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        let modified = since.and_then(|since| i64::try_from(since.as_nanos()).ok());
        Self { length: metadata.len(), identity: None, modified }
    }
}
