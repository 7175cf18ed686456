//! The command `api`, run as a program against a server that records what arrives.
#![allow(clippy::indexing_slicing, reason = "what is not there is a failed test")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test whose set-up fails has failed")]

mod calls;
mod failures;
mod files;
mod pages;
#[allow(dead_code, reason = "the other tests use the rest")]
mod program;
#[path = "../commands/schema.rs"]
mod schema;
mod wrong_use;
