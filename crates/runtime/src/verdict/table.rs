//! How far a failed call came, and whether it could go better later: the one table that decides it.

use crate::error::Phase;
use crate::{ErrorClass, ErrorKind};

/// What was sent, where no answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sent {
    /// Nothing, and a second try meets the same obstacle: no request can be made of it, a wrong certificate.
    Never,
    /// Nothing that the server could act on: no connection came about, or the body never left.
    Nothing,
    /// Less than was announced, which the server does not act on: what should be sent could not be read.
    Part,
    /// All of it, perhaps.
    Perhaps,
}

/// Status of an answer, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Band {
    /// 2xx
    Good,
    /// 3xx
    Redirect,
    /// 4xx but 408
    Refusal,
    /// 408 and 5xx
    Trouble,
    /// What no answer has: 1xx, from 600 on
    Odd,
}

/// How much of an answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    Whole,
    /// The connection broke, time ran out, or what came is not all of what was written.
    Cut,
    /// More than is read. A second one would be as large.
    TooLarge,
}

/// What an answer says, as far as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    /// Neither success nor error.
    Nothing,
    /// A success.
    Good,
    /// An error with a code. Its class is that of the code, or of the status for one that nobody knows.
    Code(ErrorClass),
    /// That the address is banned.
    Ban,
    /// A web page.
    Page,
}

/// What a failure comes to. No kind: that of what cut the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ruling {
    pub(crate) kind: Option<ErrorKind>,
    pub(crate) phase: Phase,
    pub(crate) is_transient: bool,
}

const FINAL: bool = false;
const LATER: bool = true;

/// Of an attempt that no answer came to.
pub(crate) fn unanswered(sent: Sent) -> Ruling {
    let (phase, is_transient) = match sent {
        Sent::Never | Sent::Part => (Phase::NotSent, FINAL),
        Sent::Nothing => (Phase::NotSent, LATER),
        Sent::Perhaps => (Phase::Unknown, LATER),
    };
    Ruling { kind: None, phase, is_transient }
}

/// Of an attempt whose answer has this status. What was sent does not matter: the answer shows that the server
/// saw it.
///
/// An answer that is not whole counts only as far as its missing rest cannot change anything. So it is a refusal
/// only where its status would be one without a code, and a code of a refusal was read; a redirect is one anyhow.
#[allow(clippy::match_same_arms, reason = "the rows of a table are read by their status")]
pub(crate) fn answered(status: u16, extent: Extent, said: Said) -> Ruling {
    use ErrorKind::{Answer, Api, Banned, Redirect};
    use Extent::{Cut, TooLarge, Whole};
    use Phase::{Applied, Refused, Unknown};
    use Said::{Ban, Code, Good, Nothing, Page};

    #[rustfmt::skip]
    let (kind, phase, is_transient) = match (Band::of(status), extent, said) {
        (Band::Odd,      _,        _)              => (Some(Answer),   Unknown, FINAL),
        (Band::Redirect, _,        _)              => (Some(Redirect), Refused, FINAL),

        (Band::Good,     Whole,    Good)           => (Some(Answer),   Applied, FINAL),
        (Band::Good,     Cut,      Good)           => (None,           Applied, LATER),
        (Band::Good,     TooLarge, Good)           => (None,           Applied, FINAL),
        (Band::Good,     Whole,    Nothing)        => (Some(Answer),   Unknown, FINAL),

        (Band::Refusal,  _,        Code(class))    => by_code(class),
        (_,              Whole,    Code(class))    => by_code(class),
        (_,              Cut,      Code(_))        => (Some(Api),      Unknown, LATER),
        (_,              TooLarge, Code(_))        => (Some(Api),      Unknown, FINAL),

        (Band::Refusal,  _,        Ban)            => (Some(Banned),   Refused, LATER),
        (_,              Whole,    Ban)            => (Some(Banned),   Refused, LATER),
        (Band::Good,     Whole,    Page)           => (Some(Banned),   Refused, LATER),
        (Band::Refusal,  _,        Page)           => by_page(status),

        (Band::Refusal,  Whole,    Nothing | Good) => by_status(status),
        (Band::Trouble,  Whole,    _)              => (Some(Api),      Unknown, LATER),
        (_,              Cut,      _)              => (None,           Unknown, LATER),
        (_,              TooLarge, _)              => (None,           Unknown, FINAL),
    };
    Ruling { kind, phase, is_transient }
}

/// Of an attempt that was refused, by a server whose codes are not the API's.
pub(crate) fn without_code(status: u16) -> Ruling {
    answered(status, Extent::Whole, Said::Nothing)
}

type Row = (Option<ErrorKind>, Phase, bool);

/// A time-out and an error of the server tell nothing about what was done; all other codes are refusals.
fn by_code(class: ErrorClass) -> Row {
    let (phase, is_transient) = match class {
        ErrorClass::Server | ErrorClass::Timeout => (Phase::Unknown, LATER),
        ErrorClass::Throttled | ErrorClass::Concurrency => (Phase::Refused, LATER),
        _ => (Phase::Refused, FINAL),
    };
    (Some(ErrorKind::Api), phase, is_transient)
}

/// A refusal without a code.
fn by_status(status: u16) -> Row {
    (Some(ErrorKind::Api), Phase::Refused, status == 429)
}

/// A web page in place of a refusal: the gateway's about a ban, but where its status is about this one request, such
/// as a URL that is too long or a token that it does not take. Others come through then.
fn by_page(status: u16) -> Row {
    match status {
        400 | 401 | 404 | 405 | 407 | 411 | 413 | 414 | 415 | 431 => (Some(ErrorKind::Api), Phase::Refused, FINAL),
        _ => (Some(ErrorKind::Banned), Phase::Refused, LATER),
    }
}

impl Band {
    fn of(status: u16) -> Self {
        match status {
            200..=299 => Self::Good,
            300..=399 => Self::Redirect,
            408 | 500..=599 => Self::Trouble,
            400..=499 => Self::Refusal,
            _ => Self::Odd,
        }
    }
}

#[cfg(test)]
mod tests;
