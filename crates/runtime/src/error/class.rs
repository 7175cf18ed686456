//! What an error code stands for, also when this version does not know it.

use crate::{ErrorClass, ErrorCode};

/// Class of an answer by its code, else by its status.
pub(crate) fn class_of(status: Option<u16>, code: Option<&ErrorCode>) -> ErrorClass {
    match code.map_or(ErrorClass::Unknown, ErrorCode::class) {
        ErrorClass::Unknown => by_status(status, code.is_some()),
        class => class,
    }
}

impl ErrorClass {
    /// Class of a code that the spec does not have. Codes come in families whose names tell what they are.
    pub(crate) fn of_unknown(code: &str) -> Self {
        const ENDINGS: [(&str, ErrorClass); 5] = [
            ("NotExist", ErrorClass::Missing),
            ("AlreadyExist", ErrorClass::Conflict),
            ("NotSupport", ErrorClass::Unsupported),
            ("QuotaInsufficient", ErrorClass::Capacity),
            ("ConcurrentControl", ErrorClass::Concurrency),
        ];
        const BEGINNINGS: [(&str, ErrorClass); 10] = [
            ("Forbidden.AccessDenied.Qps", ErrorClass::Throttled),
            ("Forbidden.AccessDenied.Qpm", ErrorClass::Throttled),
            ("Forbidden.AccessDenied.ApiCountLimit", ErrorClass::Exhausted),
            ("Forbidden.AccessDenied", ErrorClass::Scope),
            ("Throttling", ErrorClass::Throttled),
            ("InvalidAuthentication", ErrorClass::Token),
            ("AuthenticationFailed", ErrorClass::Token),
            ("paramError", ErrorClass::Parameter),
            ("param.error", ErrorClass::Parameter),
            ("Missing", ErrorClass::Parameter),
        ];
        let beginning = BEGINNINGS.iter().find(|(text, _)| code.starts_with(text));
        let ending = || ENDINGS.iter().find(|(text, _)| code.ends_with(text));
        beginning.or_else(ending).map_or(ErrorClass::Unknown, |(_, class)| *class)
    }
}

fn by_status(status: Option<u16>, has_code: bool) -> ErrorClass {
    match status {
        // A bare 401 is the gateway's word for a bad token; with a code it would be something else.
        Some(401) if !has_code => ErrorClass::Token,
        Some(404) => ErrorClass::Missing,
        Some(408 | 504) => ErrorClass::Timeout,
        Some(429) => ErrorClass::Throttled,
        Some(500..=599) => ErrorClass::Server,
        _ => ErrorClass::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(status: u16, code: &str) -> ErrorClass {
        let code = (!code.is_empty()).then(|| ErrorCode::from(code));
        class_of(Some(status), code.as_ref())
    }

    #[test]
    fn unknown_codes_are_judged_by_their_form_and_answers_without_code_by_their_status() {
        let cases = [
            (403, "Forbidden.AccessDenied.QpsLimitForSomethingNew", ErrorClass::Throttled),
            (403, "Forbidden.AccessDenied.QpmLimitForSomethingNew", ErrorClass::Throttled),
            (403, "Forbidden.AccessDenied.ApiCountLimitForSomethingNew", ErrorClass::Exhausted),
            (403, "Forbidden.AccessDenied.SomethingNew", ErrorClass::Scope),
            (403, "permissionDenied", ErrorClass::Permission),
            (403, "", ErrorClass::Unknown),
            (400, "InvalidAuthentication", ErrorClass::Token),
            (400, "paramError.somethingNew", ErrorClass::Parameter),
            (400, "MissingunionId", ErrorClass::Parameter),
            (404, "somethingNewNotExist", ErrorClass::Missing),
            (400, "somethingNew", ErrorClass::Unknown),
            (401, "", ErrorClass::Token),
            (401, "somethingNew", ErrorClass::Unknown),
            (429, "", ErrorClass::Throttled),
            (500, "somethingNew", ErrorClass::Server),
            (503, "", ErrorClass::Server),
            (504, "", ErrorClass::Timeout),
        ];
        for (status, code, expected) in cases {
            assert_eq!(class(status, code), expected, "{status} {code}");
        }
    }
}
