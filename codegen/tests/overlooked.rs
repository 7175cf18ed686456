//! A mistake that the compiler of the spec overlooks ends in an error, never in a panic or in files that are no Rust.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot read its fixtures has failed")]

use std::path::Path;

use dingtalk_storage_codegen::{Error, Output, generate};
use dingtalk_storage_spec::{SourceTree, Spec, compile};

fn spec() -> Spec {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/spec");
    compile(&SourceTree::read(&folder)).unwrap_or_else(|report| panic!("{}", report.render(false)))
}

fn refused(change: impl FnOnce(&mut Spec)) -> Error {
    let mut spec = spec();
    change(&mut spec);
    generate(&spec).unwrap_err()
}

fn invalid_file(error: Error) -> String {
    let Error::InvalidRust { file, .. } = error else { panic!("{error}") };
    file
}

#[test]
fn names_that_are_no_names_are_refused() {
    let of_file = refused(|spec| spec.types["Thing"].file = "types/open-info.yaml".to_owned());
    assert_eq!(invalid_file(of_file), "generated/src/types.rs");
    let of_event = refused(|spec| {
        let event = spec.events.values().next().unwrap().clone();
        spec.events.insert("5".to_owned(), event);
    });
    assert_eq!(invalid_file(of_event), "generated/src/events.rs");
    let of_value = refused(|spec| {
        spec.types["ThingKind"].def.values.as_mut().unwrap().insert("\"".to_owned(), "A quote.".into());
    });
    assert_eq!(invalid_file(of_value), "generated/src/types/thing.rs");
    let of_operation = refused(|spec| spec.families[0].operations[0].operation.operation = "mod".to_owned());
    assert_eq!(invalid_file(of_operation), "tests/examples/main.rs");
}

#[test]
fn two_files_of_one_path_are_refused() {
    for (name, path) in [("types", "generated/src/types.rs"), ("client", "generated/src/client.rs")] {
        let error = refused(|spec| spec.families[0].family.family = name.to_owned());
        assert!(matches!(&error, Error::Twice { file } if file == path), "{error}");
    }
    let mut output = Output::default();
    output.add("a.rs", "first".to_owned()).unwrap();
    assert!(matches!(output.add("a.rs", "second".to_owned()), Err(Error::Twice { file }) if file == "a.rs"));
    assert_eq!(output.files().collect::<Vec<_>>(), [("a.rs", "first")]);
}

#[test]
fn texts_from_the_wire_and_of_people_may_hold_anything() {
    let mut spec = spec();
    let nasty = "a \"quote\", a \\, */ /* // #\" \u{0}\t\r\n\u{2028}文件🎉";
    let kind = &mut spec.types["ThingKind"].def;
    kind.doc = Some(nasty.to_owned());
    kind.quirks = vec![nasty.to_owned()];
    kind.values.as_mut().unwrap().insert(nasty.to_owned(), nasty.into());
    spec.events[0].summary = nasty.to_owned();
    let family = &mut spec.families[0];
    (family.family.title, family.family.doc) = (nasty.to_owned(), nasty.to_owned());
    for operation in family.operations.iter_mut().map(|item| &mut item.operation) {
        operation.summary = nasty.to_owned();
        operation.quirks.push(nasty.to_owned());
        let sections = [&mut operation.query, &mut operation.body, &mut operation.response];
        for (wire, field) in sections.into_iter().flat_map(|fields| fields.iter_mut()) {
            field.doc = Some(nasty.to_owned());
            field.rust = field.rust.take().or_else(|| Some(dingtalk_storage_spec::naming::field(wire)));
        }
    }
    spec.errors[0].meaning = nasty.to_owned();

    let output = generate(&spec).unwrap();

    let types = output.files().find(|(path, _)| path.ends_with("types/thing.rs")).unwrap().1;
    assert!(types.contains(&format!("{nasty:?} => ")), "{types}");
}
