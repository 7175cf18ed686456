//! Texts that are not plain ASCII with line feeds.

use dingtalk_storage_spec::compile;

use crate::fixture::{self, positions, replaced, report, snapshot, with_bytes};

const GET_THING: &str = "api/demo_v1/get_thing.yaml";

#[test]
fn columns_count_characters_and_carets_stand_below_wide_ones() {
    let tree = replaced(GET_THING, "{type: ThingId, doc: The thing.}", "{doc: 文件的编号。 ok., type: Thinggid}");
    assert_eq!(positions(&report(&tree)), ["DS050 api/demo_v1/get_thing.yaml:13:36"]);
    snapshot("wide_characters", &tree);
}

#[test]
fn a_text_in_another_script_can_be_the_mistake() {
    snapshot("wide_mistake", &replaced(GET_THING, "group: thing", "group: 事物"));
}

#[test]
fn windows_line_ends_are_fine() {
    let files = fixture::minimal().into_iter().map(|(path, bytes)| {
        let text = String::from_utf8(bytes).unwrap().replace('\n', "\r\n");
        (path, text.into_bytes())
    });
    let tree = dingtalk_storage_spec::SourceTree::from_files(files);
    compile(&tree).unwrap();
    let text = fixture::text(GET_THING).replace("effect: read", "effect: reed").replace('\n', "\r\n");
    let tree = tree.with_file(GET_THING, text.into_bytes());
    assert_eq!(positions(&report(&tree)), ["DS023 api/demo_v1/get_thing.yaml:9:9"]);
    snapshot("windows_line_ends", &tree);
}

#[test]
fn a_byte_order_mark_moves_nothing() {
    let marked = |text: &str| format!("\u{feff}{text}");
    compile(&with_bytes(GET_THING, marked(fixture::text(GET_THING)))).unwrap();
    let tree = with_bytes(GET_THING, marked(&fixture::text(GET_THING).replace("effect: read", "effect: reed")));
    assert_eq!(positions(&report(&tree)), ["DS023 api/demo_v1/get_thing.yaml:9:9"]);
}

#[test]
fn bytes_that_are_no_character() {
    let mut bytes = fixture::text(GET_THING).replace("Reads a thing", "Reads a \u{1} thing").into_bytes();
    let at = bytes.iter().position(|byte| *byte == 1).unwrap();
    bytes[at] = 0xff;
    let tree = with_bytes(GET_THING, bytes);
    assert_eq!(positions(&report(&tree)), ["DS001 api/demo_v1/get_thing.yaml:3:18"]);
    snapshot("DS001", &tree);
}

#[test]
fn colours_only_add_escapes() {
    let report = report(&replaced(GET_THING, "effect: read", "effect: reed"));
    let coloured = report.render(true);
    assert!(coloured.contains("\u{1b}["));
    let mut plain = String::new();
    for (index, part) in coloured.split("\u{1b}[").enumerate() {
        plain.push_str(if index == 0 { part } else { part.split_once('m').unwrap().1 });
    }
    assert_eq!(plain, report.render(false));
}

#[test]
fn long_chains_and_deep_nesting_do_not_exhaust_the_stack() {
    let types = (0..5_000).map(|number| {
        let next = (number + 1) % 5_000;
        format!("  T{number}: {{doc: A type., fields: {{next: {{type: T{next}, doc: The next.}}}}}}\n")
    });
    let types = format!("# yaml-language-server: $schema=../schema.json\ntypes:\n{}", types.collect::<String>());
    let tree = with_bytes("types/chain.yaml", types);
    let cycles = report(&tree).findings().iter().filter(|finding| finding.code().as_str() == "DS054").count();
    assert_eq!(cycles, 1);
    for nested in ["[".repeat(100_000), "{a: ".repeat(100_000), "- ".repeat(100_000), "? ".repeat(100_000)] {
        let text = format!("# yaml-language-server: $schema=schema.json\n{nested}");
        assert_eq!(report(&with_bytes("groups.yaml", text)).findings().len(), 1);
    }
}
