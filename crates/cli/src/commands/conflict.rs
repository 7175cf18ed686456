//! What to do when a name is taken; the same words for all commands.

use std::collections::HashSet;

use clap::{Args, ValueEnum};
use dingtalk_storage::types::ConflictStrategy;

use crate::exit::Code;
use crate::output::{Record, SkippedRecord, escaped};
use crate::{Context, Failure};

/// What to do when a name is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Args)]
pub struct OnConflict {
    /// What to do when the name is taken
    #[arg(long, value_enum, default_value_t = Conflict::Fail)]
    pub conflict: Conflict,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Conflict {
    /// Take another name, with a number
    Rename,
    /// Replace what is there; an uploaded file becomes its new version
    Overwrite,
    /// Leave alone what is there
    Skip,
    /// Fail with exit code 9
    Fail,
}

impl Conflict {
    /// Leaves alone what has the name already: on purpose, or as a failure.
    pub fn left_alone(self, source: String, target: String, context: &Context) -> Result<(), Failure> {
        if self != Self::Skip {
            return Err(Failure::new(Code::Exists, format!("{target} is there already"))
                .hint("--conflict overwrite, rename or skip says what to do"));
        }
        let record = SkippedRecord { source, target };
        let line = format!("{}: is there already", escaped(&record.target));
        context.output.record(&Record::Skipped(record), || line)
    }

    /// As the API has it. What is to be skipped is refused, should it come about meanwhile.
    pub fn strategy(self) -> ConflictStrategy {
        match self {
            Self::Rename => ConflictStrategy::AutoRename,
            Self::Overwrite => ConflictStrategy::Overwrite,
            Self::Skip | Self::Fail => ConflictStrategy::ReturnErrorIfExists,
        }
    }
}

/// The first name that comes twice.
pub fn doubled(names: impl Iterator<Item = String>) -> Option<String> {
    let mut seen = HashSet::new();
    names.into_iter().find(|name| !seen.insert(name.clone()))
}
