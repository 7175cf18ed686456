//! What is told of an object.

use chrono::{DateTime, Utc};
use dingtalk_storage::runtime::Time;
use dingtalk_storage_transfer::Entry;
use object_store::path::Path;
use object_store::{ObjectMeta, PutResult};

/// What is told of a file.
pub(crate) fn metadata(location: Path, entry: &Entry) -> ObjectMeta {
    ObjectMeta {
        location,
        last_modified: modified(entry),
        size: entry.size,
        e_tag: Some(e_tag(entry)),
        version: version(entry),
    }
}

/// What is told of a file that was written.
pub(crate) fn put_result(entry: &Entry) -> PutResult {
    PutResult { e_tag: Some(e_tag(entry)), version: version(entry) }
}

/// One that another content of the file, and another file of the name, has not.
fn e_tag(entry: &Entry) -> String {
    match entry.version {
        Some(version) => format!("{}.{version}", entry.uuid),
        // Of a file without versions, this is what tells its contents apart.
        None => format!("{}.{}.{}", entry.uuid, modified(entry).timestamp_millis(), entry.size),
    }
}

fn version(entry: &Entry) -> Option<String> {
    entry.version.map(|version| version.to_string())
}

/// The beginning of time where the drive does not say.
fn modified(entry: &Entry) -> DateTime<Utc> {
    entry.modified.as_ref().and_then(Time::to_chrono).unwrap_or(DateTime::UNIX_EPOCH)
}
