//! Faults on command: which call goes wrong, and how.

mod check;
mod kind;
mod mutate;
mod rules;

pub use kind::{FaultKind, Side};
pub use mutate::mutate;
pub use rules::{Fault, FaultReport, Faults, PUSH, STORAGE};
