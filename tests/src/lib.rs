//! Tests of the workspace as a whole. What several of them need is here; the tests are in `tests/`.

pub mod example;
pub mod recorder;

/// The Rust in the README is compiled as a test.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
