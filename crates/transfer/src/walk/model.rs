//! Walks of a space in memory that fails, changes and forgets on command: what is told of it must be true.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dingtalk_storage::runtime::{ErrorBuilder, ErrorKind};
use dingtalk_storage::types::{DentryId, SpaceId};
use fastrand::Rng;
use futures_util::FutureExt;

use super::changes::{Change, Comparison, Known};
use super::checkpoint::ChangesCheckpoint;
use super::source::{Look, Page, Source};
use crate::{Entry, EntryKind, Error};

/// Entries of a page.
const PAGE: usize = 3;
/// Spaces, each of which is walked eight times or more: 10,000 walks.
const WORLDS: u64 = 1300;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Item {
    parent: u64,
    name: String,
    is_folder: bool,
    version: i64,
    modified: u64,
}

/// A space, and what goes wrong with it.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
struct World {
    items: BTreeMap<u64, Item>,
    clock: u64,
    random: Rng,
    is_calm: bool,
    /// Whether others work in the space while it is walked.
    is_busy: bool,
    /// Whether the flat list is refused.
    by_folders: bool,
    /// Whether the server calls everything gone that it is asked for by its id.
    is_liar: bool,
    forbidden: Option<u64>,
}

#[derive(Debug, Clone)]
struct Model(Arc<Mutex<World>>);

impl World {
    fn new(seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let (is_busy, by_folders) = (random.bool(), random.bool());
        // What is moved between the lists of two folders may be in none of them, so that only the server's word helps.
        let is_liar = random.bool() && !by_folders;
        let (items, clock) = (BTreeMap::new(), 1);
        let mut world = Self { items, clock, random, is_calm: false, is_busy, by_folders, is_liar, forbidden: None };
        for _ in 0..world.random.usize(0..25) {
            world.change();
        }
        world
    }

    fn chance(&mut self, percent: u32) -> bool {
        !self.is_calm && self.random.u32(0..100) < percent
    }

    fn any(&mut self) -> Option<u64> {
        let place = self.random.usize(0..self.items.len().max(1));
        self.items.keys().nth(place).copied()
    }

    fn any_folder(&mut self) -> u64 {
        let folders: Vec<u64> = self.items.iter().filter(|(_, item)| item.is_folder).map(|(id, _)| *id).collect();
        *self.random.choice(&folders).filter(|_| !self.items.len().is_multiple_of(3)).unwrap_or(&0)
    }

    /// Something that people do.
    fn change(&mut self) {
        // What is changed at the very time that the list has come to may be passed by, too.
        self.clock += if self.is_liar { 1 } else { self.random.u64(0..2) };
        let (modified, id, folder) = (self.clock, self.any(), self.any_folder());
        match (self.random.u32(0..7), id) {
            (0, Some(id)) => self.delete(id),
            (1, Some(id)) if !self.is_below(folder, id) => {
                // A move may or may not count as a change.
                let touches = self.random.bool();
                let Some(item) = self.items.get_mut(&id) else { return };
                item.parent = folder;
                if touches {
                    item.modified = modified;
                }
            }
            (2, Some(id)) => {
                let Some(item) = self.items.get_mut(&id) else { return };
                item.name.push('\'');
                item.modified = modified;
            }
            (3, Some(id)) => {
                let Some(item) = self.items.get_mut(&id) else { return };
                item.version += i64::from(!item.is_folder);
                item.modified = modified;
            }
            _ => {
                self.clock += 1;
                let id = self.items.keys().last().map_or(1000, |last| last + 1).max(1000 + self.clock);
                let is_folder = self.random.u32(0..3) == 0;
                let item = Item { parent: folder, name: format!("n{id}"), is_folder, version: 1, modified: self.clock };
                self.items.insert(id, item);
            }
        }
    }

    fn delete(&mut self, id: u64) {
        let below: Vec<u64> = self.items.keys().copied().filter(|other| self.is_below(*other, id)).collect();
        self.items.retain(|id, _| !below.contains(id));
    }

