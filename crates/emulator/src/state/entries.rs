//! Entries: the files and folders of all spaces, as trees.
//!
//! An entry stands in its folder under a name and in four orders; all of them are indexes, so that folders with a
//! hundred thousand entries list as fast as small ones. What was deleted into the recycle bin keeps its row and its
//! id but stands in no folder.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use serde::{Deserialize, Serialize};

use super::search_index::{Search, SearchIndex};
use super::{EntryId, SpaceId, Table};
use crate::clock::Time;

/// Whether an entry is a file or a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EntryKind {
    /// A file.
    File,
    /// A folder.
    Folder,
}

/// A property that an app attached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppProperty {
    /// Its name, unique for the app and the entry.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Whether all apps see it.
    pub public: bool,
}

/// A file or folder, or the root of a space.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its id.
    pub id: EntryId,
    /// Its uuid.
    pub uuid: String,
    /// Space that holds it.
    pub space: SpaceId,
    /// Folder that holds it; a root has none.
    pub parent: Option<EntryId>,
    /// Whether it is a file or a folder.
    pub kind: EntryKind,
    /// Its name, with the extension.
    pub name: String,
    /// Who created it, by unionId.
    pub creator: String,
    /// Who changed it last.
    pub modifier: String,
    /// When it was created.
    pub created: Time,
    /// When it was changed last.
    pub modified: Time,
    /// Bytes of the newest version; 0 for a folder.
    pub size: u64,
    /// Number of the newest version; 0 for a folder.
    pub version: u32,
    /// Properties by the id of the app that attached them.
    pub properties: BTreeMap<String, Vec<AppProperty>>,
    /// Whether the roles of the folders above end here.
    pub breaks_inheritance: bool,
    /// Whether it lies in the recycle bin, by itself or with a folder above it.
    pub deleted: bool,
}

impl Entry {
    /// The extension of a file's name, without the dot.
    pub fn extension(&self) -> Option<&str> {
        match self.kind {
            EntryKind::Folder => None,
            EntryKind::File => self.name.rsplit_once('.').map(|(_, extension)| extension),
        }
    }

    /// Broad kind of content; a folder has the one of names without an extension.
    pub fn category(&self) -> &'static str {
        category(self.extension().unwrap_or_default())
    }

    /// Its id as the wire has it: a root is `0`.
    pub fn wire_id(&self) -> String {
        if self.parent.is_none() { "0".to_owned() } else { self.id.to_string() }
    }
}

/// Extension of a shortcut.
pub const SHORTCUT: &str = "dlink";

/// Broad kind of content, by the extension.
pub fn category(extension: &str) -> &'static str {
    match extension.to_lowercase().as_str() {
        "png" | "jpg" | "jpeg" | "gif" | "bmp" | "webp" | "svg" => "IMAGE",
        "mp4" | "mov" | "avi" | "mkv" | "webm" => "VIDEO",
        "mp3" | "wav" | "flac" | "m4a" | "ogg" => "AUDIO",
        "zip" | "rar" | "7z" | "tar" | "gz" => "ARCHIVE",
        "doc" | "docx" | "xls" | "xlsx" | "ppt" | "pptx" | "pdf" | "txt" | "md" | "csv" => "DOCUMENT",
        "adoc" | "axls" | "able" | "amind" => "ALI_DOC",
        SHORTCUT => "SHORTCUT",
        _ => "OTHER",
    }
}

/// What a folder can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SortField {
    /// Time of the last change.
    Modified,
    /// Time of creation.
    Created,
    /// Name.
    Name,
    /// Size.
    Size,
}

/// Where an entry stands in an order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SortKey {
    /// By a number.
    Number(i64),
    /// By a text.
    Text(String),
}

/// A place in a sorted list, just behind the entry that stood there.
pub type Position = (SortKey, EntryId);

/// All entries.
#[derive(Debug, Clone)]
pub struct Entries {
    pub(super) table: Table<EntryId, Entry>,
    uuids: BTreeMap<String, EntryId>,
    names: BTreeMap<(EntryId, String), EntryId>,
    orders: BTreeSet<(EntryId, SortField, SortKey, EntryId)>,
    spaces: BTreeSet<(SpaceId, Time, EntryId)>,
    created: BTreeSet<(Time, EntryId)>,
    search: SearchIndex,
}

impl Entries {
    pub(super) fn new() -> Self {
        Self {
            table: Table::new("entries"),
            uuids: BTreeMap::new(),
            names: BTreeMap::new(),
            orders: BTreeSet::new(),
            spaces: BTreeSet::new(),
            created: BTreeSet::new(),
            search: SearchIndex::default(),
        }
    }

