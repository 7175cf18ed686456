//! Failures of transfers, by their category.

use std::io;

use dingtalk_storage_transfer::{Category, Error, Leftover};

use super::{Failure, api};
use crate::exit::Code;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        let api = cause(error).and_then(api::facts).map(Box::new);
        Self { api, hint: hint(error), ..Self::new(code(error), error.to_string()) }
    }
}

/// What the message cannot know: the words of this program.
fn hint(error: &Error) -> Option<String> {
    if let Error::HalfPlaced { left, entry, .. } = error {
        let place = format!("ding:uuid={}", entry.uuid);
        return Some(match left {
            Leftover::Moved => format!("`mv` takes it from there by `{place}`"),
            _ => format!("it is not needed: `rm -r {place}` deletes it"),
        });
    }
    known_hint(error).map(str::to_owned)
}

fn known_hint(error: &Error) -> Option<&'static str> {
    match error {
        Error::Stopped { source, .. } => known_hint(source),
        Error::SourceChanged { .. } => Some("that is --start-over"),
        Error::Unverified { .. } => Some("--accept-unverified accepts that"),
        Error::NoName => Some("give the target a name, such as ding:SPACE/folder/name"),
        Error::Local { action: "read", source, .. } if source.kind() == io::ErrorKind::InvalidInput => {
            Some("`put - PLACE` sends what standard input gives")
        }
        Error::Api(call) => api::hint(api::code(call, error.category())),
        _ => None,
    }
}

/// The failed call below it.
fn cause(error: &Error) -> Option<&dingtalk_storage::Error> {
    match error {
        Error::Api(error) => Some(error),
        Error::Stopped { source, .. } | Error::HalfPlaced { source, .. } => cause(source),
        Error::CommitUnknown { source, .. } => source.as_ref(),
        _ => None,
    }
}

fn code(error: &Error) -> Code {
    match error {
        Error::Api(call) => return api::code(call, error.category()),
        Error::Stopped { source, .. } | Error::HalfPlaced { source, .. } => return code(source),
        _ => {}
    }
    match error.category() {
        Category::Usage => Code::Usage,
        Category::NotFound => Code::NotFound,
        Category::Access => Code::Permission,
        Category::Temporary => Code::Temporary,
        Category::Limit => Code::Limit,
        Category::Integrity => match error {
            Error::Unverified { .. } => Code::Unverified,
            _ => Code::Damaged,
        },
        Category::Local => match error {
            Error::Local { source, .. } | Error::Writer(source) if source.kind() == io::ErrorKind::StorageFull => {
                Code::DiskFull
            }
            Error::Writer(source) if source.kind() == io::ErrorKind::BrokenPipe => Code::Closed,
            _ => Code::Local,
        },
        Category::Conflict => match error {
            Error::InUse { .. } => Code::InUse,
            Error::Ambiguous { .. } => Code::Ambiguous,
            _ => Code::Changed,
        },
        Category::OutcomeUnknown => Code::Unknown,
        _ => Code::Failed,
    }
}
