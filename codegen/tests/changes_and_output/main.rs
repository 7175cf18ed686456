//! What `changes` says, held against what is generated: no difference if and only if users notice nothing, and only
//! documentation differs where it says so.
//!
//! A seeded program edits every attribute of the format: it removes it, adds it, gives it another value, renames what it
//! names and puts it into another order. Edits that the compiler refuses are left out. A failure names the edit.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot read its fixtures has failed"
)]

mod code;
mod edits;

use std::collections::BTreeMap;
use std::path::Path;
use std::thread;

use dingtalk_storage_codegen::changes::{Kind, Verdict, compare};
use dingtalk_storage_codegen::{ir, lower, render};
use dingtalk_storage_spec::{SourceTree, compile};
use edits::{Attribute, Edits};
use fastrand::Rng;

/// A version of the API, and what is generated for users.
struct Version {
    api: ir::Api,
    files: BTreeMap<String, String>,
}

impl Version {
    /// None if the compiler refuses the spec.
    fn of(tree: &SourceTree) -> Option<Self> {
        let api = lower(&compile(tree).ok()?).unwrap();
        let output = render(&api).unwrap_or_else(|error| panic!("{error}"));
        let of_users = |path: &str| path.starts_with("generated/src") || path.starts_with("crates/runtime/src");
        let files = output.files().filter(|(path, _)| of_users(path));
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
        Some(Self { api, files })
    }
}

/// Panics where what is said does not fit what is generated.
fn hold(edit: &str, old: &Version, new: &Version) {
    for (old, new) in [(old, new), (new, old)] {
        let changes = compare(&old.api, &new.api);
        let differing: Vec<_> = old.files.iter().filter(|(path, text)| new.files.get(*path) != Some(text)).collect();
        let is_same = differing.is_empty() && old.files.len() == new.files.len();
        assert_eq!(changes.all.is_empty(), is_same, "{edit}: {}\n{}", difference(old, new), changes.text());
        let is_renamed = changes.all.iter().any(|change| change.kind == Kind::ArgumentName);
        if changes.overall() == Some(Verdict::Patch) && !is_renamed {
            let [before, after] = [old, new].map(|version| code::without_documentation(&version.files));
            assert!(before == after, "{edit}: code differs: {}\n{}", difference(old, new), changes.text());
        }
    }
}

/// The first lines that differ.
fn difference(old: &Version, new: &Version) -> String {
    let paths = old.files.keys().chain(new.files.keys());
    let empty = String::new();
    let lines = paths.filter_map(|path| {
        let [old, new] = [old, new].map(|version| version.files.get(path).unwrap_or(&empty));
        let differing = old.lines().zip(new.lines()).find(|(old, new)| old != new);
        differing.map(|(old, new)| format!("\n{path}\n- {old}\n+ {new}"))
    });
    lines.take(3).collect()
}

fn tree(folder: &str) -> SourceTree {
    SourceTree::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder))
}

/// Tries edits of one attribute until so many were accepted; tells how many.
fn attempt(edits: &Edits, attribute: &Attribute, old: &Version, rng: &mut Rng, wanted: usize, most: usize) -> usize {
    let mut accepted = 0;
    for _ in 0..most {
        let Some((edit, tree)) = edits.of(attribute, rng) else { break };
        let Some(new) = Version::of(&tree) else { continue };
        hold(&edit, old, &new);
        accepted += 1;
        if accepted == wanted {
            break;
        }
    }
    accepted
}

#[test]
fn users_notice_what_changes_says_and_nothing_else() {
    let seed = 8;
    let tree = tree("tests/fixtures/spec");
    let (edits, old) = (Edits::of_spec(&tree), Version::of(&tree).unwrap());
    let attributes: Vec<_> = edits.attributes().collect();
    let workers = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let accepted: BTreeMap<&Attribute, usize> = thread::scope(|scope| {
        let (edits, old, attributes) = (&edits, &old, &attributes);
        let run = move |worker: usize| {
            let own = attributes.iter().enumerate().skip(worker).step_by(workers);
            own.map(|(index, attribute)| {
                let mut rng = Rng::with_seed(seed + index as u64);
                // Of some attributes most edits are refused, which is known soon.
                let accepted = match attempt(edits, attribute, old, &mut rng, 2, 16) {
                    0 => attempt(edits, attribute, old, &mut rng, 1, 200),
                    accepted => accepted,
                };
                (*attribute, accepted)
            })
            .collect::<Vec<_>>()
        };
        let handles: Vec<_> = (0..workers).map(|worker| scope.spawn(move || run(worker))).collect();
        handles.into_iter().flat_map(|handle| handle.join().expect("the edit is above")).collect()
    });
    // The name of an operation or family is that of its file, so neither can be edited alone.
    let by_file = ["Operation.operation", "Family.family"];
    let untouched: Vec<_> =
        accepted.iter().filter(|(name, count)| **count == 0 && !by_file.contains(&name.as_str())).collect();
    assert!(untouched.is_empty(), "no edit of these attributes was accepted: {untouched:?}");
}

/// The whole spec takes longer to generate, so that it gets a few edits of any attribute.
#[test]
fn users_of_the_whole_crate_notice_it_too() {
    let tree = tree("spec");
    let (edits, old) = (Edits::of_spec(&tree), Version::of(&tree).unwrap());
    let attributes: Vec<_> = edits.attributes().collect();
    let mut rng = Rng::with_seed(9);
    let mut accepted = 0;
    while accepted < 6 {
        let attribute = attributes[rng.usize(..attributes.len())];
        accepted += attempt(&edits, attribute, &old, &mut rng, 1, 1);
    }
}
