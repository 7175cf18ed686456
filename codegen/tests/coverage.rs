//! What a reader learns from the map of the documentation.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::path::Path;

use dingtalk_storage_codegen::{Output, generate};
use dingtalk_storage_spec::{SourceTree, compile};

fn real() -> SourceTree {
    SourceTree::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec"))
}

/// The tables of the map without their heads, cell by cell.
fn rows(tree: &SourceTree) -> Vec<Vec<String>> {
    let spec = compile(tree).unwrap_or_else(|report| panic!("{}", report.render(false)));
    let output = generate(&spec).unwrap();
    let text = output.files().find(|(path, _)| *path == "spec/COVERAGE.md").unwrap().1;
    assert!(text[..200].contains(Output::MARK));
    let lines: Vec<_> = text.lines().collect();
    let is_row = |index: &usize| {
        lines[*index].starts_with("| ") && !lines.get(index + 1).is_some_and(|next| next.starts_with("|---"))
    };
    let cells = |index: usize| lines[index].trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
    (0..lines.len()).filter(is_row).map(cells).collect()
}

/// The rows about APIs and operations; others have fewer cells.
fn apis(tree: &SourceTree) -> Vec<Vec<String>> {
    rows(tree).into_iter().filter(|row| row.len() == 7).collect()
}

fn edited(path: &str, from: &str, to: &str) -> SourceTree {
    let tree = real();
    let text = tree.files().find(|(known, _)| *known == path).unwrap().1;
    assert_eq!(text.matches(from).count(), 1);
    tree.with_file(path, text.replace(from, to).into_bytes())
}

#[test]
fn every_row_of_the_overviews_has_its_operation() {
    let apis = apis(&real());
    let mut numbers: Vec<usize> = apis.iter().filter_map(|row| row[0].parse().ok()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=52).collect::<Vec<_>>());
    for row in &apis {
        assert!(row.iter().all(|cell| !cell.is_empty() && !cell.contains("missing")), "{row:?}");
    }
}

#[test]
fn every_operation_is_listed_once() {
    let tree = real();
    let apis = apis(&tree);
    let is_operation = |path: &&str| path.starts_with("api/") && !path.ends_with("/family.yaml");
    let operations: Vec<_> = tree.files().map(|(path, _)| path).filter(is_operation).collect();
    for path in &operations {
        let links = apis.iter().filter(|row| row[2].ends_with(&format!("]({path})"))).count();
        assert_eq!(links, 1, "{path}");
    }
    assert_eq!(apis.len(), operations.len());
}

#[test]
fn an_api_without_a_current_operation_is_missing() {
    let tree = edited("api/storage_v1/add_space.yaml", "status: current", "status: legacy");
    let apis = apis(&tree);
    let missing: Vec<_> = apis.iter().filter(|row| row[2] == "**missing**").collect();
    assert_eq!(missing.len(), 1);
    assert_eq!(missing[0][1], "Add a space");
    assert!(apis.iter().any(|row| row[0] == "–" && row[2].starts_with("[storage_v1.AddSpace]") && row[4] == "legacy"));
    let totals = rows(&tree);
    let all = totals.iter().find(|row| row[0] == "**All**").unwrap();
    assert_eq!(all[1], "51 of 52");
}

#[test]
fn the_totals_are_those_of_the_chapters() {
    let totals: Vec<_> = rows(&real()).into_iter().filter(|row| row.len() == 6).collect();
    let (all, chapters) = totals.split_last().unwrap();
    for column in 2..6 {
        let sum: usize = chapters.iter().map(|row| row[column].parse::<usize>().unwrap()).sum();
        assert_eq!(all[column], sum.to_string());
    }
}
