//! References to named schemas.

use std::collections::BTreeMap;

use serde_json::{Value, json};

const SCHEMAS: &str = "#/components/schemas/";

pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("{SCHEMAS}{name}") })
}

/// The schemas that the values name, and those that these name in turn. The type of a token is in none: it is a scheme of
/// security, not a parameter.
pub(super) fn only_named<'a>(
    mut all: BTreeMap<String, Value>,
    values: impl IntoIterator<Item = &'a Value>,
) -> BTreeMap<String, Value> {
    let mut names = Vec::new();
    values.into_iter().for_each(|value| add_names(value, &mut names));
    let mut kept = BTreeMap::new();
    while let Some(name) = names.pop() {
        if let Some(schema) = all.remove(&name) {
            add_names(&schema, &mut names);
            kept.insert(name, schema);
        }
    }
    kept
}

fn add_names(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| add_names(item, names)),
        Value::Object(entries) => {
            let reference = entries.get("$ref").and_then(Value::as_str);
            names.extend(reference.and_then(|it| it.strip_prefix(SCHEMAS)).map(str::to_owned));
            entries.values().for_each(|entry| add_names(entry, names));
        }
        _ => {}
    }
}
