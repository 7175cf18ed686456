//! A tree as a sync sees it, of this machine or of the drive.

use std::collections::{BTreeMap, BTreeSet};

use icu_normalizer::ComposingNormalizerBorrowed;

use super::filter::Filter;
use super::names::Holder;
use super::plan::Refused;
use crate::local::time_of;
use crate::{Category, Entry};

/// A folder with what is in it, by true names.
#[derive(Debug, Clone, Default)]
pub(super) struct Folder {
    /// Its name on its side.
    pub(super) name: String,
    /// What it is in the drive.
    pub(super) entry: Option<Entry>,
    pub(super) folders: BTreeMap<String, Folder>,
    pub(super) files: BTreeMap<String, File>,
    /// Files that the filter keeps out.
    pub(super) veiled: BTreeMap<String, File>,
    /// Names that stand for something nobody may touch: links, what is kept out, what cannot be told apart.
    pub(super) untouchable: BTreeSet<String>,
    /// Whether a file keeps all of it out.
    pub(super) is_marked: bool,
}

/// A file.
#[derive(Debug, Clone)]
pub(super) struct File {
    /// Its name on its side.
    pub(super) name: String,
    pub(super) size: u64,
    /// When its content was changed last, in milliseconds since 1970.
    pub(super) modified: Option<i64>,
    /// What it is in the drive.
    pub(super) entry: Option<Entry>,
}

impl File {
    pub(super) fn of_entry(entry: Entry) -> Self {
        let there = entry.modified.as_ref().and_then(dingtalk_storage::runtime::Time::unix_millis);
        let modified = entry.stamp.map(|stamp| stamp.modified).or(there);
        Self { name: entry.name.clone(), size: entry.size, modified, entry: Some(entry) }
    }

    /// The checksum, where it is known without reading.
    pub(super) fn known_crc64(&self) -> Option<u64> {
        if self.size == 0 { Some(0) } else { self.entry.as_ref()?.stamp.map(|stamp| stamp.crc64) }
    }
}

/// A tree that was looked at.
#[derive(Debug, Clone, Default)]
pub(super) struct Tree {
    pub(super) root: Folder,
    /// Why something of it may not have been seen; none where all was.
    pub(super) gap: Option<String>,
    pub(super) refused: Vec<Refused>,
}

/// Builds trees: reads names, holds them against a filter, and notes what cannot be.
pub(super) struct Builder<'a> {
    pub(super) holder: Holder,
    pub(super) filter: Option<&'a Filter>,
    pub(super) refused: Vec<Refused>,
}

impl Builder<'_> {
    /// The true name of something; none if it has none, which is noted.
    pub(super) fn name(&mut self, folder: &mut Folder, path: &str, written: &str) -> Option<String> {
        let reason = match self.holder.read(written) {
            Ok(name) if !folder.has(&name) => return Some(name),
            Ok(name) => {
                // Neither of both can be told from the other, so both stay as they are.
                folder.take_out(&name);
                "something else in its folder has the same name"
            }
            Err(reason) => {
                folder.untouchable.insert(written.to_owned());
                reason
            }
        };
        self.refused.push(Refused::new(join(path, written), reason, Some(Category::Usage)));
        None
    }

    /// Something that is left alone: because a sync is not about it, or as a failure.
    pub(super) fn leave(
        &mut self,
        folder: &mut Folder,
        (path, name): (&str, &str),
        reason: &str,
        category: Option<Category>,
    ) {
        folder.untouchable.insert(name.to_owned());
        self.refused.push(Refused::new(join(path, name), reason, category));
    }

    /// Adds a file, or what is kept of it by the filter.
    pub(super) fn add_file(&mut self, folder: &mut Folder, path: &str, name: String, file: File) {
        let filter = self.filter;
        folder.is_marked |= filter.is_some_and(|filter| filter.is_mark(&name));
        let has = |filter: &Filter| filter.has_file(&join(path, &name), file.size, file.modified.map(time_of));
        let kept = if filter.is_none_or(has) { &mut folder.files } else { &mut folder.veiled };
        kept.insert(name, file);
    }

    /// Whether a folder is looked into; one that is not is left alone.
    pub(super) fn enters(&self, folder: &mut Folder, path: &str, name: &str) -> bool {
        let enters = self.filter.is_none_or(|filter| filter.has_folder(&join(path, name)));
        if !enters {
            folder.untouchable.insert(name.to_owned());
        }
        enters
    }

    /// Adds a folder with what is in it.
    pub(super) fn add_folder(folder: &mut Folder, name: String, inner: Folder) {
        if inner.is_marked {
            folder.untouchable.insert(name);
        } else {
            folder.folders.insert(name, inner);
        }
    }
}

impl Folder {
    pub(super) fn has(&self, name: &str) -> bool {
        self.folders.contains_key(name)
            || self.files.contains_key(name)
            || self.veiled.contains_key(name)
            || self.is_untouchable(name)
    }

    pub(super) fn is_untouchable(&self, name: &str) -> bool {
        self.untouchable.contains(name)
    }

    /// Leaves alone what has a name.
    pub(super) fn take_out(&mut self, name: &str) {
        self.folders.remove(name);
        self.files.remove(name);
        self.veiled.remove(name);
        self.untouchable.insert(name.to_owned());
    }

    /// Names of files and folders.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.folders.keys().chain(self.files.keys()).chain(self.veiled.keys())
    }

    /// Files in it and below.
    pub(super) fn count(&self) -> u64 {
        self.files.len() as u64 + self.folders.values().map(Folder::count).sum::<u64>()
    }
}

/// A path with one more name.
pub(super) fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") }
}

/// What is the same of names that differ in how their characters are composed, and perhaps in capital and small letters.
pub(super) fn folded(name: &str, ignore_case: bool) -> String {
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(name);
    if ignore_case { composed.to_lowercase() } else { composed.into_owned() }
}