    /// An entry by its id, wherever it is, also in the recycle bin.
    pub fn get(&self, id: EntryId) -> Option<&Entry> {
        self.table.get(&id)
    }

    /// An entry by its uuid that is not in the recycle bin.
    pub fn by_uuid(&self, uuid: &str) -> Option<&Entry> {
        self.get(*self.uuids.get(uuid)?).filter(|entry| !entry.deleted)
    }

    /// The entry of a folder that has a name.
    pub fn by_name(&self, folder: EntryId, name: &str) -> Option<&Entry> {
        self.get(*self.names.get(&(folder, name.to_owned()))?)
    }

    /// All entries in the order of their ids, also those in the recycle bin.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.table.iter().map(|(_, entry)| entry)
    }

    /// Whether a folder holds anything.
    pub fn has_children(&self, folder: EntryId) -> bool {
        self.children(folder).next().is_some()
    }

    /// What a folder holds, by name.
    pub fn children(&self, folder: EntryId) -> impl Iterator<Item = &Entry> {
        let names = self.names.range((folder, String::new())..);
        names.take_while(move |((each, _), _)| *each == folder).filter_map(|(_, id)| self.get(*id))
    }

    /// An entry and everything below it, folders before what they hold.
    pub fn tree(&self, top: EntryId) -> Vec<EntryId> {
        let mut found = vec![top];
        let mut next = 0;
        while let Some(folder) = found.get(next).copied() {
            found.extend(self.children(folder).map(|entry| entry.id));
            next += 1;
        }
        found
    }

    /// The folders above an entry, the nearest first, the root last.
    pub fn ancestors(&self, id: EntryId) -> impl Iterator<Item = &Entry> {
        let parent = move |entry: &Entry| entry.parent.and_then(|parent| self.get(parent));
        std::iter::successors(self.get(id).and_then(parent), move |entry| parent(entry))
    }

    /// Path within the space; `/` for the root.
    pub fn path(&self, id: EntryId) -> String {
        let Some(entry) = self.get(id).filter(|entry| entry.parent.is_some()) else { return "/".to_owned() };
        let mut names: Vec<&str> =
            self.ancestors(id).filter(|each| each.parent.is_some()).map(|each| each.name.as_str()).collect();
        names.reverse();
        names.push(&entry.name);
        format!("/{}", names.join("/"))
    }

    /// A page of a folder: entries behind a position, at most `limit`.
    pub fn list(
        &self,
        folder: EntryId,
        field: SortField,
        descending: bool,
        behind: Option<&Position>,
        limit: usize,
    ) -> Vec<(Position, &Entry)> {
        let lowest = (folder, field, SortKey::Number(i64::MIN), EntryId(0));
        let highest = (folder, field, SortKey::Text("\u{10FFFF}".repeat(4)), EntryId(u64::MAX));
        let place = |(key, id): &Position| (folder, field, key.clone(), *id);
        let (from, to) = match (behind, descending) {
            (None, _) => (Bound::Included(lowest), Bound::Included(highest)),
            (Some(position), false) => (Bound::Excluded(place(position)), Bound::Included(highest)),
            (Some(position), true) => (Bound::Included(lowest), Bound::Excluded(place(position))),
        };
        if is_empty(&from, &to) {
            return Vec::new();
        }
        let rows = self.orders.range((from, to));
        let each = |(_, _, key, id): &(EntryId, SortField, SortKey, EntryId)| {
            self.get(*id).map(|entry| ((key.clone(), *id), entry))
        };
        if descending {
            rows.rev().filter_map(each).take(limit).collect()
        } else {
            rows.filter_map(each).take(limit).collect()
        }
    }

    /// A page of a whole space by the time of the last change: entries behind a position, at most `limit`. Roots are
    /// not among them.
    pub fn list_all(
        &self,
        space: SpaceId,
        descending: bool,
        behind: Option<(Time, EntryId)>,
        limit: usize,
    ) -> Vec<&Entry> {
        let lowest = (space, Time(i64::MIN), EntryId(0));
        let highest = (space, Time(i64::MAX), EntryId(u64::MAX));
        let (from, to) = match (behind, descending) {
            (None, _) => (Bound::Included(lowest), Bound::Included(highest)),
            (Some((time, id)), false) => (Bound::Excluded((space, time, id)), Bound::Included(highest)),
            (Some((time, id)), true) => (Bound::Included(lowest), Bound::Excluded((space, time, id))),
        };
        if is_empty(&from, &to) {
            return Vec::new();
        }
        let rows = self.spaces.range((from, to));
        let each = |(_, _, id): &(SpaceId, Time, EntryId)| self.get(*id);
        if descending {
            rows.rev().filter_map(each).take(limit).collect()
        } else {
            rows.filter_map(each).take(limit).collect()
        }
    }

    /// Adds an entry.
    pub fn insert(&mut self, entry: Entry) {
        self.note(&entry);
        self.find_by(&entry);
        self.table.insert(entry.id, entry);
    }

    /// Changes an entry: its name, place, size, times, anything. Moving it to another folder, or setting `deleted`,
    /// moves that entry alone; what stands below a folder that changes its space has to be changed by the caller.
    pub fn change(&mut self, id: EntryId, change: impl FnOnce(&mut Entry)) {
        let Some(before) = self.table.get(&id).cloned() else { return };
        self.forget(&before);
        if let Some(entry) = self.table.get_mut(&id) {
            change(entry);
        }
        if let Some(after) = self.table.get(&id).cloned() {
            self.note(&after);
            if !is_found_alike(&before, &after) {
                self.find_no_more(&before);
                self.find_by(&after);
            }
        }
    }

    /// Takes an entry away for good; not what stands below it.
    pub fn remove(&mut self, id: EntryId) -> Option<Entry> {
        let entry = self.table.remove(&id)?;
        self.forget(&entry);
        self.find_no_more(&entry);
        self.uuids.remove(&entry.uuid);
        Some(entry)
    }

    /// Makes what is derived from the table anew.
    pub(super) fn index(&mut self) {
        self.uuids.clear();
        self.names.clear();
        self.orders.clear();
        self.spaces.clear();
        self.created.clear();
        self.search = SearchIndex::default();
        let entries: Vec<Entry> = self.iter().cloned().collect();
        for entry in &entries {
            self.note(entry);
            self.find_by(entry);
        }
    }

    /// Entries that a search may find.
    pub fn search(&self) -> Search<'_> {
        self.search.search()
    }

    /// Entries that were made from a moment to another.
    pub fn created(&self, from: Time, to: Time) -> impl Iterator<Item = EntryId> {
        let range = (from <= to).then(|| self.created.range((from, EntryId(0))..=(to, EntryId(u64::MAX))));
        range.into_iter().flatten().map(|(_, id)| *id)
    }

    fn find_by(&mut self, entry: &Entry) {
        if is_found(entry) {
            self.search.insert(entry);
        }
    }

    fn find_no_more(&mut self, entry: &Entry) {
        if is_found(entry) && self.search.forget() {
            let mut anew = SearchIndex::default();
            for entry in self.iter().filter(|entry| is_found(entry)) {
                anew.insert(entry);
            }
            self.search = anew;
        }
    }

    fn note(&mut self, entry: &Entry) {
        self.uuids.insert(entry.uuid.clone(), entry.id);
        let Some(parent) = entry.parent.filter(|_| !entry.deleted) else { return };
        self.names.insert((parent, entry.name.clone()), entry.id);
        self.spaces.insert((entry.space, entry.modified, entry.id));
        self.created.insert((entry.created, entry.id));
        for (field, key) in keys(entry) {
            self.orders.insert((parent, field, key, entry.id));
        }
    }

    fn forget(&mut self, entry: &Entry) {
        let Some(parent) = entry.parent.filter(|_| !entry.deleted) else { return };
        self.names.remove(&(parent, entry.name.clone()));
        self.spaces.remove(&(entry.space, entry.modified, entry.id));
        self.created.remove(&(entry.created, entry.id));
        for (field, key) in keys(entry) {
            self.orders.remove(&(parent, field, key, entry.id));
        }
    }
}

