//! What is known of a space: which entries its folders have.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use dingtalk_storage::types::DentryId;
use tokio::sync::OnceCell;
use tokio::time::Instant;

use crate::Entry;

/// Entries that are remembered of a space; when there are more, all are forgotten.
const MOST_ENTRIES: usize = 200_000;

pub(super) fn root() -> DentryId {
    DentryId::root()
}

/// What is known of a space.
#[derive(Debug, Default)]
pub(super) struct SpaceIndex {
    pub(super) root: OnceCell<Entry>,
    /// What entries of the root call it, which has two ids.
    pub(super) root_id: OnceLock<DentryId>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    entries: HashMap<DentryId, Known>,
    folders: HashMap<DentryId, Folder>,
}

/// An entry, and when it was so.
#[derive(Debug)]
struct Known {
    entry: Entry,
    at: Instant,
}

/// What a list of a folder told.
#[derive(Debug)]
struct Listed {
    names: HashMap<String, Vec<DentryId>>,
    at: Instant,
}

impl Listed {
    fn add(&mut self, name: &str, id: &DentryId) {
        let ids = self.names.entry(name.to_owned()).or_default();
        if !ids.contains(id) {
            ids.push(id.clone());
        }
    }
}

#[derive(Debug, Default)]
struct Folder {
    /// Held by who lists it, or makes something in it: others wait, and find it done.
    gate: Arc<tokio::sync::Mutex<()>>,
    /// Its entries; none before it was listed.
    children: Option<Listed>,
    /// Folders in it that were made or met by name, though it was not listed.
    met: HashMap<String, DentryId>,
    /// While it is listed: what was changed in it from here since the list began, which knows less of that.
    touched: Option<HashSet<DentryId>>,
}

impl SpaceIndex {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What only one at a time may hold for a folder.
    pub(super) fn gate(&self, folder: &DentryId) -> Arc<tokio::sync::Mutex<()>> {
        Arc::clone(&self.state().folders.entry(folder.clone()).or_default().gate)
    }

    /// Whether a folder was listed.
    pub(super) fn children_known(&self, folder: &DentryId) -> bool {
        self.state().folders.get(folder).is_some_and(|folder| folder.children.is_some())
    }

    /// Entries of a name in a folder; none if the folder was not listed.
    pub(super) fn named(&self, folder: &DentryId, name: &str) -> Option<Vec<Entry>> {
        let state = self.state();
        let children = state.folders.get(folder)?.children.as_ref()?;
        let ids = children.names.get(name).map(Vec::as_slice).unwrap_or_default();
        Some(ids.iter().filter_map(|id| state.entry(id)).cloned().collect())
    }

    /// All entries of a folder; none if it was not listed.
    pub(super) fn children(&self, folder: &DentryId) -> Option<Vec<Entry>> {
        let state = self.state();
        let children = state.folders.get(folder)?.children.as_ref()?;
        Some(children.names.values().flatten().filter_map(|id| state.entry(id)).cloned().collect())
    }

    pub(super) fn entry(&self, id: &DentryId) -> Option<Entry> {
        self.state().entry(id).cloned()
    }

    /// Whether an entry was so at most so long ago.
    pub(super) fn is_recent(&self, id: &DentryId, age: Duration) -> bool {
        self.state().entries.get(id).is_some_and(|known| known.at.elapsed() <= age)
    }

    /// Notes that an entry was so just now.
    pub(super) fn seen(&self, id: &DentryId) {
        if let Some(known) = self.state().entries.get_mut(id) {
            known.at = Instant::now();
        }
    }

    /// Whether a folder was listed at most so long ago.
    pub(super) fn is_list_recent(&self, folder: &DentryId, age: Duration) -> bool {
        let state = self.state();
        let children = state.folders.get(folder).and_then(|folder| folder.children.as_ref());
        children.is_some_and(|listed| listed.at.elapsed() <= age)
    }

    /// A list of a folder begins; its gate is held.
    pub(super) fn begin_list(&self, folder: &DentryId) {
        self.state().folders.entry(folder.clone()).or_default().touched = Some(HashSet::new());
    }

    /// Takes over a list of a folder that began at a time. What was changed from here since is left as it is; if
    /// everything was forgotten since, nothing is taken over.
    pub(super) fn listed(&self, folder: &DentryId, at: Instant, entries: Vec<Entry>) -> bool {
        let mut state = self.state();
        let Some(touched) = state.folders.get_mut(folder).and_then(|folder| folder.touched.take()) else {
            return false;
        };
        let own: Vec<Entry> = touched.iter().filter_map(|id| state.entry(id)).cloned().collect();
        if state.entries.len() + entries.len() > MOST_ENTRIES {
            state.forget_everything();
        }
        let mut listed = Listed { names: HashMap::new(), at };
        for entry in entries.into_iter().filter(|entry| !touched.contains(&entry.id)) {
            listed.add(&entry.name, &entry.id);
            state.entries.insert(entry.id.clone(), Known { entry, at });
        }
        for entry in own.into_iter().filter(|entry| entry.parent == *folder) {
            listed.add(&entry.name, &entry.id);
            state.entries.entry(entry.id.clone()).or_insert(Known { entry, at });
        }
        let folder = state.folders.entry(folder.clone()).or_default();
        (folder.children, folder.met) = (Some(listed), HashMap::new());
        true
    }

