//! The crate that a spec with every combination of the format becomes; see `build/main.rs`.

include!(concat!(env!("OUT_DIR"), "/generated/src/lib.rs"));
