//! Who may see what: every role that is in force below a folder, with where it is granted.

mod roles;

use std::collections::{HashMap, HashSet};

use dingtalk_storage::types::{CorpId, DentryId, Permission, PermissionInheritance};
use futures_util::{StreamExt, TryStreamExt, stream};

pub use roles::{Flag, RoleInForce};
use roles::{Node, Roles};

use crate::{Drive, Entry, Error};

/// Calls on their way at the same time; the client keeps to the rate of the server by itself.
const AT_ONCE: usize = 8;
/// Folders above one another that are believed; a drive that has more leads in a circle.
const DEEPEST: usize = 1_000;

impl Drive {
    /// Tells which roles are in force on a file or folder and on all that is below it: those that are granted on it and
    /// those that come from above.
    ///
    /// ```no_run
    /// # async fn example(
    /// #     drive: dingtalk_storage_transfer::Drive,
    /// #     folder: dingtalk_storage_transfer::Entry,
    /// # ) -> Result<(), dingtalk_storage_transfer::Error> {
    /// let audit = drive.audit(&folder).plan().await?;
    /// println!("at most {} calls", audit.most_calls());
    /// for audited in audit.run().await?.entries {
    ///     for role in audited.roles.iter().filter(|role| !role.flags.is_empty()) {
    ///         println!("{}: {} {:?}", audited.path, role.role.as_str(), role.flags);
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    pub fn audit(&self, top: &Entry) -> Audit {
        Audit { drive: self.clone(), top: top.clone(), folders_only: false }
    }
}

/// An audit to set up.
#[derive(Debug, Clone)]
#[must_use = "nothing is looked at until it is planned"]
pub struct Audit {
    drive: Drive,
    top: Entry,
    folders_only: bool,
}

impl Audit {
    /// Looks at folders alone.
    pub fn folders_only(mut self) -> Self {
        self.folders_only = true;
        self
    }

    /// Lists what is to be looked at, without reading any role.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if it cannot be listed; [`Error::Answer`] if not all of it can, for roles that nobody saw would be
    /// missing without a word.
    pub async fn plan(self) -> Result<AuditPlan, Error> {
        let Self { drive, top, folders_only } = self;
        let drive = drive.limited(None);
        let mut below = Vec::new();
        if top.is_folder() {
            let mut walk = drive.walk_folder(&top);
            while let Some(entry) = walk.try_next().await? {
                below.push(entry);
            }
            if !walk.is_complete() {
                let name = &top.name;
                return Err(Error::Answer(format!("{name:?} could not be listed to its end: it may be changing")));
            }
        }
        let above = above(&drive, &top).await?;
        let levels = levels(&top, below, folders_only);
        Ok(AuditPlan { drive, above, levels })
    }
}

/// The folders above an entry, from the root down.
async fn above(drive: &Drive, top: &Entry) -> Result<Vec<Entry>, Error> {
    let mut above = Vec::new();
    let mut entry = top.clone();
    while !is_root(drive, &entry).await? && entry.parent != entry.id && above.len() < DEEPEST {
        entry = drive.entry(&entry.space, &entry.parent).await?;
        above.push(entry.clone());
    }
    above.reverse();
    Ok(above)
}

async fn is_root(drive: &Drive, entry: &Entry) -> Result<bool, Error> {
    Ok(entry.id == DentryId::root() || drive.paths(&entry.space).root().await?.id == entry.id)
}

/// The top and what is below it with their paths, one list for each depth. What came twice is there once.
fn levels(top: &Entry, below: Vec<Entry>, folders_only: bool) -> Vec<Vec<(String, Entry)>> {
    let mut children: HashMap<DentryId, Vec<Entry>> = HashMap::new();
    for entry in below.into_iter().filter(|entry| entry.id != top.id) {
        // What is in a root tells either of its ids.
        let parent = if top.id != entry.parent && entry.parent == DentryId::root() { &top.id } else { &entry.parent };
        children.entry(parent.clone()).or_default().push(entry);
    }
    let mut seen: HashSet<DentryId> = HashSet::new();
    let mut levels = vec![vec![(String::new(), top.clone())]];
    while levels.len() < DEEPEST {
        let last = levels.last().map(Vec::as_slice).unwrap_or_default();
        let mut next = Vec::new();
        for (path, folder) in last {
            for entry in children.remove(&folder.id).unwrap_or_default() {
                if seen.insert(entry.id.clone()) && (entry.is_folder() || !folders_only) {
                    let path = if path.is_empty() { entry.name.clone() } else { format!("{path}/{}", entry.name) };
                    next.push((path, entry));
                }
            }
        }
        if next.is_empty() {
            break;
        }
        next.sort_by(|(one, _), (other, _)| one.cmp(other));
        levels.push(next);
    }
    levels
}

