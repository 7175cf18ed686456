//! Kinds of failures, and how far a call came.

/// Kind of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client cannot be built like this, or is used where it cannot work.
    Configuration,
    /// The request cannot be sent as it is; nothing was.
    Request,
    /// No access token could be had.
    Credentials,
    /// No connection to the server came about.
    Connect,
    /// The connection broke before the whole answer was here.
    Connection,
    /// Time ran out.
    Timeout,
    /// The API answered with an error.
    Api,
    /// A call that changes something was sent and no answer tells whether it was applied. It was not sent
    /// again: find out first.
    OutcomeUnknown,
    /// The server answered with a redirect, which the API never does.
    Redirect,
    /// The server turns away this IP address for some minutes, or something else answers in its place.
    Banned,
    /// The answer cannot be understood.
    Answer,
    /// The answer lacks a field that was asked for by its method.
    Absent,
    /// The object storage refused, see [`Error::storage`](crate::Error::storage).
    Storage,
    /// The bytes to send could not be read, or were not as many as announced. Nothing was stored.
    Source,
    /// The client's own maximum of calls is reached.
    CallsUsedUp,
    /// The pages of a list lead to no end: a page token came twice, or very many pages in a row were empty.
    Paging,
}

/// How far a call came, seen from its last attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// The server cannot have seen it.
    NotSent,
    /// The server saw it and refused: nothing was applied.
    Refused,
    /// It was sent, and nothing tells whether it was applied.
    Unknown,
    /// The server said that it was applied, and its answer cannot be read, or the rest of it was lost.
    Applied,
}
