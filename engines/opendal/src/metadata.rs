//! What is told of a file or folder.

use dingtalk_storage::runtime::Time;
use dingtalk_storage_transfer::Entry;
use opendal_core::raw::Timestamp;
use opendal_core::{Error, ErrorKind, Metadata, MetadataBuilder, Result};

pub(crate) fn metadata(entry: &Entry) -> Metadata {
    let mut builder = if entry.is_folder() { MetadataBuilder::dir() } else { MetadataBuilder::file(entry.size) };
    if let Some(modified) = modified(entry) {
        builder.last_modified(modified);
    }
    if !entry.is_folder() {
        builder.etag(etag(entry));
        if let Some(version) = entry.version {
            builder.version(version.to_string());
        }
    }
    builder.build()
}

/// One that another content of the file, and another file of the name, has not. The storage's checksum is no part of it,
/// because lists do not tell it.
fn etag(entry: &Entry) -> String {
    match entry.version {
        Some(version) => format!("\"{}.{version}\"", entry.uuid),
        None => format!("\"{}.{}\"", entry.uuid, entry.size),
    }
}

fn modified(entry: &Entry) -> Option<Timestamp> {
    let millis = entry.modified.as_ref().and_then(Time::unix_millis)?;
    Timestamp::from_millisecond(millis).ok()
}

/// What a file has to be so that something is done.
#[derive(Debug, Clone, Default)]
pub(crate) struct Conditions {
    /// Tags of which it has to have one.
    pub(crate) is: Option<String>,
    /// Tags of which it must have none.
    pub(crate) is_not: Option<String>,
    pub(crate) modified_since: Option<Timestamp>,
    pub(crate) unmodified_since: Option<Timestamp>,
}

impl Conditions {
    pub(crate) fn check(&self, entry: &Entry) -> Result<()> {
        let (etag, modified) = (etag(entry), modified(entry));
        let is_named = |tags: &str| tags == "*" || tags.split(',').any(|tag| tag.trim() == etag);
        let holds = self.is.as_deref().is_none_or(is_named)
            && !self.is_not.as_deref().is_some_and(is_named)
            && self.modified_since.is_none_or(|since| modified.is_none_or(|modified| modified > since))
            && self.unmodified_since.is_none_or(|since| modified.is_none_or(|modified| modified <= since));
        if holds {
            return Ok(());
        }
        Err(Error::new(ErrorKind::ConditionNotMatch, "the file is not as the condition wants it").set_permanent())
    }
}
