//! A small spec without mistakes, and ways to make mistakes in it.

use std::collections::BTreeMap;

use dingtalk_storage_spec::{Report, SourceTree, compile};

/// The files of `minimal/`.
const MINIMAL: &[(&str, &str)] = &[
    ("groups.yaml", include_str!("minimal/groups.yaml")),
    ("errors.yaml", include_str!("minimal/errors.yaml")),
    ("types/person.yaml", include_str!("minimal/types/person.yaml")),
    ("types/thing.yaml", include_str!("minimal/types/thing.yaml")),
    ("api/demo_v1/family.yaml", include_str!("minimal/api/demo_v1/family.yaml")),
    ("api/demo_v1/get_thing.yaml", include_str!("minimal/api/demo_v1/get_thing.yaml")),
    ("api/demo_v1/list_things.yaml", include_str!("minimal/api/demo_v1/list_things.yaml")),
    ("api/demo_v1/delete_things.yaml", include_str!("minimal/api/demo_v1/delete_things.yaml")),
];

/// The files of the minimal spec, by path.
pub fn minimal() -> BTreeMap<String, Vec<u8>> {
    MINIMAL.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
}

/// The text of a file of the minimal spec.
pub fn text(path: &str) -> &'static str {
    MINIMAL.iter().find(|(known, _)| *known == path).expect("a file of the minimal spec").1
}

/// The minimal spec with other bytes in a file.
pub fn with_bytes(path: &str, bytes: impl Into<Vec<u8>>) -> SourceTree {
    SourceTree::from_files(minimal()).with_file(path, bytes.into())
}

/// The minimal spec with a text replaced in a file; the text has to be there.
pub fn replaced(path: &str, from: &str, to: &str) -> SourceTree {
    assert!(text(path).contains(from), "{path} has no {from:?}");
    with_bytes(path, text(path).replacen(from, to, 1))
}

/// The minimal spec with excerpts merged into its files. The top-level keys of an excerpt take the place of the same
/// keys of the file; a file that is not there yet gets its first line. An empty excerpt is an empty file.
pub fn with_excerpts<'a>(excerpts: impl IntoIterator<Item = (&'a str, &'a str)>) -> SourceTree {
    let mut tree = SourceTree::from_files(minimal());
    for (path, excerpt) in excerpts {
        let before = MINIMAL.iter().find(|(known, _)| *known == path).map(|(_, text)| *text);
        let first_line =
            format!("# yaml-language-server: $schema={}schema.json\n", "../".repeat(path.matches('/').count()));
        tree = tree.with_file(path, merge(before.unwrap_or(&first_line), excerpt).into_bytes());
    }
    tree
}

fn merge(file: &str, excerpt: &str) -> String {
    if excerpt.trim().is_empty() {
        return String::new();
    }
    let replaced: Vec<&str> = blocks(excerpt).into_iter().map(key).collect();
    let mut merged = String::new();
    let mut inserted = false;
    for block in blocks(file) {
        if !replaced.contains(&key(block)) {
            merged.push_str(block);
        } else if !inserted {
            inserted = true;
            merged.push_str(excerpt.trim_end());
            merged.push('\n');
        }
    }
    if !inserted {
        merged.push_str(excerpt.trim_end());
        merged.push('\n');
    }
    merged
}

/// A block is a line that is not indented with the indented lines after it.
fn blocks(text: &str) -> Vec<&str> {
    let mut starts: Vec<usize> = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if starts.is_empty() || !line.starts_with([' ', '\t', '\n']) {
            starts.push(offset);
        }
        offset += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(start, end)| &text[*start..end]).collect()
}

fn key(block: &str) -> &str {
    block.split([':', ' ']).next().unwrap()
}

/// The report on a tree that has mistakes.
pub fn report(tree: &SourceTree) -> Report {
    match compile(tree) {
        Ok(_) => panic!("the compiler found no mistake"),
        Err(report) => report,
    }
}

/// Codes of the findings with path, line and column, in the order of the report.
pub fn positions(report: &Report) -> Vec<String> {
    let one = |finding: &dingtalk_storage_spec::Finding| {
        let label = finding.primary();
        let (line, column) = label.position().unwrap_or_default();
        format!("{} {}:{line}:{column}", finding.code(), label.path())
    };
    report.findings().iter().map(one).collect()
}

/// Compares the rendered report on a tree with the snapshot of that name.
pub fn snapshot(name: &str, tree: &SourceTree) {
    snapshot_text(name, &report(tree).render(false));
}

/// Compares a text with the snapshot of that name.
pub fn snapshot_text(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}
