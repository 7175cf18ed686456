//! Errors of the transfer crate as those of `OpenDAL`.

use dingtalk_storage::ErrorCode;
use dingtalk_storage::runtime::ErrorClass;
use dingtalk_storage_transfer::{Category, Error};
use opendal_core::ErrorKind;

/// A failure. None is temporary: what may be sent again was sent again below, and whoever does it once more may make a
/// second file of one.
pub(crate) fn failed(error: &Error) -> opendal_core::Error {
    let kind = match error {
        Error::Api(api) => match (api.code(), api.class()) {
            (Some(ErrorCode::DentryAlreadyExist | ErrorCode::DentryNameConflict), _) => ErrorKind::AlreadyExists,
            (_, ErrorClass::Throttled) => ErrorKind::RateLimited,
            _ => kind(error.category()),
        },
        Error::NotAFolder(_) => ErrorKind::NotADirectory,
        Error::NotAFile { .. } => ErrorKind::IsADirectory,
        Error::OutOfRange { .. } => ErrorKind::RangeNotSatisfied,
        Error::Changed { .. } => ErrorKind::Conflict,
        error => kind(error.category()),
    };
    // The error is not to be cloned, and its text has all that its causes say.
    opendal_core::Error::new(kind, error.to_string()).set_permanent()
}

fn kind(category: Category) -> ErrorKind {
    match category {
        Category::NotFound => ErrorKind::NotFound,
        Category::Access => ErrorKind::PermissionDenied,
        Category::Limit => ErrorKind::RateLimited,
        _ => ErrorKind::Unexpected,
    }
}
