//! Transfers against the emulator in the same process. What was asked is read from its journal, what was done from its
//! ledger.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

mod commits;
mod every_fault;
mod faults;
mod headers;
mod kill;
mod parts;
mod resume;
mod sources;
mod stage;
mod targets;
mod unfinished;
mod uploads;
