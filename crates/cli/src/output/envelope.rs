//! The line of JSON that everything is wrapped in.

use std::fmt::{self, Write};

use serde::Serialize;

use super::Record;
use super::escape::is_deceiving;
use crate::Failure;
use crate::failure::ApiFacts;

/// Version of the envelope: it grows when something is taken away or means something else, not when something is added.
const VERSION: u32 = 1;

/// One line of output for scripts.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Line<'a> {
    /// Version of the envelope.
    version: u32,
    #[serde(flatten)]
    content: Content<'a>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
enum Content<'a> {
    /// A result, on standard output.
    Result(&'a Record),
    /// A failure, on standard error.
    Error { kind: ErrorKind, data: ErrorFacts<'a> },
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
enum ErrorKind {
    Error,
}

/// A failure.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ErrorFacts<'a> {
    /// Why, in a word that does not change; `help --json` lists them.
    code: &'static str,
    /// Exit code that it leads to where it is the only thing that was asked for.
    exit: u8,
    /// What happened, for people.
    message: &'a str,
    /// What to do about it, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
    /// The path that it is about, where several things were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<&'a str>,
    /// What the API said.
    #[serde(skip_serializing_if = "Option::is_none")]
    api: Option<&'a ApiFacts>,
    /// The place of what was left behind, where something was half done and could not be undone.
    #[serde(skip_serializing_if = "Option::is_none")]
    left: Option<&'a str>,
}

impl<'a> Line<'a> {
    pub fn result(record: &'a Record) -> Self {
        Self { version: VERSION, content: Content::Result(record) }
    }

    pub fn error(failure: &'a Failure, item: Option<&'a str>) -> Self {
        let data = ErrorFacts {
            code: failure.code.as_str(),
            exit: failure.code.exit().number(),
            message: &failure.message,
            hint: failure.hint.as_deref(),
            item,
            api: failure.api.as_deref(),
            left: failure.left.as_deref(),
        };
        Self { version: VERSION, content: Content::Error { kind: ErrorKind::Error, data } }
    }
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = serde_json::to_string(self).map_err(|_| fmt::Error)?;
        formatter.write_str(&plain(&json))
    }
}

/// The same JSON without characters that a terminal would show as something else; they stand in strings only.
fn plain(json: &str) -> String {
    let mut plain = String::with_capacity(json.len());
    for character in json.chars() {
        if is_deceiving(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // A text takes whatever is written to it.
                let _ = write!(plain, "\\u{unit:04x}");
            }
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    /// Written anew with `UPDATE_GOLDEN=1 cargo test -p dingtalk-storage-cli`.
    #[test]
    fn the_published_schema_is_that_of_what_is_written() {
        let schema = schemars::schema_for!(Line<'static>);
        let text = format!("{}\n", serde_json::to_string_pretty(&schema).unwrap());
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/output.schema.json");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(path, &text).unwrap();
        }
        assert_eq!(std::fs::read_to_string(path).unwrap(), text);
    }

    #[test]
    fn a_character_that_deceives_is_spelled_out_in_json() {
        assert_eq!(plain("\"a\u{202e}b\u{e0041}\""), "\"a\\u202eb\\udb40\\udc41\"");
    }
}
