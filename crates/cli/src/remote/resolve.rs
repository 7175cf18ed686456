//! From places to what is there.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use dingtalk_storage::types::{DentryStatus, DentryUuid, DriveSpace, DriveSpaceType, SpaceId, Workspace};
use dingtalk_storage_transfer::{Drive, Entry, EntryKind, Error, numbered};

use super::{Base, Remote};
use crate::Failure;
use crate::exit::Code;

/// Spaces on a page, the most that the operation takes.
const PAGE: i32 = 50;

/// How long what was seen of the drive is told from memory: a command looks for what it is about once. What it does itself
/// is known at once.
const RECENT: Duration = Duration::from_secs(20);

/// Where bases are that were looked up, and since when that is known.
static ANCHORS: Mutex<Option<HashMap<Base, (Instant, Anchor)>>> = Mutex::new(None);

/// Something of the drive, and where it is.
#[derive(Debug, Clone)]
pub struct Found {
    /// As the commands take it.
    pub place: Remote,
    pub entry: Entry,
}

impl Found {
    pub fn path(&self) -> String {
        self.place.text()
    }

    /// Something in it.
    pub fn child(&self, entry: Entry) -> Self {
        Self { place: self.place.join(&entry.name), entry }
    }
}

/// Where a base is.
#[derive(Debug, Clone)]
pub(super) struct Anchor {
    pub(super) space: SpaceId,
    /// Path of the base within the space; empty for its root.
    pub(super) prefix: String,
    /// The base itself, where it is known.
    entry: Option<Entry>,
    /// How it is written from now on.
    head: String,
}

impl Remote {
    /// What is there.
    pub async fn resolve(&self, drive: &Drive) -> Result<Found, Failure> {
        if self.is_pattern() {
            return Err(Failure::usage(format!("{} can be several files, and one is needed", self.text())));
        }
        let anchor = self.anchor(drive).await?;
        let place = Self { head: anchor.head.clone(), ..self.clone() };
        let entry = match anchor.entry {
            Some(entry) if self.path.is_empty() => entry,
            _ => {
                let path = format!("{}{}", anchor.prefix, self.path);
                drive.paths(&anchor.space).recent(RECENT).entry(&path).await.map_err(|error| self.told(&error))?
            }
        };
        if self.is_folder && !entry.is_folder() {
            return Err(Failure::new(Code::NotFound, format!("{} is a file, and no folder", self.text())));
        }
        Ok(Found { place, entry })
    }

