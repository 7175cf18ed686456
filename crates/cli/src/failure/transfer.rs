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
        let left = left(error).map(String::into_boxed_str);
        Self { api, hint: hint(error), left, ..Self::new(code(error), error.to_string()) }
    }
}

/// What the message cannot know: the words of this program.
fn hint(error: &Error) -> Option<String> {
    match (error, left(error)) {
        (Error::HalfPlaced { left: Leftover::Moved, .. }, Some(place)) => {
            Some(format!("`mv {place} TARGET` takes it from there"))
        }
        (_, Some(place)) => Some(format!("it is not needed: `rm -r {place}` deletes it")),
        (_, None) => known_hint(error).map(str::to_owned),
    }
}

/// The place of what was left behind.
fn left(error: &Error) -> Option<String> {
    match error {
        Error::HalfPlaced { entry, .. } => Some(format!("ding:uuid={}", entry.uuid)),
        _ => None,
    }
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "what is missing is a failed test")]
mod tests {
    use dingtalk_storage::runtime::{ErrorBuilder, ErrorKind};

    use super::*;

    fn local(action: &'static str, kind: io::ErrorKind) -> Error {
        Error::Local { action, path: "a".into(), source: kind.into() }
    }

    fn stopped(source: Error) -> Error {
        Error::Stopped { source: Box::new(source), journal: "journal".into(), stored: 1, length: 2 }
    }

    fn refused() -> Error {
        Error::from(ErrorBuilder::new(ErrorKind::Api).status(403).code("permissionDenied").build())
    }

    #[test]
    fn hints_name_what_helps_also_below_what_stopped() {
        let changed = Error::SourceChanged { path: "a".into(), difference: "b".into(), journal: "c".into() };
        for (error, word) in [
            (changed, "--start-over"),
            (Error::NoName, "ding:"),
            (local("read", io::ErrorKind::InvalidInput), "put -"),
            (stopped(local("read", io::ErrorKind::InvalidInput)), "put -"),
        ] {
            let hint = Failure::from(&error).hint.unwrap();
            assert!(hint.contains(word), "{error}: {hint}");
        }
        for error in [local("write", io::ErrorKind::InvalidInput), local("read", io::ErrorKind::NotFound)] {
            assert_eq!(Failure::from(&error).hint, None, "{error}");
        }
    }

    #[test]
    fn what_stopped_a_transfer_decides_its_code_and_keeps_its_facts() {
        let (alone, below) = (Failure::from(&refused()), Failure::from(&stopped(refused())));
        assert_eq!((below.code, &below.hint), (alone.code, &alone.hint));
        assert_eq!(below.api.unwrap().code.as_deref(), Some("permissionDenied"));
        assert_eq!(Failure::from(&stopped(local("write", io::ErrorKind::StorageFull))).code, Code::DiskFull);
        assert_eq!(Failure::from(&Error::Writer(io::ErrorKind::BrokenPipe.into())).code, Code::Closed);
        assert_eq!(Failure::from(&Error::InUse { path: "a".into() }).code, Code::InUse);
    }
}
