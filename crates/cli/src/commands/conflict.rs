//! What to do when a name is taken; the same words for all commands.

use clap::{Args, ValueEnum};
use dingtalk_storage::types::ConflictStrategy;

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
    /// As the API has it. What is to be skipped is refused, should it come about meanwhile.
    pub fn strategy(self) -> ConflictStrategy {
        match self {
            Self::Rename => ConflictStrategy::AutoRename,
            Self::Overwrite => ConflictStrategy::Overwrite,
            Self::Skip | Self::Fail => ConflictStrategy::ReturnErrorIfExists,
        }
    }
}
