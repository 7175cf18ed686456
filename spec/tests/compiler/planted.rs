//! Ten mistakes in three files.

use crate::fixture::{self, positions, report};

fn planted(path: &str, changes: &[(&str, &str)]) -> Vec<u8> {
    let mut text = fixture::text(path).to_owned();
    for (from, to) in changes {
        assert_eq!(text.matches(from).count(), 1, "{from:?} in {path}");
        text = text.replace(from, to);
    }
    text.into_bytes()
}

#[test]
fn ten_mistakes_in_three_files_are_ten_findings() {
    let mut files = fixture::minimal();
    let get_thing = [
        ("summary: Reads a thing.", "summary: Reads a thing"),
        ("status: current", "statsu: current"),
        ("scope: Thing.Read\n", ""),
        ("required: true, doc: Who asks.", "required: yes, doc: Who asks."),
        ("404: [notFound]", "404: [notFoud]"),
    ];
    files.insert("api/demo_v1/get_thing.yaml".to_owned(), planted("api/demo_v1/get_thing.yaml", &get_thing));
    let list_things = [
        ("size: maxResults", "size: pageSize"),
        ("min: 1, max: 50", "min: 1, max: fifty"),
        ("default: RED", "default: REDD"),
    ];
    files.insert("api/demo_v1/list_things.yaml".to_owned(), planted("api/demo_v1/list_things.yaml", &list_things));
    let things = [
        ("BLUE: Like the sea.", "BLUE: Like the sea., RED: Again."),
        ("parts: {type: [Thing], doc", "parts: {type: Thing, doc"),
    ];
    files.insert("types/thing.yaml".to_owned(), planted("types/thing.yaml", &things));

    let report = report(&dingtalk_storage_spec::SourceTree::from_files(files));
    let expected = [
        "DS104 api/demo_v1/get_thing.yaml:2:1",
        "DS101 api/demo_v1/get_thing.yaml:3:10",
        "DS020 api/demo_v1/get_thing.yaml:6:1",
        "DS022 api/demo_v1/get_thing.yaml:14:37",
        "DS051 api/demo_v1/get_thing.yaml:18:9",
        "DS070 api/demo_v1/list_things.yaml:10:32",
        "DS022 api/demo_v1/list_things.yaml:17:59",
        "DS081 api/demo_v1/list_things.yaml:18:39",
        "DS034 types/thing.yaml:4:84",
        "DS054 types/thing.yaml:11:21",
    ];
    assert_eq!(positions(&report), expected, "{report}");
    assert!(report.render(false).lines().last().unwrap().starts_with("error: 10 findings in 3 files"), "{report}");
    fixture::snapshot_text("ten_mistakes", &report.render(false));
}
