//! Chats: who is in them, and the space of each.

use serde::{Deserialize, Serialize};

use super::SpaceId;

/// A chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chat {
    /// Its id on the open platform.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Organization that it belongs to.
    pub corp_id: String,
    /// People in it, by unionId.
    pub members: Vec<String>,
    /// App that talks to the person in it, by its id on the open platform.
    pub app_id: Option<String>,
    /// Its space, once it was asked for.
    pub space: Option<SpaceId>,
}
