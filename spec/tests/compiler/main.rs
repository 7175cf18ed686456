//! What a person who writes a spec sees of its compiler.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod files;
mod fixture;
mod hurried;
mod mistakes;
mod mutations;
mod pages;
mod planted;
mod real;
mod recovery;
mod schema;
mod spec;
mod speed;
mod text;
