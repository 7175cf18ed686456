//! Lists: of a whole space page by page, else folder by folder, each asked for when it is come to.

use std::collections::VecDeque;

use dingtalk_storage_transfer::{Error, PlacedWalk};
use opendal_core::raw::{OpList, oio};
use opendal_core::{ErrorKind, Result};

use crate::core::{Core, join};
use crate::failure::failed;
use crate::metadata::metadata;

/// What lies in a folder, or all that lies below it. It ends, for each folder is listed once.
#[derive(Debug)]
pub(crate) struct Lister {
    core: Core,
    /// What all paths begin with.
    prefix: String,
    is_recursive: bool,
    /// All that there is in the space, if that is what is listed.
    all: Option<PlacedWalk>,
    /// Folders to list, as the operator has them; the next one is the last.
    folders: Vec<String>,
    ready: VecDeque<oio::Entry>,
    has_begun: bool,
}

impl Lister {
    pub(crate) fn new(core: Core, path: &str, args: &OpList) -> Self {
        let path = if path == "/" { "" } else { path };
        Self {
            core,
            prefix: path.to_owned(),
            is_recursive: args.recursive(),
            all: None,
            folders: Vec::new(),
            ready: VecDeque::new(),
            has_begun: false,
        }
    }

    /// The folder that is listed is the first of its list, as in those of a file system.
    async fn begin(&mut self) -> Result<()> {
        self.has_begun = true;
        // What does not end with a slash is the beginning of names in the folder above.
        let folder = self.prefix.rfind('/').and_then(|slash| self.prefix.get(..=slash)).unwrap_or_default();
        if folder == self.prefix {
            let path = if folder.is_empty() { "/" } else { folder };
            let found = match self.core.stat(path).await {
                // A folder that nothing has is no error.
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
                found => found?,
            };
            self.ready.push_back(oio::Entry::new(path, metadata(&found)));
            if self.is_recursive && self.prefix.is_empty() && self.core.is_whole_space() {
                self.all = Some(self.core.drive.walk_placed(&found));
                return Ok(());
            }
        }
        self.folders.push(folder.to_owned());
        Ok(())
    }

    async fn list(&mut self, folder: String) -> Result<()> {
        let there = self.core.path(if folder.is_empty() { "/" } else { &folder })?;
        let mut entries = match self.core.paths().list(&there).await {
            // Nor is one that is removed meanwhile.
            Err(Error::NotFound { .. }) => Vec::new(),
            listed => listed.map_err(|error| failed(&error))?,
        };
        entries.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        let mut below = Vec::new();
        for entry in entries.iter().filter(|entry| !entry.is_online_document()) {
            let path = join(&folder, &entry.name, entry.is_folder())?;
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

/// The next entry of a space; none after the last.
async fn next_of(all: &mut PlacedWalk) -> Result<Option<oio::Entry>> {
    while let Some(placed) = all.try_next().await.map_err(|error| failed(&error))? {
        if !placed.entry.is_online_document() {
            let folder = placed.folders.iter().try_fold(String::new(), |folder, name| join(&folder, name, true))?;
            let path = join(&folder, &placed.entry.name, placed.entry.is_folder())?;
            return Ok(Some(oio::Entry::new(&path, metadata(&placed.entry))));
        }
    }
    if all.is_complete() {
        return Ok(None);
    }
    let text = "the space could not be listed to its end: something in it may not be read, or was removed meanwhile";
    Err(opendal_core::Error::new(ErrorKind::Unexpected, text))
}

impl oio::List for Lister {
    async fn next(&mut self) -> Result<Option<oio::Entry>> {
        if !self.has_begun {
            self.begin().await?;
        }
        loop {
            if let Some(entry) = self.ready.pop_front() {
                return Ok(Some(entry));
            }
            if let Some(all) = &mut self.all {
                return next_of(all).await;
            }
            let Some(folder) = self.folders.pop() else { return Ok(None) };
            self.list(folder).await?;
        }
    }
}
