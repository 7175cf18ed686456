//! Errors as sentences.

use std::fmt;

use super::{Error, ErrorKind, Facts, Phase};
use crate::{ErrorClass, ErrorCode};

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let facts = self.facts();
        if let Some(operation) = facts.operation {
            write!(formatter, "{} failed: ", operation.name)?;
        }
        what_happened(facts, formatter)?;
        if facts.follows_unknown {
            formatter.write_str(" An earlier attempt was sent, too, and may have done it: no answer told.")?;
        }
        if let Some(advice) = advice(self) {
            write!(formatter, " {advice}")?;
        }
        particulars(facts, formatter)
    }
}

fn what_happened(facts: &Facts, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    let general = match facts.kind {
        ErrorKind::Configuration => "the client is not set up right",
        ErrorKind::Request => "the request cannot be sent",
        ErrorKind::Credentials => "no access token could be had",
        ErrorKind::Connect => "no connection to the server came about",
        ErrorKind::Connection => "the connection broke",
        ErrorKind::Timeout => "time ran out",
        ErrorKind::Api => "the server refused",
        ErrorKind::OutcomeUnknown => "it was sent, and whether it was applied is unknown",
        ErrorKind::Redirect => "the server answered with a redirect",
        ErrorKind::Banned => {
            "the server turns away this IP address for a while, or something else answers in its place"
        }
        ErrorKind::Answer if facts.phase == Phase::Applied => "it was applied, but the answer cannot be understood",
        ErrorKind::Answer => "the answer cannot be understood",
        ErrorKind::Absent => "the answer lacks something",
        ErrorKind::Storage => "the object storage refused",
        ErrorKind::Source => "the bytes to send could not be had",
        ErrorKind::CallsUsedUp => "the maximum of calls that was set for this client is reached",
        ErrorKind::Paging => "the pages lead to no end",
    };
    let meaning = facts.code.as_ref().and_then(ErrorCode::meaning);
    match (facts.kind, meaning) {
        (ErrorKind::Api, Some(meaning)) => formatter.write_str(meaning)?,
        (_, Some(meaning)) => write!(formatter, "{general}: {meaning}")?,
        (ErrorKind::Api, None) if facts.status.is_some_and(|status| status >= 500) => {
            formatter.write_str("the server had a problem.")?;
        }
        (_, None) => match &facts.detail {
            Some(detail) => write!(formatter, "{general}: {detail}.")?,
            None => write!(formatter, "{general}.")?,
        },
    }
    match &facts.message {
        Some(message) => write!(formatter, " The server says: {:?}.", Shortened(message)),
        None => Ok(()),
    }
}

/// What to do, in a sentence.
fn advice(error: &Error) -> Option<&str> {
    let facts = error.facts();
    let of_code = facts.code.as_ref().and_then(ErrorCode::advice);
    match facts.kind {
        ErrorKind::Configuration => Some("Set it up otherwise; trying again changes nothing."),
        ErrorKind::Request => Some("Nothing was sent; correct the parameter."),
        ErrorKind::OutcomeUnknown => Some("Check whether it was applied before you send it again."),
        ErrorKind::Credentials | ErrorKind::Api => of_code.or_else(|| Some(advice_by_class(error))),
        ErrorKind::Connect => Some("Check the network, the proxy and the address of the server."),
        ErrorKind::Connection => Some("Try again."),
        ErrorKind::Timeout => Some("Try again, or allow more time."),
        ErrorKind::Redirect => Some(
            "Check the address of the server; redirects are not followed, for they would take the access token elsewhere.",
        ),
        ErrorKind::Banned => Some("Wait, and make fewer calls from this address."),
        ErrorKind::Answer if facts.phase == Phase::Applied => Some("Read what was changed; do not send it again."),
        ErrorKind::Answer => {
            Some("Check that the address is that of the API; if it is, this version may not know the answer's form.")
        }
        ErrorKind::Absent => Some("Look at the field itself where it may be absent; the call itself went well."),
        ErrorKind::Storage if facts.is_transient => Some("Try again with fresh signed URLs."),
        ErrorKind::Storage => Some("Check that the URL was asked for this transfer, and send exactly its headers."),
        ErrorKind::Source => Some("Nothing was stored; send it again when it does not change any more."),
        ErrorKind::CallsUsedUp => Some("Raise the maximum, or wait for the next month."),
        ErrorKind::Paging => Some("Begin again with the first page, or go on from the next token."),
    }
}

/// What to do about a refusal whose code says no more.
fn advice_by_class(error: &Error) -> &'static str {
    match error.class() {
        ErrorClass::Parameter => "Correct the parameter that is named.",
        ErrorClass::Token => "Check that the token is one of this app and region.",
        ErrorClass::Credentials => "Check the key and the secret of the app.",
        ErrorClass::Scope => "Request the missing permissions in the developer console, then get a new token.",
        ErrorClass::Permission => "Check what the operator may do with it, or use another operator.",
        ErrorClass::Missing => "Check the ids; it may have been deleted or moved.",
        ErrorClass::Conflict => "Use another name, or what is there already.",
        ErrorClass::Capacity => "Free space or get more of it.",
        ErrorClass::Throttled => "Call less often.",
        ErrorClass::Exhausted => "Wait for the next month or get a larger quota.",
        ErrorClass::Concurrency => "Try again when the other work is done.",
        ErrorClass::Unsupported => "Check the kind of the thing; this one does not support it.",
        ErrorClass::Content => "Check the content that was sent.",
        ErrorClass::Server | ErrorClass::Timeout => "Try again later.",
        ErrorClass::Unknown if error.is_retryable() => "Try again later.",
        ErrorClass::Unknown => "Look up the code in the documentation, or ask DingTalk's support with the request id.",
    }
}

