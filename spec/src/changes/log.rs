//! The changes of one subject while they are found.

use std::fmt::Display;

use super::{Change, Verdict};

/// Collects the changes of one subject.
pub(super) struct Log {
    subject: String,
    changes: Vec<Change>,
    /// Places whose documentation changed; they make one change together.
    documentation: Vec<String>,
}

impl Log {
    pub(super) fn new(subject: impl Into<String>) -> Self {
        Self { subject: subject.into(), changes: Vec::new(), documentation: Vec::new() }
    }

    pub(super) fn add(&mut self, verdict: Verdict, place: &str, what: impl Into<String>) {
        self.push(verdict, place, what.into(), None);
    }

    pub(super) fn add_with_note(&mut self, verdict: Verdict, place: &str, what: impl Into<String>, note: &str) {
        self.push(verdict, place, what.into(), Some(note.to_owned()));
    }

    fn push(&mut self, verdict: Verdict, place: &str, what: String, note: Option<String>) {
        self.changes.push(Change { verdict, subject: self.subject.clone(), place: place.to_owned(), what, note });
    }

    /// Adds a change if the two values differ.
    pub(super) fn compare<T: PartialEq + Display>(&mut self, verdict: Verdict, place: &str, old: &T, new: &T) {
        if old != new {
            self.add(verdict, place, format!("{new}, was {old}"));
        }
    }

    /// Adds a change if the two differ, one of which may not be there.
    pub(super) fn compare_option<T: PartialEq + Display>(
        &mut self,
        verdict: Verdict,
        place: &str,
        old: Option<&T>,
        new: Option<&T>,
    ) {
        match (old, new) {
            (Some(old), Some(new)) => self.compare(verdict, place, old, new),
            (None, Some(new)) => self.add(verdict, place, format!("{new}, was not set")),
            (Some(old), None) => self.add(verdict, place, format!("not set any more, was {old}")),
            (None, None) => {}
        }
    }

    /// Notes that only words differ at a place.
    pub(super) fn document<T: PartialEq>(&mut self, place: &str, old: &T, new: &T) {
        if old != new && !self.documentation.iter().any(|known| known == place) {
            self.documentation.push(place.to_owned());
        }
    }

    /// All changes, the gravest first.
    pub(super) fn finish(mut self) -> Vec<Change> {
        if !self.documentation.is_empty() {
            let what = format!("documentation of {}", self.documentation.join(", "));
            self.add(Verdict::Patch, "", what);
        }
        self.changes.sort_by_key(|change| std::cmp::Reverse(change.verdict));
        self.changes
    }
}
