//! What is found in parameters while they are read.

use std::fmt;

use serde_json::Value;

use super::path::At;
use super::suggest::meant;

/// What is wrong with one parameter, or with a value inside of it. It shows no values: they may be secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// Where, for example `option.appProperties[1].name`.
    pub path: String,
    /// What kind of problem it is.
    pub kind: ProblemKind,
    /// What would be right.
    pub expected: String,
    /// What to do about it.
    pub suggestion: Option<String>,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProblemKind {
    /// There is no such parameter.
    Unknown,
    /// It is needed and not there.
    Missing,
    /// It is of another type.
    Type,
    /// It is a value that this version does not know. It is sent all the same: the server may know it.
    Value,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, expected, .. } = self;
        match self.kind {
            ProblemKind::Unknown => write!(formatter, "{path}: there is no such {expected}")?,
            ProblemKind::Missing => write!(formatter, "{path}: is missing, expected {expected}")?,
            ProblemKind::Type => write!(formatter, "{path}: expected {expected}")?,
            ProblemKind::Value => write!(formatter, "{path}: not a known {expected}")?,
        }
        self.suggestion.as_ref().map_or(Ok(()), |suggestion| write!(formatter, "; {suggestion}"))
    }
}

/// Collects problems, and knows how secrets are to be read.
#[derive(Debug, Default)]
pub struct Findings {
    /// What keeps the request from being sent.
    pub(super) problems: Vec<Problem>,
    /// What looks wrong and may be right.
    pub(super) doubts: Vec<Problem>,
    /// Secrets are replaced as they are read.
    pub(super) hides_secrets: bool,
}

impl Findings {
    /// What stands in place of a secret that is not shown.
    pub(super) const HIDDEN: &str = "HIDDEN";

    /// A secret as it is to be read.
    #[doc(hidden)]
    #[must_use]
    pub fn secret(&self, text: String) -> String {
        if self.hides_secrets { Self::HIDDEN.to_owned() } else { text }
    }

    /// A value has the wrong type.
    pub(super) fn wrong_type(&mut self, at: &At<'_>, expected: &str, found: &Value) {
        self.problems.push(Problem {
            path: at.to_string(),
            kind: ProblemKind::Type,
            expected: format!("{expected}, found {}", described(found)),
            suggestion: mend(expected, found).map(str::to_owned),
        });
    }

    /// A value that is needed is not there.
    pub(super) fn missing(&mut self, at: &At<'_>, expected: String) {
        self.problems.push(Problem { path: at.to_string(), kind: ProblemKind::Missing, expected, suggestion: None });
    }

    /// A name that means nothing.
    pub(super) fn unknown<C: AsRef<str>>(
        &mut self,
        at: &At<'_>,
        what: &str,
        name: &str,
        known: impl IntoIterator<Item = C>,
    ) {
        self.problems.push(Problem {
            path: at.to_string(),
            kind: ProblemKind::Unknown,
            expected: what.to_owned(),
            suggestion: did_you_mean(name, known),
        });
    }

    /// Notes a value of an open set that this version does not know.
    #[doc(hidden)]
    pub fn check_value(&mut self, at: &At<'_>, set: &str, value: &str, known: &[&str]) {
        if !known.contains(&value) {
            self.doubts.push(Problem {
                path: at.to_string(),
                kind: ProblemKind::Value,
                expected: set.to_owned(),
                suggestion: did_you_mean(value, known).or_else(|| Some(format!("known are {}", known.join(", ")))),
            });
        }
    }
}

fn did_you_mean<C: AsRef<str>>(name: &str, known: impl IntoIterator<Item = C>) -> Option<String> {
    meant(name, known).map(|known| format!("did you mean {}?", known.as_ref()))
}

fn described(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_f64() => "a fraction or a large number",
        Value::Number(number) if !number.is_i64() => "a number that is too large",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// How a value of the wrong type is most easily made right.
fn mend(expected: &str, found: &Value) -> Option<&'static str> {
    match found {
        Value::Null => Some("leave out what has no value"),
        Value::Number(_) if expected == "a text" => Some("put it in quotes"),
        Value::String(_) if expected.starts_with("a file") => {
            Some("write {\"name\": .., \"base64\": ..}; on the command line also \"@PATH\"")
        }
        Value::String(text) if expected.contains("whole number") && text.parse::<i64>().is_ok() => {
            Some("leave out the quotes")
        }
        Value::String(text) if expected == "a boolean" && text.parse::<bool>().is_ok() => Some("leave out the quotes"),
        Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Object(_) if expected == "a list" => {
            Some("put it in brackets")
        }
        _ => None,
    }
}
