//! The compiler never panics, whatever the files hold: 20,000 damaged versions of the real spec.
//!
//! Each seed damages one file a few times, as bytes or as YAML nodes, and compiles it with other files of the spec: some
//! seeds with all of them, most with a few only, which is fast and leaves references without their target. Reports on
//! whole specs are drawn, and many of the others. A failure names the seed. What becomes of damage that is accepted is
//! a test of the generator.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::thread;

use dingtalk_storage_spec::{Report, SourceTree, compile};
use fastrand::Rng;
use serde_yaml::{Mapping, Value};

const SEEDS: u64 = 20_000;

/// One seed in so many compiles with all other files of the spec.
const COMPLETE: u64 = 80;

/// Of the others, one in so many also draws its report. The two have no common divisor.
const DRAWN: u64 = 3;

#[test]
fn no_mutation_of_the_real_spec_makes_the_compiler_panic() {
    let subjects = Subjects::read();
    let workers = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let unnoticed: usize = thread::scope(|scope| {
        let subjects = &subjects;
        let seeds = |worker| (0..SEEDS).skip(worker).step_by(workers);
        let run = |worker| move || seeds(worker).filter(|seed| subjects.attempt(*seed) == Outcome::Unnoticed).count();
        let handles: Vec<_> = (0..workers).map(|worker| scope.spawn(run(worker))).collect();
        handles.into_iter().map(|handle| handle.join().expect("a mutation failed; its seed is above")).sum()
    });
    // Damage that nobody notices would make this test worthless. Some is harmless, such as a changed word of a text.
    let complete = SEEDS / COMPLETE;
    assert!(
        (unnoticed as u64) < complete / 4,
        "{unnoticed} of {complete} mutations in complete specs were not noticed"
    );
}

/// What the compiler made of a damaged file.
#[derive(PartialEq, Eq)]
enum Outcome {
    /// It found something wrong, or the spec was incomplete anyway.
    Findings,
    /// It found nothing wrong with a whole spec.
    Unnoticed,
}

/// The files of the real spec.
struct Subjects {
    real: SourceTree,
    files: Vec<(String, Vec<u8>, Value)>,
}

impl Subjects {
    fn read() -> Self {
        let real = SourceTree::read(Path::new(env!("CARGO_MANIFEST_DIR")));
        let yaml = real.files().filter(|(_, text)| !text.is_empty());
        let parsed = yaml.map(|(path, text)| {
            let value = serde_yaml::from_str(text).unwrap_or(Value::Null);
            (path.to_owned(), text.as_bytes().to_vec(), value)
        });
        let files: Vec<_> = parsed.collect();
        assert!(files.len() > 10, "the real spec is not there");
        // Parses everything once; the trees of all seeds share it.
        let _ = compile(&real);
        Self { real, files }
    }

    fn attempt(&self, seed: u64) -> Outcome {
        let mut rng = Rng::with_seed(seed);
        let (path, bytes) = self.mutate(&mut rng);
        let complete = seed.is_multiple_of(COMPLETE);
        let tree = self.context(path, complete, &mut rng).with_file(path, bytes.clone());
        let outcome = catch_unwind(AssertUnwindSafe(|| match compile(&tree) {
            Ok(_) if complete => Outcome::Unnoticed,
            Ok(_) => Outcome::Findings,
            Err(report) => {
                check(&report, complete || seed.is_multiple_of(DRAWN), seed.is_multiple_of(2));
                Outcome::Findings
            }
        }));
        outcome.unwrap_or_else(|_| panic!("seed {seed}: {path} became\n{}", String::from_utf8_lossy(&bytes)))
    }

    /// What a damaged file is compiled with: the whole spec, or its family and a few of the files that all share.
    fn context(&self, path: &str, complete: bool, rng: &mut Rng) -> SourceTree {
        if complete {
            return self.real.clone();
        }
        let family = path.rsplit_once('/').map(|(folder, _)| format!("{folder}/family.yaml"));
        let rng = RefCell::new(rng);
        self.real.with_only(|other| match &family {
            Some(family) if other.starts_with("api/") => other == family,
            _ => !other.starts_with("api/") && rng.borrow_mut().usize(..20) == 0,
        })
    }

    fn mutate(&self, rng: &mut Rng) -> (&str, Vec<u8>) {
        let (path, bytes, value) = &self.files[rng.usize(..self.files.len())];
        let mut bytes = bytes.clone();
        if rng.bool() && !value.is_null() {
            let mut value = value.clone();
            for _ in 0..rng.usize(1..4) {
                mutate_node(&mut value, rng);
            }
            bytes = serde_yaml::to_string(&value).map_or(bytes, String::into_bytes);
        } else {
            for _ in 0..rng.usize(1..4) {
                mutate_bytes(&mut bytes, rng);
            }
        }
        (path, bytes)
    }
}

/// A report has to be sound, not only there.
fn check(report: &Report, drawn: bool, colour: bool) {
    assert!(!report.findings().is_empty());
    for finding in report.findings() {
        assert!(!finding.message().is_empty());
        for label in std::iter::once(finding.primary()).chain(finding.secondary()) {
            assert!(!label.path().is_empty());
            let (line, column) = label.position().unwrap_or((1, 1));
            assert!(line >= 1 && column >= 1);
        }
    }
    if drawn {
        let text = report.render(colour);
        // Of very many, the first hundred are drawn.
        for finding in report.findings().iter().take(100) {
            assert!(text.contains(finding.code().as_str()) && text.contains(finding.primary().path()));
        }
    }
}

