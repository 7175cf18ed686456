//! One point on which a page and the spec differ.

use std::fmt;

use serde::Deserialize;

use crate::ours::Keys;

/// What they differ about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum About {
    /// The HTTP method.
    Method,
    /// The path of the URL.
    Path,
    /// The kinds of apps that may call.
    Apps,
    /// The permission.
    Scope,
    /// Whether it carries an access token.
    Token,
    /// Whether there is such a field.
    Field,
    /// The name of a field.
    Name,
    /// The type of a field.
    Type,
    /// Whether a request needs it.
    Required,
    /// A value of an enum.
    Value,
    /// Largest value or most elements.
    Max,
    /// What is taken when it is left out.
    Default,
    /// An error code.
    Error,
    /// The HTTP status of an error code.
    Status,
    /// What the example of the page has.
    Example,
}

impl About {
    /// The word that a dispute names it by.
    pub fn word(self) -> &'static str {
        match self {
            Self::Method => "method",
            Self::Path => "path",
            Self::Apps => "apps",
            Self::Scope => "scope",
            Self::Token => "token",
            Self::Field => "field",
            Self::Name => "name",
            Self::Type => "type",
            Self::Required => "required",
            Self::Value => "value",
            Self::Max => "max",
            Self::Default => "default",
            Self::Error => "error",
            Self::Status => "status",
            Self::Example => "example",
        }
    }
}

impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What one side says, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// `absent`, `required`, `int64`, a value, …
    pub says: String,
    /// The file: within the spec, or the page as it was named.
    pub file: String,
    /// Line of it, from 1.
    pub line: usize,
}

/// Which side was changed before the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Older {
    /// The page is older than the spec, which may know better.
    Page,
    /// The spec is older than the page, which may be news.
    Spec,
}

/// One point on which a page and the spec differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Full name of the operation.
    pub operation: String,
    /// Where in it, for example `response.dentry.category`; empty for the operation itself.
    pub field: String,
    /// What they differ about.
    pub about: About,
    /// What the spec says.
    pub spec: Side,
    /// What the page says.
    pub page: Side,
    /// Which side is older, where both have a date.
    pub older: Option<Older>,
    /// Why it is right, when the spec says so.
    pub reason: Option<String>,
    /// Where it is in the spec, or would be.
    pub(crate) place: Keys,
    /// The dispute that explains it, by its number.
    pub(crate) dispute: Option<usize>,
}
