//! What a reader learns from the map of the documentation.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "../../spec/tests/edited/mod.rs"]
mod edited;

use dingtalk_storage_codegen::{Output, lower, render_coverage};
use dingtalk_storage_spec::SourceTree;
use dingtalk_storage_spec::audit::Overview;
use edited::{compiled, edit, frozen, without};

const OVERVIEW: &str = include_str!("../../tests/fixtures/frozen/evidence/overview.json");

fn overview() -> Overview {
    Overview::read(OVERVIEW).unwrap()
}

/// The tables of the map without their heads, cell by cell.
fn rows(tree: &SourceTree) -> Vec<Vec<String>> {
    let mut output = Output::default();
    render_coverage(&lower(&compiled(tree)).unwrap(), &overview(), &mut output).unwrap();
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

#[test]
fn every_row_of_the_overviews_has_its_operation() {
    let apis = apis(&frozen());
    let mut numbers: Vec<usize> = apis.iter().filter_map(|row| row[0].parse().ok()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=overview().rows().count()).collect::<Vec<_>>());
    for row in &apis {
        assert!(row.iter().all(|cell| !cell.is_empty() && !cell.contains("missing")), "{row:?}");
    }
}

#[test]
fn every_operation_is_listed_once() {
    let tree = frozen();
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
    let tree = edit(&frozen(), "api/storage_v1/add_space.yaml", "status: current", "status: legacy");
    let apis = apis(&tree);
    let missing: Vec<_> = apis.iter().filter(|row| row[2] == "**missing**").collect();
    assert_eq!(missing.len(), 1);
    assert_eq!(missing[0][1], "Add a space");
    assert!(apis.iter().any(|row| row[0] == "–" && row[2].starts_with("[storage_v1.AddSpace]") && row[4] == "legacy"));
    let totals = rows(&tree);
    let all = totals.iter().find(|row| row[0] == "**All**").unwrap();
    let count = overview().rows().count();
    assert_eq!(all[1], format!("{} of {count}", count - 1));
}

#[test]
fn the_totals_are_those_of_the_chapters() {
    let totals: Vec<_> = rows(&frozen()).into_iter().filter(|row| row.len() == 6).collect();
    let (all, chapters) = totals.split_last().unwrap();
    for column in 2..6 {
        let sum: usize = chapters.iter().map(|row| row[column].parse::<usize>().unwrap()).sum();
        assert_eq!(all[column], sum.to_string());
    }
}

#[test]
fn without_overview_pages_each_chapter_lists_its_operations() {
    let tree = without(&frozen(), "api/storage_v2/clean_file.yaml");
    let mut output = Output::default();
    render_coverage(&lower(&compiled(&tree)).unwrap(), &Overview::default(), &mut output).unwrap();
    let text = output.files().next().unwrap().1;
    assert!(text.contains("| – | Creates a space") && !text.contains("**missing**"), "{text}");
}

/// A chapter is complete until it says what it lacks, or a row of the overview has no operation.
#[test]
fn chapters_tell_whether_they_are_complete() {
    let whole = |tree: &SourceTree, title: &str| {
        let totals = rows(tree).into_iter().filter(|row| row.len() == 6);
        let found = totals.into_iter().find(|row| row[0].starts_with(&format!("[{title}]"))).unwrap();
        found[0].rsplit_once(", ").unwrap().1.to_owned()
    };
    assert_eq!(whole(&frozen(), "Space management"), "complete");
    let lacking = edit(&frozen(), "api/storage_v1/add_space.yaml", "status: current", "status: legacy");
    assert_eq!(whole(&lacking, "Space management"), "**in part**");
    let doc = "doc: \"Spaces, the roots of all files.\"";
    let saying = edit(&frozen(), "groups.yaml", doc, &format!("{doc}, lacks: \"some spaces.\""));
    assert_eq!(whole(&saying, "Space management"), "**in part**");
}
