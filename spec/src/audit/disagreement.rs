//! One point on which the two sources differ.

use serde::Deserialize;
use std::fmt;

/// What the sources differ about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum About {
    /// Whether there is such an operation.
    Operation,
    /// Its HTTP method.
    Method,
    /// Its path.
    Path,
    /// Whether it carries an access token.
    Token,
    /// Whether there is such a field.
    Field,
    /// The type of a field.
    Type,
    /// Whether a request needs it.
    Required,
    /// Whether an answer always has it.
    Always,
    /// Whether there is such an event.
    Event,
    /// The number of an event.
    Number,
}

impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Operation => "operation",
            Self::Method => "method",
            Self::Path => "path",
            Self::Token => "token",
            Self::Field => "field",
            Self::Type => "type",
            Self::Required => "required",
            Self::Always => "always",
            Self::Event => "event",
            Self::Number => "number",
        })
    }
}

/// A field of a shared type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SharedField {
    /// Name of the type.
    pub name: String,
    /// Path of the field within it, with dots.
    pub field: String,
}

/// What one source says, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// In the words that a dispute repeats: `present`, `int64`, `required`, …
    pub says: String,
    /// File and line, or the path within the evidence.
    pub at: String,
}

/// One point on which the two sources differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// Full name of the operation; the name of an event after the word `event`.
    pub operation: String,
    /// Where in it, for example `response.dentry.category`; empty for the operation or event itself.
    pub field: String,
    /// The same place in the shared type that the spec has it from.
    pub shared: Option<SharedField>,
    /// What they differ about.
    pub about: About,
    /// What the spec says.
    pub spec: Position,
    /// What the SDK says, or the pages of what it does not have. A field that it has in other places of the same shared type, only not here, is `elsewhere`.
    pub sdk: Position,
    /// Why it is right, when `disputes.yaml` tells.
    pub reason: Option<Reason>,
}

/// Why a disagreement is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The reason itself.
    pub text: String,
    /// Line of `disputes.yaml`.
    pub line: usize,
}
