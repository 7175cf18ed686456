//! One mistake is one finding: nothing is reported that merely follows from it, and it hides nothing else.

use crate::fixture::{self, positions, replaced, report, with_bytes, with_excerpts};

const GET_THING: &str = "api/demo_v1/get_thing.yaml";

#[test]
fn a_file_that_is_not_yaml_makes_no_further_findings() {
    for path in fixture::minimal().keys() {
        let text = format!("{}: ]\n", fixture::text(path));
        let report = report(&with_bytes(path, text));
        let codes: Vec<&str> = report.findings().iter().map(|finding| finding.code().as_str()).collect();
        assert_eq!(codes, ["DS010"], "{report}");
    }
}

#[test]
fn a_file_of_the_wrong_kind_makes_no_further_findings() {
    for path in fixture::minimal().keys() {
        let first_line = fixture::text(path).lines().next().unwrap();
        let report = report(&with_bytes(path, format!("{first_line}\n- a list\n")));
        let codes: Vec<&str> = report.findings().iter().map(|finding| finding.code().as_str()).collect();
        assert_eq!(codes, ["DS022"], "{report}");
    }
}

#[test]
fn a_misspelt_key_counts_as_the_one_that_was_meant() {
    for (from, to) in [("summary:", "sumary:"), ("effect:", "efect:"), ("http:", "htpp:"), ("response:", "respnse:")] {
        let report = report(&replaced(GET_THING, from, to));
        assert_eq!(report.findings().len(), 1, "{report}");
        assert_eq!(report.findings()[0].code().as_str(), "DS020");
    }
}

#[test]
fn what_stands_under_a_misspelt_key_is_checked_as_well() {
    let text = fixture::text(GET_THING).replace("response:\n  thing: {type: Thing", "respnse:\n  thing: {type: Thin");
    let report = report(&with_bytes(GET_THING, text));
    let expected = ["DS020 api/demo_v1/get_thing.yaml:16:1", "DS050 api/demo_v1/get_thing.yaml:17:17"];
    assert_eq!(positions(&report), expected, "{report}");
}

#[test]
fn a_misspelt_type_is_not_also_unused() {
    let types = "types:\n  Shade: {doc: A shade., values: {DARK: Like the night.}}\n";
    let response = "response:\n  thing: {type: Thing, doc: The thing.}\n  shade: {type: Shaed, doc: Its shade.}\n";
    let report = report(&with_excerpts([("types/example.yaml", types), (GET_THING, response)]));
    assert_eq!(positions(&report), ["DS050 api/demo_v1/get_thing.yaml:18:17"]);
}

#[test]
fn a_field_that_was_left_out_still_has_its_name() {
    let report = report(&replaced(GET_THING, "thingId: {type: ThingId, doc: The thing.}", "thingId: 5"));
    assert_eq!(positions(&report), ["DS022 api/demo_v1/get_thing.yaml:13:12"]);
}

#[test]
fn a_section_of_the_wrong_kind_is_not_also_missing_its_fields() {
    let report = report(&replaced("api/demo_v1/list_things.yaml", "response:\n", "response: 5\nquirks:\n"));
    let codes: Vec<&str> = report.findings().iter().map(|finding| finding.code().as_str()).collect();
    assert_eq!(codes, ["DS022", "DS022"], "{report}");
}

#[test]
fn a_misspelt_placeholder_is_one_mistake() {
    let report = report(&replaced(GET_THING, "{thingId}", "{thingid}"));
    assert_eq!(positions(&report), ["DS062 api/demo_v1/get_thing.yaml:5:24"]);
}

#[test]
fn the_second_of_two_values_is_not_checked() {
    let report = report(&replaced(GET_THING, "summary: Reads a thing.", "summary: Reads a thing.\nsummary: 5"));
    assert_eq!(positions(&report), ["DS012 api/demo_v1/get_thing.yaml:4:1"]);
}
