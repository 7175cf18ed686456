//! Whose time ran out.

/// Whose time ran out; see [`Error::timed_out`](crate::Error::timed_out).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimedOut {
    /// That of the whole call, with all its attempts and pauses. [`Error::waited`](crate::Error::waited) tells how
    /// much of it went by before anything was sent.
    Call,
    /// That of one attempt.
    Attempt,
    /// That of a pause in the answer.
    Stall,
    /// That of the call, while it waited for its turn in the client's own limiter.
    Limiter,
    /// That of the call, while it waited for one of the client's connections.
    Connections,
    /// That of a list or a bulk call with all its calls.
    List,
    /// That for which tasks were waited for. They go on.
    Tasks,
}
