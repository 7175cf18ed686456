//! Paths, ids, walks and changes against the emulator in the same process.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

#[path = "../downloads/stage.rs"]
#[allow(dead_code, reason = "shared with the tests of downloads")]
mod stage;

mod ids;
mod paths;
mod placing;
mod recent;
mod walks;
