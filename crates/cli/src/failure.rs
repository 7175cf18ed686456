//! Why a command failed: a stable code, a sentence, and what the API said.

mod api;
mod transfer;

use std::fmt;
use std::io;
use std::process::ExitCode;

use dingtalk_storage::by_name;
use serde::Serialize;

use crate::exit::Code;

/// Why a command failed, or a part of it.
#[derive(Debug, Clone)]
pub struct Failure {
    pub code: Code,
    pub message: String,
    /// What to do about it, where the message does not say.
    pub hint: Option<String>,
    pub api: Option<Box<ApiFacts>>,
    /// The place of what was left behind, where something was half done and could not be undone.
    pub left: Option<Box<str>>,
}

/// What the API said.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ApiFacts {
    /// Name of the operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Its error code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// HTTP status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Id under which the server knows the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Permissions that the app lacks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing_scopes: Vec<String>,
    /// Seconds to wait before the next try.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_seconds: Option<f64>,
    /// Page of the documentation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documentation: Option<String>,
}

impl Failure {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: None, api: None, left: None }
    }

    /// The command cannot be carried out like this; nothing was sent.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Code::Usage, message)
    }

    /// A file of this machine, or its output.
    pub fn local(what: impl fmt::Display, error: &io::Error) -> Self {
        let code = if error.kind() == io::ErrorKind::StorageFull { Code::DiskFull } else { Code::Local };
        Self::new(code, format!("{what}: {error}"))
    }

    /// A folder is not there.
    pub fn no_folder(folder: impl fmt::Display) -> Self {
        Self::new(Code::NotFound, format!("there is no folder {folder}"))
    }

    /// A folder is not there that `--parents` would make.
    pub fn no_folder_without_parents(folder: impl fmt::Display) -> Self {
        Self::no_folder(folder).hint("--parents makes it")
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code.exit().number())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)?;
        self.hint.as_ref().map_or(Ok(()), |hint| write!(formatter, "; {hint}"))
    }
}

impl From<by_name::Error> for Failure {
    fn from(error: by_name::Error) -> Self {
        Self::usage(match &error {
            by_name::Error::UnknownOperation { suggestions, .. } if suggestions.is_empty() => {
                format!("{error}; `dingtalk-storage api list` shows all")
            }
            _ => error.to_string(),
        })
    }
}
