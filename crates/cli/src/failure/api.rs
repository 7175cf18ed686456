//! Failures of calls: the category decides the exit code, and the cause the word.

use dingtalk_storage::Error;
use dingtalk_storage::runtime::{ErrorClass, ErrorKind, Operation};
use dingtalk_storage_transfer::Category;

use super::{ApiFacts, Failure};
use crate::exit::Code;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let code = code(&error, dingtalk_storage_transfer::Error::Api(error.clone()).category());
        Self {
            api: facts(&error).map(Box::new),
            hint: hint(code).map(str::to_owned),
            ..Self::new(code, error.to_string())
        }
    }
}

/// What the message cannot know: the words of this program.
pub(super) fn hint(code: Code) -> Option<&'static str> {
    match code {
        Code::MaxCalls => Some("allow more with --max-calls"),
        Code::Credentials => Some("`dingtalk-storage doctor` tells what is wrong"),
        _ => None,
    }
}

pub(super) fn code(error: &Error, category: Category) -> Code {
    match category {
        Category::Usage if error.kind() == ErrorKind::Api && error.class() == ErrorClass::Unsupported => {
            Code::Unsupported
        }
        Category::Usage if error.kind() == ErrorKind::Api => Code::Refused,
        Category::Usage => Code::Usage,
        Category::NotFound => Code::NotFound,
        Category::Access => match error.class() {
            ErrorClass::Scope => Code::Scope,
            ErrorClass::Token | ErrorClass::Credentials => Code::Credentials,
            _ if error.kind() == ErrorKind::Credentials => Code::Credentials,
            _ => Code::Permission,
        },
        Category::Temporary => match error.class() {
            _ if error.kind() == ErrorKind::Banned => Code::Banned,
            ErrorClass::Throttled => Code::Throttled,
            _ => Code::Temporary,
        },
        Category::Limit => match error.class() {
            _ if error.kind() == ErrorKind::CallsUsedUp => Code::MaxCalls,
            ErrorClass::Exhausted => Code::CallsExhausted,
            _ => Code::Capacity,
        },
        Category::Integrity => Code::Damaged,
        Category::Local => Code::Local,
        Category::Conflict => Code::Exists,
        Category::OutcomeUnknown => Code::Unknown,
        _ => Code::Failed,
    }
}

pub(super) fn facts(error: &Error) -> Option<ApiFacts> {
    let operation = error.operation().map(|Operation { name, .. }| (*name).to_owned());
    let facts = ApiFacts {
        code: error.code().map(|code| code.as_str().to_owned()),
        status: error.status(),
        request_id: error.request_id().map(str::to_owned),
        missing_scopes: error.missing_scopes().to_vec(),
        retry_after_seconds: error.retry_after().map(|wait| wait.as_secs_f64()),
        documentation: error.documentation(),
        operation,
    };
    (facts.operation.is_some() || facts.status.is_some()).then_some(facts)
}
