//! What to do about an error.

#[cfg(test)]
mod tests;

use super::{Error, ErrorKind, Phase, TimedOut};
use crate::{Effect, ErrorClass, ErrorCode};

/// What to do, in a sentence. What may have been changed decides first, then what is known of the cause.
pub(super) fn advice(error: &Error) -> &'static str {
    let facts = error.facts();
    if facts.kind == ErrorKind::OutcomeUnknown {
        return "Check whether it was applied before you send it again.";
    }
    if facts.kind == ErrorKind::Answer && was_applied(error) {
        return match facts.operation.map(|operation| operation.effect) {
            Some(Effect::Write) => "Read what was changed; do not send it again.",
            _ => "Read what was changed; to send it again does no harm.",
        };
    }
    facts.advice.unwrap_or_else(|| by_kind(error))
}

/// Whether something was changed, and not only looked at.
pub(super) fn was_applied(error: &Error) -> bool {
    let facts = error.facts();
    let changes = facts.operation.is_some_and(|operation| operation.effect != Effect::Read);
    facts.phase == Phase::Applied && changes
}

fn by_kind(error: &Error) -> &'static str {
    let facts = error.facts();
    let may_go_better = error.is_retryable();
    match facts.kind {
        ErrorKind::Configuration => "Set it up otherwise; trying again changes nothing.",
        ErrorKind::Request => "Nothing was sent; correct the parameter.",
        ErrorKind::OutcomeUnknown => "Check whether it was applied before you send it again.",
        ErrorKind::Credentials | ErrorKind::Api => by_code(error),
        ErrorKind::Connect => "Check the network, the proxy and the address of the server.",
        ErrorKind::Connection | ErrorKind::Answer if may_go_better => "Try again.",
        ErrorKind::Connection => "Check the network and the proxy.",
        ErrorKind::Timeout => by_clock(error),
        ErrorKind::Redirect => {
            "Check the address of the server; redirects are not followed, for they would take the access token elsewhere."
        }
        ErrorKind::Banned => "Wait, and make fewer calls from this address.",
        ErrorKind::Answer => {
            "Check that the address is that of the API; if it is, this version may not know the answer's form."
        }
        ErrorKind::Absent => "Look at the field itself where it may be absent; the call itself went well.",
        ErrorKind::Storage if facts.is_transient => "Try again with fresh signed URLs.",
        ErrorKind::Storage => "Check that the URL was asked for this transfer, and send exactly its headers.",
        ErrorKind::Source => "Nothing was stored; send it again when it does not change any more.",
        ErrorKind::CallsUsedUp => "Raise the maximum, or wait for the next month.",
        ErrorKind::Paging => "Begin again with the first page, or go on from the next token.",
    }
}

/// Whose time ran out tells what to allow more of.
fn by_clock(error: &Error) -> &'static str {
    match error.timed_out() {
        Some(TimedOut::Limiter) => "Allow the call more time, or make fewer calls at once.",
        Some(TimedOut::Connections) => "Allow the call more time, or the client more connections.",
        Some(TimedOut::List) => "Allow the list more time, or go on from where it ended.",
        Some(TimedOut::Tasks) => "Wait for the task again, or ask for it by its id.",
        Some(TimedOut::Attempt) if error.is_retryable() => "Try again, or allow an attempt more time.",
        Some(TimedOut::Stall) if error.is_retryable() => "Try again, or allow longer pauses in an answer.",
        _ if error.is_retryable() => "Try again, or allow more time.",
        _ => "Allow more time.",
    }
}

/// What the spec says about the code, unless it is a matter of what was applied, which the effect tells.
fn by_code(error: &Error) -> &'static str {
    let class = error.class();
    let is_outage = matches!(class, ErrorClass::Server | ErrorClass::Timeout);
    let of_code = error.code().and_then(ErrorCode::advice).filter(|_| !is_outage);
    of_code.unwrap_or_else(|| by_class(error, class))
}

/// What to do about a refusal whose code says no more.
fn by_class(error: &Error, class: ErrorClass) -> &'static str {
    match class {
        ErrorClass::Parameter => "Correct the parameter that is named.",
        ErrorClass::Token => "Check that the token is one of this app and region.",
        ErrorClass::Credentials => "Check the key and the secret of the app.",
        ErrorClass::Scope => "Request the missing permissions in the developer console, then get a new token.",
        ErrorClass::Permission => "Check what the operator may do with it, or use another operator.",
        ErrorClass::Missing if error.code().is_none() => "Check the address of the server, and the ids.",
        ErrorClass::Missing => "Check the ids; it may have been deleted or moved.",
        ErrorClass::Conflict => "Use another name, or what is there already.",
        ErrorClass::Capacity => "Free space or get more of it.",
        ErrorClass::Throttled => "Call less often.",
        ErrorClass::Exhausted => "Wait for the next month or get a larger quota.",
        ErrorClass::Concurrency if error.is_retryable() => "Try again when the other work is done.",
        ErrorClass::Concurrency => "Wait until the other work is done.",
        ErrorClass::Unsupported => "Check the kind of the thing; this one does not support it.",
        ErrorClass::Content => "Check the content that was sent.",
        ErrorClass::Server | ErrorClass::Timeout | ErrorClass::Unknown if error.is_retryable() => "Try again later.",
        ErrorClass::Server | ErrorClass::Timeout => "The fault is the server's.",
        ErrorClass::Unknown => of_the_unknown(error),
    }
}

/// What nobody knows is asked for with what there is to ask by.
fn of_the_unknown(error: &Error) -> &'static str {
    match (error.code(), error.request_id()) {
        _ if error.kind() == ErrorKind::Credentials && error.code().is_none() => {
            "Check the credentials, and where they come from."
        }
        (Some(_), Some(_)) => "Look up the code in the documentation, or ask DingTalk's support with the request id.",
        (Some(_), None) => "Look up the code in the documentation.",
        (None, Some(_)) => "Ask DingTalk's support with the request id.",
        (None, None) if error.message().is_some() => "Read what the server says.",
        (None, None) => "Check that the address is that of the API, and what stands between here and there.",
    }
}
