//! Roles: who may do what.

use serde::Serialize;

use super::EntryType;

/// A role that is granted.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PermissionRecord {
    /// On what.
    pub path: String,
    /// The role: OWNER, MANAGER, EDITOR, DOWNLOADER, READER.
    pub role: String,
    /// Kind of member, such as USER, DEPT or ORG.
    pub member_type: String,
    /// Id of the member; that of a person is the userId.
    pub member: Option<String>,
    /// Name of the member.
    pub name: Option<String>,
    /// Organization of the member.
    pub corp_id: Option<String>,
    /// Seconds until it ends; none for good.
    pub seconds: Option<i64>,
}

/// A role that was given or taken.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GrantRecord {
    /// On what.
    pub path: String,
    /// The role.
    pub role: String,
    /// Whose, as TYPE:ID.
    pub members: Vec<String>,
}

/// A role that is in force.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AccessRecord {
    /// On what.
    pub path: String,
    /// Whether it is a file or a folder.
    #[serde(rename = "type")]
    pub entry_type: EntryType,
    /// The role: OWNER, MANAGER, EDITOR, DOWNLOADER, READER.
    pub role: String,
    /// Kind of member, such as USER, DEPT or ORG.
    pub member_type: String,
    /// Id of the member; that of a person is the userId.
    pub member: Option<String>,
    /// Name of the member.
    pub name: Option<String>,
    /// Organization of the member.
    pub corp_id: Option<String>,
    /// The place above where it is granted; none where it is granted here.
    pub inherited_from: Option<String>,
    /// What is worth a second look: `organization`, `everybody`, `outside`.
    pub flags: Vec<String>,
}

/// What an audit would cost.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AuditPlanRecord {
    /// Files and folders whose roles would be read.
    pub entries: usize,
    /// Calls at least.
    pub least_calls: u64,
    /// Calls at most, where no entry has more roles than a page.
    pub most_calls: u64,
}