/// What an audit is going to look at.
#[derive(Debug, Clone)]
#[must_use = "no role is read until it is run"]
pub struct AuditPlan {
    drive: Drive,
    above: Vec<Entry>,
    levels: Vec<Vec<(String, Entry)>>,
}

impl AuditPlan {
    /// Files and folders whose roles are read, those above included.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.above.len() + self.levels.iter().map(Vec::len).sum::<usize>()
    }

    /// Calls that it takes at least: one for each entry, and one for the space.
    #[must_use]
    pub fn least_calls(&self) -> u64 {
        self.entries() as u64 + 1
    }

    /// Calls that it takes at most where no entry has more than a page of roles, which is 30: a second one for each entry
    /// at which roles from above could end.
    #[must_use]
    pub fn most_calls(&self) -> u64 {
        2 * self.entries() as u64
    }

    /// Reads the roles. Whether roles from above end at an entry is asked only where there are any that could.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if the API refused.
    pub async fn run(self) -> Result<AuditReport, Error> {
        let Self { drive, above, levels } = self;
        let before = drive.calls().count();
        let space = levels.first().and_then(|level| level.first()).map(|(_, top)| top.space.clone());
        let home = match space {
            Some(space) => drive.client().storage_v1().get_space(&space).send().await?.space.corp_id,
            None => None,
        };
        let mut roles = Roles::new(home.clone());
        for entry in &above {
            let node = look(&drive, entry, &roles).await?;
            roles.add(entry, node, is_root(&drive, entry).await?);
        }
        let mut entries = Vec::new();
        for level in levels {
            let looked: Vec<(String, Entry, Node)> = stream::iter(level)
                .map(|(path, entry)| {
                    let (roles, drive) = (&roles, &drive);
                    async move { look(drive, &entry, roles).await.map(|node| (path, entry, node)) }
                })
                .buffered(AT_ONCE)
                .try_collect()
                .await?;
            for (path, entry, node) in looked {
                let is_top_root = path.is_empty() && is_root(&drive, &entry).await?;
                let roles = roles.add(&entry, node, is_top_root);
                entries.push(Audited { path, entry, roles });
            }
        }
        Ok(AuditReport { home, above, entries, calls: drive.calls().count() - before })
    }
}

/// Which roles are in force.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct AuditReport {
    /// The organization that the space belongs to.
    pub home: Option<CorpId>,
    /// The folders above, from the root down, where roles can be granted.
    pub above: Vec<Entry>,
    /// The top, and what is below it, folders before what is in them.
    pub entries: Vec<Audited>,
    /// Calls that it took.
    pub calls: u64,
}

/// An entry with the roles on it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Audited {
    /// Its path below the top; empty for that.
    pub path: String,
    /// The file or folder.
    pub entry: Entry,
    /// The roles that are in force, the highest first; of one member, that is one.
    pub roles: Vec<RoleInForce>,
}

/// What is granted on an entry itself, and whether roles from above end there.
async fn look(drive: &Drive, entry: &Entry, roles: &Roles) -> Result<Node, Error> {
    let mut items = drive.client().storage_v2().list_permissions(&entry.uuid).items();
    let mut own: Vec<Permission> = Vec::new();
    while let Some(permission) = items.try_next().await? {
        own.push(permission);
    }
    let breaks = roles.can_end_at(entry) && {
        let answer = drive.client().storage_v2().get_permission_inheritance(&entry.uuid).send().await?;
        answer.inheritance == Some(PermissionInheritance::Break)
    };
    Ok(Node { own, breaks })
}
