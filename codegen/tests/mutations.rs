//! What the compiler of the spec accepts, the generator makes Rust of: changed versions of the fixtures.
//!
//! Each seed puts other words in the place of words of the spec, in all files and in their paths, so that names stay
//! consistent and many of the changed specs are accepted. Their generated files have to parse, and no file may define
//! or import a name twice. A failure names the seed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot read its fixtures has failed"
)]

mod definitions;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::thread;

use dingtalk_storage_codegen::generate;
use dingtalk_storage_spec::{SourceTree, compile};
use fastrand::Rng;

const SEEDS: u64 = 300;

/// The files of a spec by path.
type Files = BTreeMap<String, String>;

#[test]
fn what_the_compiler_accepts_becomes_rust() {
    let files = fixtures();
    let words = words(&files);
    let workers = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let accepted: usize = thread::scope(|scope| {
        let (files, words) = (&files, &words);
        let seeds = |worker| (0..SEEDS).skip(worker).step_by(workers);
        let run = |worker| move || seeds(worker).filter(|seed| attempt(files, words, *seed)).count();
        let handles: Vec<_> = (0..workers).map(|worker| scope.spawn(run(worker))).collect();
        handles.into_iter().map(|handle| handle.join().expect("a mutation failed; its seed is above")).sum()
    });
    // Specs that are all refused would show nothing about the generator.
    assert!(accepted as u64 > SEEDS / 5, "only {accepted} of {SEEDS} changed specs were accepted");
}

fn fixtures() -> Files {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/spec");
    SourceTree::read(&folder).files().map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
}

/// Words that can be replaced: names, and the values of attributes.
fn words(files: &Files) -> Vec<String> {
    let mut words: Vec<String> = files
        .iter()
        .flat_map(|(path, text)| pieces(path).chain(pieces(text)))
        .filter(|piece| piece.starts_with(is_word))
        .map(str::to_owned)
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Whether the changed spec is accepted. Panics if it is, and the generator makes nothing sound of it.
fn attempt(files: &Files, words: &[String], seed: u64) -> bool {
    let mut rng = Rng::with_seed(seed);
    let mut files = files.clone();
    let mut changes = Vec::new();
    for _ in 0..rng.usize(1..3) {
        let old = &words[rng.usize(..words.len())];
        let new = replacement(words, &mut rng);
        files = replaced(&files, old, &new);
        changes.push(format!("{old} -> {new}"));
    }
    let tree = SourceTree::from_files(files.into_iter().map(|(path, text)| (path, text.into_bytes())));
    let Ok(spec) = compile(&tree) else { return false };
    let sound = catch_unwind(AssertUnwindSafe(|| {
        for (path, text) in generate(&spec).unwrap_or_else(|error| panic!("{error}")).files() {
            if path.strip_suffix(".rs").is_some() {
                let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
                definitions::check(&file).unwrap_or_else(|twice| panic!("{path}: {twice}"));
            }
        }
    }));
    sound.unwrap_or_else(|_| panic!("seed {seed}: {}", changes.join(", ")));
    true
}

/// Names that mean something to Rust, to the runtime or to generated code, or that are none.
const TAKEN: &[&str] = &[
    "5",
    "2nd",
    "a-b",
    "_",
    "x",
    "new",
    "New",
    "clone",
    "default",
    "from",
    "self",
    "Self",
    "type",
    "mod",
    "crate",
    "lib",
    "main",
    "core",
    "std",
    "client",
    "Client",
    "events",
    "Event",
    "unknown",
    "Unknown",
    "unknown_value",
    "types",
    "operations",
    "Operations",
    "runtime",
    "Runtime",
    "request",
    "Request",
    "operator",
    "Operator",
    "value",
    "Calls",
    "OperatorCalls",
    "BTreeMap",
    "Option",
    "Iterator",
    "Send",
    "Vec",
    "String",
    "Named",
    "Parameter",
    "UnionId",
    "OPERATION",
    "FAMILY",
    "elements",
    "token",
    "answer",
    "task",
    "send",
    "pages",
    "legacy",
    "true",
    "null",
    "404",
];

/// Texts that have to be escaped, quoted for YAML.
const QUOTED: &[&str] = &[
    r#"'"'"#,
    r#"'a" => B, "c'"#,
    r"'back\slash'",
    r#""line\nbreak""#,
    r#""carriage\rreturn""#,
    r#""null\0""#,
    "'*/ /*'",
    "'//'",
    "'文件 Name'",
    "''",
    "'a b'",
];

fn replacement(words: &[String], rng: &mut Rng) -> String {
    match rng.usize(..4) {
        0 => words[rng.usize(..words.len())].clone(),
        1 => QUOTED[rng.usize(..QUOTED.len())].to_owned(),
        _ => TAKEN[rng.usize(..TAKEN.len())].to_owned(),
    }
}

/// The files with one word replaced by another, wherever it stands alone. Paths get it without quotes.
fn replaced(files: &Files, old: &str, new: &str) -> Files {
    let replaced = |text: &str, new: &str| -> String {
        pieces(text).map(|piece| if piece == old { new } else { piece }).collect()
    };
    let in_path = new.trim_matches(['"', '\'']);
    files.iter().map(|(path, text)| (replaced(path, in_path), replaced(text, new))).collect()
}

/// A text in words and what stands between them.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = rest.find(|c| is_word(c) != is_word(first)).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(piece)
    })
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}
