//! The pages of `explain`: each code has one, its wrong example has exactly that mistake, and its right example has none.

use dingtalk_storage_spec::{Code, SourceTree, codes, compile};

use crate::fixture;

/// Mistakes that no text in a page can show; `files` and `text` have tests of their own for them.
const BEYOND_TEXT: &[Code] = &[Code::NotUtf8, Code::SpecialFile, Code::Unreadable];

/// Code blocks below a heading such as `Wrong:`, with their paths.
fn examples<'a>(page: &'a str, heading: &str) -> Vec<(&'a str, &'a str)> {
    let section = page.split(&format!("\n{heading}:\n")).nth(1).unwrap_or_default();
    let section = section.split("\nRight:\n").next().unwrap();
    let blocks = section.split("```yaml ").skip(1);
    let block = |text: &'a str| {
        let (path, rest) = text.split_once('\n').expect("a path, then a line end");
        (path, rest.split("```").next().unwrap())
    };
    blocks.map(block).collect()
}

fn tree(examples: &[(&'static str, &'static str)]) -> SourceTree {
    fixture::with_excerpts(examples.iter().copied())
}

#[test]
fn wrong_examples_have_exactly_that_mistake() {
    for code in Code::ALL {
        let examples = examples(code.page(), "Wrong");
        if BEYOND_TEXT.contains(code) {
            assert_eq!(examples, [], "{code}");
            continue;
        }
        assert_ne!(examples, [], "{code} shows no example");
        let tree = tree(&examples);
        let report = fixture::report(&tree);
        let others = report.findings().iter().filter(|finding| finding.code() != *code).count();
        assert_eq!(others, 0, "the example of {code} shows something else, too:\n{report}");
        fixture::snapshot(code.as_str(), &tree);
    }
}

#[test]
fn right_examples_have_no_mistake() {
    for code in Code::ALL {
        let examples = examples(code.page(), "Right");
        if let Err(report) = compile(&tree(&examples)) {
            panic!("{code}:\n{report}");
        }
    }
}

#[test]
fn every_code_has_a_snapshot() {
    for code in Code::ALL {
        let path = format!("{}/tests/compiler/snapshots/{code}.snap", env!("CARGO_MANIFEST_DIR"));
        let snapshot = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(snapshot.contains(&format!("error[{code}]: ")), "{path}");
    }
}

#[test]
fn every_page_has_code_title_cause_and_mend() {
    for code in Code::ALL {
        let page = codes::explain(code.as_str()).expect("a page");
        assert!(page.starts_with(&format!("# {code}: {}\n\n", code.title())), "{code}");
        assert!(!code.title().is_empty(), "{code}");
        let mend = page.contains("\nRight:\n") || page.trim_end().ends_with('.');
        assert!(mend, "{code} does not tell how to mend it");
    }
    assert_eq!(codes::explain("DS999"), None);
}

#[test]
fn codes_are_in_order_and_unique() {
    assert!(Code::ALL.is_sorted_by(|a, b| a.as_str() < b.as_str()));
    assert!(Code::ALL.is_sorted());
}
