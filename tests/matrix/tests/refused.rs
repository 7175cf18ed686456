//! What makes no sense is refused by the checks: each cell of the matrix that is not in the crate, and texts.
#![allow(clippy::unwrap_used, dead_code, reason = "the build script shares its modules")]
#![allow(clippy::format_push_string, clippy::format_collect, reason = "as in the build script")]

#[path = "../build/cells.rs"]
mod cells;
#[path = "../build/families.rs"]
mod families;
#[path = "../build/names.rs"]
mod names;
#[path = "../build/series.rs"]
mod series;
#[path = "../build/texts.rs"]
mod texts;
#[path = "../build/yaml.rs"]
mod yaml;

use std::collections::BTreeSet;

use cells::{Cell, Need, Place};
use dingtalk_storage_codegen::generate;
use dingtalk_storage_spec::{Code, Finding, SourceTree, compile};

fn codes(files: Vec<(String, Vec<u8>)>) -> BTreeSet<Code> {
    let report = compile(&SourceTree::from_files(files)).err();
    report.iter().flat_map(|report| report.findings().iter().map(Finding::code)).collect()
}

/// What a cell that makes no sense is refused with.
fn expected(cell: &Cell) -> Code {
    let in_answers = matches!(cell.place, Place::AnswerObject | Place::Answer);
    let in_query = matches!(cell.place, Place::Query | Place::QueryIndexed | Place::QueryJson);
    match cell.need {
        // Whatever else is said of it.
        _ if cell.core == "file" && cell.place != Place::Part => Code::FileOutsideForm,
        _ if cell.core == "timestamp"
            && !matches!(cell.around, "T" | "[T]")
            && !in_query
            && cell.place != Place::Path
            && cell.place != Place::Part =>
        {
            Code::WrongFieldType
        }
        Need::Nullable | Need::RequiredNullable
            if in_answers || in_query || matches!(cell.place, Place::Path | Place::Part) =>
        {
            Code::WrongNullable
        }
        Need::Always if !in_answers => Code::MisplacedAttribute,
        Need::Required if in_answers => Code::MisplacedAttribute,
        // A list in the query has a style, and nothing else has one.
        _ if in_query && (cell.place == Place::Query) == cell.around.starts_with('[') => Code::QueryListStyle,
        _ if cell.place == Place::Part => Code::FormPart,
        _ => Code::ParameterType,
    }
}

#[test]
fn cells_that_make_no_sense_are_refused_with_a_code() {
    let cells: Vec<_> = cells::all().into_iter().filter(|cell| !cell.makes_sense()).collect();
    assert!(cells.len() > 500, "{}", cells.len());
    for cell in cells {
        let files = [families::common(), families::matrix(&[cell])].concat();
        let codes = codes(files);
        assert!(codes.contains(&expected(&cell)), "{cell:?}: {codes:?}");
    }
}

#[test]
fn texts_with_markup_are_refused() {
    let accepted = texts::accepted();
    assert!(accepted.len() > 200, "only {} texts are left to try", accepted.len());
    for text in [
        "See [text](url).",
        "Half a `tick.",
        "```json\n{}\n```.",
        "~~~\na\n~~~.",
        "Empty `` code.",
        "A sample:\n\n    {\"a\": 1}.",
        "Turned \u{202e}around.",
        "No\u{200b}width.",
        "Soft\u{ad}hyphen.",
    ] {
        assert!(!texts::is_accepted(text), "{text:?}");
    }
    for text in ["# No heading.", "- No list.", "1. None.", "a < b & c > d.", "See https://example.com/a_b.", "你好。."]
    {
        assert!(texts::is_accepted(text), "{text:?}");
    }
}

