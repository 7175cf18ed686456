//! The report for editors and other programs.

use serde::Serialize;

use super::Report;
use crate::finding::{Finding, Label};
use crate::legible::is_invisible;

/// The whole report. The names of the keys are a promise; new ones may be added.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    /// How many findings there are, and in how many files.
    count: usize,
    files: usize,
    findings: Vec<Entry<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    code: &'static str,
    title: &'static str,
    message: &'a str,
    #[serde(flatten)]
    at: Place<'a>,
    help: Option<&'a str>,
    related: Vec<Place<'a>>,
}

/// Lines and columns count from 1, columns in characters; the end is the column after the last character. A finding about
/// a file as a whole has neither.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Place<'a> {
    path: &'a str,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    label: Option<&'a str>,
}

impl Report {
    /// All findings as JSON, in the order of the report. Paths are those within the spec, as they are on the disk.
    ///
    /// The document has `count`, `files` and `findings`; a finding has `code`, `title`, `message`, `path`, `line`,
    /// `column`, `endLine`, `endColumn`, `label`, `help` and `related`, a list of other places.
    pub fn json(&self) -> String {
        let findings = self.findings().iter().map(entry).collect();
        let document = Document { count: self.findings().len(), files: self.files(), findings };
        // Texts and numbers always become JSON.
        visible(&serde_json::to_string_pretty(&document).unwrap_or_default())
    }
}

/// JSON may hold what steers a terminal or hides letters; written as numbers, these characters mean the same to programs.
fn visible(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        if is_invisible(character) && character != '\n' {
            text.extend(character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            text.push(character);
        }
    }
    text
}

fn entry(finding: &Finding) -> Entry<'_> {
    Entry {
        code: finding.code().as_str(),
        title: finding.code().title(),
        message: finding.message(),
        at: place(finding.primary()),
        help: finding.help_text(),
        related: finding.secondary().iter().map(place).collect(),
    }
}

fn place(label: &Label) -> Place<'_> {
    let (start, end) = (label.position(), label.end());
    Place {
        path: label.path(),
        line: start.map(|(line, _)| line),
        column: start.map(|(_, column)| column),
        end_line: end.map(|(line, _)| line),
        end_column: end.map(|(_, column)| column),
        label: Some(label.text()).filter(|text| !text.is_empty()),
    }
}