/// Shorter waits of the client's own explain nothing.
const SHOWN_WAIT: std::time::Duration = std::time::Duration::from_millis(100);

/// What helps to look into it, in brackets.
fn particulars(facts: &Facts, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut separator = " [";
    let mut item = |formatter: &mut fmt::Formatter<'_>, item: fmt::Arguments<'_>| {
        formatter.write_str(separator)?;
        separator = ", ";
        formatter.write_fmt(item)
    };
    if !facts.missing_scopes.is_empty() {
        item(formatter, format_args!("missing permissions: {}", Escaped(&facts.missing_scopes.join(" "))))?;
    }
    if let Some(status) = facts.status {
        item(formatter, format_args!("HTTP {status}"))?;
    }
    if let Some(code) = &facts.code {
        item(formatter, format_args!("code {}", Escaped(code.as_str())))?;
    }
    if let Some(id) = &facts.request_id {
        item(formatter, format_args!("request id {}", Escaped(id)))?;
    }
    if let Some(task) = &facts.task {
        item(formatter, format_args!("task {}", Escaped(task)))?;
    }
    if let Some(wait) = facts.retry_after {
        item(formatter, format_args!("try again after {} s", wait.as_secs_f32().ceil()))?;
    }
    if facts.waited >= SHOWN_WAIT {
        item(formatter, format_args!("{:.1} s waiting for its turn", facts.waited.as_secs_f32()))?;
    }
    if facts.attempts > 1 {
        item(formatter, format_args!("{} attempts", facts.attempts))?;
    }
    if let Some(page) = facts.operation.and_then(crate::Operation::documentation) {
        item(formatter, format_args!("see {page}"))?;
    }
    if separator == ", " { formatter.write_str("]") } else { Ok(()) }
}

/// Text of the server as part of a line: quotes, control and direction characters are escaped.
struct Shortened<'a>(&'a str);

impl fmt::Debug for Shortened<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LENGTH: usize = 300;
        let shown = self.0.get(..self.0.floor_char_boundary(LENGTH)).unwrap_or_default();
        fmt::Debug::fmt(shown, formatter)?;
        if shown.len() < self.0.len() { formatter.write_str("…") } else { Ok(()) }
    }
}

struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.escape_debug().fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [ErrorKind; 16] = [
        ErrorKind::Configuration,
        ErrorKind::Request,
        ErrorKind::Credentials,
        ErrorKind::Connect,
        ErrorKind::Connection,
        ErrorKind::Timeout,
        ErrorKind::Api,
        ErrorKind::OutcomeUnknown,
        ErrorKind::Redirect,
        ErrorKind::Banned,
        ErrorKind::Answer,
        ErrorKind::Absent,
        ErrorKind::Storage,
        ErrorKind::Source,
        ErrorKind::CallsUsedUp,
        ErrorKind::Paging,
    ];

    /// An answer of each class; codes that the spec does not have, so that no advice of theirs helps.
    const CLASSES: [(u16, &str, ErrorClass); 12] = [
        (400, "paramError.new", ErrorClass::Parameter),
        (400, "InvalidAuthentication.new", ErrorClass::Token),
        (403, "Forbidden.AccessDenied.New", ErrorClass::Scope),
        (400, "newNotExist", ErrorClass::Missing),
        (400, "newAlreadyExist", ErrorClass::Conflict),
        (400, "newQuotaInsufficient", ErrorClass::Capacity),
        (403, "Forbidden.AccessDenied.QpsNew", ErrorClass::Throttled),
        (403, "Forbidden.AccessDenied.ApiCountLimitNew", ErrorClass::Exhausted),
        (400, "newConcurrentControl", ErrorClass::Concurrency),
        (400, "newNotSupport", ErrorClass::Unsupported),
        (500, "new", ErrorClass::Server),
        (400, "new", ErrorClass::Unknown),
    ];

    fn assert_advice(error: &Error) {
        let advice = advice(error).unwrap_or_default();
        assert!(advice.ends_with('.') && advice.len() >= 10, "no advice: {error} {:?}", error.class());
        assert!(error.to_string().contains(advice), "{error}");
    }

    #[test]
    fn every_error_says_what_to_do() {
        for phase in [Phase::NotSent, Phase::Refused, Phase::Unknown, Phase::Applied] {
            for kind in KINDS {
                assert_advice(&Error::from_facts(Facts::bare(kind, phase)));
                for (status, code, class) in CLASSES {
                    let facts = Facts { status: Some(status), code: Some(code.into()), ..Facts::bare(kind, phase) };
                    let error = Error::from_facts(facts);
                    assert_eq!(error.class(), class, "{code}");
                    assert_advice(&error);
                }
            }
        }
    }
}
