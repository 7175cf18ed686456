//! What the runtime costs: processor time and allocations of a small call above plain reqwest, and the time to
//! decode an answer above a derived struct. Both sides of each comparison run in turn, in one process.
//!
//! `cargo bench -p dingtalk-runtime`, or `-- --only runtime 1000` for a thousand calls of one side (or `reqwest`).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a benchmark may end by panicking"
)]

mod answer;
mod calls;
mod decoding;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some([_, side, calls]) = arguments.windows(3).find(|arguments| arguments[0] == "--only") {
        return calls::repeat(side, calls.parse().expect("a number of calls"));
    }
    // `cargo test` runs benchmarks too, to see that they work: once is enough then.
    let rounds = if arguments.iter().any(|argument| argument == "--bench") { 40 } else { 1 };
    calls::compare(rounds);
    decoding::compare(rounds);
}

/// Time that this thread has been on a processor, which other programs do not lengthen; zero where the system does
/// not tell.
fn processor_nanos() -> f64 {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    times.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or_default()
}

/// The middle of some measurements.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