    /// Notes an entry where it is now.
    pub(super) fn remember(&self, entry: &Entry) {
        let mut state = self.state();
        if let Some(before) = state.entry(&entry.id)
            && (before.parent != entry.parent || before.name != entry.name)
        {
            state.take_from_parent(&entry.id);
        }
        let folder = state.folders.entry(entry.parent.clone()).or_default();
        let is_listed = folder.children.is_some() || folder.touched.is_some();
        folder.touch(&entry.id);
        if let Some(children) = &mut folder.children {
            children.add(&entry.name, &entry.id);
        }
        if !is_listed && !entry.is_folder() {
            // No path leads to it, before it is listed.
            state.entries.remove(&entry.id);
            return;
        }
        if state.entries.len() >= MOST_ENTRIES {
            state.forget_everything();
        }
        state.entries.insert(entry.id.clone(), Known { entry: entry.clone(), at: Instant::now() });
    }

    /// Notes a folder that was asked for by a name.
    pub(super) fn meet(&self, name: &str, folder: &Entry) {
        self.remember(folder);
        let mut state = self.state();
        let parent = state.folders.entry(folder.parent.clone()).or_default();
        if parent.children.is_none() {
            parent.met.insert(name.to_owned(), folder.id.clone());
        }
    }

    /// A folder that was met by this name.
    pub(super) fn met(&self, parent: &DentryId, name: &str) -> Option<Entry> {
        let state = self.state();
        let id = state.folders.get(parent)?.met.get(name)?;
        state.entry(id).cloned()
    }

    /// Forgets an entry of a folder and all below it.
    pub(super) fn forget(&self, id: &DentryId, folder: &DentryId) {
        let mut state = self.state();
        if let Some(folder) = state.folders.get_mut(folder) {
            folder.touch(id);
        }
        state.take_from_parent(id);
        state.forget_below(id);
        state.entries.remove(id);
    }

    /// Forgets what a folder has, not what is below its entries.
    pub(super) fn forget_list(&self, folder: &DentryId) {
        if let Some(folder) = self.state().folders.get_mut(folder) {
            (folder.children, folder.met) = (None, HashMap::new());
        }
    }

    pub(super) fn clear(&self) {
        self.state().forget_everything();
    }
}

impl Folder {
    /// Notes that an entry is changed from here.
    fn touch(&mut self, id: &DentryId) {
        if let Some(touched) = &mut self.touched {
            touched.insert(id.clone());
        }
    }
}

impl State {
    fn entry(&self, id: &DentryId) -> Option<&Entry> {
        self.entries.get(id).map(|known| &known.entry)
    }

    fn take_from_parent(&mut self, id: &DentryId) {
        let Some(Known { entry, .. }) = self.entries.get(id) else { return };
        let Some(folder) = self.folders.get_mut(&entry.parent) else { return };
        folder.touch(id);
        folder.met.retain(|_, met| met != id);
        if let Some(ids) = folder.children.as_mut().and_then(|children| children.names.get_mut(&entry.name)) {
            ids.retain(|other| other != id);
        }
    }

    fn forget_below(&mut self, id: &DentryId) {
        let mut below = vec![id.clone()];
        while let Some(id) = below.pop() {
            let Some(folder) = self.folders.get_mut(&id) else { continue };
            folder.touched = None;
            let listed = folder.children.take().into_iter().flat_map(|listed| listed.names.into_values()).flatten();
            let met = std::mem::take(&mut folder.met);
            for child in listed.chain(met.into_values()) {
                self.entries.remove(&child);
                below.push(child);
            }
        }
    }

    /// What is held by somebody stays, so that nobody lists a folder twice at the same time.
    fn forget_everything(&mut self) {
        self.entries.clear();
        self.folders.retain(|_, folder| {
            (folder.children, folder.met, folder.touched) = (None, HashMap::new(), None);
            Arc::strong_count(&folder.gate) > 1
        });
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;
    use crate::EntryKind;

    fn entry(id: &str, folder: &str, name: &str) -> Entry {
        Entry {
            space: "1".into(),
            id: id.into(),
            uuid: id.into(),
            parent: folder.into(),
            name: name.to_owned(),
            kind: EntryKind::File,
            size: 0,
            version: None,
            modified: None,
            app_properties: Vec::new(),
            stamp: None,
            is_online: false,
        }
    }

    fn names(index: &SpaceIndex, folder: &DentryId) -> Vec<String> {
        let mut names: Vec<String> = index.children(folder).unwrap().into_iter().map(|entry| entry.name).collect();
        names.sort_unstable();
        names
    }

    #[tokio::test]
    async fn what_is_changed_from_here_while_a_folder_is_listed_is_not_undone_by_the_list() {
        let (index, folder) = (SpaceIndex::default(), DentryId::from("f"));
        for round in 0..2 {
            index.begin_list(&folder);
            // Made, renamed, moved away and deleted since; the list has all as they were before.
            index.remember(&entry("new", "f", "new"));
            index.remember(&entry("renamed", "f", "after"));
            index.remember(&entry("moved", "elsewhere", "moved"));
            index.forget(&"moved".into(), &folder);
            index.forget(&"deleted".into(), &folder);
            let before = [("renamed", "before"), ("moved", "moved"), ("deleted", "deleted"), ("same", "same")];
            let list = before.map(|(id, name)| entry(id, "f", name)).to_vec();
            assert!(index.listed(&folder, Instant::now(), list));
            assert_eq!(names(&index, &folder), ["after", "new", "same"], "{round}");
            assert!(index.named(&folder, "before").unwrap().is_empty());
        }
        // Once it is over, the next list is believed.
        index.begin_list(&folder);
        assert!(index.listed(&folder, Instant::now(), vec![entry("other", "f", "other")]));
        assert_eq!(names(&index, &folder), ["other"]);
    }

    #[tokio::test]
    async fn a_list_that_began_before_everything_was_forgotten_is_not_taken_over() {
        let (index, folder) = (SpaceIndex::default(), DentryId::from("f"));
        index.begin_list(&folder);
        index.clear();
        assert!(!index.listed(&folder, Instant::now(), vec![entry("a", "f", "a")]));
        assert!(!index.children_known(&folder));
    }
}
