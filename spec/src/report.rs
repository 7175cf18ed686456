//! All findings, in an order that people and programs can rely on. Each form of the report has a file of its own.

mod github;
mod json;
mod text;

use std::collections::BTreeSet;
use std::fmt;

use crate::finding::Finding;

/// Everything that is wrong with a spec, in the order of files and lines. Empty, when nothing is.
#[derive(Debug, Clone, Default)]
pub struct Report {
    findings: Vec<Finding>,
}

impl Report {
    pub(crate) fn new(mut findings: Vec<Finding>) -> Self {
        findings.iter_mut().for_each(Finding::remark_look_alikes);
        findings.sort_by(|a, b| a.order().cmp(&b.order()));
        findings.dedup_by(|a, b| a.order() == b.order());
        Self { findings }
    }

    /// The findings, by file and position.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// How many findings there are, in how many files.
    pub fn summary(&self) -> String {
        format!("{} in {}", count(self.findings.len(), "finding"), count(self.files(), "file"))
    }

    fn files(&self) -> usize {
        self.findings.iter().map(|finding| finding.primary().path()).collect::<BTreeSet<_>>().len()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Report {}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
