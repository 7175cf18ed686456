//! Faults on command: which call goes wrong, and how.

mod check;
mod kind;
mod rules;

pub use kind::{FaultKind, Side};
pub use rules::{Fault, FaultReport, Faults, PUSH, STORAGE};
