//! Tests of the workspace as a whole. What several of them need is here; the tests are in `tests/`.

pub mod example;
pub mod recorder;

/// The Rust in the README is compiled as a test, and run where that needs no account.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

/// So is that of the emulator's README: the emulator itself knows no client.
#[cfg(doctest)]
#[doc = include_str!("../../crates/emulator/README.md")]
pub struct EmulatorReadme;
