//! Thousands of mistakes take about as long as they are many, and only the first of them are drawn.

use std::fmt::Write;
use std::time::{Duration, Instant};

use dingtalk_storage_spec::{Report, SourceTree};

use crate::fixture::{report, text, with_bytes};

const GET: &str = "api/demo_v1/get_thing.yaml";

/// Far more than it takes, and far less than anything that is quadratic would need.
const LONGEST: Duration = Duration::from_secs(90);

/// Compiles and draws, which is what a person waits for.
fn timed(tree: &SourceTree) -> Report {
    let start = Instant::now();
    let report = report(tree);
    let drawn = report.render(true);
    assert!(drawn.matches("DS").count() <= 101, "{} are drawn", drawn.matches("DS").count());
    assert!(start.elapsed() < LONGEST, "{:?}", start.elapsed());
    eprintln!("{} findings: {:?}", report.findings().len(), start.elapsed());
    assert_eq!(report.json().matches("\"code\":").count(), report.findings().len());
    report
}

fn repeated(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut lines, number| {
        let _ = writeln!(lines, "{}", line(number));
        lines
    })
}

#[test]
fn two_thousand_unknown_types_that_are_similar_to_two_thousand_known_ones() {
    let known = repeated(2_000, |number| format!("  Type{number}: {{doc: A type., values: {{A: The first.}}}}"));
    let known = format!("# yaml-language-server: $schema=../schema.json\ntypes:\n{known}");
    let fields = repeated(2_000, |number| format!("  a{number}: {{type: Typo{number}, doc: A field.}}"));
    let used = repeated(2_000, |number| format!("  b{number}: {{type: Type{number}, doc: A field.}}"));
    let operation = text(GET).replace("response:\n", &format!("response:\n{fields}{used}"));
    let tree = with_bytes("types/many.yaml", known).with_file(GET, operation.into_bytes());
    assert_eq!(timed(&tree).findings().len(), 2_000);
}

#[test]
fn a_hundred_thousand_unknown_keys() {
    let keys = repeated(100_000, |number| format!("key{number}: x"));
    assert_eq!(timed(&with_bytes(GET, format!("{}{keys}", text(GET)))).findings().len(), 100_000);
}

#[test]
fn a_hundred_thousand_wrong_values_in_one_line() {
    let fields = repeated(100_000, |number| format!("a{number}: 文, ")).replace('\n', "");
    let operation = text(GET)
        .replace("response:\n", &format!("query: {{{fields}}}\nresponse:\n"))
        .replace("query:\n  userId: {type: UnionId, required: true, doc: Who asks.}\n", "")
        .replace("operator: userId\n", "");
    assert_eq!(timed(&with_bytes(GET, operation)).findings().len(), 100_000);
}

/// In one list, and each in a field of its own.
#[test]
fn two_thousand_misspelt_values_of_an_enum_with_as_many() {
    let values = repeated(2_000, |number| format!("      VALUE_{number}: One of many."));
    let types = format!(
        "# yaml-language-server: $schema=../schema.json\ntypes:\n  Many:\n    doc: Many.\n    values:\n{values}"
    );
    let listed = repeated(2_000, |number| format!("VALEU_{number},")).replace('\n', " ");
    let fields =
        repeated(2_000, |number| format!("  a{number}: {{type: Many, example: VALEU_{number}, doc: A field.}}"));
    let fields = format!("  list: {{type: [Many], example: [{listed}], doc: A list.}}\n{fields}");
    let operation = text(GET).replace("response:\n", &format!("response:\n{fields}"));
    let tree = with_bytes("types/many.yaml", types).with_file(GET, operation.into_bytes());
    assert_eq!(timed(&tree).findings().len(), 4_000);
}

/// Whether each of its fields has to be there, and holds a value in place, is asked for every object around it.
#[test]
fn an_object_within_a_type_with_tens_of_thousands_of_fields() {
    let fields =
        repeated(30_000, |number| format!("          a{number}: {{type: string, always: true, doc: A field.}}"));
    let types = format!(
        "# yaml-language-server: $schema=../schema.json\ntypes:\n  Many:\n    doc: Many.\n    fields:\n      inner:\n        \
         always: true\n        as: Inner\n        doc: A part.\n        fields:\n{fields}"
    );
    let operation = text(GET).replace("response:\n", "response:\n  many: {type: Many, doc: Many.}\n");
    let tree = with_bytes("types/many.yaml", types).with_file(GET, operation.into_bytes());
    // Each lacks the evidence for `always`.
    assert_eq!(timed(&tree).findings().len(), 30_001);
}

#[test]
fn names_as_long_as_a_book() {
    let name = "n".repeat(3_000_000);
    let operation =
        text(GET).replace("group: thing", &format!("group: {name}")).replace("type: Thing,", &format!("type: {name},"));
    let report = timed(&with_bytes(GET, operation));
    assert_eq!(report.findings().len(), 2);
    assert!(report.render(false).len() < 20_000, "{}", report.render(false).len());
}

#[test]
fn what_steers_a_terminal_never_reaches_one() {
    let tree = with_bytes("types/\u{1b}[31mred\u{7}\u{202e}.yaml", "x")
        .with_file("api/demo_v1/\u{9b}31m.yml", Vec::new())
        .with_file(GET, text(GET).replace("group: thing", "group: \"\\e[31m\\u202ething\"").into_bytes());
    let report = report(&tree);
    for drawn in [report.render(false), report.github("spec"), report.json()] {
        let steering = |character: &char| character.is_control() && *character != '\n' || *character == '\u{202e}';
        let found: Vec<char> = drawn.chars().filter(steering).collect();
        assert!(found.is_empty(), "{found:?} in {drawn}");
    }
    let json: serde_json::Value = serde_json::from_str(&report.json()).unwrap();
    let paths = json["findings"].as_array().unwrap().iter().map(|finding| finding["path"].as_str().unwrap());
    assert!(paths.into_iter().any(|path| path == "types/\u{1b}[31mred\u{7}\u{202e}.yaml"), "{json}");
    assert!(report.render(false).contains("types/\\u{1b}[31mred\\u{7}\\u{202e}.yaml"), "{report}");
}
