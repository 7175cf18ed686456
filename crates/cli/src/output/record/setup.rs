//! Settings, profiles and what was looked at; what an operation answered.

use std::collections::BTreeMap;

use serde::Serialize;

/// A value of the settings and where it comes from.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SettingRecord {
    /// What it is called.
    pub name: String,
    /// Its value; secrets are not shown.
    pub value: Option<String>,
    /// Where it comes from: a flag, a variable of the environment or a profile.
    pub source: Option<String>,
}

/// A profile.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ProfileRecord {
    /// Its name.
    pub name: String,
    /// Whether it is taken where none is named.
    pub default: bool,
    /// `mainland` or `international`.
    pub region: Option<String>,
    /// Another server.
    pub endpoint: Option<String>,
    /// Key of the app.
    pub app_key: Option<String>,
    /// The operator.
    pub union_id: Option<String>,
    /// Where the secret is: stored, or the file or command that has it.
    pub secret: Option<String>,
}

/// A permission that commands need.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ScopeRecord {
    /// The permission, as the console names it; none where no source names it.
    pub scope: Option<String>,
    /// Operations that need it.
    pub operations: Vec<String>,
    /// Commands that call them.
    pub commands: Vec<String>,
}

/// Something that was looked at.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CheckRecord {
    /// What was looked at.
    pub check: String,
    /// Whether it is as it should be; none where it could not be looked at.
    pub ok: Option<bool>,
    /// What was found.
    pub found: String,
    /// What to do.
    pub advice: Option<String>,
}

/// What an operation of the API answered.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AnswerRecord {
    /// Name of the operation.
    pub operation: String,
    /// The answer, under its wire names.
    pub answer: serde_json::Value,
}

/// An operation of the API.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OperationRecord {
    /// Its name, which `api` takes.
    pub name: String,
    /// What it does.
    pub summary: String,
    /// Chapter of the documentation.
    pub group: String,
    /// HTTP method.
    pub method: String,
    /// Path of its URL.
    pub path: String,
    /// What a second call does: read, idempotent, write.
    pub effect: String,
    /// Permission that the app needs.
    pub scope: Option<String>,
    /// current, legacy or undocumented.
    pub status: String,
    /// Kinds of apps that may call it.
    pub apps: Vec<String>,
    /// Page of the documentation.
    pub documentation: Option<String>,
    /// Errors that it is known to give.
    pub errors: Vec<OperationError>,
}

/// An error that an operation is known to give.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OperationError {
    /// HTTP status.
    pub status: u16,
    /// Code.
    pub code: String,
}

/// A request that would be sent.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RequestRecord {
    /// Name of the operation.
    pub operation: String,
    /// The request as text, without its secrets.
    pub request: String,
}

/// What an operation takes.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DescriptionRecord {
    /// Its facts.
    pub operation: OperationRecord,
    /// Its parameters.
    pub parameters: Vec<ParameterRecord>,
    /// The types that they name, as text.
    pub types: String,
}

/// A parameter of an operation.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ParameterRecord {
    /// Its name, after that of the object that it is a field of.
    pub name: String,
    /// Whether there is no call without it.
    pub required: bool,
    /// Where it goes.
    pub place: String,
    /// What it takes.
    #[serde(rename = "type")]
    pub shape: String,
    /// What it means.
    pub about: String,
}

/// What a command has cost.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CostRecord {
    /// Calls of the API, each attempt counted.
    pub calls: u64,
    /// The same by operation.
    pub calls_by_operation: BTreeMap<String, u64>,
    /// Bytes of files that went up.
    pub bytes_up: u64,
    /// Bytes of files that came down.
    pub bytes_down: u64,
    /// Attempts that were made once more.
    pub retries: u64,
}
