//! The report as workflow commands of GitHub Actions, which shows them beside the changed lines.

use super::Report;
use crate::finding::Finding;

impl Report {
    /// All findings as lines `::error file=…,line=…::message`. `folder` is the path of the spec within the repository.
    pub fn github(&self, folder: &str) -> String {
        self.findings().iter().map(|finding| line(finding, folder)).collect()
    }
}

fn line(finding: &Finding, folder: &str) -> String {
    let primary = finding.primary();
    let file = match folder.trim_end_matches('/') {
        "" | "." => primary.shown_path().into_owned(),
        folder => format!("{folder}/{}", primary.shown_path()),
    };
    let mut properties = format!("file={}", property(&file));
    if let (Some((line, column)), Some((end_line, end_column))) = (primary.position(), primary.end()) {
        properties = format!("{properties},line={line},endLine={end_line},col={column}");
        // GitHub takes an end column only within one line.
        if line == end_line {
            properties = format!("{properties},endColumn={end_column}");
        }
    }
    let title = format!("{}: {}", finding.code(), finding.code().title());
    let mut message = finding.message().to_owned();
    for line in [primary.text(), finding.help_text().unwrap_or_default()].into_iter().filter(|line| !line.is_empty()) {
        message.push('\n');
        message.push_str(line);
    }
    format!("::error {properties},title={}::{}\n", property(&title), data(&message))
}

/// What stands after `::`: one line, whatever is in it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What stands before it is separated by commas and colons, too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
