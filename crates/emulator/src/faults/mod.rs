//! Faults on command: which call goes wrong, and how.

mod kind;
mod rules;

pub use kind::{FaultKind, Side};
pub use rules::{Fault, FaultReport, Faults, STORAGE};
