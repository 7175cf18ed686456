//! Which roles are in force: the highest of those that are granted here and above, where those from above do not end.

use std::collections::{BTreeMap, HashMap};

use dingtalk_storage::types::{DentryId, MemberType, Permission, PermissionMember, RoleId};
use dingtalk_storage_transfer::Entry;

/// What is known of an entry.
#[derive(Debug)]
pub struct Node {
    /// How it is written.
    pub path: String,
    /// Roles that are granted on it itself.
    pub own: Vec<Permission>,
    /// Whether roles from above end at it.
    pub breaks: bool,
}

/// A role that is in force.
#[derive(Debug, Clone)]
pub struct Access {
    pub member: PermissionMember,
    pub role: RoleId,
    /// The place where it is granted.
    pub granted_on: String,
}

/// The roles in force, by entry.
#[derive(Debug, Default)]
pub struct Roles(HashMap<DentryId, Vec<Access>>);

impl Access {
    /// Why it is worth a second look, in an organization.
    pub fn flags(&self, home: Option<&str>) -> Vec<String> {
        let mut flags = Vec::new();
        match self.member.kind {
            MemberType::Org => flags.push("organization".to_owned()),
            MemberType::AllUsers => flags.push("everybody".to_owned()),
            _ => {}
        }
        let corp = self.member.corp_id.as_ref().map(ToString::to_string);
        // A member that is an organization is named by its id.
        let own_id = self.member.id.as_ref().map(ToString::to_string).filter(|_| self.member.kind == MemberType::Org);
        if let (Some(corp), Some(home)) = (corp.or(own_id), home)
            && corp != home
        {
            flags.push("outside".to_owned());
        }
        flags
    }

    /// Whose it is.
    fn key(&self) -> (String, String, String) {
        let member = &self.member;
        let id = member.id.as_ref().map(ToString::to_string).unwrap_or_default();
        let corp = member.corp_id.as_ref().map(ToString::to_string).unwrap_or_default();
        (member.kind.as_str().to_owned(), id, corp)
    }
}

/// Higher roles have higher numbers; one that this version does not know is below all others.
fn rank(role: &RoleId) -> u8 {
    match role {
        RoleId::Owner => 5,
        RoleId::Manager => 4,
        RoleId::Editor => 3,
        RoleId::Downloader => 2,
        RoleId::Reader => 1,
        _ => 0,
    }
}

/// Whether a role comes through where others end.
fn comes_through(role: &RoleId) -> bool {
    matches!(role, RoleId::Owner | RoleId::Manager)
}

impl Roles {
    /// Whether there are roles above an entry that could end at it.
    pub fn can_end_at(&self, entry: &Entry) -> bool {
        self.above(entry).iter().any(|access| !comes_through(&access.role))
    }

    fn above(&self, entry: &Entry) -> &[Access] {
        let above = if entry.parent == entry.id { None } else { self.0.get(&entry.parent) };
        above.map(Vec::as_slice).unwrap_or_default()
    }

    /// Takes what is known of an entry, which is perhaps the root of its space. What is above it must be known already.
    pub fn add(&mut self, entry: &Entry, node: Node, is_root: bool) {
        let own = node.own.into_iter().map(|permission| Access {
            member: permission.member,
            role: permission.role.id,
            granted_on: node.path.clone(),
        });
        let inherited = self.above(entry).iter().filter(|access| !node.breaks || comes_through(&access.role)).cloned();
        let mut in_force: BTreeMap<_, Access> = BTreeMap::new();
        // What is granted here goes before the same role from above.
        for access in own.chain(inherited) {
            let key = access.key();
            if in_force.get(&key).is_none_or(|known| rank(&access.role) > rank(&known.role)) {
                in_force.insert(key, access);
            }
        }
        let mut accesses: Vec<Access> = in_force.into_values().collect();
        accesses.sort_by_key(|access| std::cmp::Reverse(rank(&access.role)));
        if is_root {
            // It has two ids, and what is in it tells either.
            self.0.insert(DentryId::root(), accesses.clone());
        }
        self.0.insert(entry.id.clone(), accesses);
    }

    /// The roles in force on an entry.
    pub fn of(&self, entry: &Entry) -> &[Access] {
        self.0.get(&entry.id).map(Vec::as_slice).unwrap_or_default()
    }
}
