//! Everything that the emulator remembers, as plain data.
//!
//! The [`World`] is a handful of [`Table`]s with indexes over some of them. Handlers change it under one lock; tables
//! note what has changed, so persistence, dump and load work for whatever is listed in `World::tables`.

mod chats;
mod entries;
#[cfg(test)]
mod entries_tests;
mod events;
mod grants;
mod ids;
mod media;
mod organisation;
mod recycle;
mod search_index;
mod spaces;
mod table;
mod tasks;
mod uploads;
mod workspaces;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use chats::Chat;
pub use entries::{AppProperty, Entries, Entry, EntryKind, Position, SHORTCUT, SortField, category};
pub use events::{EventKind, EventScope, News};
pub use grants::{Grant, Member, Role};
pub use ids::{EntryId, Ids, SpaceId};
pub use media::MediaFile;
pub use organisation::{App, Organisation, Token, User};
pub use recycle::RecycleItem;
pub use spaces::{Origin, OwnerType, Space, Spaces};
pub use table::{Change, Persistent, Table};
pub use tasks::{Task, TaskStatus, Tasks, Work};
pub use uploads::{Content, ObjectOwner, Piece, TemporaryKey, Upload, Uploads, Version};
pub use workspaces::Workspace;

use crate::clock::{Clock, Time};

/// What is remembered and is no row of a table.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Globals {
    /// Makes ids.
    pub ids: Ids,
    /// Tells the time.
    pub clock: Clock,
    /// Id of the organization.
    pub corp_id: String,
    /// Most bytes that the organization may store.
    pub capacity: u64,
    /// Key id and secret that storage URLs are signed with.
    pub storage_key: (String, String),
    /// Calls that count towards the monthly quota, and the month.
    pub metered: (String, u64),
}

/// Everything that the emulator remembers.
#[derive(Debug)]
pub struct World {
    /// The organization, its people, apps and tokens.
    pub organisation: Organisation,
    /// Spaces.
    pub spaces: Spaces,
    /// Files and folders.
    pub entries: Entries,
    /// Versions of files by entry and number.
    pub versions: Table<(EntryId, u32), Version>,
    /// Uploads.
    pub uploads: Uploads,
    /// Keys for the object storage's own clients, by their ids.
    pub temporary_keys: Table<String, TemporaryKey>,
    /// What each object of the storage belongs to, by its name.
    pub objects: Table<String, ObjectOwner>,
    /// How many pieces of files share a blob, for those that more than one shares: copies take no room of their own.
    pub shared_blobs: Table<String, u32>,
    /// Roles by entry and member.
    pub grants: Table<(EntryId, Member), Grant>,
    /// Work on trees.
    pub tasks: Tasks,
    /// Ids of recycle bins by the organization.
    pub recycle_bins: Table<String, u64>,
    /// What lies in the recycle bin.
    pub recycle_items: Table<u64, RecycleItem>,
    /// Chats by id.
    pub chats: Table<String, Chat>,
    /// Media files by id.
    pub media: Table<String, MediaFile>,
    /// Knowledge bases by id.
    pub workspaces: Table<String, Workspace>,
    /// When people last opened entries; the root of a knowledge base stands for the whole.
    pub visits: Table<(String, EntryId), Time>,
    /// Which apps want news, and of what.
    pub subscriptions: Table<(String, EventScope), ()>,
    /// All news so far, by number.
    pub news: Table<u64, News>,
    /// News that is still to be delivered.
    pub outbox: Vec<News>,
    /// Makes ids.
    pub ids: Ids,
    /// Tells the time.
    pub clock: Clock,
    /// Key id and secret that storage URLs are signed with.
    pub storage_key: (String, String),
    /// The month, and the calls in it that count towards the monthly quota.
    pub metered: (String, u64),
    globals: Table<String, Globals>,
}

impl World {
    /// An empty world.
    pub fn new(seed: u64, clock: Clock) -> Self {
        let mut ids = Ids::new(seed);
        let corp_id = format!("ding{}", ids.letters(16).to_lowercase());
        let storage_key = (format!("LTAI{}", ids.letters(20)), ids.letters(30));
        Self {
            organisation: Organisation::new(corp_id),
            spaces: Spaces::new(),
            entries: Entries::new(),
            versions: Table::new("versions"),
            uploads: Uploads::new(),
            temporary_keys: Table::new("temporaryKeys"),
            objects: Table::new("objects"),
            shared_blobs: Table::new("sharedBlobs"),
            grants: Table::new("grants"),
            tasks: Tasks::new(),
            recycle_bins: Table::new("recycleBins"),
            recycle_items: Table::new("recycleItems"),
            chats: Table::new("chats"),
            media: Table::new("media"),
            workspaces: Table::new("workspaces"),
            visits: Table::new("visits"),
            subscriptions: Table::new("subscriptions"),
            news: Table::new("news"),
            outbox: Vec::new(),
            ids,
            clock,
            storage_key,
            metered: (String::new(), 0),
            globals: Table::new("globals"),
        }
    }

    /// The moment.
    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// Moves the clock forward.
    pub fn advance(&mut self, duration: Duration) {
        self.clock.advance(duration);
        self.note_globals();
    }

    /// An entry of a space by its id on the wire, unless it is in the recycle bin; `0` is the root.
    pub fn entry_of(&self, space: &Space, id: &str) -> Option<&Entry> {
        if id == "0" {
            return self.entries.get(space.root);
        }
        let entry = self.entries.get(id.parse().ok()?)?;
        (entry.space == space.id && entry.parent.is_some() && !entry.deleted).then_some(entry)
    }

