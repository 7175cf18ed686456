//! What all operations share: the drive, the root, and paths.

use std::fmt;
use std::sync::Arc;

use dingtalk_storage::types::{ConflictStrategy, SpaceId};
use dingtalk_storage_transfer::{Drive, Entry, Paths, name_from_drive, name_on_drive};
use opendal_core::{Error, ErrorKind, Metadata, Result};

use crate::failure::failed;
use crate::metadata::metadata;

/// What all operations share.
#[derive(Clone)]
pub(crate) struct Core {
    pub(crate) drive: Drive,
    pub(crate) space: SpaceId,
    /// As `OpenDAL` has it, with slashes at both ends.
    pub(crate) root: Arc<str>,
    pub(crate) deletes_for_good: bool,
}

impl fmt::Debug for Core {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Core").field("space", &self.space).field("root", &self.root).finish_non_exhaustive()
    }
}

impl Core {
    pub(crate) fn new(drive: Drive, space: SpaceId, root: String, deletes_for_good: bool) -> Self {
        Self { drive, space, root: root.into(), deletes_for_good }
    }

    pub(crate) fn paths(&self) -> Paths {
        self.drive.paths(&self.space)
    }

    pub(crate) fn is_whole_space(&self) -> bool {
        &*self.root == "/"
    }

    /// The path of the drive, with a slash behind that of a folder.
    pub(crate) fn path(&self, path: &str) -> Result<String> {
        let mut there = String::from("/");
        for name in self.root.split('/').chain(path.split('/')).filter(|name| !name.is_empty()) {
            let name = name_on_drive(name).map_err(|reason| {
                Error::new(ErrorKind::Unsupported, format!("{path:?} cannot be a path of the drive: {reason}"))
            })?;
            there.push_str(&name);
            there.push('/');
        }
        if !(path.is_empty() || path.ends_with('/')) {
            there.pop();
        }
        Ok(there)
    }

    /// The folder that has a file, and its name there.
    pub(crate) fn split(&self, path: &str) -> Result<(String, String)> {
        let there = self.path(path)?;
        match there.rsplit_once('/') {
            Some((folder, name)) if !name.is_empty() => Ok((format!("{folder}/"), name.to_owned())),
            _ => Err(Error::new(ErrorKind::IsADirectory, format!("{path:?} is the path of a folder"))),
        }
    }

    /// What a path leads to now.
    pub(crate) async fn stat(&self, path: &str) -> Result<Entry> {
        let there = self.path(path)?;
        let paths = self.paths();
        let found = if there.ends_with('/') { paths.stat(&there).await } else { paths.stat_file(&there).await };
        let found = found.map_err(|error| failed(&error))?;
        if found.is_online_document() {
            return Err(Error::new(ErrorKind::Unsupported, "it is an online document, which has no bytes"));
        }
        Ok(found)
    }

    /// Copies or moves a file.
    pub(crate) async fn place(&self, from: &str, to: &str, moves: bool, if_not_exists: bool) -> Result<Metadata> {
        let (folder, name) = self.split(to)?;
        let entry = self.stat(from).await?;
        if from == to {
            return Err(Error::new(ErrorKind::IsSameFile, "both paths are the same"));
        }
        let folder = self.paths().make_folders(&folder).await.map_err(|error| failed(&error))?;
        let placing = if moves { self.drive.move_to(&entry, &folder) } else { self.drive.copy(&entry, &folder) };
        let strategy = strategy(if_not_exists);
        let placed = placing.name(name).on_conflict(strategy).send().await;
        placed.map(|placed| metadata(&placed)).map_err(|error| condition(failed(&error), if_not_exists))
    }
}

pub(crate) fn strategy(if_not_exists: bool) -> ConflictStrategy {
    if if_not_exists { ConflictStrategy::ReturnErrorIfExists } else { ConflictStrategy::Overwrite }
}

/// Who asked for a name that nothing has is told that something has it.
pub(crate) fn condition(error: Error, if_not_exists: bool) -> Error {
    if if_not_exists && error.kind() == ErrorKind::AlreadyExists {
        return Error::new(ErrorKind::ConditionNotMatch, "something has the name already").set_source(error);
    }
    error
}

/// The path of something in a folder, as the operator has it: `folder` is empty, or has a slash behind it.
pub(crate) fn join(folder: &str, on_drive: &str, is_folder: bool) -> Result<String> {
    let name = name_from_drive(on_drive).ok().filter(|name| !name.contains('/') && name != "." && name != "..");
    let Some(name) = name else {
        let text = format!("{on_drive:?} in {folder:?} cannot be part of a path: rename it");
        return Err(Error::new(ErrorKind::Unexpected, text));
    };
    Ok(if is_folder { format!("{folder}{name}/") } else { format!("{folder}{name}") })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use dingtalk_storage::Client;
    use dingtalk_storage::credentials::InternalApp;

    use super::*;

    fn core(root: &str) -> Core {
        let client = Client::builder().base_url("http://127.0.0.1:1").credentials(InternalApp::new("key", "secret"));
        let drive = Drive::new(&client.build().unwrap().operator(&"ada".into()));
        Core::new(drive, SpaceId::new("7"), root.to_owned(), false)
    }

    #[test]
    fn paths_are_names_of_the_drive() {
        for (root, path, there) in [
            ("/", "", "/"),
            ("/", "/", "/"),
            ("/", "a/b.txt", "/a/b.txt"),
            ("/r/s/", "a*b/", "/r/s/a‛＊b/"),
            ("/r/", "/", "/r/"),
            ("/r/", "end.", "/r/end‛．"),
        ] {
            assert_eq!(core(root).path(path).unwrap(), there, "{root} {path}");
        }
        assert_eq!(core("/r/").split("a").unwrap(), ("/r/".to_owned(), "a".to_owned()));
        assert_eq!(core("/").split("a/").unwrap_err().kind(), ErrorKind::IsADirectory);
    }
}
