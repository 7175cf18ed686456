//! Two versions of the API compared: what users of the generated crate notice.
//!
//! What is compared is the [intermediate form](crate::ir), in which names are resolved and defaults filled in: what is
//! lowered to the same is the same, however it is written in the spec. Each difference is of a kind, and
//! [`Kind`] is the table of what each kind means for users.
//!
//! That no attribute is forgotten is seen in what is generated: a test edits every attribute of the format, and there
//! must be a change if and only if the files of users differ.

mod facts;
mod kind;
mod log;
mod objects;
mod operations;
mod pairs;
mod parameters;
mod render;
mod roles;
mod types;

pub use kind::{Kind, Verdict};

use crate::ir::Api;

/// One difference between the two versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What kind of difference it is; it has the verdict.
    pub kind: Kind,
    /// Operation, type, error code, … that changed, for example `storage_v2.CommitFile` or `type Dentry`.
    pub subject: String,
    /// Place within it, for example `body.name`; empty for the whole.
    pub place: String,
    /// What is different.
    pub what: String,
}

/// All differences between two versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// Operations first, then types, error codes, events and families.
    pub all: Vec<Change>,
}

impl Changes {
    /// The gravest verdict; none when users notice nothing.
    pub fn overall(&self) -> Option<Verdict> {
        self.all.iter().map(|change| change.kind.verdict()).max()
    }
}

/// Compares two versions of the API.
pub fn compare(old: &Api, new: &Api) -> Changes {
    // Chapters order the map of the documentation, and no code depends on them.
    let mut all = operations::changes(old, new);
    all.extend(types::changes(&old.type_files, &new.type_files));
    all.extend(facts::errors(&old.errors, &new.errors));
    all.extend(facts::events(&old.events, &new.events));
    all.extend(facts::families(&old.families, &new.families));
    Changes { all }
}
