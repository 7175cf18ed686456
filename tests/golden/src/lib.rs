//! The crate that the fixtures of the spec format become; see `build.rs`.

include!(concat!(env!("OUT_DIR"), "/generated/src/lib.rs"));
