//! The server over plain HTTP, on the emulator in the same process.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

mod access;
mod cost;
mod failures;
mod locks;
mod names;
mod placing;
mod program;
mod reading;
mod stage;
mod writing;