/// Whether searches find an entry: roots and what is in the recycle bin are not for them.
fn is_found(entry: &Entry) -> bool {
    entry.parent.is_some() && !entry.deleted
}

/// Whether searches find an entry by the same as before.
fn is_found_alike(before: &Entry, after: &Entry) -> bool {
    let by = |entry: &Entry| {
        (is_found(entry), entry.space, entry.name.clone(), entry.creator.clone(), entry.modifier.clone())
    };
    by(before) == by(after)
}

/// A position from a stale token can lie outside of the list; `BTreeSet::range` would panic on such a range.
fn is_empty<T: PartialOrd>(from: &Bound<T>, to: &Bound<T>) -> bool {
    match (from, to) {
        (Bound::Included(from) | Bound::Excluded(from), Bound::Included(to) | Bound::Excluded(to)) => from >= to,
        _ => false,
    }
}

fn keys(entry: &Entry) -> [(SortField, SortKey); 4] {
    [
        (SortField::Modified, SortKey::Number(entry.modified.0)),
        (SortField::Created, SortKey::Number(entry.created.0)),
        (SortField::Name, SortKey::Text(entry.name.to_lowercase())),
        (SortField::Size, SortKey::Number(i64::try_from(entry.size).unwrap_or(i64::MAX))),
    ]
}