/// What breaks parsers.
const NASTY: &[&str] = &[
    "\t",
    "\r",
    "\u{feff}",
    "\u{0}",
    "\u{85}",
    "\u{2028}",
    "文件",
    "🎉",
    ": ",
    " #",
    "- ",
    "? ",
    "[",
    "]",
    "{",
    "}",
    "'",
    "\"",
    "\\",
    "&a ",
    "*a",
    "!x ",
    "|",
    ">",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "<<: ",
    "~",
    "0x",
    "1e999",
    "-9223372036854775809",
    "{{{{{{{{",
    "[[[[[[[[",
];

fn mutate_bytes(bytes: &mut Vec<u8>, rng: &mut Rng) {
    if bytes.is_empty() {
        bytes.extend_from_slice(b"x: y\n");
    }
    let at = rng.usize(..bytes.len());
    match rng.usize(..9) {
        0 => bytes[at] = rng.u8(..),
        1 => bytes.truncate(at),
        2 => {
            bytes.remove(at);
        }
        3 => bytes.insert(at, rng.u8(..)),
        4 => insert(bytes, at, NASTY[rng.usize(..NASTY.len())].as_bytes()),
        5 => {
            let end = (at + rng.usize(1..40)).min(bytes.len());
            let copy = bytes[at..end].to_vec();
            let to = rng.usize(..bytes.len());
            insert(bytes, to, &copy);
        }
        _ => mutate_lines(bytes, rng),
    }
}

fn insert(bytes: &mut Vec<u8>, at: usize, inserted: &[u8]) {
    bytes.splice(at..at, inserted.iter().copied());
}

fn mutate_lines(bytes: &mut Vec<u8>, rng: &mut Rng) {
    let mut lines: Vec<Vec<u8>> = bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let (a, b) = (rng.usize(..lines.len()), rng.usize(..lines.len()));
    match rng.usize(..4) {
        0 => {
            lines.remove(a);
        }
        1 => {
            let copy = lines[a].clone();
            lines.insert(b, copy);
        }
        2 => lines.swap(a, b),
        _ => insert(&mut lines[a], 0, &b"          "[..rng.usize(1..8)]),
    }
    *bytes = lines.concat();
}

fn mutate_node(root: &mut Value, rng: &mut Rng) {
    let count = count(root);
    let target = rng.usize(..count);
    let donor = nth(root, &mut rng.usize(..count)).cloned().unwrap_or(Value::Null);
    let Some(node) = nth_mut(root, &mut { target }) else { return };
    match (rng.usize(..6), node) {
        (0, node) => *node = donor,
        (1, node) => *node = scalar(rng),
        (2, node) => *node = Value::Sequence(vec![node.clone(), donor]),
        (3, Value::Mapping(map)) if !map.is_empty() => {
            let key = map.keys().nth(rng.usize(..map.len())).cloned().unwrap();
            map.remove(&key);
        }
        (4, Value::Mapping(map)) if !map.is_empty() => rename_a_key(map, rng),
        (_, Value::Mapping(map)) => {
            map.insert(scalar(rng), donor);
        }
        (_, Value::Sequence(items)) => items.push(donor),
        (_, node) => *node = scalar(rng),
    }
}

fn rename_a_key(map: &mut Mapping, rng: &mut Rng) {
    let key = map.keys().nth(rng.usize(..map.len())).cloned().unwrap();
    let value = map.remove(&key).unwrap();
    let mut name = key.as_str().unwrap_or("5").to_owned();
    match rng.usize(..3) {
        0 => name.push(rng.alphabetic()),
        1 => {
            name.pop();
        }
        _ => name = name.to_uppercase(),
    }
    map.insert(Value::String(name), value);
}

fn scalar(rng: &mut Rng) -> Value {
    match rng.usize(..8) {
        0 => Value::Null,
        1 => Value::Bool(rng.bool()),
        2 => Value::Number(rng.i64(..).into()),
        3 => Value::Number(rng.u64(..).into()),
        4 => Value::Number(rng.f64().into()),
        5 => Value::String(NASTY[rng.usize(..NASTY.len())].to_owned()),
        6 => Value::String(
            ["object", "[T]", "GET /{", "Thing", "type", "", "a.", "errorCode"][rng.usize(..8)].to_owned(),
        ),
        _ => Value::Mapping(Mapping::new()),
    }
}

fn children(value: &Value) -> Vec<&Value> {
    match value {
        Value::Sequence(items) => items.iter().collect(),
        Value::Mapping(map) => map.values().collect(),
        _ => Vec::new(),
    }
}

fn count(value: &Value) -> usize {
    1 + children(value).into_iter().map(count).sum::<usize>()
}

/// The node of that number, counted from the root down.
fn nth<'a>(value: &'a Value, number: &mut usize) -> Option<&'a Value> {
    if *number == 0 {
        return Some(value);
    }
    *number -= 1;
    children(value).into_iter().find_map(|child| nth(child, number))
}

fn nth_mut<'a>(value: &'a mut Value, number: &mut usize) -> Option<&'a mut Value> {
    if *number == 0 {
        return Some(value);
    }
    *number -= 1;
    match value {
        Value::Sequence(items) => items.iter_mut().find_map(|child| nth_mut(child, number)),
        Value::Mapping(map) => map.values_mut().find_map(|child| nth_mut(child, number)),
        _ => None,
    }
}
