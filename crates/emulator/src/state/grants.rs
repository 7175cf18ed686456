//! Roles that members hold on entries, and what an operator may do because of them.

use serde::{Deserialize, Serialize};

use super::{Entry, EntryId, OwnerType, User, World};
use crate::clock::Time;
use crate::refusal::Refusal;

/// What a member may do; each role includes the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Role {
    /// View.
    Reader,
    /// View and download.
    Downloader,
    /// Change.
    Editor,
    /// Manage.
    Manager,
    /// Own.
    Owner,
}

impl Role {
    /// All roles, the lowest first.
    pub const ALL: [Self; 5] = [Self::Reader, Self::Downloader, Self::Editor, Self::Manager, Self::Owner];

    /// As the storage operations write it.
    pub fn wire(self) -> &'static str {
        match self {
            Self::Reader => "READER",
            Self::Downloader => "DOWNLOADER",
            Self::Editor => "EDITOR",
            Self::Manager => "MANAGER",
            Self::Owner => "OWNER",
        }
    }

    /// Reads what the storage operations write.
    pub fn from_wire(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.wire() == text)
    }
}

/// Somebody who can hold a role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Member {
    /// Kind of member, as the storage operations write it: `USER`, `ORG`, `DEPT` and so on. A person goes by unionId
    /// here, whatever the operation takes.
    pub kind: String,
    /// The member.
    pub id: String,
}

impl Member {
    /// A person.
    pub fn user(union_id: &str) -> Self {
        Self { kind: "USER".to_owned(), id: union_id.to_owned() }
    }
}

/// A role that a member holds on an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Seconds that it was granted for.
    pub duration: Option<i64>,
    /// When it ends.
    pub until: Option<Time>,
    /// Who granted it.
    pub operator: String,
    /// When it was granted.
    pub created: Time,
    /// When it was changed last.
    pub modified: Time,
}

impl World {
    /// The highest role that a person has on an entry, of its own grants and of those above that pass down.
    pub fn role(&self, union_id: &str, entry: EntryId) -> Option<Role> {
        let user = self.organisation.users.get(&union_id.to_owned())?;
        let mut highest = None;
        let mut broken = false;
        let mut next = self.entries.get(entry);
        while let Some(entry) = next {
            // The owner and the managers of a folder keep their roles below it, whatever its entries say.
            let role = self.granted(user, entry.id).filter(|role| !broken || *role >= Role::Manager);
            highest = highest.max(role);
            broken |= entry.breaks_inheritance;
            next = entry.parent.and_then(|parent| self.entries.get(parent));
        }
        highest
    }

    /// Refuses an operator who has less than a role.
    pub fn require(&self, union_id: &str, entry: &Entry, least: Role) -> Result<(), Refusal> {
        let role = self.role(union_id, entry.id);
        if role >= Some(least) {
            return Ok(());
        }
        let reason = match self.spaces.get(entry.space).map(|space| space.owner_type) {
            Some(OwnerType::App) => "in an APP space every operator needs a grant that has not ended",
            _ => "the operator has no such role on it or on a folder above it",
        };
        Err(Refusal::new("permissionDenied").because(format!("{} is needed: {reason}", least.wire())))
    }

    /// Who was granted what on an entry itself, ended grants included.
    pub fn grants_on(&self, entry: EntryId) -> impl Iterator<Item = (&Member, &Grant)> {
        let first = Member { kind: String::new(), id: String::new() };
        let grants = self.grants.range((entry, first)..).take_while(move |((each, _), _)| *each == entry);
        grants.map(|((_, member), grant)| (member, grant))
    }

    fn granted(&self, user: &User, entry: EntryId) -> Option<Role> {
        let valid = |(member, grant): &(&Member, &Grant)| self.is_member(user, member) && !self.has_ended(grant);
        self.grants_on(entry).filter(valid).map(|(_, grant)| grant.role).max()
    }

    /// Whether a grant has ended.
    pub fn has_ended(&self, grant: &Grant) -> bool {
        grant.until.is_some_and(|until| until <= self.now())
    }

    /// Whether a person is, or is part of, a member.
    pub fn is_member(&self, user: &User, member: &Member) -> bool {
        match member.kind.as_str() {
            "USER" => member.id == user.union_id,
            "ORG" => member.id == self.organisation.corp_id,
            "DEPT" => user.departments.contains(&member.id),
            "TAG" => user.tags.contains(&member.id),
            "CONVERSATION" => self.chats.get(&member.id).is_some_and(|chat| chat.members.contains(&user.union_id)),
            "ALL_USERS" => true,
            _ => false,
        }
    }
}
