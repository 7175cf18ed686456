//! The changes of one subject while they are found.

use serde::Serialize;
use serde_json::Value;

use super::pairs::Pair;
use super::{Change, Kind, Verdict};
use crate::render::text;

/// Collects the changes of one subject.
pub struct Log {
    subject: String,
    changes: Vec<Change>,
    /// Places whose documentation changed; they make one change together.
    documentation: Vec<String>,
}

impl Log {
    pub fn new(subject: impl Into<String>) -> Self {
        Self { subject: subject.into(), changes: Vec::new(), documentation: Vec::new() }
    }

    pub fn add(&mut self, kind: Kind, place: &str, what: impl Into<String>) {
        let change = Change { kind, subject: self.subject.clone(), place: place.to_owned(), what: what.into() };
        self.changes.push(change);
    }

    /// Adds a change if the two values differ.
    pub fn compare<T: PartialEq + Serialize + ?Sized>(&mut self, kind: Kind, place: &str, old: &T, new: &T) {
        if old != new {
            let what = match (words(old), words(new)) {
                (Some(old), Some(new)) => format!("{new}, was {old}"),
                (None, new) => format!("{}, was not set", new.unwrap_or_default()),
                (Some(old), None) => format!("not set any more, was {old}"),
            };
            self.add(kind, place, what);
        }
    }

    /// Adds the first change if something is so only now, and the second one if it was so and no longer is.
    pub fn compare_flags(&mut self, place: &str, (old, new): (bool, bool), [on, off]: [(Kind, &str); 2]) {
        if old != new {
            let (kind, what) = if new { on } else { off };
            self.add(kind, place, what);
        }
    }

    /// Adds a change if the names on the wire differ, and one of this kind if those in Rust do.
    pub fn compare_names(&mut self, kind: Kind, place: &str, old: [&str; 2], new: [&str; 2]) {
        for (kind, where_, old, new) in [(Kind::Wire, "on the wire", old[0], new[0]), (kind, "in Rust", old[1], new[1])]
        {
            if old != new {
                self.add(kind, place, format!("`{new}` {where_}, was `{old}`"));
            }
        }
    }

    /// Adds a change for each element that came or went, and compares the others.
    pub fn compare_elements<T>(
        &mut self,
        pairs: &[Pair<'_, T>],
        place: impl Fn(&T) -> String,
        added: impl Fn(&T) -> (Kind, &'static str),
        removed: &str,
        compare: impl Fn(&mut Self, &T, &T),
    ) {
        for (old, new) in pairs {
            match (old, new) {
                (Some(old), Some(new)) => compare(self, old, new),
                (Some(gone), None) => self.add(Kind::Removed, &place(gone), removed),
                (None, Some(element)) => self.add(added(element).0, &place(element), added(element).1),
                (None, None) => {}
            }
        }
    }

    /// Notes that only words differ at a place.
    pub fn document<T: PartialEq + ?Sized>(&mut self, place: &str, old: &T, new: &T) {
        if old != new && !self.documentation.iter().any(|known| known == place) {
            self.documentation.push(place.to_owned());
        }
    }

    /// Whether code or calls are the same, as far as is known.
    pub fn is_patch(&self) -> bool {
        self.changes.iter().all(|change| change.kind.verdict() == Verdict::Patch)
    }

    /// All changes, the gravest first.
    pub fn finish(mut self) -> Vec<Change> {
        if !self.documentation.is_empty() {
            let what = format!("documentation of {}", self.documentation.join(", "));
            self.add(Kind::Documentation, "", what);
        }
        self.changes.sort_by_key(|change| std::cmp::Reverse(change.kind.verdict()));
        self.changes
    }
}

/// Changes of things that stand for themselves; `subject` is what one is called.
pub fn subjects<T>(
    pairs: &[Pair<'_, T>],
    subject: impl Fn(&T) -> String,
    compare: impl Fn(&mut Log, &T, &T),
) -> Vec<Change> {
    let changes = pairs.iter().flat_map(|pair| {
        let mut log = Log::new(pair.0.or(pair.1).map(&subject).unwrap_or_default());
        let added = |_: &T| (Kind::Added, "added");
        log.compare_elements(&[*pair], |_| String::new(), added, "removed", &compare);
        log.finish()
    });
    changes.collect()
}

/// A value as it is written in the spec; nothing for one that is not set.
fn words<T: Serialize + ?Sized>(value: &T) -> Option<String> {
    match serde_json::to_value(value).unwrap_or_default() {
        Value::Null => None,
        Value::Array(values) if values.is_empty() => None,
        Value::Array(values) => Some(values.iter().map(text).collect::<Vec<_>>().join(" and ")),
        value => Some(text(&value)),
    }
}

/// A place within a place.
pub fn join(place: &str, name: &str) -> String {
    if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") }
}