    /// One more piece of a file has these bytes.
    pub fn share_blob(&mut self, blob: &str) {
        let shared = self.shared_blobs.get(&blob.to_owned()).copied().unwrap_or(1);
        self.shared_blobs.insert(blob.to_owned(), shared + 1);
    }

    /// One piece of a file less has these bytes; returns whether it was the last.
    pub fn release_blob(&mut self, blob: &str) -> bool {
        let blob = blob.to_owned();
        match self.shared_blobs.get(&blob).copied() {
            None | Some(0 | 1) => {
                self.shared_blobs.remove(&blob);
                true
            }
            Some(shared) => {
                self.shared_blobs.insert(blob, shared - 1);
                false
            }
        }
    }

    /// The blobs that something needs, with their sizes: uploads that are not committed, versions of files, media files.
    pub fn used_blobs(&self) -> BTreeMap<String, u64> {
        let uploads = self.uploads.iter().flat_map(|upload| upload.whole.iter().chain(upload.parts.values()));
        let versions = self.versions.iter().flat_map(|(_, version)| &version.content.pieces);
        let media = self.media.iter().map(|(_, media)| &media.content);
        uploads.chain(versions).chain(media).map(|piece| (piece.blob.clone(), piece.size)).collect()
    }

    /// Every table, so that none is left out of the database or of a dump.
    fn tables(&mut self) -> [&mut dyn Persistent; 21] {
        [
            &mut self.globals,
            &mut self.organisation.users,
            &mut self.organisation.apps,
            &mut self.organisation.tokens,
            &mut self.spaces.table,
            &mut self.entries.table,
            &mut self.versions,
            &mut self.uploads.table,
            &mut self.temporary_keys,
            &mut self.objects,
            &mut self.shared_blobs,
            &mut self.grants,
            &mut self.tasks.table,
            &mut self.recycle_bins,
            &mut self.recycle_items,
            &mut self.chats,
            &mut self.media,
            &mut self.workspaces,
            &mut self.visits,
            &mut self.subscriptions,
            &mut self.news,
        ]
    }

    /// Hands over what has changed since the last time.
    pub fn take_changes(&mut self) -> Vec<Change> {
        let mut changes = Vec::new();
        for table in self.tables() {
            table.take_changes(&mut changes);
        }
        if !changes.is_empty() {
            self.note_globals();
            self.globals.take_changes(&mut changes);
        }
        changes
    }

    /// Forgets what has changed, for a world that is in memory alone.
    pub fn forget_changes(&mut self) {
        for table in self.tables() {
            table.forget_changes();
        }
    }

    /// From now on, what changes can be undone.
    pub fn remember(&mut self) {
        for table in self.tables() {
            table.remember();
        }
    }

    /// Undoes changes, of which the newest come first, and before them whatever has changed and was not handed over.
    /// Ids are not made a second time, for some of them may be in use.
    pub fn undo<'a>(&mut self, changes: impl IntoIterator<Item = &'a Change>) {
        let mut newest = Vec::new();
        for table in self.tables() {
            table.take_changes(&mut newest);
        }
        for change in &newest {
            self.undo_one(change);
        }
        for change in changes {
            self.undo_one(change);
        }
        self.outbox.clear();
        let ids = self.ids.clone();
        self.derive();
        self.ids = ids;
    }

    fn undo_one(&mut self, change: &Change) {
        for table in self.tables() {
            if table.name() == change.table {
                // Rows are read back that were written by this process, so that no error can come up.
                let _ = table.undo(&change.key, change.before.as_deref());
            }
        }
    }

    /// Hands over everything.
    pub fn all_rows(&mut self) -> Vec<Change> {
        self.note_globals();
        let mut rows = Vec::new();
        for table in self.tables() {
            table.all_rows(&mut rows);
        }
        rows
    }

    /// Forgets everything and takes rows that were stored before instead. All of it counts as changed.
    ///
    /// # Errors
    ///
    /// When a row is not what this version writes; the world is then empty or half full.
    pub fn restore<'a>(
        &mut self,
        rows: impl IntoIterator<Item = (&'a str, &'a str, &'a str)>,
    ) -> Result<(), serde_json::Error> {
        self.outbox.clear();
        for table in self.tables() {
            table.clear();
        }
        for (name, key, value) in rows {
            for table in self.tables() {
                if table.name() == name {
                    table.restore(key, value)?;
                }
            }
        }
        self.derive();
        Ok(())
    }

    /// Makes what is derived from the tables anew.
    fn derive(&mut self) {
        if let Some(globals) = self.globals.get(&String::new()).cloned() {
            self.ids = globals.ids;
            self.clock = globals.clock;
            self.organisation.corp_id = globals.corp_id;
            self.organisation.capacity = globals.capacity;
            self.storage_key = globals.storage_key;
            self.metered = globals.metered;
        }
        self.spaces.index();
        self.entries.index();
        self.tasks.index();
        self.uploads.index();
    }

    fn note_globals(&mut self) {
        let globals = Globals {
            ids: self.ids.clone(),
            clock: self.clock,
            corp_id: self.organisation.corp_id.clone(),
            capacity: self.organisation.capacity,
            storage_key: self.storage_key.clone(),
            metered: self.metered.clone(),
        };
        self.globals.insert(String::new(), globals);
    }
}
