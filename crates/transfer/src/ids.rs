//! From one kind of id to another.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use dingtalk_storage::Client;
use dingtalk_storage::types::{DentryId, DentryUuid, SpaceId, UnionId, UserId};

use crate::{Drive, Entry, Error};

/// The unionIds that were asked for; clones of a drive share them.
#[derive(Debug, Default)]
pub(crate) struct People(Mutex<HashMap<UserId, UnionId>>);

impl Drive {
    /// Reads a file or folder by its space and id; `"0"` is the root. One call.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if the API refused.
    pub async fn entry(&self, space: &SpaceId, id: &DentryId) -> Result<Entry, Error> {
        let answer = self.client().storage_v1().get_dentry(space, id).send().await?;
        Entry::from_dentry(&answer.dentry)
    }

    /// Reads a file or folder by its uuid. Two calls.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if the API refused.
    pub async fn entry_of_uuid(&self, uuid: &DentryUuid) -> Result<Entry, Error> {
        let (space, id) = self.ids_of(uuid).await?;
        self.entry(&space, &id).await
    }

    /// Reads the file or folder that a link such as `https://alidocs.dingtalk.com/i/nodes/..` leads to. Three calls.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if the API refused.
    pub async fn entry_of_link(&self, link: &str) -> Result<Entry, Error> {
        let answer = self.client().wiki_v2().get_node_by_url(link).send().await?;
        self.entry_of_uuid(&answer.node.node_id).await
    }

    /// The space and the id of a uuid. One call.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if the API refused.
    pub async fn ids_of(&self, uuid: &DentryUuid) -> Result<(SpaceId, DentryId), Error> {
        let answer = self.client().doc_v2().get_dentry_id_by_uuid(uuid).send().await?;
        Ok((answer.space_id()?.clone(), answer.dentry_id()?.clone()))
    }

    /// The uuid of an id. One call. That of a root is part of [`Paths::root`](crate::Paths::root).
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if the API refused.
    pub async fn uuid_of(&self, space: &SpaceId, id: &DentryId) -> Result<DentryUuid, Error> {
        if *id == DentryId::root() {
            return Ok(self.paths(space).root().await?.uuid);
        }
        let answer = self.client().doc_v2().get_uuid_by_dentry_id(id, space).send().await?;
        Ok(answer.dentry_uuid()?.clone())
    }

    /// The unionId of a userId, which other parts of the platform name people by. One call the first time.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if the API refused.
    pub async fn union_id_of(&self, user: &UserId) -> Result<UnionId, Error> {
        let known = |people: &People| people.0.lock().unwrap_or_else(PoisonError::into_inner).get(user).cloned();
        if let Some(known) = known(self.people()) {
            return Ok(known);
        }
        let client = Client::from(self.client().runtime().clone());
        let answer = client.contact().get_user(user).send().await?;
        let found = answer.unionid()?.clone();
        let mut people = self.people().0.lock().unwrap_or_else(PoisonError::into_inner);
        people.insert(user.clone(), found.clone());
        Ok(found)
    }
}
