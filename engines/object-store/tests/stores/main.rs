//! The store on the emulator in the same process.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

mod conformance;
mod cost;
mod model;
mod multipart;
mod names;
mod objects;
mod races;
mod stage;
