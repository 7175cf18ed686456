//! What helps after a failure.

use dingtalk_storage::runtime::ErrorKind;

use crate::Error;

/// What helps after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remedy {
    /// The same again, by another URL if there is one.
    Again,
    /// The same again, by fresh URLs.
    FreshUrls,
    /// The same again without a range, for an empty file has none.
    NoRange,
    /// Nothing.
    None,
}

/// A failure, and what helps.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) remedy: Remedy,
    pub(super) error: Error,
}

impl Failure {
    pub(super) fn again(error: Error) -> Self {
        Self { remedy: Remedy::Again, error }
    }

    pub(super) fn fatal(error: impl Into<Error>) -> Self {
        Self { remedy: Remedy::None, error: error.into() }
    }

    /// A failure of the storage or of the way to it.
    pub(super) fn of(error: dingtalk_storage::Error) -> Self {
        Self { remedy: remedy(&error), error: error.into() }
    }
}

fn remedy(error: &dingtalk_storage::Error) -> Remedy {
    match (error.kind(), error.status()) {
        // Too old, clocks that differ, a signature that nobody takes, or an object that is gone because the file has
        // another one by now: none of them mends itself.
        (ErrorKind::Storage, Some(403 | 404)) => Remedy::FreshUrls,
        (ErrorKind::Connect | ErrorKind::Connection | ErrorKind::Timeout, _)
        | (ErrorKind::Storage, Some(408 | 429 | 500..)) => Remedy::Again,
        (ErrorKind::Storage, Some(400)) if error.storage().is_some_and(|oss| oss.code == "RequestTimeout") => {
            Remedy::Again
        }
        _ => Remedy::None,
    }
}
