//! The concurrent parts of the runtime, word for word, on loom's locks.

#[path = "../../src/retry/budget.rs"]
pub mod budget;
#[path = "../../src/transport/departure.rs"]
pub mod departure;
pub mod sync;
#[path = "token_cache.rs"]
pub mod token_cache;
#[path = "../../src/limiter/window.rs"]
pub mod window;

#[cfg(test)]
mod models;
