//! Knowledge bases: what they are besides their space.

use serde::{Deserialize, Serialize};

use super::SpaceId;

/// A knowledge base.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workspace {
    /// Its id.
    pub id: String,
    /// Space that holds its nodes.
    pub space: SpaceId,
    /// Person whose own documents it holds, by unionId; a knowledge base of a team has none.
    pub person: Option<String>,
    /// Knowledge group that it belongs to; empty for none.
    #[serde(default)]
    pub team: String,
    /// What it is about.
    pub description: String,
}
