//! Output to disk: only what differs is written, left-over files are removed, and an interruption loses nothing.
//!
//! New contents go to a file beside the old one first and take its place by a rename, so every file is old or new as a
//! whole at any moment. A run that was cut short leaves some files new and some old; the next run mends the rest.
//!
//! One run works on a folder at a time, and others wait for it. So each sees whole outputs only, and what it finds
//! beside the files was left by a run that has ended. Should a file system know no locks, the names of what is beside
//! the files tell the processes apart.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::output::Output;
use crate::section::Section;

/// How the name of a file ends until it takes its place. It begins with a dot: the compiler of the spec does not look at
/// hidden files, so one that an interrupted run leaves in `spec/` does not stop the next run.
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
    /// Waits until no other run works on a folder, and keeps others waiting until what it returns is dropped.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    fn lock(&self, folder: &Path) -> io::Result<Option<fs::File>> {
        let _ = folder;
        Ok(None)
    }
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

    fn lock(&self, folder: &Path) -> io::Result<Option<fs::File>> {
        // Where folders cannot be opened or locked, the names of staged files have to do.
        let Ok(folder) = fs::File::open(folder) else { return Ok(None) };
        match folder.lock() {
            Ok(()) => Ok(Some(folder)),
            Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(None),
            Err(error) => Err(error),
        }
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
    /// Files that an interrupted run left behind before they took their place.
    pub staged: BTreeSet<String>,
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
        let _lock = self.lock()?;
        self.difference(output).map(|(changes, _)| changes)
    }

    /// Makes the disk like the output and tells what it took.
    ///
    /// # Errors
    ///
    /// As [`compare`](Self::compare), and [`Error::Write`] if something cannot be written. Then each file is either old or new.
    pub fn write(&self, output: &Output) -> Result<Changes, Error> {
        let _lock = self.lock()?;
        let (changes, contents) = self.difference(output)?;
        for (path, text) in &contents {
            let staged = self.root.join(staged_beside(path));
            wrap("write", &staged, self.files.write(&staged, text.as_bytes()))?;
        }
        for path in contents.keys() {
            let (staged, target) = (self.root.join(staged_beside(path)), self.root.join(path));
            wrap("replace", &target, self.files.rename(&staged, &target))?;
        }
        let taken: BTreeSet<_> = contents.keys().map(|path| staged_beside(path)).collect();
        for path in changes.orphaned.iter().chain(changes.staged.difference(&taken)) {
            let path = self.root.join(path);
            wrap("remove", &path, self.files.remove(&path))?;
        }
        Ok(changes)
    }

    /// What differs, and the new contents of the files that are missing or changed.
    fn difference<'a>(&self, output: &'a Output) -> Result<(Changes, BTreeMap<&'a str, Cow<'a, str>>), Error> {
        let (mut changes, mut contents) = (Changes::default(), BTreeMap::new());
        let mut differs = |differing: &mut Vec<String>, path: &'a str, text: Cow<'a, str>| {
            differing.push(path.to_owned());
            contents.insert(path, text);
        };
        for (path, text) in output.files() {
            match self.read(path)? {
                Some(old) if old == text.as_bytes() => changes.unchanged += 1,
                Some(old) => {
                    self.check_is_generated(path, &old)?;
                    differs(&mut changes.changed, path, text.into());
                }
                None => differs(&mut changes.missing, path, text.into()),
            }
        }
        for section in output.sections() {
            match self.with_section(section)? {
                Some((old, new)) if old == new => changes.unchanged += 1,
                Some((_, new)) => differs(&mut changes.changed, section.path, new.into()),
                None => {}
            }
        }
        for folder in Output::OWNED_FOLDERS.iter().chain(&Output::SHARED_FOLDERS) {
            for path in self.files_below(folder)? {
                let relative = self.relative(&path);
                if is_staged(&path) {
                    changes.staged.insert(relative);
                } else if Output::OWNED_FOLDERS.contains(folder) && !output.contains(&relative) {
                    self.check_is_generated(&relative, &self.read(&relative)?.unwrap_or_default())?;
                    changes.orphaned.push(relative);
                }
            }
        }
        Ok((changes, contents))
    }

    /// The file that a section belongs to, as it is and as it should be, if there is one.
    fn with_section(&self, section: &Section) -> Result<Option<(String, String)>, Error> {
        let Some(old) = self.read(section.path)? else { return Ok(None) };
        let path = self.root.join(section.path);
        let old = wrap("read", &path, String::from_utf8(old).map_err(io::Error::other))?;
        match section.put_into(&old) {
            Some(new) => Ok(Some((old, new))),
            None => Err(Error::NoSection { path, begin: section.begin, end: section.end }),
        }
    }

    fn lock(&self) -> Result<Option<fs::File>, Error> {
        wrap("lock", self.root, self.files.lock(self.root))
    }

    fn files_below(&self, folder: &str) -> Result<Vec<PathBuf>, Error> {
        let folder = self.root.join(folder);
        wrap("list", &folder, self.files.files_below(&folder))
    }

    fn relative(&self, path: &Path) -> String {
        path.strip_prefix(self.root).unwrap_or(path).to_string_lossy().replace('\\', "/")
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

/// Where a file is written before it takes its place: `spec/COVERAGE.md` in `spec/.COVERAGE.md.4711.generated-new`, with
/// the number of the process.
fn staged_beside(path: &str) -> String {
    let (folder, name) = path.split_at(path.rfind('/').map_or(0, |slash| slash + 1));
    format!("{folder}.{name}.{}.{STAGED}", std::process::id())
}

fn is_staged(path: &Path) -> bool {
    let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    is_hidden && path.extension().is_some_and(|extension| extension == STAGED)
}

fn wrap<T>(action: &'static str, path: &Path, result: io::Result<T>) -> Result<T, Error> {
    result.map_err(|source| Error::Write { action, path: path.to_owned(), source })
}
