//! Lists: folder by folder, each asked for when it is come to.

use std::collections::VecDeque;

use dingtalk_storage_transfer::Error;
use opendal_core::Result;
use opendal_core::raw::{OpList, oio};

use crate::core::{Core, join};
use crate::failure::failed;
use crate::metadata::metadata;

/// What lies in a folder, or all that lies below it. It ends, for each folder is listed once.
#[derive(Debug)]
pub(crate) struct FolderLister {
    core: Core,
    /// What all paths begin with.
    prefix: String,
    is_recursive: bool,
    /// Folders to list, as the operator has them; the next one is the last.
    folders: Vec<String>,
    ready: VecDeque<oio::Entry>,
    has_begun: bool,
}

impl FolderLister {
    pub(crate) fn new(core: Core, path: &str, args: &OpList) -> Self {
        let path = if path == "/" { "" } else { path };
        // What does not end with a slash is the beginning of names in the folder above.
        let folder = path.rfind('/').map_or("", |slash| path.get(..=slash).unwrap_or_default());
        Self {
            core,
            prefix: path.to_owned(),
            is_recursive: args.recursive(),
            folders: vec![folder.to_owned()],
            ready: VecDeque::new(),
            has_begun: false,
        }
    }

    /// The folder that is listed is the first of its list, as in those of a file system.
    async fn begin(&mut self) -> Result<()> {
        self.has_begun = true;
        if !(self.prefix.is_empty() || self.prefix.ends_with('/')) {
            return Ok(());
        }
        let path = if self.prefix.is_empty() { "/" } else { &self.prefix };
        match self.core.stat(path).await {
            Ok(folder) => self.ready.push_back(oio::Entry::new(path, metadata(&folder))),
            Err(error) if error.kind() == opendal_core::ErrorKind::NotFound => self.folders.clear(),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    async fn list(&mut self, folder: String) -> Result<()> {
        let there = self.core.path(if folder.is_empty() { "/" } else { &folder })?;
        let mut entries = match self.core.paths().list(&there).await {
            // A folder that nothing has is no error, nor one that is removed meanwhile.
            Err(Error::NotFound { .. }) => Vec::new(),
            listed => listed.map_err(|error| failed(&error))?,
        };
        entries.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        let mut below = Vec::new();
        for entry in entries.iter().filter(|entry| !entry.is_online_document()) {
            let path = join(&folder, entry)?;
            if !path.starts_with(&self.prefix) {
                continue;
            }
            if entry.is_folder() && self.is_recursive {
                below.push(path.clone());
            }
            self.ready.push_back(oio::Entry::new(&path, metadata(entry)));
        }
        self.folders.extend(below.into_iter().rev());
        Ok(())
    }
}

impl oio::List for FolderLister {
    async fn next(&mut self) -> Result<Option<oio::Entry>> {
        if !self.has_begun {
            self.begin().await?;
        }
        loop {
            if let Some(entry) = self.ready.pop_front() {
                return Ok(Some(entry));
            }
            let Some(folder) = self.folders.pop() else { return Ok(None) };
            self.list(folder).await?;
        }
    }
}
