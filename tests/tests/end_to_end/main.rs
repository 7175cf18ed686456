//! The generated client against the emulator in the same process: every current operation, the documented errors, and
//! everything that can go wrong on the way.
//!
//! A scenario is a function that takes a fresh [`stage::Stage`] and proves the effect of each call by another one.
//! `coverage` has the list of them and tells which operation is in none.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

mod approvals;
mod bulk;
mod chats;
mod copies;
mod coverage;
mod documents;
mod events;
mod faults;
mod files;
mod knowledge;
mod media;
mod organisation;
mod permissions;
mod programs;
mod recycle_bin;
mod refusals;
mod spaces;
mod stage;
mod tasks;
mod tokens;
mod transfers;
