//! The OpenAPI document: one operation for each feature of the format as a snapshot, and what must hold for the real spec.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that finds something else has failed")]

use std::collections::BTreeSet;
use std::path::Path;

use dingtalk_storage_codegen::lower;
use dingtalk_storage_codegen::openapi::{Version, openapi};
use dingtalk_storage_spec::{SourceTree, Spec, compile};
use serde_json::Value;

const VERSIONS: [Version; 2] = [Version::V3_0, Version::V3_1];

fn spec(folder: &str) -> Spec {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
    compile(&SourceTree::read(&folder)).unwrap_or_else(|report| panic!("{report}"))
}

fn document(spec: &Spec, version: Version) -> Value {
    serde_json::to_value(openapi(&lower(spec).unwrap(), version)).unwrap()
}

#[test]
fn each_feature_of_the_format() {
    let document = openapi(&lower(&spec("tests/fixtures/spec")).unwrap(), Version::V3_1);
    insta::assert_snapshot!(serde_json::to_string_pretty(&document).unwrap());
}

/// Schemas of 3.0 have one type each and no keys that only JSON Schema knows.
#[test]
fn older_tools_meet_no_word_that_they_do_not_know() {
    for folder in ["spec", "tests/fixtures/spec"] {
        let document = document(&spec(folder), Version::V3_0);
        assert!(document["openapi"].as_str().unwrap().starts_with("3.0."));
        let schemas = document["components"]["schemas"].as_object().unwrap().values();
        let mut nullable = false;
        schemas.chain(operations(&document).map(|(.., operation)| operation)).for_each(|value| {
            visit(value, &mut |value| {
                let Some(object) = value.as_object().filter(|object| !object.contains_key("example")) else { return };
                nullable |= object.get("nullable").is_some_and(|it| *it == true);
                assert!(!object.get("type").is_some_and(Value::is_array), "{value:#}");
                assert!(object.get("type").is_none_or(|ty| ty != "null"), "{value:#}");
                assert!(!object.contains_key("$ref") || object.len() == 1, "{value:#}");
                for word in ["patternProperties", "contentMediaType", "const"] {
                    assert!(!object.contains_key(word), "{value:#}");
                }
            });
        });
        assert!(nullable || folder == "spec");
    }
}

fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths.flat_map(|(path, methods)| {
        methods.as_object().unwrap().iter().map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    })
}

#[test]
fn every_operation_is_there_once() {
    let spec = spec("spec");
    let wanted: BTreeSet<String> = spec
        .families
        .iter()
        .flat_map(|family| {
            family.operations.iter().map(move |it| format!("{}.{}", family.family.family, it.operation.operation))
        })
        .collect();
    for version in VERSIONS {
        let document = document(&spec, version);
        let found: Vec<&str> =
            operations(&document).map(|(.., operation)| operation["operationId"].as_str().unwrap()).collect();
        assert_eq!(found.len(), wanted.len());
        assert_eq!(found.into_iter().map(str::to_owned).collect::<BTreeSet<_>>(), wanted);
    }
}

/// Calls something for each value in a value, at any depth.
fn visit<'a>(value: &'a Value, seen: &mut impl FnMut(&'a Value)) {
    seen(value);
    match value {
        Value::Array(items) => items.iter().for_each(|item| visit(item, seen)),
        Value::Object(entries) => entries.values().for_each(|item| visit(item, seen)),
        _ => {}
    }
}

#[test]
fn references_lead_to_schemas_and_every_schema_is_named() {
    let spec = spec("spec");
    for version in VERSIONS {
        let document = document(&spec, version);
        let mut named = BTreeSet::new();
        visit(&document, &mut |value| {
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else { return };
            assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
            named.insert(reference.rsplit('/').next().unwrap());
        });
        let schemas: BTreeSet<&str> =
            document["components"]["schemas"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(named, schemas);
    }
}

#[test]
fn what_is_required_is_described_and_placeholders_have_parameters() {
    let spec = spec("spec");
    for version in VERSIONS {
        let document = document(&spec, version);
        visit(&document, &mut |value| {
            let required = value.get("required").and_then(Value::as_array).into_iter().flatten();
            for name in required.filter_map(Value::as_str) {
                assert!(value["properties"].get(name).is_some(), "{name} of {value:#}");
            }
        });
        let mut shapes = BTreeSet::new();
        for (path, method, operation) in operations(&document) {
            let in_path: BTreeSet<&str> = parameters(operation, "path").collect();
            let placeholders = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
            assert_eq!(in_path, placeholders.collect(), "{path}");
            let shape = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
            assert!(shapes.insert((shape.collect::<Vec<_>>(), method)), "{method} {path} stands twice");
        }
    }
}

fn parameters<'a>(operation: &'a Value, place: &'a str) -> impl Iterator<Item = &'a str> {
    let all = operation["parameters"].as_array().into_iter().flatten();
    all.filter(move |parameter| parameter["in"] == place).map(|parameter| parameter["name"].as_str().unwrap())
}

/// What the spec says of an operation is said in one of the words of OpenAPI, or under a key of ours.
#[test]
fn nothing_that_the_spec_says_of_operations_is_lost() {
    let spec = spec("spec");
    let document = document(&spec, Version::V3_1);
    let text = document.to_string();
    for family in &spec.families {
        for item in &family.operations {
            let operation = &item.operation;
            let name = format!("{}.{}", family.family.family, operation.operation);
            let (_, _, found) =
                operations(&document).find(|(.., found)| found["operationId"] == name.as_str()).unwrap();
            let scope = operation.scope.as_deref().filter(|scope| *scope != "unknown");
            assert_eq!(found["x-dingtalk-scope"].as_str(), scope, "{name}");
            assert_eq!(found.get("x-dingtalk-paging").is_some(), operation.page.is_some(), "{name}");
            assert_eq!(found.get("x-dingtalk-bulk").is_some(), operation.batch.is_some(), "{name}");
            assert_eq!(found["x-dingtalk-operator"].as_str().is_some(), operation.operator.is_some(), "{name}");
            assert_eq!(parameters(found, "query").count(), operation.query.len(), "{name}");
            for (status, codes) in &operation.errors {
                let listed = &found["responses"][status.to_string()]["x-dingtalk-errors"];
                assert_eq!(listed, &serde_json::json!(codes), "{name} {status}");
            }
            let fields = operation.response.len();
            let answer = &found["responses"]["200"]["content"]["application/json"];
            assert!(fields == 0 || answer["example"].as_object().is_some_and(|it| !it.is_empty()), "{name}");
        }
    }
    for (_, definition) in &spec.types {
        for value in definition.def.values.iter().flat_map(|values| values.keys()) {
            assert!(text.contains(&serde_json::json!(value).to_string()), "{value}");
        }
    }
}
