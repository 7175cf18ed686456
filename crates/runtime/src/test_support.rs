//! Operations for unit tests.

use crate::operation::{Effect, Method, Operation};

/// An operation that changes nothing.
pub(crate) const READ: Operation = Operation {
    name: "test.Read",
    summary: "Reads.",
    method: Method::Get,
    path: "/v1.0/things/{id}",
    group: "file",
    effect: Effect::Read,
    ..Operation::UNSET
};