#[test]
fn characters_that_nobody_sees_are_refused_everywhere() {
    let spec = families::all(&["A sentence.".to_owned()]);
    assert_eq!(codes(spec.clone()), BTreeSet::new());
    let places = [
        ("groups.yaml", "Every"),
        ("groups.yaml", "title: Matrix"),
        ("errors.yaml", "meaning: It"),
        ("events.yaml", "summary: It"),
        ("types/matrix.yaml", "doc: One"),
        ("types/matrix.yaml", "中文"),
        ("types/names.yaml", "a \\\"b"),
        ("api/series_v1/family.yaml", "title: Family"),
        ("api/matrix_v1/use_things.yaml", "summary: Does"),
        ("api/texts_v1/text0.yaml", "example: \"A"),
    ];
    for (path, text) in places {
        for character in ['\u{202e}', '\u{200b}', '\u{2066}', '\u{2060}', '\u{e0041}'] {
            let mut files = spec.clone();
            let file = files.iter_mut().find(|(other, _)| other == path).unwrap();
            let before = String::from_utf8(file.1.clone()).unwrap();
            assert!(before.contains(text), "{path}: {text}");
            file.1 = before.replacen(text, &format!("{text}{character}"), 1).into_bytes();
            let codes = codes(files);
            assert!(codes.contains(&Code::InvisibleCharacter), "{path}: {text} {character:?}: {codes:?}");
        }
    }
}

#[test]
fn names_of_events_that_would_end_a_text_are_refused() {
    let parts = ["\"#", "\"##", "\\", "\n", "\n```\n", "\t", "{b}", " ", "//", "*/", "`", "#", "%", "🎉", "<b>"];
    for part in parts {
        let spec = families::all(&["A sentence.".to_owned()]);
        let rename = |(path, bytes): (String, Vec<u8>)| {
            let text = String::from_utf8(bytes).unwrap();
            let name = yaml::quoted(&format!("work{part}done"));
            let renamed = if path == "events.yaml" { text.replace("\"work_done\"", &name) } else { text };
            (path, renamed.into_bytes())
        };
        let codes = codes(spec.into_iter().map(rename).collect());
        assert!(codes.contains(&Code::WireName), "{part:?}: {codes:?}");
    }
}

/// The rest of the spec, with these types in a body and in an answer.
fn with_types(types: &str, name: &str) -> Vec<(String, Vec<u8>)> {
    let uses = format!("body:\n  it: {{type: {name}, doc: It.}}\nresponse:\n  it: {{type: {name}, doc: It.}}\n");
    let operation = yaml::operation("matrix_v1", "UseIt", "POST /v1.0/it", &uses);
    [families::common(), vec![yaml::file("types/it.yaml", &format!("types:\n{types}")), operation]].concat()
}

#[test]
fn a_requirement_without_end_is_refused_and_a_list_ends_empty() {
    let it = |field: &str| format!("  It:\n    doc: It.\n    fields:\n      next: {{{field}, doc: Another.}}\n");
    let always = "always: true, evidence: The page.";
    let endless = [
        it("type: It, indirect: true, required: true"),
        it(&format!("type: It, indirect: true, {always}")),
        format!(
            "{}  Other:\n    doc: Another.\n    fields:\n      back: {{type: It, indirect: true, required: true, doc: Back.}}\n",
            it("type: Other, required: true")
        ),
        it("as: Within, required: true, fields: {back: {type: It, indirect: true, required: true, doc: Back.}}"),
    ];
    for types in endless {
        assert_eq!(codes(with_types(&types, "It")), BTreeSet::from([Code::EndlessRequirement]), "{types}");
    }
    let ending = [
        it("type: [It], required: true"),
        it("type: {string: It}, required: true"),
        it("type: {string: [It]}, orList: true, required: true"),
        it("type: [[It]], required: true"),
        it(&format!("type: [It], required: true, {always}")),
        it("type: It, indirect: true"),
        it("as: Within, fields: {back: {type: It, indirect: true, required: true, doc: Back.}}"),
    ];
    for types in ending {
        let tree = SourceTree::from_files(with_types(&types, "It"));
        let spec = compile(&tree).unwrap_or_else(|report| panic!("{types}: {report}"));
        generate(&spec).unwrap_or_else(|error| panic!("{types}: {error}"));
    }
}

#[test]
fn a_long_chain_of_types_is_refused_without_an_overflow() {
    for (length, code) in [(16, None), (17, Some(Code::TooNested)), (20_000, Some(Code::TooNested))] {
        let link = |number: usize| match number + 1 {
            next if next == length => format!("  T{number}: {{doc: It., fields: {{a: {{type: any, doc: A.}}}}}}\n"),
            next => format!("  T{number}: {{doc: It., fields: {{a: {{type: [T{next}], required: true, doc: A.}}}}}}\n"),
        };
        let types: String = (0..length).map(link).collect();
        assert_eq!(codes(with_types(&types, "T0")), code.into_iter().collect(), "{length}");
    }
}
