//! Differences that are right, with the reason: `evidence/page_disputes.yaml`, in the form of `disputes.yaml`.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;

use crate::compare::Found;
use crate::difference::About;
use crate::page::Page;
use crate::{Drift, Subject};

/// The list of disputes cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("evidence/page_disputes.yaml: {0}")]
pub struct InvalidDisputes(#[from] serde_yaml::Error);

/// The disputes of pages.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disputes {
    #[serde(default)]
    disputes: Vec<Entry>,
    /// Lines of the entries.
    #[serde(skip)]
    lines: Vec<usize>,
}

/// A dispute that explains nothing any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// Line of it in [`Disputes::FILE`].
    pub line: usize,
    /// The operation or type about which it explains nothing.
    pub subject: String,
    /// What it is about.
    pub what: String,
}

impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, subject, what } = self;
        write!(f, "{}:{line}: no page of {subject} differs like that any more: {what}; delete it", Disputes::FILE)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[serde(default)]
    operations: Vec<String>,
    #[serde(default)]
    types: Vec<String>,
    #[serde(default)]
    fields: Vec<String>,
    about: About,
    spec: String,
    page: String,
    reason: String,
}

impl Disputes {
    /// Where they stand within the spec.
    pub const FILE: &'static str = "evidence/page_disputes.yaml";

    /// Reads the list.
    pub fn read(text: &str) -> Result<Self, InvalidDisputes> {
        let mut disputes: Self = serde_yaml::from_str(text)?;
        let starts = text
            .lines()
            .enumerate()
            .filter(|(_, line)| line.trim_start().starts_with("- ") && !line.starts_with("    "));
        disputes.lines = starts.map(|(index, _)| index + 1).collect();
        Ok(disputes)
    }

    /// The number of the dispute that explains a difference.
    pub(crate) fn explaining(&self, operation: &str, found: &Found) -> Option<usize> {
        self.disputes.iter().position(|entry| entry.covers(operation, found))
    }

    /// Why a dispute is right.
    pub(crate) fn reason(&self, number: usize) -> Option<String> {
        self.disputes.get(number).map(|entry| entry.reason.clone())
    }

    /// Disputes about operations and types of which pages were compared, and none of these pages differs like that.
    pub fn stale(&self, drifts: &[Drift]) -> Vec<Stale> {
        let mut stale = Vec::new();
        for (number, entry) in self.disputes.iter().enumerate() {
            let explains = |drift: &&Drift| drift.differences.iter().any(|each| each.dispute == Some(number));
            let mut judge = |subject: &str, pages: Vec<&Drift>| {
                if !pages.is_empty() && !pages.iter().any(explains) {
                    let line = self.lines.get(number).copied().unwrap_or(1);
                    stale.push(Stale { line, subject: subject.to_owned(), what: entry.what() });
                }
            };
            for name in &entry.operations {
                let is_of =
                    |drift: &&Drift| drift.subject == Subject::Operation(name.clone()) && entry.is_told_by(&drift.page);
                judge(name, drifts.iter().filter(is_of).collect());
            }
            for name in &entry.types {
                let has = |drift: &&Drift| drift.types.contains(name) && entry.is_told_by(&drift.page);
                judge(name, drifts.iter().filter(has).collect());
            }
        }
        stale
    }
}

impl Entry {
    fn what(&self) -> String {
        let fields = if self.fields.is_empty() { String::new() } else { format!(" of {}", self.fields.join(", ")) };
        format!("{}{fields}, {} in the spec and {} on the page", self.about, self.spec, self.page)
    }

    /// Whether a page has kept what the dispute is about: renderings lose examples and marks.
    fn is_told_by(&self, page: &Page) -> bool {
        let sections: BTreeSet<&str> = self.fields.iter().filter_map(|field| field.split('.').next()).collect();
        let has = |section: &&str| {
            let request = || page.request_example.as_ref().and_then(|example| example.body.as_ref());
            let (table, example) = match *section {
                "query" => (&page.query, None),
                "body" => (&page.body, request()),
                "response" => (&page.response, page.response_example.as_ref()),
                "path" => (&page.path_parameters, None),
                _ => return true,
            };
            match self.about {
                About::Example => example.is_some(),
                About::Required => {
                    table.as_ref().is_some_and(|table| table.rows.iter().all(|row| row.required.is_some()))
                }
                _ => table.is_some(),
            }
        };
        sections.iter().all(has)
    }

    fn covers(&self, operation: &str, found: &Found) -> bool {
        let of_operation = self.operations.iter().any(|name| name == operation)
            && (self.fields.contains(&found.field) || self.fields.is_empty() && found.field.is_empty());
        let of_type =
            found.shared.as_ref().is_some_and(|(name, field)| self.types.contains(name) && self.fields.contains(field));
        (of_operation || of_type) && self.about == found.about && self.spec == found.spec && self.page == found.page
    }
}
