//! News about entries for those who subscribed to it.

use serde::{Deserialize, Serialize};

use super::{Entry, EntryId, EntryKind, SpaceId, World};
use crate::clock::Time;

/// Where changes are reported.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum EventScope {
    /// All spaces of the organization.
    Organisation,
    /// One space.
    Space(SpaceId),
}

/// What happened to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EventKind {
    /// It was created.
    Create,
    /// It was changed.
    Update,
    /// It was deleted.
    Delete,
}

impl EventKind {
    /// Name of the event.
    pub fn wire(self) -> &'static str {
        match self {
            Self::Create => "storage_dentry_create",
            Self::Update => "storage_dentry_update",
            Self::Delete => "storage_dentry_delete",
        }
    }
}

/// News for one subscriber.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// Its number.
    pub id: u64,
    /// Client id of the app that subscribed.
    pub app: String,
    /// What happened.
    pub kind: EventKind,
    /// What was subscribed to.
    pub scope: EventScope,
    /// Space that holds the entry.
    pub space: SpaceId,
    /// The entry.
    pub entry: EntryId,
    /// Whether it is a file or a folder.
    pub entry_kind: EntryKind,
    /// Extension of a file.
    pub extension: Option<String>,
    /// Who did it, by unionId.
    pub operator: String,
    /// When.
    pub time: Time,
}

impl World {
    /// Tells those who subscribed to it what happened to an entry.
    pub fn tell(&mut self, kind: EventKind, entry: EntryId, operator: &str) {
        if self.subscriptions.is_empty() {
            return;
        }
        if let Some(entry) = self.entries.get(entry).cloned() {
            self.tell_of(kind, &entry, operator);
        }
    }

    /// The same of an entry that is gone by now.
    pub fn tell_of(&mut self, kind: EventKind, entry: &Entry, operator: &str) {
        let concerns = |scope: &EventScope| match scope {
            EventScope::Organisation => true,
            EventScope::Space(space) => *space == entry.space,
        };
        let subscribed = self.subscriptions.iter().map(|(subscription, ())| subscription);
        let subscribed: Vec<_> = subscribed.filter(|(_, scope)| concerns(scope)).cloned().collect();
        for (app, scope) in subscribed {
            let news = News {
                id: self.ids.number(),
                app,
                kind,
                scope,
                space: entry.space,
                entry: entry.id,
                entry_kind: entry.kind,
                extension: entry.extension().map(str::to_owned),
                operator: operator.to_owned(),
                time: self.now(),
            };
            self.outbox.push(news.clone());
            self.news.insert(news.id, news);
        }
    }
}
