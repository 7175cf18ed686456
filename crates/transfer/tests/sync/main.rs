//! Trees made equal, in both directions, against the emulator in the same process.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

#[path = "../downloads/stage.rs"]
#[allow(dead_code, reason = "shared with the tests of downloads")]
mod stage;

mod check;
mod cost;
mod deletions;
mod differences;
mod existing;
mod kill;
mod limits;
mod names;
mod plans;
mod trees;
