//! Decoding an answer of 30 files.

use std::hint::black_box;
use std::time::Instant;

use crate::answer::{self, Answer, Derived};

pub fn compare(rounds: usize) {
    let json = answer::json();
    let bytes = json.as_bytes();
    let once: Answer = serde_json::from_slice(bytes).unwrap();
    assert_eq!(once.results.len(), serde_json::from_slice::<Derived>(bytes).unwrap().result_items.len());
    let mut times = [const { Vec::new() }; 3];
    for _ in 0..rounds * 20 {
        times[0].push(micros(|| drop(black_box(serde_json::from_slice::<Answer>(black_box(bytes)).unwrap()))));
        times[1].push(micros(|| drop(black_box(serde_json::from_slice::<Derived>(black_box(bytes)).unwrap()))));
        times[2]
            .push(micros(|| drop(black_box(serde_json::from_slice::<serde_json::Value>(black_box(bytes)).unwrap()))));
    }
    // Other programs only ever make it slower.
    let [ours, derived, value] = times.map(|times| times.into_iter().fold(f64::INFINITY, f64::min));
    println!("decode {} bytes, 30 files, with the drop of the result, the best of many runs:", bytes.len());
    println!("  typed and lenient  {ours:6.1} µs");
    println!("  derived struct     {derived:6.1} µs, {:.2} times the speed of it", derived / ours);
    println!("  serde_json::Value  {value:6.1} µs, {:.2} times the speed of it", value / ours);
}

/// Time of one run, from some.
fn micros(run: impl Fn()) -> f64 {
    const RUNS: u32 = 10;
    let start = Instant::now();
    (0..RUNS).for_each(|_| run());
    start.elapsed().as_secs_f64() * 1e6 / f64::from(RUNS)
}
