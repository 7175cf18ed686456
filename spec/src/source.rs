//! The files of a spec, from a folder or from memory.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use crate::codes::Code;
use crate::document::{self, Parsed};
use crate::finding::{Finding, Place};
use crate::layout::{self, Misplaced};
use crate::lines::Lines;
use crate::node::Data;

/// Stands for the folder of the spec itself, when that cannot be read.
pub(crate) const ROOT: &str = ".";

/// The text of a file, kept by every finding in it.
#[derive(Debug)]
pub(crate) struct Source {
    /// Path within the spec, with `/` on every system.
    pub(crate) path: String,
    /// Text without byte order mark.
    pub(crate) text: String,
    lines: OnceLock<Lines>,
}

impl Source {
    pub(crate) fn new(path: String, text: String) -> Self {
        Self { path, text, lines: OnceLock::new() }
    }

    /// Line and column of a byte, both from 1; the column in characters.
    pub(crate) fn position(&self, byte: usize) -> (usize, usize) {
        self.lines.get_or_init(|| Lines::new(&self.text)).position(&self.text, byte)
    }
}

/// A file of the spec; parsed once, however many trees share it.
#[derive(Debug)]
struct File {
    source: Arc<Source>,
    parsed: OnceLock<Parsed>,
}

impl File {
    fn new(path: &str, bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => {
                let text = text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned);
                let source = Arc::new(Source::new(path.to_owned(), text));
                Self { source, parsed: OnceLock::new() }
            }
            Err(error) => Self::not_utf8(path, &error),
        }
    }

    fn not_utf8(path: &str, error: &std::string::FromUtf8Error) -> Self {
        let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
        let start = error.utf8_error().valid_up_to();
        let source = Arc::new(Source::new(path.to_owned(), text));
        let place = Place::span(&source, start..start + char::REPLACEMENT_CHARACTER.len_utf8());
        let finding = Finding::new(Code::NotUtf8, place, "the file is not UTF-8")
            .label("these bytes are no character")
            .help("save the file as UTF-8");
        Self { source, parsed: OnceLock::from(Parsed::refused(finding)) }
    }

    /// A path that is there but cannot be used.
    fn refused(path: &str, finding: Finding) -> Self {
        let source = Arc::new(Source::new(path.to_owned(), String::new()));
        Self { source, parsed: OnceLock::from(Parsed::refused(finding)) }
    }
}

/// Where a key and its value stand, in bytes of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key, without the colon.
    pub key: Range<usize>,
    /// The value. One that is written in brackets has them in it.
    pub value: Range<usize>,
}

/// The files of a spec by their path within it. What is wrong with the files themselves is kept for the report.
#[derive(Debug, Clone, Default)]
pub struct SourceTree {
    files: BTreeMap<String, Arc<File>>,
}

impl SourceTree {
    /// Reads a folder. Never fails: what cannot be read becomes a finding of [`crate::compile`].
    pub fn read(folder: &Path) -> Self {
        let mut tree = Self::default();
        tree.read_folder(folder, "");
        tree
    }

    /// Makes a tree of files in memory; the keys are paths with `/`, for example `types/ids.yaml`.
    pub fn from_files(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let mut tree = Self::default();
        for (path, bytes) in files {
            tree.insert(&path, || Ok(bytes));
        }
        tree
    }

    /// The same tree with one file more, or with another content of a file. All other files are shared with this tree,
    /// and are not parsed again.
    #[must_use]
    pub fn with_file(&self, path: &str, bytes: Vec<u8>) -> Self {
        let mut tree = self.clone();
        tree.files.remove(path);
        tree.insert(path, || Ok(bytes));
        tree
    }

    /// The same tree with those files only whose path is to be kept.
    #[must_use]
    pub fn with_only(&self, keep: impl Fn(&str) -> bool) -> Self {
        let files = self.files.iter().filter(|(path, _)| keep(path));
        Self { files: files.map(|(path, file)| (path.clone(), Arc::clone(file))).collect() }
    }

