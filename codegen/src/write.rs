//! Output to disk: only what differs is written, left-over files are removed, and an interruption loses nothing.
//!
//! New contents go to a file beside the old one first and take its place by a rename, so every file is old or new as a
//! whole at any moment. A run that was cut short leaves some files new and some old; the next run mends the rest.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::output::Output;

/// What a file that is being written is called until it takes its place.
const STAGED: &str = "generated-new";

/// What a writer does to files. A trait so that tests can fail at any step.
pub trait FileSystem {
    /// Content of a file, or `None` if there is none.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    fn read(&self, path: &Path) -> io::Result<Option<Vec<u8>>>;
    /// Writes a file and what folders it needs.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    fn write(&self, path: &Path, content: &[u8]) -> io::Result<()>;
    /// Moves a file over another one.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// All files below a folder, at any depth, in a fixed order; none if the folder does not exist.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    fn files_below(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;
}

/// The real file system.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

impl FileSystem for Disk {
    fn read(&self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        match fs::read(path) {
            Ok(content) => Ok(Some(content)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn write(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = fs::File::create(path)?;
        io::Write::write_all(&mut file, content)?;
        file.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn files_below(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        if !folder.is_dir() {
            return Ok(Vec::new());
        }
        let mut files = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                files.extend(self.files_below(&entry.path())?);
            } else {
                files.push(entry.path());
            }
        }
        files.sort();
        Ok(files)
    }
}

/// What differs between the output and the disk, as paths below the root.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files that do not exist yet.
    pub missing: Vec<String>,
    /// Files with other contents.
    pub changed: Vec<String>,
    /// Generated files that nothing makes any more.
    pub orphaned: Vec<String>,
    /// Files that are as they should be.
    pub unchanged: usize,
    /// What an interrupted run left behind.
    staged: Vec<PathBuf>,
}

impl Changes {
    /// Whether the disk is as it should be.
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.changed.is_empty() && self.orphaned.is_empty() && self.staged.is_empty()
    }
}

/// Writes outputs below a root folder.
#[derive(Debug)]
pub struct Writer<'a, F> {
    /// The folder that the paths of the output start from.
    pub root: &'a Path,
    /// Where files are.
    pub files: F,
}

impl<F: FileSystem> Writer<'_, F> {
    /// Compares the output with the disk. Changes nothing.
    ///
    /// # Errors
    ///
    /// [`Error::Foreign`] if a file that the generator did not write stands in one of its folders, [`Error::Write`] if
    /// something cannot be read.
    pub fn compare(&self, output: &Output) -> Result<Changes, Error> {
        let mut changes = Changes::default();
        for (path, text) in output.files() {
            match self.read(path)? {
                None => changes.missing.push(path.to_owned()),
                Some(old) if old == text.as_bytes() => changes.unchanged += 1,
                Some(old) => {
                    self.check_is_generated(path, &old)?;
                    changes.changed.push(path.to_owned());
                }
            }
        }
        for folder in Output::OWNED_FOLDERS {
            let below = self.root.join(folder);
            for path in wrap("list", &below, self.files.files_below(&below))? {
                self.compare_left_over(output, path, &mut changes)?;
            }
        }
        Ok(changes)
    }

    fn compare_left_over(&self, output: &Output, path: PathBuf, changes: &mut Changes) -> Result<(), Error> {
        let relative = path.strip_prefix(self.root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        if output.contains(&relative) {
            return Ok(());
        }
        if path.extension().is_some_and(|extension| extension == STAGED) {
            changes.staged.push(path);
            return Ok(());
        }
        let content = self.read(&relative)?.unwrap_or_default();
        self.check_is_generated(&relative, &content)?;
        changes.orphaned.push(relative);
        Ok(())
    }

    /// Makes the disk like the output and tells what it took.
    ///
    /// # Errors
    ///
    /// As [`compare`](Self::compare), and [`Error::Write`] if something cannot be written. Then each file is either old or new.
    pub fn write(&self, output: &Output) -> Result<Changes, Error> {
        let changes = self.compare(output)?;
        let staged: Vec<_> = changes.missing.iter().chain(&changes.changed).map(|path| self.root.join(path)).collect();
        for (path, text) in output.files() {
            let target = self.root.join(path);
            if staged.contains(&target) {
                let new = staged_beside(&target);
                wrap("write", &new, self.files.write(&new, text.as_bytes()))?;
            }
        }
        for target in &staged {
            wrap("replace", target, self.files.rename(&staged_beside(target), target))?;
        }
        let orphaned = changes.orphaned.iter().map(|path| self.root.join(path));
        let left_over =
            changes.staged.iter().filter(|path| !staged.iter().any(|target| staged_beside(target) == **path));
        for path in orphaned.chain(left_over.cloned()) {
            wrap("remove", &path, self.files.remove(&path))?;
        }
        Ok(changes)
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        let path = self.root.join(path);
        wrap("read", &path, self.files.read(&path))
    }

    /// A file without the mark was written by a person, and is not ours to overwrite or remove.
    fn check_is_generated(&self, path: &str, content: &[u8]) -> Result<(), Error> {
        let head = content.get(..content.len().min(200)).unwrap_or_default();
        if String::from_utf8_lossy(head).contains(Output::MARK) {
            return Ok(());
        }
        Err(Error::Foreign { path: self.root.join(path) })
    }
}

fn staged_beside(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(STAGED);
    target.with_file_name(name)
}

fn wrap<T>(action: &'static str, path: &Path, result: io::Result<T>) -> Result<T, Error> {
    result.map_err(|source| Error::Write { action, path: path.to_owned(), source })
}
