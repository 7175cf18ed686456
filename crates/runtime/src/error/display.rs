//! Errors as sentences.

use std::fmt;

use super::advice::{advice, was_applied};
use super::boundary::boundary;
use super::{Error, ErrorKind};
use crate::ErrorCode;

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let facts = self.facts();
        if let Some(operation) = facts.operation {
            write!(formatter, "{} failed: ", operation.name)?;
        }
        what_happened(self, formatter)?;
        if facts.follows_unknown {
            formatter.write_str(" An earlier attempt was sent, too, and may have done it: no answer told.")?;
        }
        write!(formatter, " {}", advice(self))?;
        particulars(self, formatter)
    }
}

fn what_happened(error: &Error, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    let facts = error.facts();
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
        ErrorKind::Answer if was_applied(error) => "it was applied, but the answer cannot be understood",
        ErrorKind::Answer => "the answer cannot be understood",
        ErrorKind::Absent => "the answer lacks something",
        ErrorKind::Storage => "the object storage refused",
        ErrorKind::Source => "the bytes to send could not be had",
        ErrorKind::CallsUsedUp => "the maximum of calls that was set for this client is reached",
        ErrorKind::Paging => "the pages lead to no end",
    };
    let meaning = facts.code.as_ref().and_then(ErrorCode::meaning);
    let message = facts.message.as_deref().map(|message| beyond(message, meaning)).filter(|rest| !rest.is_empty());
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
    match message {
        Some(message) => write!(formatter, " The server says: {:?}.", Shortened(message)),
        None => Ok(()),
    }
}

/// What a message of the server has beyond the meaning of its code, which is told anyway.
fn beyond<'a>(message: &'a str, meaning: Option<&str>) -> &'a str {
    meaning.and_then(|meaning| message.strip_prefix(meaning)).map_or(message, str::trim_start)
}

/// Shorter waits of the client's own explain nothing.
const SHOWN_WAIT: std::time::Duration = std::time::Duration::from_millis(100);

/// What helps to look into it, in brackets.
fn particulars(error: &Error, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    let facts = error.facts();
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
    if let Some(wait) = facts.retry_after.filter(|_| error.is_retryable()) {
        item(formatter, format_args!("try again after {} s", wait.as_secs_f32().ceil()))?;
    }
    if facts.waited >= SHOWN_WAIT {
        let waited = facts.waited.as_secs_f32();
        item(formatter, format_args!("{waited:.1} s of it waiting in the client's own limiter or for a connection"))?;
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
        let shown = self.0.get(..boundary(self.0, LENGTH)).unwrap_or_default();
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