    /// Paths and texts of the files, by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, file)| (path.as_str(), file.source.text.as_str()))
    }

    /// Line of a key of a file, or of what is nearest to it; nothing when there is no such file or it cannot be read.
    pub fn line_of(&self, path: &str, keys: &[impl AsRef<str>]) -> Option<usize> {
        let file = self.files.get(path)?;
        let parsed = file.parsed.get_or_init(|| document::parse(&file.source));
        let place = parsed.document.as_ref()?.key(keys);
        Some(place.source.position(place.span.as_ref()?.start).0)
    }

    /// Where a key and its value stand in the [text](Self::files) of a file; nothing when there is none, or when the
    /// file cannot be read.
    pub fn entry(&self, path: &str, keys: &[impl AsRef<str>]) -> Option<Entry> {
        let file = self.files.get(path)?;
        let parsed = file.parsed.get_or_init(|| document::parse(&file.source));
        let found = parsed.document.as_ref()?.tree.find(keys);
        let key = found.key_span.filter(|_| found.complete)?.clone();
        Some(Entry { key, value: found.node.span.start..found.node.end(&file.source.text) })
    }

    /// The keys of a map of a file, in their order; none where there is no map.
    pub fn keys(&self, path: &str, map: &[impl AsRef<str>]) -> Vec<String> {
        let parsed = self.files.get(path).map(|file| file.parsed.get_or_init(|| document::parse(&file.source)));
        let found = parsed.and_then(|parsed| parsed.document.as_ref()).map(|document| document.tree.find(map));
        match found.filter(|found| found.complete).map(|found| &found.node.data) {
            Some(Data::Map(entries)) => entries.keys().cloned().collect(),
            _ => Vec::new(),
        }
    }

    /// Parses what was not parsed yet.
    pub(crate) fn parse(&self) -> Vec<&Parsed> {
        self.files.values().map(|file| file.parsed.get_or_init(|| document::parse(&file.source))).collect()
    }

    fn read_folder(&mut self, folder: &Path, path: &str) {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return self.unreadable(if path.is_empty() { ROOT } else { path }, &error),
        };
        for entry in entries {
            match entry {
                Ok(entry) => self.read_entry(&entry, path),
                Err(error) => self.unreadable(if path.is_empty() { ROOT } else { path }, &error),
            }
        }
    }

    fn read_entry(&mut self, entry: &fs::DirEntry, folder: &str) {
        let name = entry.file_name();
        let Some(name) = name.to_str() else { return self.unnameable(&name, folder) };
        let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        let kind = match entry.file_type() {
            Ok(kind) => kind,
            Err(error) => return self.unreadable(&path, &error),
        };
        if kind.is_dir() {
            match layout::folder(&path) {
                Ok(Some(())) => self.read_folder(&entry.path(), &path),
                Ok(None) => {}
                Err(misplaced) => self.misplaced(misplaced),
            }
        } else if kind.is_file() {
            self.insert(&path, || fs::read(entry.path()));
        } else if !matches!(layout::file(&path), Ok(layout::Role::Beside)) && !matches!(layout::folder(&path), Ok(None))
        {
            self.special(&path, kind.is_symlink());
        }
    }

    /// Takes a file into the tree if it belongs there; reads it only then.
    fn insert(&mut self, path: &str, read: impl FnOnce() -> io::Result<Vec<u8>>) {
        match layout::file(path) {
            Ok(layout::Role::Beside) => {}
            Ok(_) => match read() {
                Ok(bytes) => {
                    self.files.insert(path.to_owned(), Arc::new(File::new(path, bytes)));
                }
                Err(error) => self.unreadable(path, &error),
            },
            Err(misplaced) => self.misplaced(misplaced),
        }
    }

    fn refuse(&mut self, path: &str, finding: Finding) {
        self.files.insert(path.to_owned(), Arc::new(File::refused(path, finding)));
    }

    /// A file whose name is no text: it is told in quotes, with the bytes that are no characters as numbers.
    fn unnameable(&mut self, name: &OsStr, folder: &str) {
        let bytes = name.as_encoded_bytes();
        if bytes.starts_with(b".") {
            return;
        }
        let shown: String = bytes
            .utf8_chunks()
            .flat_map(|chunk| [chunk.valid().to_owned(), chunk.invalid().escape_ascii().to_string()])
            .collect();
        let path = if folder.is_empty() { format!("\"{shown}\"") } else { format!("{folder}/\"{shown}\"") };
        let finding = Finding::new(Code::UnexpectedFile, Place::file(&path), format!("the name `{path}` is not UTF-8"))
            .help("rename it, or move it out of the spec");
        self.refuse(&path, finding);
    }

    fn unreadable(&mut self, path: &str, error: &io::Error) {
        let what = if path == ROOT { "the folder of the spec".to_owned() } else { format!("`{path}`") };
        let message = format!("{what} cannot be read: {}", error.kind());
        self.refuse(path, Finding::new(Code::Unreadable, Place::file(path), message));
    }

    fn special(&mut self, path: &str, symlink: bool) {
        let what = if symlink { "a symbolic link" } else { "neither a file nor a folder" };
        let finding = Finding::new(Code::SpecialFile, Place::file(path), format!("`{path}` is {what}"))
            .help("put the file itself there: a spec has to mean the same on every machine");
        self.refuse(path, finding);
    }

    fn misplaced(&mut self, misplaced: Misplaced<'_>) {
        let (at, code, message) = match misplaced {
            Misplaced::Folder { at } => (at, Code::FileOrFolder, format!("`{at}` is a folder, but has to be a file")),
            Misplaced::File { at } => (at, Code::FileOrFolder, format!("`{at}` is a file, but has to be a folder")),
            Misplaced::Unexpected { at } => (at, Code::UnexpectedFile, format!("nothing of the spec is called `{at}`")),
        };
        let finding = Finding::new(code, Place::file(at), message).help(layout::places());
        self.refuse(at, finding);
    }
}
