//! Files of this machine, written beneath a folder that is held by its handle: whatever a name says, and whatever
//! somebody swaps in meanwhile, nothing is written outside of it.

mod folder;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod hostile;
mod name;
mod occupant;
mod preallocation;
#[cfg_attr(test, allow(clippy::unwrap_used, reason = "tests fail by panicking"))]
mod real_path;
mod staged;
mod tree;

pub(crate) use folder::FolderIdentity;
pub use folder::LocalFolder;
pub use name::check as check_local_name;
pub(crate) use occupant::{Occupant, Replaced};
pub use real_path::is_beneath;
pub use staged::check_replaceable;
pub(crate) use staged::{Staged, StagedBytes, staged_name};
pub(crate) use tree::{FileFacts, FoundKind, time_of};
