//! Downloads from the emulator in the same process, and from a storage that says what a test wants.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

mod crashes;
mod faults;
mod scripted;
mod stage;
mod targets;
