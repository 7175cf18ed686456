//! What two families or features make in one place stays two things.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot read its fixtures has failed")]

use std::collections::BTreeSet;
use std::path::Path;

use dingtalk_storage_codegen::generate;
use dingtalk_storage_spec::model::Status;
use dingtalk_storage_spec::{SourceTree, Spec, compile};

fn spec() -> Spec {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/spec");
    compile(&SourceTree::read(&folder)).unwrap_or_else(|report| panic!("{}", report.render(false)))
}

fn file(spec: &Spec, path: &str) -> syn::File {
    let output = generate(spec).unwrap();
    let (_, text) = output.files().find(|(found, _)| *found == path).unwrap();
    syn::parse_file(text).unwrap()
}

/// `features_v1.Batched` and `features.V1Batched` are called alike once the dot is gone.
#[test]
fn tests_of_two_families_have_different_names() {
    let mut spec = spec();
    let mut other = spec.families[0].clone();
    other.family.family = "features".to_owned();
    if let Some(tasks) = &mut other.family.tasks {
        tasks.operation = format!("V1{}", tasks.operation);
    }
    for item in &mut other.operations {
        item.operation.operation = format!("V1{}", item.operation.operation);
    }
    spec.families.push(other);
    let operations: usize = spec.families.iter().map(|family| family.operations.len()).sum();
    let mut names = BTreeSet::new();
    for item in file(&spec, "tests/examples/main.rs").items {
        let syn::Item::Mod(module) = item else { continue };
        for item in module.content.into_iter().flat_map(|(_, items)| items) {
            let syn::Item::Fn(test) = item else { panic!("no test in {}", module.ident) };
            assert!(names.insert((module.ident.to_string(), test.sig.ident.to_string())), "{} twice", test.sig.ident);
        }
    }
    assert_eq!(names.len(), operations);
}

/// Where every operation with an operator waits for a feature, nothing reads the handle without it.
#[test]
fn a_handle_that_waits_for_a_feature_is_no_dead_code() {
    let mut spec = spec();
    let allowed = |spec: &Spec| {
        let handle = file(spec, "generated/src/features_v1.rs").items.into_iter().find_map(|item| match item {
            syn::Item::Struct(item) if item.ident == "OperatorCalls" => Some(item),
            _ => None,
        });
        handle.unwrap().fields.iter().all(|field| field.attrs.iter().any(|each| each.path().is_ident("allow")))
    };
    assert!(!allowed(&spec));
    for item in spec.families[0].operations.iter_mut().filter(|item| item.operation.operator.is_some()) {
        item.operation.status = Status::Legacy;
    }
    assert!(allowed(&spec));
}
