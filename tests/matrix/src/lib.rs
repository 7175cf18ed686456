//! The crate that a spec with every combination of the format becomes; see `build/main.rs`.
//!
//! That it compiles is the test. Its examples are compiled as doctests; clippy and rustdoc, which `.ci/run` has deny their
//! warnings, find nothing in it.

include!(concat!(env!("OUT_DIR"), "/generated/src/lib.rs"));
