//! The fuzz targets with seeded inputs: each corpus, and what chance makes of it.
//!
//! libFuzzer finds more (see `fuzz/run.sh`); this runs everywhere and the same each time. `FUZZ_INPUTS` sets the
//! number of inputs of each target.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::path::Path;

use dingtalk_runtime::fuzzing::TARGETS;

const INPUTS: u64 = 20_000;

/// Pieces that readers of texts stumble over.
const PIECES: [&[u8]; 32] = [
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"null",
    b"\\u0000",
    b"\\ud800",
    b"1e999",
    b"-",
    b"18446744073709551616",
    b"\0",
    b"\xff",
    b"\xe4\xb8\xad",
    b"\xf0\x9f\x99\x82",
    b"<Error>",
    b"</",
    b"&amp;",
    b"..",
    b"/",
    b"%2e",
    b"@",
    b"http://",
    b"[::1]",
    b"T",
    b"Z",
    b"+08:00",
    b"\r\n",
    b" ",
];

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|file| std::fs::read(file).unwrap()).collect()
}

/// One of the corpus with a few changes.
fn input(corpus: &[Vec<u8>], seed: u64) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut input = corpus[random.usize(..corpus.len())].clone();
    for _ in 0..random.usize(..6) {
        let place = random.usize(..=input.len());
        match random.u8(..6) {
            0 => input.truncate(place),
            1 if place < input.len() => input[place] = random.u8(..),
            2 if place < input.len() => drop(input.remove(place)),
            3 => {
                let other = &corpus[random.usize(..corpus.len())];
                let start = random.usize(..=other.len());
                input.splice(place..place, other[start..].iter().copied());
            }
            4 => {
                let piece = PIECES[random.usize(..PIECES.len())].repeat(random.usize(1..200));
                input.splice(place..place, piece);
            }
            _ => drop(input.splice(place..place, PIECES[random.usize(..PIECES.len())].iter().copied())),
        }
    }
    input
}

#[test]
fn no_input_breaks_a_promise() {
    let inputs = std::env::var("FUZZ_INPUTS").map_or(INPUTS, |number| number.parse().unwrap());
    for (name, target) in TARGETS {
        let corpus = corpus(name);
        for input in &corpus {
            target(input);
        }
        for seed in 0..inputs {
            let input = input(&corpus, seed);
            let result = std::panic::catch_unwind(|| target(&input));
            assert!(result.is_ok(), "{name}, seed {seed}: {:?}", String::from_utf8_lossy(&input));
        }
    }
}
