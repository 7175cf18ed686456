//! What is known of a space: which entries its folders have.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use dingtalk_storage::types::DentryId;
use tokio::sync::OnceCell;

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
    entries: HashMap<DentryId, Entry>,
    folders: HashMap<DentryId, Folder>,
}

#[derive(Debug, Default)]
struct Folder {
    /// Held by who lists it, or makes something in it: others wait, and find it done.
    gate: Arc<tokio::sync::Mutex<()>>,
    /// Entries by their names; none before it was listed.
    children: Option<HashMap<String, Vec<DentryId>>>,
    /// Folders in it that were made or met by name, though it was not listed.
    met: HashMap<String, DentryId>,
    /// Grows with each own change, so that a list that began before is not taken for the state after.
    changes: u64,
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
        let ids = children.get(name).map(Vec::as_slice).unwrap_or_default();
        Some(ids.iter().filter_map(|id| state.entries.get(id)).cloned().collect())
    }

    /// All entries of a folder; none if it was not listed.
    pub(super) fn children(&self, folder: &DentryId) -> Option<Vec<Entry>> {
        let state = self.state();
        let children = state.folders.get(folder)?.children.as_ref()?;
        Some(children.values().flatten().filter_map(|id| state.entries.get(id)).cloned().collect())
    }

    pub(super) fn entry(&self, id: &DentryId) -> Option<Entry> {
        self.state().entries.get(id).cloned()
    }

    /// How often a folder was changed from here.
    pub(super) fn changes(&self, folder: &DentryId) -> u64 {
        self.state().folders.get(folder).map_or(0, |folder| folder.changes)
    }

    /// Takes over a list of a folder, unless the folder was changed from here since it began.
    pub(super) fn listed(&self, folder: &DentryId, changes: u64, entries: Vec<Entry>) -> bool {
        let mut state = self.state();
        if state.folders.get(folder).map_or(0, |folder| folder.changes) != changes {
            return false;
        }
        if state.entries.len() + entries.len() > MOST_ENTRIES {
            state.forget_everything();
        }
        let mut children: HashMap<String, Vec<DentryId>> = HashMap::new();
        for entry in entries {
            let ids = children.entry(entry.name.clone()).or_default();
            if !ids.contains(&entry.id) {
                ids.push(entry.id.clone());
            }
            state.entries.insert(entry.id.clone(), entry);
        }
        let folder = state.folders.entry(folder.clone()).or_default();
        (folder.children, folder.met) = (Some(children), HashMap::new());
        true
    }

    /// Notes an entry where it is now.
    pub(super) fn remember(&self, entry: &Entry) {
        let mut state = self.state();
        if let Some(before) = state.entries.get(&entry.id)
            && (before.parent != entry.parent || before.name != entry.name)
        {
            state.take_from_parent(&entry.id);
        }
        let folder = state.folders.entry(entry.parent.clone()).or_default();
        folder.changes += 1;
        if let Some(children) = &mut folder.children {
            let ids = children.entry(entry.name.clone()).or_default();
            if !ids.contains(&entry.id) {
                ids.push(entry.id.clone());
            }
        } else if !entry.is_folder() {
            // No path leads to it, before it is listed.
            state.entries.remove(&entry.id);
            return;
        }
        if state.entries.len() >= MOST_ENTRIES {
            state.forget_everything();
        }
        state.entries.insert(entry.id.clone(), entry.clone());
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
        state.entries.get(id).cloned()
    }

    /// Forgets an entry and all below it.
    pub(super) fn forget(&self, id: &DentryId) {
        let mut state = self.state();
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

impl State {
    fn take_from_parent(&mut self, id: &DentryId) {
        let Some(entry) = self.entries.get(id) else { return };
        let Some(folder) = self.folders.get_mut(&entry.parent) else { return };
        folder.changes += 1;
        folder.met.retain(|_, met| met != id);
        if let Some(ids) = folder.children.as_mut().and_then(|children| children.get_mut(&entry.name)) {
            ids.retain(|other| other != id);
        }
    }

    fn forget_below(&mut self, id: &DentryId) {
        let mut below = vec![id.clone()];
        while let Some(id) = below.pop() {
            let Some(folder) = self.folders.get_mut(&id) else { continue };
            folder.changes += 1;
            let listed = folder.children.take().into_iter().flat_map(HashMap::into_values).flatten();
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
            (folder.children, folder.met) = (None, HashMap::new());
            folder.changes += 1;
            Arc::strong_count(&folder.gate) > 1
        });
    }
}
