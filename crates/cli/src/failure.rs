//! Why a command failed, and the exit code that says so.

use std::fmt;
use std::process::ExitCode;

use dingtalk_storage::by_name;
use dingtalk_storage::runtime::ErrorKind;

/// Why a command failed.
#[derive(Debug)]
pub enum Failure {
    /// The command cannot be carried out like this; nothing was sent.
    Use(String),
    /// The command was right, and something went wrong.
    Call(String),
}

impl Failure {
    /// 2 for wrong use, as clap has it, and 1 for the rest.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Use(_) => ExitCode::from(2),
            Self::Call(_) => ExitCode::FAILURE,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Use(message) | Self::Call(message) => write!(formatter, "error: {message}"),
        }
    }
}

impl From<dingtalk_storage::Error> for Failure {
    fn from(error: dingtalk_storage::Error) -> Self {
        match error.kind() {
            ErrorKind::Configuration | ErrorKind::Request => Self::Use(error.to_string()),
            _ => Self::Call(error.to_string()),
        }
    }
}

impl From<by_name::Error> for Failure {
    fn from(error: by_name::Error) -> Self {
        Self::Use(match &error {
            by_name::Error::UnknownOperation { suggestions, .. } if suggestions.is_empty() => {
                format!("{error}; `dingtalk-storage api list` shows all")
            }
            _ => error.to_string(),
        })
    }
}
