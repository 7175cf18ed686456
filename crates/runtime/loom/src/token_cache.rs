//! The modules of the token cache, beside each other as in the runtime.

#[path = "../../src/token_cache/flight.rs"]
pub mod flight;
#[path = "../../src/token_cache/state.rs"]
pub mod state;
