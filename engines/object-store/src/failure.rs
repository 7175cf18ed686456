//! Errors of the transfer crate as those of an object store.

use std::sync::Arc;

use dingtalk_storage::ErrorCode;
use dingtalk_storage::runtime::{ErrorClass, ErrorKind};
use dingtalk_storage_transfer::{Category, Error};

/// What the store is called in errors.
pub(crate) const STORE: &str = "DingTalk Storage";

/// A failure that was about an object.
pub(crate) fn failed(path: &str, error: impl Into<Arc<Error>>) -> object_store::Error {
    let error = error.into();
    let path = path.to_owned();
    match error.category() {
        Category::NotFound => object_store::Error::NotFound { path, source: Box::new(error) },
        Category::Access if is_about_credentials(&error) => {
            object_store::Error::Unauthenticated { path, source: Box::new(error) }
        }
        Category::Access => object_store::Error::PermissionDenied { path, source: Box::new(error) },
        _ => object_store::Error::Generic { store: STORE, source: Box::new(error) },
    }
}

/// A failure of something that must not replace what has the name.
pub(crate) fn not_created(path: &str, error: impl Into<Arc<Error>>) -> object_store::Error {
    let error = error.into();
    if is_taken(&error) {
        return object_store::Error::AlreadyExists { path: path.to_owned(), source: Box::new(error) };
    }
    failed(path, error)
}

/// What the store has no way to do.
pub(crate) fn unsupported(operation: impl Into<String>) -> object_store::Error {
    object_store::Error::NotImplemented { operation: operation.into(), implementer: STORE.to_owned() }
}

/// Whether something has the name that was asked for.
fn is_taken(error: &Error) -> bool {
    match error {
        Error::Api(error) => {
            matches!(error.code(), Some(ErrorCode::DentryAlreadyExist | ErrorCode::DentryNameConflict))
        }
        _ => false,
    }
}

/// Whether an id that was known leads nowhere.
pub(crate) fn is_gone(error: &Error) -> bool {
    match error {
        Error::Api(error) => matches!(error.code(), Some(ErrorCode::DentryNotExist | ErrorCode::DocumentNotExist)),
        Error::NotFound { .. } => true,
        _ => false,
    }
}

fn is_about_credentials(error: &Error) -> bool {
    match error {
        Error::Api(error) => {
            error.kind() == ErrorKind::Credentials
                || matches!(error.class(), ErrorClass::Token | ErrorClass::Credentials)
        }
        _ => false,
    }
}
