//! What a client is told when something cannot be done: a status that it understands, when to come again, and why.

use std::time::Duration;

use dav_server::fs::FsError;
use dingtalk_storage::ErrorCode;
use dingtalk_storage::runtime::{ErrorClass, ErrorKind};
use dingtalk_storage_transfer::{Category, Error};
use http::StatusCode;

/// How soon a client may come again where the server or the way to it has a problem that will pass.
const SOON: Duration = Duration::from_secs(5);
/// And where the calls of the month are used up.
const LATER: Duration = Duration::from_hours(1);

/// Something that could not be done.
#[derive(Debug, Clone)]
pub struct Failure {
    pub status: StatusCode,
    pub retry_after: Option<Duration>,
    pub message: String,
    /// What the protocol's own words are for it; none where only the status says it right.
    plain: Option<FsError>,
    is_for_calls: bool,
}

impl Failure {
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, retry_after: None, message: message.into(), plain: None, is_for_calls: false }
    }

    /// Nothing is there.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self { plain: Some(FsError::NotFound), ..Self::new(StatusCode::NOT_FOUND, message) }
    }

    /// Something is there already.
    pub fn exists(message: impl Into<String>) -> Self {
        Self { plain: Some(FsError::Exists), ..Self::new(StatusCode::METHOD_NOT_ALLOWED, message) }
    }

    /// A failure of the drive; calls that are used up come again after so long.
    pub fn of(error: &Error, next_calls: Option<Duration>) -> Self {
        let message = error.to_string();
        match error {
            Error::Stopped { source, .. } => Self { message, ..Self::of(source, next_calls) },
            Error::NotFound { .. } => Self::not_found(message),
            Error::Api(error)
                if matches!(error.code(), Some(ErrorCode::DentryAlreadyExist | ErrorCode::DentryNameConflict)) =>
            {
                Self::exists(message)
            }
            Error::Api(error) if error.kind() == ErrorKind::CallsUsedUp => {
                let message = "the calls that this server may make in an hour are used up (--calls-per-hour)";
                let failure = Self::new(StatusCode::SERVICE_UNAVAILABLE, message);
                Self { is_for_calls: true, ..failure.again_after(next_calls.unwrap_or(SOON)) }
            }
            Error::Api(error) if error.class() == ErrorClass::Capacity => {
                Self::new(StatusCode::INSUFFICIENT_STORAGE, message)
            }
            Error::Api(error) if error.class() == ErrorClass::Exhausted => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, message).again_after(LATER)
            }
            Error::NotAFolder(_) | Error::NotAFile { .. } => Self::new(StatusCode::METHOD_NOT_ALLOWED, message),
            Error::OutOfRange { .. } => Self::new(StatusCode::RANGE_NOT_SATISFIABLE, message),
            Error::TooLarge { .. } => Self::new(StatusCode::PAYLOAD_TOO_LARGE, message),
            // What the client sends is the only source here.
            Error::Source { .. } => Self::new(StatusCode::BAD_REQUEST, message),
            Error::InUse { .. } => Self::new(StatusCode::LOCKED, message),
            error => Self::of_category(error.category(), message),
        }
    }

    fn of_category(category: Category, message: String) -> Self {
        match category {
            Category::Usage => Self::new(StatusCode::BAD_REQUEST, message),
            Category::NotFound => Self::not_found(message),
            Category::Access => Self::new(StatusCode::FORBIDDEN, message),
            Category::Temporary => Self::new(StatusCode::SERVICE_UNAVAILABLE, message).again_after(SOON),
            Category::Limit => Self::new(StatusCode::INSUFFICIENT_STORAGE, message),
            Category::Local => Self::new(StatusCode::INTERNAL_SERVER_ERROR, message),
            Category::Conflict => Self::new(StatusCode::CONFLICT, message),
            Category::OutcomeUnknown => Self::new(StatusCode::GATEWAY_TIMEOUT, message),
            // Damaged bytes among them.
            _ => Self::new(StatusCode::BAD_GATEWAY, message),
        }
    }

    fn again_after(mut self, pause: Duration) -> Self {
        self.retry_after = Some(pause);
        self
    }

    /// Whether the protocol's own words say it right.
    pub fn is_plain(&self) -> bool {
        self.plain.is_some()
    }

    /// Whether something else has the name.
    pub fn is_taken(&self) -> bool {
        self.plain == Some(FsError::Exists)
    }

    /// Whether the calls of the hour are used up.
    pub fn is_for_calls(&self) -> bool {
        self.is_for_calls
    }

    pub fn in_words_of_the_protocol(&self) -> FsError {
        self.plain.unwrap_or(FsError::GeneralFailure)
    }
}

#[cfg(test)]
mod tests {
    use dingtalk_storage::runtime::ErrorBuilder;

    use super::*;

    #[test]
    fn refusals_have_the_status_by_which_clients_know_what_to_do() {
        for (status, code, expected, pauses) in [
            (404, "dentryNotExist", 404, false),
            (400, "dentryAlreadyExist", 405, false),
            (403, "permissionDenied", 403, false),
            (400, "spaceQuotaInsufficient", 507, false),
            (403, "Forbidden.AccessDenied.QpsLimitForApi", 503, true),
            (403, "Forbidden.AccessDenied.ApiCountLimitForOrg", 503, true),
            (400, "operationConcurrentControl", 503, true),
            (500, "systemError", 503, true),
            (400, "paramError.name", 400, false),
            (400, "dentryStoreError", 502, false),
        ] {
            let error = Error::from(ErrorBuilder::new(ErrorKind::Api).status(status).code(code).build());
            let failure = Failure::of(&error, None);
            assert_eq!((failure.status.as_u16(), failure.retry_after.is_some()), (expected, pauses), "{code}");
        }
        let failed = |kind| Failure::of(&Error::from(ErrorBuilder::new(kind).build()), Some(Duration::from_secs(99)));
        assert_eq!(failed(ErrorKind::CallsUsedUp).retry_after, Some(Duration::from_secs(99)));
        assert_eq!(failed(ErrorKind::OutcomeUnknown).status, 504);
        let path = std::path::PathBuf::new();
        let stopped = Error::Stopped {
            source: Box::new(Error::InUse { path: path.clone() }),
            journal: path,
            stored: 0,
            length: 1,
        };
        assert_eq!(Failure::of(&stopped, None).status, 423);
    }
}
