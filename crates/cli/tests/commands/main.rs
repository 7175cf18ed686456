//! The commands, run as programs against the emulator.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test whose set-up fails has failed")]
#![allow(clippy::indexing_slicing, reason = "what is not there is a failed test")]
#![allow(clippy::format_collect, clippy::format_push_string, reason = "short texts")]

mod credentials;
mod estimate;
mod exits;
mod help;
#[cfg(unix)]
mod interrupt;
mod listing;
#[cfg(feature = "mcp")]
mod mcp;
mod permissions;
mod placing;
mod planning;
#[path = "../api/program.rs"]
#[allow(dead_code, reason = "the other tests use the rest")]
mod program;
#[cfg(all(unix, feature = "emulator"))]
mod readme;
mod refused;
mod schema;
mod search;
mod serve;
mod several;
mod split;
mod stage;
mod sync;
#[cfg(unix)]
mod terminal;
mod transfers;
mod trees;
mod watch;
