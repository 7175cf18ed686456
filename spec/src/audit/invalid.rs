//! A source that cannot be used.

use std::fmt;

/// A file beside the spec is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidSource {
    file: &'static str,
    line: Option<usize>,
    message: String,
}

impl InvalidSource {
    pub(super) fn new(file: &'static str, line: impl Into<Option<usize>>, message: impl Into<String>) -> Self {
        Self { file, line: line.into(), message: message.into() }
    }
}

impl fmt::Display for InvalidSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for InvalidSource {}
