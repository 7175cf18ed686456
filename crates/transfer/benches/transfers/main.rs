//! How fast transfers are and what they take, against `curl` on the same emulator and against the limits of the API:
//! `cargo bench -p dingtalk-storage-transfer [-- speed|memory|small]`.
//!
//! Each transfer runs in a process of its own, which is this program again, as `curl` does. What is compared is measured
//! in turn, round after round, because what else the machine does changes both.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a program for measuring")]
#![allow(clippy::cast_precision_loss, reason = "figures need no more digits")]

mod child;
mod small;
mod speed;
mod virtual_drive;

const GIB: u64 = 1 << 30;
/// Largest file that is sent in one piece, by default.
const PARTS_FROM: u64 = 16 << 20;

fn main() {
    if child::run_if_told() {
        return;
    }
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let wants = |name: &str| wanted.is_empty() || wanted.iter().any(|one| one == name);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    if wants("speed") {
        runtime.block_on(speed::against_curl());
    }
    if wants("memory") {
        runtime.block_on(virtual_drive::memory());
    }
    if wants("small") {
        small::files();
    }
}
