//! What kind of failure an error is, for commands and for scripts.

use std::fmt;

use dingtalk_storage::runtime::{Effect, ErrorClass, ErrorKind};

use super::Error;

/// What kind of failure an [`Error`] is. Each has a name that stays the same, and asks for another reaction; a command
/// can make exit codes of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Category {
    /// It was asked for what cannot be: the call has to be changed.
    Usage,
    /// What was named does not exist.
    NotFound,
    /// The credentials are wrong, or the app or the operator may not do this.
    Access,
    /// The network, a busy server, or too many calls in a short time: later it may go well.
    Temporary,
    /// The calls of the month, a maximum of calls or bytes, or the room in the drive are used up.
    Limit,
    /// The bytes are not those that they should be, or nothing says that they are.
    Integrity,
    /// Something on this machine could not be read or written; a full disk, for example.
    Local,
    /// Something else has the name, has changed it meanwhile, or is working on it.
    Conflict,
    /// Nobody knows whether it was done: look before it is done again.
    OutcomeUnknown,
    /// The server answered with something that cannot be used.
    Unexpected,
}

impl Category {
    /// Name that stays the same, such as `not-found`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::NotFound => "not-found",
            Self::Access => "access",
            Self::Temporary => "temporary",
            Self::Limit => "limit",
            Self::Integrity => "integrity",
            Self::Local => "local",
            Self::Conflict => "conflict",
            Self::OutcomeUnknown => "outcome-unknown",
            Self::Unexpected => "unexpected",
        }
    }

    /// Of a failure of the client.
    fn of_call(error: &dingtalk_storage::Error) -> Self {
        // What the last attempt met may have come of an earlier one.
        if error.follows_unknown_attempt() {
            return Self::OutcomeUnknown;
        }
        match error.kind() {
            ErrorKind::Configuration | ErrorKind::Request => Self::Usage,
            ErrorKind::OutcomeUnknown => Self::OutcomeUnknown,
            // What it came to would have stood in the answer.
            ErrorKind::Answer if error.operation().is_some_and(|operation| operation.effect != Effect::Read) => {
                Self::OutcomeUnknown
            }
            ErrorKind::CallsUsedUp => Self::Limit,
            ErrorKind::Source => Self::Local,
            ErrorKind::Connect | ErrorKind::Connection | ErrorKind::Timeout | ErrorKind::Banned => Self::Temporary,
            ErrorKind::Api | ErrorKind::Credentials | ErrorKind::Storage => Self::of_refusal(error),
            _ => Self::Unexpected,
        }
    }

    fn of_refusal(error: &dingtalk_storage::Error) -> Self {
        match error.class() {
            ErrorClass::Parameter | ErrorClass::Unsupported => Self::Usage,
            ErrorClass::Token | ErrorClass::Credentials | ErrorClass::Scope | ErrorClass::Permission => Self::Access,
            ErrorClass::Missing => Self::NotFound,
            ErrorClass::Conflict => Self::Conflict,
            ErrorClass::Capacity | ErrorClass::Exhausted => Self::Limit,
            ErrorClass::Throttled | ErrorClass::Concurrency | ErrorClass::Server | ErrorClass::Timeout => {
                Self::Temporary
            }
            ErrorClass::Content => Self::Integrity,
            _ if error.is_retryable() => Self::Temporary,
            _ if error.kind() == ErrorKind::Credentials || error.status() == Some(403) => Self::Access,
            _ => Self::Unexpected,
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl Error {
    /// What kind of failure it is. That of what stopped a transfer is that of its cause.
    #[must_use]
    pub fn category(&self) -> Category {
        match self {
            Self::Api(error) => Category::of_call(error),
            Self::Stopped { source, .. } | Self::HalfPlaced { source, .. } => source.category(),
            Self::Source { .. } | Self::Local { .. } | Self::Writer(_) | Self::LocalName { .. } => Category::Local,
            Self::Damaged { .. } | Self::Unverified { .. } => Category::Integrity,
            Self::NoUrls { .. } | Self::Answer(_) => Category::Unexpected,
            Self::SourceChanged { .. }
            | Self::TargetChanged { .. }
            | Self::InUse { .. }
            | Self::Changed { .. }
            | Self::Ambiguous { .. } => Category::Conflict,
            Self::BadPath { .. }
            | Self::Filter { .. }
            | Self::Plan(_)
            | Self::NoName
            | Self::DriveName { .. }
            | Self::TooManyProperties { .. }
            | Self::NotAFolder(_)
            | Self::NotAFile { .. }
            | Self::TooLarge { .. }
            | Self::OutOfRange { .. } => Category::Usage,
            Self::TooManyDeletions { .. } | Self::TooManyBytes { .. } => Category::Limit,
            Self::NotFound { .. } | Self::NotATransfer { .. } => Category::NotFound,
            Self::CommitUnknown { .. } => Category::OutcomeUnknown,
            Self::Unsteady { .. } => Category::Temporary,
        }
    }
}

#[cfg(test)]
mod tests {
    use dingtalk_storage::runtime::ErrorBuilder;

    use super::*;

    fn refused(status: u16, code: &str) -> Category {
        Error::from(ErrorBuilder::new(ErrorKind::Api).status(status).code(code).build()).category()
    }

    fn failed(kind: ErrorKind) -> Category {
        Error::from(ErrorBuilder::new(kind).build()).category()
    }

    #[test]
    fn refusals_are_told_apart_by_what_helps() {
        for (status, code, expected) in [
            (400, "paramError.name", Category::Usage),
            (400, "InvalidAuthentication", Category::Access),
            (403, "permissionDenied", Category::Access),
            (403, "Forbidden.AccessDenied.AccessTokenPermissionDenied", Category::Access),
            (403, "somethingNew", Category::Access),
            (404, "dentryNotExist", Category::NotFound),
            (400, "dentryNameConflict", Category::Conflict),
            (400, "spaceQuotaInsufficient", Category::Limit),
            (403, "Forbidden.AccessDenied.ApiCountLimitForOrg", Category::Limit),
            (403, "Forbidden.AccessDenied.QpsLimitForApi", Category::Temporary),
            (400, "operationConcurrentControl", Category::Temporary),
            (500, "systemError", Category::Temporary),
            (400, "dentryStoreError", Category::Integrity),
            (418, "somethingNew", Category::Unexpected),
        ] {
            assert_eq!(refused(status, code), expected, "{status} {code}");
        }
        for (kind, expected) in [
            (ErrorKind::Configuration, Category::Usage),
            (ErrorKind::Credentials, Category::Access),
            (ErrorKind::Connect, Category::Temporary),
            (ErrorKind::CallsUsedUp, Category::Limit),
            (ErrorKind::OutcomeUnknown, Category::OutcomeUnknown),
            (ErrorKind::Answer, Category::Unexpected),
        ] {
            assert_eq!(failed(kind), expected, "{kind:?}");
        }
    }

    #[test]
    fn what_stopped_a_transfer_is_what_counts() {
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        let source = Box::new(Error::Local { action: "write", path: "a".into(), source: full });
        let stopped = Error::Stopped { source, journal: "journal".into(), stored: 1, length: 2 };
        assert_eq!(stopped.category(), Category::Local);
        assert_eq!(stopped.category().to_string(), "local");
    }
}
