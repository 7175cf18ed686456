//! A site takes its place as a whole: it is written beside the old one first, and an interruption leaves either of them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::Site;

/// Names a folder that has a site, so that no other folder is replaced.
const MARK: &str = ".dingtalk-storage-site";

/// Why a site was not written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder has something else.
    #[error("{} has something else than a site and would be replaced; name an empty folder, or a new one", .0.display())]
    Foreign(PathBuf),
    /// The path names no folder that can be made.
    #[error("{} is no name of a folder to write", .0.display())]
    NoName(PathBuf),
    /// Something could not be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// What.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Writes a site into a folder, in place of the site that it has.
///
/// # Errors
///
/// When the folder has something else, or cannot be written. What was there is then still there.
pub fn write(site: &Site, folder: &Path) -> Result<(), Error> {
    if !is_free(folder)? {
        return Err(Error::Foreign(folder.to_owned()));
    }
    let name = folder.file_name().ok_or_else(|| Error::NoName(folder.to_owned()))?.to_string_lossy().into_owned();
    let process = std::process::id();
    let beside = |kind: &str| folder.with_file_name(format!(".{name}.{process}.{kind}"));
    let (new, old) = (beside("new"), beside("old"));
    let written = fill(site, &new).and_then(|()| swap(folder, &new, &old));
    if written.is_err() {
        // What is left of it is ours; that it cannot be removed changes nothing about the failure.
        let _ = fs::remove_dir_all(&new);
    }
    written
}

/// Whether nothing is lost when the folder is replaced.
fn is_free(folder: &Path) -> Result<bool, Error> {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => wrap(folder, Err(error)),
        Ok(mut entries) => Ok(entries.next().is_none() || folder.join(MARK).is_file()),
    }
}

fn fill(site: &Site, folder: &Path) -> Result<(), Error> {
    wrap(folder, fs::create_dir_all(folder))?;
    let mark = folder.join(MARK);
    wrap(&mark, fs::write(&mark, "Made by `cargo xtask site`, which replaces this folder.\n"))?;
    for (path, text) in site.files() {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            wrap(parent, fs::create_dir_all(parent))?;
        }
        wrap(&path, fs::write(&path, text))?;
    }
    Ok(())
}

/// The new folder in place of the old one, which comes back when that fails.
fn swap(folder: &Path, new: &Path, old: &Path) -> Result<(), Error> {
    let had_one = folder.exists();
    if had_one {
        wrap(folder, fs::rename(folder, old))?;
    }
    if let Err(error) = fs::rename(new, folder) {
        if had_one {
            wrap(folder, fs::rename(old, folder))?;
        }
        return wrap(folder, Err(error));
    }
    if had_one { wrap(old, fs::remove_dir_all(old)) } else { Ok(()) }
}

fn wrap<T>(path: &Path, result: io::Result<T>) -> Result<T, Error> {
    result.map_err(|source| Error::Write { path: path.to_owned(), source })
}
