//! Every line of JSON that a test sees, held against the published schema.

use std::sync::OnceLock;

use serde_json::Value;

const SCHEMA: &str = include_str!("../../output.schema.json");

/// Fails if a line is not as the schema has it. `help --json` is one document of its own, which has a golden file, and
/// `cat` gives the content of files.
pub fn check(arguments: &[String], out: &str, err: &str) {
    let asks_for_json = arguments.iter().any(|argument| argument == "--json");
    let documents = ["cat", "help", "completions", "emulator", "mcp"];
    let is_document = documents.iter().any(|name| arguments.first().is_some_and(|first| first == name));
    let lines = out.lines().filter(|_| asks_for_json && !is_document);
    // People are told things on standard error, too.
    let told = err.lines().filter(|line| line.starts_with("{\"version\":"));
    for line in lines.chain(told) {
        let value: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {line}"));
        if let Err(wrong) = validate(schema(), &value, "$") {
            panic!("{arguments:?}: not as the schema has it: {wrong}: {line}");
        }
    }
}

fn schema() -> &'static Value {
    static READ: OnceLock<Value> = OnceLock::new();
    READ.get_or_init(|| serde_json::from_str(SCHEMA).expect("the schema is JSON"))
}

/// Words of JSON Schema that say nothing about values.
const NOTES: [&str; 7] = ["$schema", "$defs", "title", "description", "default", "examples", "$comment"];

/// Holds a value against a schema with the words that ours has. A word that is not known here is an error, so that none is
/// passed over.
fn validate(schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    let Some(words) = schema.as_object() else {
        return if schema == &Value::Bool(false) { Err(format!("{at}: nothing may be here")) } else { Ok(()) };
    };
    let wrong = |what: &str| Err(format!("{at}: {what}"));
    let list = |name: &str| words[name].as_array().expect("a list of schemas");
    for (word, means) in words {
        match word.as_str() {
            "$ref" => {
                let name = means.as_str().and_then(|path| path.strip_prefix("#/$defs/")).expect("a definition");
                validate(&self::schema()["$defs"][name], value, at)?;
            }
            "type" => {
                let kinds = means.as_array().cloned().unwrap_or_else(|| vec![means.clone()]);
                if !kinds.iter().any(|kind| is_of(kind.as_str().expect("a type"), value)) {
                    return wrong(&format!("{value} is no {means}"));
                }
            }
            "const" if means != value => return wrong(&format!("{value} is not {means}")),
            "enum" if !list("enum").contains(value) => return wrong(&format!("{value} is none of {means}")),
            "allOf" => list("allOf").iter().try_for_each(|each| validate(each, value, at))?,
            "anyOf" | "oneOf" => {
                let failures: Vec<String> =
                    list(word).iter().filter_map(|each| validate(each, value, at).err()).collect();
                let fitting = list(word).len() - failures.len();
                if fitting == 0 || (word == "oneOf" && fitting > 1) {
                    return wrong(&format!("{fitting} of its forms fit: {}", failures.join("; ")));
                }
            }
            "properties" => {
                for (name, each) in means.as_object().expect("schemas by name") {
                    if let Some(value) = value.get(name) {
                        validate(each, value, &format!("{at}.{name}"))?;
                    }
                }
            }
            "required" => {
                let names = list("required").iter().filter_map(Value::as_str);
                if let Some(missing) = names.into_iter().find(|name| value.get(name).is_none()) {
                    return wrong(&format!("{missing} is missing"));
                }
            }
            "additionalProperties" => {
                let known = words.get("properties").and_then(Value::as_object);
                for (name, value) in value.as_object().into_iter().flatten() {
                    if known.is_none_or(|known| !known.contains_key(name)) {
                        validate(means, value, &format!("{at}.{name}"))?;
                    }
                }
            }
            "items" => {
                for (number, value) in value.as_array().into_iter().flatten().enumerate() {
                    validate(means, value, &format!("{at}[{number}]"))?;
                }
            }
            "minimum" if value.is_number() && value.as_f64() < means.as_f64() => {
                return wrong(&format!("{value} is less than {means}"));
            }
            "maximum" if value.is_number() && value.as_f64() > means.as_f64() => {
                return wrong(&format!("{value} is more than {means}"));
            }
            // Formats of numbers say how many bits they have.
            "const" | "enum" | "minimum" | "maximum" | "format" => {}
            _ if NOTES.contains(&word.as_str()) => {}
            _ => panic!("the schema has the word {word:?}, which the tests do not know"),
        }
    }
    Ok(())
}

fn is_of(kind: &str, value: &Value) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        _ => value.is_object(),
    }
}

#[test]
fn lines_that_are_not_as_published_are_found() {
    let entry =
        |data: Value| validate(schema(), &serde_json::json!({ "version": 1, "kind": "removed", "data": data }), "$");
    let whole = serde_json::json!({ "path": "ding:a", "permanent": true, "entry": {
        "path": "ding:a", "name": "a", "type": "file", "size": 1, "modified": null, "version": 1, "space": "1", "id": "2",
        "uuid": "u", "parent": "0",
    } });
    assert_eq!(entry(whole.clone()), Ok(()));
    for (place, value) in
        [("/permanent", Value::from("yes")), ("/entry/type", Value::from("door")), ("/entry/size", Value::from(-1))]
    {
        let mut wrong = whole.clone();
        *wrong.pointer_mut(place).unwrap() = value;
        assert!(entry(wrong).is_err(), "{place}");
    }
    let mut missing = whole;
    missing.as_object_mut().unwrap().remove("path");
    assert!(entry(missing).is_err());
}
