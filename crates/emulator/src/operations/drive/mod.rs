//! The operations of Drive 1.0, which work on the same spaces and entries as those of Storage.

pub(super) mod files;
pub(super) mod permissions;
pub(super) mod recycle;
pub(super) mod spaces;
pub(super) mod transfers;