    /// What is there, or nothing where nothing is.
    pub async fn find(&self, drive: &Drive) -> Result<Option<Found>, Failure> {
        match self.resolve(drive).await {
            Ok(found) => Ok(Some(found)),
            Err(failure) if failure.code == Code::NotFound && !self.path.is_empty() => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// The deepest folder on the way that is there, and the names from there on.
    pub async fn nearest(&self, drive: &Drive) -> Result<(Found, Vec<String>), Failure> {
        let (mut place, mut names) = (self.clone(), Vec::new());
        loop {
            if let Some(found) = place.find(drive).await? {
                if !found.entry.is_folder() {
                    return Err(Failure::new(Code::Exists, format!("{} is a file, and no folder", place.text())));
                }
                names.reverse();
                return Ok((found, names));
            }
            let Some((above, name)) = place.split() else {
                return Err(Failure::new(Code::NotFound, format!("there is no folder above {}", self.text())));
            };
            names.push(name.to_owned());
            // That a file has the name is to be seen.
            place = Self { is_folder: false, ..above };
        }
    }

    /// Its place under the first name with a number that nothing has: what becomes of a name that is taken.
    pub async fn free(&self, kind: EntryKind, drive: &Drive) -> Result<Self, Failure> {
        let Some((above, name)) = self.split() else { return Ok(self.clone()) };
        for number in 1.. {
            let place = above.join(&numbered(name, kind, number));
            if place.find(drive).await?.is_none() {
                return Ok(place);
            }
        }
        Ok(self.clone())
    }

    /// The space and the path in it.
    pub async fn in_space(&self, drive: &Drive) -> Result<(SpaceId, String), Failure> {
        let anchor = self.anchor(drive).await?;
        Ok((anchor.space, format!("{}{}", anchor.prefix, self.path)))
    }

    /// A failure in words of the command line, not of the space.
    fn told(&self, error: &Error) -> Failure {
        let failure = Failure::from(error);
        if let Error::NotFound { missing, is_folder, .. } = error {
            let kind = if *is_folder { "folder " } else { "" };
            let message = format!("{} does not exist: there is no {kind}{missing:?} where it should be", self.text());
            return Failure { message, ..failure };
        }
        match failure.code {
            Code::Ambiguous => failure.hint("`ls --ids` shows them, and ding:uuid=.. names one"),
            _ => failure,
        }
    }

    /// Where its base is, which is asked for once.
    pub(super) async fn anchor(&self, drive: &Drive) -> Result<Anchor, Failure> {
        // What is asked for itself is told as it is now.
        let is_itself = self.path.is_empty() && matches!(self.base, Base::Uuid(_) | Base::Link(_));
        let known = {
            let anchors = ANCHORS.lock().unwrap_or_else(PoisonError::into_inner);
            let known = anchors.as_ref().and_then(|anchors| anchors.get(&self.base));
            known.filter(|(since, _)| !is_itself && since.elapsed() <= RECENT).map(|(_, anchor)| anchor.clone())
        };
        if let Some(anchor) = known {
            return Ok(anchor);
        }
        let anchor = self.look_up(drive).await?;
        if !is_itself {
            let mut anchors = ANCHORS.lock().unwrap_or_else(PoisonError::into_inner);
            let known = (Instant::now(), Anchor { entry: None, ..anchor.clone() });
            anchors.get_or_insert_default().insert(self.base.clone(), known);
        }
        Ok(anchor)
    }

    async fn look_up(&self, drive: &Drive) -> Result<Anchor, Failure> {
        let head = self.head.clone();
        let root = |space: SpaceId, head| Anchor { space, prefix: String::new(), entry: None, head };
        Ok(match &self.base {
            Base::SpaceId(space) => root(space.clone(), head),
            Base::SpaceName(name) => root(space_of_name(drive, name).await?.space_id, head),
            Base::MyDocuments => {
                let mine = drive.client().wiki_v2().get_mine_workspace().send().await?;
                below(drive, mine.workspace.root_node_id()?, head).await?
            }
            Base::Wiki(name) => below(drive, wiki_of_name(drive, name).await?.root_node_id()?, head).await?,
            Base::Uuid(uuid) if self.path.is_empty() => itself(drive.entry_of_uuid(uuid).await?, head),
            Base::Uuid(uuid) => below(drive, uuid, head).await?,
            Base::Link(link) => {
                let entry = drive.entry_of_link(link).await?;
                let head = format!("ding:uuid={}", entry.uuid);
                itself(entry, head)
            }
        })
    }
}

fn itself(entry: Entry, head: String) -> Anchor {
    Anchor { space: entry.space.clone(), prefix: String::new(), entry: Some(entry), head }
}

/// A folder by its uuid, as a path of its space.
async fn below(drive: &Drive, uuid: &DentryUuid, head: String) -> Result<Anchor, Failure> {
    let (space, id) = drive.ids_of(uuid).await?;
    let paths = drive.paths(&space);
    let root = paths.root().await?;
    if root.uuid == *uuid {
        return Ok(Anchor { space, prefix: String::new(), entry: Some(root), head });
    }
    let entry = drive.entry(&space, &id).await?;
    let prefix = paths.path_of(&entry).await?;
    Ok(Anchor { space, prefix, entry: Some(entry), head })
}

/// The shared spaces of the organization that the operator sees.
pub async fn spaces(drive: &Drive) -> Result<Vec<DriveSpace>, Failure> {
    let mut items = drive.client().drive_v1().list_spaces(DriveSpaceType::Org, PAGE).items();
    let mut spaces = Vec::new();
    while let Some(space) = items.try_next().await? {
        spaces.push(space);
    }
    Ok(spaces)
}

/// The space of a name.
async fn space_of_name(drive: &Drive, name: &str) -> Result<DriveSpace, Failure> {
    let mut named = spaces(drive).await?;
    named.retain(|space| space.space_name.as_deref() == Some(name));
    let ids = named.iter().map(|space| space.space_id.to_string()).collect();
    only(
        named,
        &format!("space is called {name:?}"),
        ids,
        "`dingtalk-storage spaces` lists them, and ding:ID names one",
    )
}

/// The knowledge base of a name.
async fn wiki_of_name(drive: &Drive, name: &str) -> Result<Workspace, Failure> {
    let mut items = drive.client().wiki_v2().list_workspaces().items();
    let mut named = Vec::new();
    while let Some(workspace) = items.try_next().await? {
        if workspace.name == name || workspace.workspace_id.as_str() == name {
            named.push(workspace);
        }
    }
    let ids = named.iter().map(|workspace| workspace.workspace_id.to_string()).collect();
    let hint = "`dingtalk-storage spaces --wiki` lists them, and ding:@wiki/ID names one";
    only(named, &format!("knowledge base is called {name:?}"), ids, hint)
}

fn only<T>(mut named: Vec<T>, what: &str, ids: Vec<String>, hint: &str) -> Result<T, Failure> {
    match (named.pop(), named.is_empty()) {
        (Some(only), true) => Ok(only),
        (None, _) => Err(Failure::new(Code::NotFound, format!("no {what}")).hint(hint)),
        (Some(_), false) => {
            Err(Failure::new(Code::Ambiguous, format!("more than one {what}: {}", ids.join(", "))).hint(hint))
        }
    }
}

/// What is in a folder, by name, also as it was seen a moment ago.
pub(super) async fn recent_children(drive: &Drive, folder: &Entry) -> Result<Vec<Entry>, Failure> {
    let mut entries = drive.paths(&folder.space).recent(RECENT).children_of(folder).await?;
    entries.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
    Ok(entries)
}

/// Whether it is a folder that has something in it.
pub async fn is_filled(drive: &Drive, entry: &Entry) -> Result<bool, Failure> {
    Ok(entry.is_folder() && !recent_children(drive, entry).await?.is_empty())
}

/// What is in a folder now, by name.
pub async fn children(drive: &Drive, folder: &Entry) -> Result<Vec<Entry>, Failure> {
    if !folder.is_folder() {
        return Err(Failure::new(Code::NotFound, format!("{:?} is a file, and no folder", folder.name)));
    }
    let mut items = drive.client().storage_v1().list_dentries(&folder.space, &folder.id).items();
    let mut entries = Vec::new();
    while let Some(dentry) = items.try_next().await? {
        if dentry.status != Some(DentryStatus::Deleted) {
            entries.push(Entry::from_dentry(&dentry)?);
        }
    }
    entries.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
    Ok(entries)
}
