//! What the operations of one module and version have in common.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Token;

/// What the operations of one module and version have in common.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Family {
    /// Name of the folder, of the Rust module and of the feature, for example `storage_v1`.
    pub family: String,
    /// Name in the documentation, for example `Storage 1.0`.
    pub title: String,
    /// What the family is for, and how it differs from its neighbours.
    pub doc: String,
    /// Which host answers.
    #[serde(default)]
    pub host: Host,
    /// Where the access token goes.
    #[serde(default = "Family::default_token")]
    pub token: Token,
    /// How an answer says that it is an error.
    #[serde(default)]
    pub envelope: Envelope,
    /// How to ask for the tasks that operations of this family leave behind.
    #[serde(default)]
    pub tasks: Option<Tasks>,
}

/// How to ask how far a task has come.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Tasks {
    /// Operation of the same family that reads a task; beyond the id it takes the operator.
    pub operation: String,
    /// Its path parameter with the id.
    pub id: String,
    /// Field of its answer with the task. Without it, the answer itself is the task.
    #[serde(default)]
    pub task: Option<String>,
    /// Field of the task with the status.
    pub status: String,
    /// Values of the status that end a task well.
    #[serde(default = "Tasks::usual_success")]
    pub succeeded: Vec<String>,
    /// Values of the status that end a task otherwise.
    #[serde(default = "Tasks::usual_failure")]
    pub failed: Vec<String>,
}

impl Tasks {
    fn usual_success() -> Vec<String> {
        vec!["SUCCESS".to_owned()]
    }

    fn usual_failure() -> Vec<String> {
        vec!["FAIL".to_owned()]
    }
}

impl Family {
    fn default_token() -> Token {
        Token::Header
    }
}

/// Which host answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Host {
    /// The API host, `api.dingtalk.io` or `api.dingtalk.com`.
    #[default]
    Api,
    /// The old API host, `oapi.dingtalk.io` or `oapi.dingtalk.com`.
    Oapi,
}

/// How an answer says that it is an error.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Envelope {
    /// By its HTTP status; the body is the answer itself.
    #[default]
    Plain,
    /// By `errcode` other than 0, with HTTP status 200; the answer stands in `result`.
    Errcode,
    /// In the same way; the fields of the answer stand beside `errcode`.
    Flat,
}