    fn is_below(&self, mut id: u64, folder: u64) -> bool {
        while id != folder {
            match self.items.get(&id) {
                Some(item) => id = item.parent,
                None => return false,
            }
        }
        true
    }

    fn entry(&self, id: u64) -> Option<Entry> {
        let item = self.items.get(&id)?;
        Some(Entry {
            space: SpaceId::from("1"),
            id: DentryId::from(id.to_string().as_str()),
            uuid: format!("u{id}").as_str().into(),
            parent: DentryId::from(item.parent.to_string().as_str()),
            name: item.name.clone(),
            kind: if item.is_folder { EntryKind::Folder } else { EntryKind::File },
            size: 0,
            version: Some(item.version),
            modified: None,
            app_properties: Vec::new(),
            stamp: None,
            is_online: false,
        })
    }

    /// What happens around each call.
    fn disturb(&mut self, token: Option<&str>) -> Result<(), Error> {
        while self.is_busy && self.chance(30) {
            self.change();
        }
        if self.chance(8) {
            return Err(refused(500, "systemError", true));
        }
        if token.is_some() && self.chance(5) {
            return Err(refused(400, "paramError", false));
        }
        Ok(())
    }

    /// A page of what follows a place in an order.
    fn page(&mut self, mut ordered: Vec<((u64, u64), u64)>, token: Option<&str>) -> Page {
        ordered.sort_unstable();
        let behind = token.and_then(|token| token.split_once('/')).map(|(one, two)| (number(one), number(two)));
        ordered.retain(|(place, _)| behind.is_none_or(|behind| *place > behind));
        let mut size = PAGE.min(ordered.len());
        if token.is_some() && self.chance(10) {
            size = 0;
        }
        let has_more = ordered.len() > size;
        let last = ordered.get(size.wrapping_sub(1)).map(|(place, _)| *place).or(behind);
        ordered.truncate(size);
        let mut page = Page::default();
        for (_, id) in ordered {
            if self.chance(2) {
                page.has_gaps = true;
            } else {
                page.entries.extend(self.entry(id));
            }
        }
        // An empty page has a token of its own, or the list would lead to no end.
        page.next = last.filter(|_| has_more).map(|(one, two)| {
            let spice = if size == 0 { format!("/{}", self.random.u64(..)) } else { String::new() };
            format!("{one}/{two}{spice}")
        });
        page
    }
}

/// The first number of a text.
fn number(text: &str) -> u64 {
    text.split('/').next().and_then(|text| text.parse().ok()).unwrap_or(0)
}

fn refused(status: u16, code: &str, is_transient: bool) -> Error {
    ErrorBuilder::new(ErrorKind::Api).status(status).code(code).transient(is_transient).build().into()
}

