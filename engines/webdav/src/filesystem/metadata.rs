//! What is told of a file or folder.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dav_server::fs::{DavDirEntry, DavMetaData, FsError, FsFuture, FsResult};
use dingtalk_storage::runtime::Time;
use dingtalk_storage_transfer::Entry;

use crate::asked::Asked;

/// What is told of an entry.
#[derive(Debug, Clone)]
pub(super) struct Meta {
    entry: Entry,
    /// Whether it is told as a property: the protocol's library puts quotes around the tags of headers alone.
    is_property: bool,
}

impl Meta {
    pub(super) fn new(entry: Entry, asked: &Asked) -> Self {
        Self { entry, is_property: asked.is("PROPFIND") }
    }
}

impl DavMetaData for Meta {
    fn len(&self) -> u64 {
        self.entry.size
    }

    fn modified(&self) -> FsResult<SystemTime> {
        let millis = self.entry.modified.as_ref().and_then(Time::unix_millis).ok_or(FsError::NotImplemented)?;
        let time = u64::try_from(millis).ok().and_then(|millis| UNIX_EPOCH.checked_add(Duration::from_millis(millis)));
        time.ok_or(FsError::NotImplemented)
    }

    fn is_dir(&self) -> bool {
        self.entry.is_folder()
    }

    /// Another one for each content: the drive counts versions.
    fn etag(&self) -> Option<String> {
        let Entry { id, version, size, modified, .. } = &self.entry;
        let version = match version {
            Some(version) => version.to_string(),
            None => format!("t{}", modified.as_ref().and_then(Time::unix_millis)?),
        };
        let quote = if self.is_property { "\"" } else { "" };
        self.is_file().then(|| format!("{quote}{id}.{version}.{size:x}{quote}"))
    }
}

/// An entry in a listing.
#[derive(Debug)]
pub(super) struct DirEntry {
    name: String,
    meta: Meta,
}

impl DirEntry {
    pub(super) fn boxed(name: String, meta: Meta) -> Box<dyn DavDirEntry> {
        Box::new(Self { name, meta })
    }
}

impl DavDirEntry for DirEntry {
    fn name(&self) -> Vec<u8> {
        self.name.clone().into_bytes()
    }

    fn metadata(&self) -> FsFuture<'_, Box<dyn DavMetaData>> {
        let meta: Box<dyn DavMetaData> = Box::new(self.meta.clone());
        Box::pin(std::future::ready(Ok(meta)))
    }
}
