//! What a sync is going to do, to be looked at, written down and carried out.

mod cost;
mod item;
mod lines;
mod shown;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use dingtalk_storage::types::{ConflictStrategy, DentryId, DentryUuid, SpaceId};
use serde::{Deserialize, Serialize};

use crate::{Category, Drive, Entry, EntryKind, Error};

pub use cost::Cost;
pub(super) use cost::{BATCH, CostOptions, batch, calls_of, depth};
pub use item::{Action, Item, PlannedEntry, PlannedFolder};

/// What a sync is going to do.
///
/// It is made by [`TreeSync::plan`](super::TreeSync::plan) and carried out by [`Drive::execute`](crate::Drive::execute), at once or
/// after it was written down: with `serde`, or as [lines of JSON](Self::to_json_lines), which machines can share. What is
/// in it is what was seen when it was made; something that is another one when its turn comes is left alone.
///
/// `Display` shows it to people.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Plan {
    /// The two trees, and what holds for all items.
    pub route: Route,
    /// What is done, in this order: folders, moves, transfers, deletions.
    pub items: Vec<Item>,
    /// What is left alone on both sides, and why.
    pub refused: Vec<Refused>,
    /// Files that stay as they are because they are there already, as [`Existing::Keep`](crate::Existing::Keep) says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<String>,
    /// Why nothing is deleted although that was wished; none where nothing stands in the way.
    pub withheld: Option<String>,
    /// Files that are the same on both sides.
    pub same: u64,
    /// Calls that it took to list the drive; a plan that was written down, and changes the drive, takes as many before it is
    /// carried out, to see what has changed.
    pub listing_calls: u64,
    /// All calls that it took to make it.
    pub planning_calls: u64,
    #[serde(skip)]
    fresh: Freshness,
}

/// How long a plan is taken for true after it was made.
const FRESH: Duration = Duration::from_secs(10 * 60);

/// Whether nothing will have changed since a plan was made: this process did it a short time ago, and has not carried it
/// out yet. Clones share it.
#[derive(Debug, Clone, Default)]
struct Freshness {
    made: Option<Instant>,
    is_used: Arc<AtomicBool>,
}

/// The two trees of a plan, and what holds for all of its items.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Route {
    /// Which way files go.
    pub direction: SyncDirection,
    /// The folder of this machine.
    pub local: PathBuf,
    /// The folder of the drive.
    pub folder: Root,
    /// Where replaced and deleted files go, on the side that is changed.
    pub backup: Option<BackupPlace>,
    /// Whether what is deleted of the drive is lost, and does not go to its recycle bin.
    pub for_good: bool,
    /// What the number of calls depends on.
    #[serde(flatten)]
    pub(super) cost: CostOptions,
}

/// Which way files go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SyncDirection {
    /// From this machine to the drive.
    Up,
    /// From the drive to this machine.
    Down,
}

/// A folder of the drive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Root {
    /// Space that holds it.
    pub space: SpaceId,
    /// Id within its space.
    pub id: DentryId,
    /// Uuid.
    pub uuid: DentryUuid,
    /// Name.
    pub name: String,
    /// Names that lead from it to the folder that is meant, where that is still to be made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}

impl Root {
    pub(super) fn of(folder: &Entry, missing: &[String]) -> Self {
        let Entry { space, id, uuid, name, .. } = folder.clone();
        Self { space, id, uuid, name, missing: missing.to_vec() }
    }

    fn entry(&self) -> Entry {
        folder_entry(&self.space, &self.id, &self.uuid, &self.name)
    }

    /// The folder, made with those above it where they are missing; whoever comes second finds what the first has made.
    pub(super) async fn make(&self, drive: &Drive) -> Result<Entry, Error> {
        let mut folder = self.entry();
        for name in &self.missing {
            folder = drive.make_folder_or(&folder, name, ConflictStrategy::ReturnDentryIfExists).await?;
        }
        Ok(folder)
    }

    /// Whether it is another folder, or below that, as far as their names tell.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        self.space == other.space && self.id == other.id && self.missing.starts_with(&other.missing)
    }
}

/// A folder as far as calls about it need it.
pub(super) fn folder_entry(space: &SpaceId, id: &DentryId, uuid: &DentryUuid, name: &str) -> Entry {
    Entry {
        space: space.clone(),
        id: id.clone(),
        uuid: uuid.clone(),
        parent: DentryId::root(),
        name: name.to_owned(),
        kind: EntryKind::Folder,
        size: 0,
        version: None,
        modified: None,
        app_properties: Vec::new(),
        stamp: None,
        is_online: false,
    }
}

/// Where replaced and deleted files go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BackupPlace {
    /// A folder of this machine.
    Local(PathBuf),
    /// A folder of the drive.
    Drive(Root),
}

/// Something that is left alone on both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Refused {
    /// Its path.
    pub path: String,
    /// Why.
    pub reason: String,
    /// Whether it is a file that was to be replaced, had [`Existing::Refuse`](crate::Existing::Refuse) not said otherwise.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exists: bool,
    /// Name of the kind of failure that this is, as [`Category::name`](crate::Category::name) has it: something of the
    /// source that should be on the other side and cannot be. None for what a sync is not about, such as links and online
    /// documents, and for what only the other side has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
}

impl Refused {
    pub(super) fn new(path: String, reason: &str, category: Option<Category>) -> Self {
        let category = category.map(|category| category.name().to_owned());
        Self { path, reason: reason.to_owned(), exists: false, category }
    }
}

impl Plan {
    pub(super) fn new(route: Route) -> Self {
        Self {
            route,
            items: Vec::new(),
            refused: Vec::new(),
            kept: Vec::new(),
            withheld: None,
            same: 0,
            listing_calls: 0,
            planning_calls: 0,
            fresh: Freshness { made: Some(Instant::now()), is_used: Arc::default() },
        }
    }

    /// Whether both sides are the same as far as anybody looks.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Bytes that are going to be sent or fetched.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.items.iter().filter(|item| item.action.moves_bytes()).map(|item| item.size).sum()
    }

    /// How many items there are of an action.
    #[must_use]
    pub fn count(&self, action: Action) -> usize {
        self.items.iter().filter(|item| item.action == action).count()
    }

    /// The calls that it takes to see what has changed since it was made, before it is carried out by another process; each
    /// process that carries out a part takes as many, and as many again when that is done and something is to be deleted.
    #[must_use]
    pub fn calls_to_look_again(&self) -> u64 {
        // A folder that was not there is listed, too, once it is made.
        let is_looked_at = self.route.direction == SyncDirection::Up && !self.is_empty();
        if is_looked_at { self.listing_calls.max(1) } else { 0 }
    }

    /// The calls that it takes when nothing goes wrong.
    #[must_use]
    pub fn cost(&self) -> Cost {
        Cost::of(&self.route, &self.items)
    }

    /// Whether nothing can have changed since it was made; from then on it can have.
    pub(super) fn take_fresh(&self) -> bool {
        let is_used = self.fresh.is_used.swap(true, Ordering::Relaxed);
        !is_used && self.fresh.made.is_some_and(|made| made.elapsed() < FRESH)
    }
}