impl Model {
    fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Source for Model {
    async fn all(&self, token: Option<&str>) -> Result<Page, Error> {
        let mut world = self.world();
        if world.by_folders {
            return Err(refused(403, "permissionDenied", false));
        }
        world.disturb(token)?;
        let ordered = world.items.iter().map(|(id, item)| ((item.modified, *id), *id)).collect();
        Ok(world.page(ordered, token))
    }

    async fn children(&self, folder: &DentryId, token: Option<&str>) -> Result<Page, Error> {
        let mut world = self.world();
        world.disturb(token)?;
        let folder = number(folder.as_str());
        if folder != 0 && !world.items.contains_key(&folder) {
            return Err(refused(404, "dentryNotExist", false));
        }
        if world.forbidden == Some(folder) {
            return Err(refused(403, "permissionDenied", false));
        }
        let there = world.items.iter().filter(|(_, item)| item.parent == folder);
        let ordered = there.map(|(id, _)| ((*id, *id), *id)).collect();
        Ok(world.page(ordered, token))
    }

    async fn look(&self, ids: &[DentryId]) -> Result<Vec<(DentryId, Look)>, Error> {
        let mut world = self.world();
        world.disturb(None)?;
        let mut looks = Vec::new();
        for id in ids {
            if world.chance(5) {
                continue;
            }
            let entry = world.entry(number(id.as_str())).filter(|_| !world.is_liar);
            let look = match entry {
                _ if world.chance(5) => Look::Unknown,
                Some(entry) => Look::There(Box::new(entry)),
                None => Look::Gone,
            };
            looks.push((id.clone(), look));
        }
        Ok(looks)
    }
}

/// What a connector has: it handles changes, writes checkpoints down when it likes, and is killed when nobody likes.
struct Connector {
    model: Model,
    copy: HashMap<u64, Known>,
    written: Option<String>,
    deletions: u64,
    incomplete: u64,
}

impl Connector {
    /// One look, from what was written down last; returns whether it came to its end.
    fn run(&mut self, seed: u64) -> bool {
        let since = self.written.as_deref().map(|text| serde_json::from_str::<ChangesCheckpoint>(text).unwrap());
        let mut comparison = Comparison::new(self.model.clone(), &SpaceId::from("1"), since);
        comparison.add_known(self.copy.values().cloned());
        for _ in 0..10_000 {
            match comparison.next().now_or_never().unwrap() {
                Ok(Some(change)) => self.handle(change, seed),
                Ok(None) => {
                    self.incomplete += u64::from(!comparison.walker.is_complete());
                    self.write(&comparison);
                    return true;
                }
                Err(_) => {}
            }
            let mut world = self.model.world();
            let (writes, is_killed) = (world.chance(20), world.chance(3));
            drop(world);
            if writes {
                self.write(&comparison);
            }
            if is_killed {
                return false;
            }
        }
        panic!("seed {seed}: no end");
    }

    fn write(&mut self, comparison: &Comparison<Model>) {
        self.written = Some(serde_json::to_string(&comparison.checkpoint()).unwrap());
    }

    fn handle(&mut self, change: Change, seed: u64) {
        match change {
            Change::Added(entry) | Change::Changed { entry, .. } | Change::Moved { entry, .. } => {
                self.copy.insert(number(entry.id.as_str()), Known::from(&entry));
            }
            Change::Deleted(known) => {
                let id = number(known.id.as_str());
                assert!(
                    !self.model.world().items.contains_key(&id),
                    "seed {seed}: {id} is there and was called deleted"
                );
                self.copy.remove(&id);
                self.deletions += 1;
            }
        }
    }
}

#[test]
fn nothing_is_called_deleted_that_is_there_and_copies_become_equal() {
    let (mut deletions, mut incomplete, mut killed) = (0, 0, 0);
    for seed in 0..WORLDS {
        let model = Model(Arc::new(Mutex::new(World::new(seed))));
        let mut connector =
            Connector { model: model.clone(), copy: HashMap::new(), written: None, deletions: 0, incomplete: 0 };
        for _ in 0..6 {
            {
                let mut world = model.world();
                for _ in 0..world.random.usize(0..4) {
                    world.change();
                }
                world.forbidden = if world.chance(20) { Some(world.any_folder()) } else { None };
            }
            killed += u64::from(!connector.run(seed));
        }
        {
            let mut world = model.world();
            (world.is_calm, world.forbidden) = (true, None);
        }
        // The first ends a walk that was on its way, which need not have seen all.
        while !(connector.run(seed) && connector.run(seed)) {}
        let world = model.world();
        let there = world.items.keys().filter_map(|id| Some((*id, Known::from(&world.entry(*id)?))));
        assert_eq!(connector.copy, there.collect::<HashMap<_, _>>(), "seed {seed}");
        deletions += connector.deletions;
        incomplete += connector.incomplete;
    }
    // Or nothing was tried.
    assert!(deletions > 2000 && incomplete > 800 && killed > 700, "{deletions} {incomplete} {killed}");
}
