//! Which roles are in force: the highest of those that are granted here and above, where those from above do not end.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use dingtalk_storage::types::{CorpId, DentryId, DentryUuid, MemberType, Permission, PermissionMember, RoleId};

use crate::Entry;

/// What is known of an entry.
#[derive(Debug)]
pub(super) struct Node {
    /// Roles that are granted on it itself.
    pub(super) own: Vec<Permission>,
    /// Whether roles from above end at it.
    pub(super) breaks: bool,
}

/// A role that is in force.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RoleInForce {
    /// Who holds it.
    pub member: PermissionMember,
    /// The role.
    pub role: RoleId,
    /// Where it is granted: the entry itself, or a folder above it.
    pub granted_on: DentryUuid,
    /// Why it is worth a second look.
    pub flags: BTreeSet<Flag>,
}

/// Why a role is worth a second look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Flag {
    /// A whole organization holds it.
    Organization,
    /// Everybody holds it.
    Everybody,
    /// The member is of another organization than the space.
    Outside,
}

impl Flag {
    /// A word that does not change.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Everybody => "everybody",
            Self::Outside => "outside",
        }
    }
}

impl fmt::Display for Flag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

/// The roles in force, by entry.
#[derive(Debug)]
pub(super) struct Roles {
    home: Option<CorpId>,
    of: HashMap<DentryId, Vec<RoleInForce>>,
}

impl Roles {
    pub(super) fn new(home: Option<CorpId>) -> Self {
        Self { home, of: HashMap::new() }
    }

    /// Whether there are roles above an entry that could end at it.
    pub(super) fn can_end_at(&self, entry: &Entry) -> bool {
        self.above(entry).iter().any(|role| !comes_through(&role.role))
    }

    fn above(&self, entry: &Entry) -> &[RoleInForce] {
        let above = if entry.parent == entry.id { None } else { self.of.get(&entry.parent) };
        above.map(Vec::as_slice).unwrap_or_default()
    }

    /// Takes what is known of an entry, which is perhaps the root of its space; gives what is in force on it. What is above
    /// it must be known already.
    pub(super) fn add(&mut self, entry: &Entry, node: Node, is_root: bool) -> Vec<RoleInForce> {
        let own = node.own.into_iter().map(|permission| RoleInForce {
            flags: flags(&permission.member, self.home.as_ref()),
            member: permission.member,
            role: permission.role.id,
            granted_on: entry.uuid.clone(),
        });
        let inherited = self.above(entry).iter().filter(|role| !node.breaks || comes_through(&role.role)).cloned();
        let mut in_force: BTreeMap<_, RoleInForce> = BTreeMap::new();
        // What is granted here goes before the same role from above.
        for role in own.chain(inherited) {
            let key = key(&role.member);
            if in_force.get(&key).is_none_or(|known| by_rank(&role.role, &known.role).is_gt()) {
                in_force.insert(key, role);
            }
        }
        let mut roles: Vec<RoleInForce> = in_force.into_values().collect();
        roles.sort_by(|one, other| by_rank(&other.role, &one.role));
        if is_root {
            // It has two ids, and what is in it tells either.
            self.of.insert(DentryId::root(), roles.clone());
        }
        if entry.is_folder() {
            self.of.insert(entry.id.clone(), roles.clone());
        }
        roles
    }
}

fn flags(member: &PermissionMember, home: Option<&CorpId>) -> BTreeSet<Flag> {
    let mut flags = BTreeSet::new();
    match member.kind {
        MemberType::Org => {
            flags.insert(Flag::Organization);
        }
        MemberType::AllUsers => {
            flags.insert(Flag::Everybody);
        }
        _ => {}
    }
    // A member that is an organization is named by its id.
    let own = member.id.as_ref().filter(|_| member.kind == MemberType::Org).map(|id| CorpId::new(id.as_str()));
    if let (Some(corp), Some(home)) = (member.corp_id.clone().or(own), home)
        && corp != *home
    {
        flags.insert(Flag::Outside);
    }
    flags
}

/// Whose a role is.
fn key(member: &PermissionMember) -> (String, String, String) {
    let id = member.id.as_ref().map(ToString::to_string).unwrap_or_default();
    let corp = member.corp_id.as_ref().map(ToString::to_string).unwrap_or_default();
    (member.kind.as_str().to_owned(), id, corp)
}

/// The order of roles, with those that this version does not know below all others.
fn by_rank(one: &RoleId, other: &RoleId) -> Ordering {
    let is_known = |role: &RoleId| !matches!(role, RoleId::UnknownValue(_));
    one.partial_cmp(other).unwrap_or_else(|| is_known(one).cmp(&is_known(other)))
}

/// Whether a role comes through where others end.
fn comes_through(role: &RoleId) -> bool {
    matches!(role, RoleId::Owner | RoleId::Manager)
}

#[cfg(test)]
mod tests {
    use dingtalk_storage::types::MemberId;

    use super::*;

    fn member(kind: MemberType, id: &str, corp: Option<&str>) -> PermissionMember {
        let member = PermissionMember::new(kind, &MemberId::new(id));
        match corp {
            Some(corp) => member.with_corp_id(&CorpId::new(corp)),
            None => member,
        }
    }

    #[test]
    fn roles_that_nobody_knows_are_below_all_others() {
        let unknown = RoleId::from("of another version");
        assert!(by_rank(&RoleId::Reader, &unknown).is_gt() && by_rank(&unknown, &RoleId::Reader).is_lt());
        assert!(by_rank(&unknown, &RoleId::from("and of another one")).is_eq());
        assert!(by_rank(&RoleId::Owner, &RoleId::Manager).is_gt());
    }

    #[test]
    fn whole_organizations_everybody_and_outsiders_are_flagged() {
        assert_eq!(format!("{:>10}", Flag::Outside), "   outside");
        let home = CorpId::new("ding1");
        for (member, expected) in [
            (member(MemberType::User, "u", Some("ding1")), &[][..]),
            (member(MemberType::User, "u", Some("ding2")), &[Flag::Outside]),
            (member(MemberType::User, "u", None), &[]),
            (member(MemberType::Dept, "1", Some("ding2")), &[Flag::Outside]),
            (member(MemberType::Org, "ding1", Some("ding1")), &[Flag::Organization]),
            (member(MemberType::Org, "ding1", None), &[Flag::Organization]),
            (member(MemberType::Org, "ding2", None), &[Flag::Organization, Flag::Outside]),
            (member(MemberType::Org, "ding2", Some("ding2")), &[Flag::Organization, Flag::Outside]),
            (member(MemberType::AllUsers, "", None), &[Flag::Everybody]),
        ] {
            let flags: Vec<Flag> = flags(&member, Some(&home)).into_iter().collect();
            assert_eq!(flags, expected, "{member:?}");
            // Where nobody knows whose the space is, nobody is known to be outside.
            assert!(!super::flags(&member, None).contains(&Flag::Outside), "{member:?}");
        }
    }
}
