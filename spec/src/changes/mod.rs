//! Two versions of the spec compared by meaning: what users of the generated crate notice.
//!
//! The texts of the files do not matter, only what they say. Each change has a verdict in the sense of semantic
//! versioning: `major` when code that used the crate may stop compiling, `minor` when something is new or a call behaves
//! differently, `patch` when only documentation differs.
//!
//! Whatever compares a struct of the [`model`](crate::model) takes it apart without `..`, so that an attribute that the
//! format gains does not compile before it is compared, or named as one that needs no comparison.

mod facts;
mod fields;
mod log;
mod operations;
mod parameters;
mod render;
mod shape;
mod types;

use std::fmt;

use crate::spec::Spec;

/// What a change means for users of the generated crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Only documentation differs.
    Patch,
    /// Something is new, or a call behaves differently; code goes on compiling.
    Minor,
    /// Code may stop compiling.
    Major,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        })
    }
}

/// One difference between the two versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it means for users.
    pub verdict: Verdict,
    /// Operation, type, error code, … that changed, for example `storage_v2.CommitFile` or `type Dentry`.
    pub subject: String,
    /// Place within it, for example `body.name`; empty for the whole.
    pub place: String,
    /// What is different.
    pub what: String,
    /// What follows from it, where it is not obvious.
    pub note: Option<String>,
}

/// All differences between two versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// Operations first, then types, error codes, events, families and groups.
    pub all: Vec<Change>,
}

impl Changes {
    /// The gravest verdict; none when nothing changed.
    pub fn overall(&self) -> Option<Verdict> {
        self.all.iter().map(|change| change.verdict).max()
    }

    /// Subject by subject, for a terminal.
    pub fn text(&self) -> String {
        render::text(self)
    }

    /// Verdict by verdict, for release notes.
    pub fn markdown(&self) -> String {
        render::markdown(self)
    }
}

/// Compares two versions of the spec.
pub fn changes(old: &Spec, new: &Spec) -> Changes {
    let Spec { families: _, types: _, errors: _, groups: _, events: _ } = old;
    let mut all = Vec::new();
    all.extend(operations::changes(old, new));
    all.extend(types::changes(old, new));
    all.extend(facts::changes(old, new));
    Changes { all }
}
