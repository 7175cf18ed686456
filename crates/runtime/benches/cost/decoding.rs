//! Decoding an answer of 30 files, in turn with a derived struct.

use std::hint::black_box;

use dingtalk_runtime::Answer as _;

use crate::answer::{self, Answer, Derived};
use crate::{median, processor_nanos};

pub fn compare(rounds: usize) {
    let json = answer::json();
    let bytes = json.as_bytes();
    assert_eq!(Answer::decode(bytes).unwrap().results.len(), derived(bytes).result_items.len());
    let ours = || drop(black_box(Answer::decode(black_box(bytes)).unwrap()));
    let derived = || drop(black_box(derived(black_box(bytes))));
    let value = || drop(black_box(serde_json::from_slice::<serde_json::Value>(black_box(bytes)).unwrap()));
    // The ratios of neighbours: what slows the machine down slows both.
    let mut costs = [const { Vec::new() }; 5];
    for _ in 0..rounds * 20 {
        let [ours, derived, value] = [micros(&ours), micros(&derived), micros(&value)];
        for (costs, cost) in costs.iter_mut().zip([ours, derived, value, ours / derived, ours / value]) {
            costs.push(cost);
        }
    }
    let [ours, derived, value, of_derived, of_value] = costs.map(median);
    println!("decode {} bytes, 30 files, with the drop of the result, processor time, medians:", bytes.len());
    println!("  typed and lenient  {ours:6.1} µs");
    println!("  derived struct     {derived:6.1} µs; ours takes {of_derived:.3} of it (goal 1.0)");
    println!("  serde_json::Value  {value:6.1} µs; ours takes {of_value:.3} of it");
}

fn derived(bytes: &[u8]) -> Derived {
    serde_json::from_slice(bytes).unwrap()
}

/// Processor time of one run, from some.
fn micros(run: &dyn Fn()) -> f64 {
    const RUNS: u32 = 20;
    let start = processor_nanos();
    (0..RUNS).for_each(|_| run());
    (processor_nanos() - start) / 1e3 / f64::from(RUNS)
}
