//! The JSON Schema of the format in the form that the check against it works with.
//!
//! The schema is made from the model, so the model stays the only description of the format.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::{Map, Value};

use crate::schema;

/// What may stand at a place of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Any data, for examples and defaults.
    Any,
    Text,
    Bool,
    Integer {
        min: i64,
        max: i64,
    },
    /// One of some texts.
    OneOf(Vec<String>),
    List {
        item: Box<Shape>,
        exactly: Option<u64>,
    },
    /// A map with keys that the author chooses.
    Map {
        value: Box<Shape>,
        numeric_keys: bool,
    },
    /// A map with keys that the format chooses.
    Struct(Vec<Key>),
    /// Told apart by being a scalar, a list or a map.
    Choice(Vec<Shape>),
    /// A shape by name; shapes may contain themselves.
    Named(String),
}

/// A key of a [`Shape::Struct`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) shape: Shape,
    pub(crate) required: bool,
}

/// The shapes of the format, by the name of their model type.
static SHAPES: LazyLock<BTreeMap<String, Shape>> = LazyLock::new(|| {
    let mut unsupported = Vec::new();
    shapes(&schema::json_schema(), &mut unsupported)
});

/// The keys that the format has anywhere.
static KEYS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    let structs = SHAPES.values().filter_map(|shape| match shape {
        Shape::Struct(keys) => Some(keys),
        _ => None,
    });
    structs.flatten().map(|key| key.name.as_str()).collect()
});

/// Whether the format has a key of the name anywhere.
pub(crate) fn is_key(name: &str) -> bool {
    KEYS.contains(name)
}

/// The shape of a type of the model.
pub(crate) fn named(name: &str) -> &'static Shape {
    SHAPES.get(name).unwrap_or(&Shape::Any)
}

impl Shape {
    /// Follows names to what they stand for.
    pub(crate) fn resolved(&self) -> &Shape {
        match self {
            Self::Named(name) => named(name),
            other => other,
        }
    }

    /// What it is, for messages.
    pub(crate) fn describe(&self) -> String {
        match self.resolved() {
            Self::Any | Self::Named(_) => "anything".to_owned(),
            Self::Text => "a text".to_owned(),
            Self::Bool => "`true` or `false`".to_owned(),
            Self::Integer { .. } => "a whole number".to_owned(),
            Self::OneOf(values) => format!("one of {}", quoted_list(values)),
            Self::List { exactly: Some(1), .. } => "a list of one element".to_owned(),
            Self::List { .. } => "a list".to_owned(),
            Self::Map { .. } | Self::Struct(_) => "a map".to_owned(),
            Self::Choice(shapes) => shapes.iter().map(Self::describe).collect::<Vec<_>>().join(" or "),
        }
    }
}

/// Names in backquotes, separated by commas.
pub(crate) fn quoted_list(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn shapes(schema: &Value, unsupported: &mut Vec<String>) -> BTreeMap<String, Shape> {
    let definitions = schema.get("$defs").and_then(Value::as_object).cloned().unwrap_or_default();
    definitions.iter().map(|(name, schema)| (name.clone(), shape(schema, unsupported))).collect()
}

/// Translates what `schemars` writes for the model. What it does not know goes to `unsupported`; a test keeps that empty.
fn shape(schema: &Value, unsupported: &mut Vec<String>) -> Shape {
    let Some(object) = schema.as_object() else { return Shape::Any };
    if let Some(reference) = object.get("$ref").and_then(Value::as_str) {
        return Shape::Named(reference.trim_start_matches("#/$defs/").to_owned());
    }
    if let Some(choices) = object.get("oneOf").and_then(Value::as_array) {
        let values = choices.iter().filter_map(|choice| choice.get("const").and_then(Value::as_str));
        return Shape::OneOf(values.map(str::to_owned).collect());
    }
    if let Some(choices) = object.get("anyOf").and_then(Value::as_array) {
        return choice(choices, unsupported);
    }
    match type_name(object) {
        Some("string") => Shape::Text,
        Some("boolean") => Shape::Bool,
        Some("integer") => integer(object),
        Some("array") => list(object, unsupported),
        Some("object") => map(object, unsupported),
        None if object.keys().all(|key| matches!(key.as_str(), "description" | "default")) => Shape::Any,
        _ => {
            unsupported.push(schema.to_string());
            Shape::Any
        }
    }
}

/// The type; one that may be null is written without a value in YAML, so null does not count.
fn type_name(object: &Map<String, Value>) -> Option<&str> {
    match object.get("type")? {
        Value::String(name) => Some(name),
        Value::Array(names) => match names.iter().filter_map(Value::as_str).collect::<Vec<_>>().as_slice() {
            [name, "null"] => Some(name),
            _ => None,
        },
        _ => None,
    }
}

fn choice(choices: &[Value], unsupported: &mut Vec<String>) -> Shape {
    let choices = choices.iter().filter(|choice| choice.get("type").is_none_or(|kind| kind != "null"));
    let mut shapes: Vec<Shape> = choices.map(|choice| shape(choice, unsupported)).collect();
    if shapes.len() == 1 { shapes.remove(0) } else { Shape::Choice(shapes) }
}

fn integer(object: &Map<String, Value>) -> Shape {
    let (min, max) = match object.get("format").and_then(Value::as_str) {
        Some("uint16") => (0, i64::from(u16::MAX)),
        Some("uint32") => (0, i64::from(u32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    Shape::Integer { min, max }
}

fn list(object: &Map<String, Value>, unsupported: &mut Vec<String>) -> Shape {
    let item = object.get("items").map_or(Shape::Any, |items| shape(items, unsupported));
    let bound = |key: &str| object.get(key).and_then(Value::as_u64);
    let exactly = bound("minItems").filter(|least| bound("maxItems") == Some(*least));
    Shape::List { item: Box::new(item), exactly }
}

fn map(object: &Map<String, Value>, unsupported: &mut Vec<String>) -> Shape {
    if let Some(properties) = object.get("properties").and_then(Value::as_object) {
        let required = object.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
        let key = |(name, schema): (&String, &Value)| Key {
            name: name.clone(),
            shape: shape(schema, unsupported),
            required: required.iter().any(|each| each == name),
        };
        return Shape::Struct(properties.iter().map(key).collect());
    }
    let patterns = object.get("patternProperties").and_then(Value::as_object);
    if let Some(schema) = patterns.and_then(|patterns| patterns.get("^\\d+$")) {
        return Shape::Map { value: Box::new(shape(schema, unsupported)), numeric_keys: true };
    }
    if let Some(schema @ Value::Object(_)) = object.get("additionalProperties") {
        return Shape::Map { value: Box::new(shape(schema, unsupported)), numeric_keys: false };
    }
    unsupported.push(Value::Object(object.clone()).to_string());
    Shape::Any
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_the_schema_is_understood() {
        let mut unsupported = Vec::new();
        shapes(&schema::json_schema(), &mut unsupported);
        assert!(unsupported.is_empty(), "{unsupported:?}");
    }

    #[test]
    fn only_examples_and_defaults_may_be_anything() {
        let mut places = Vec::new();
        for (name, shape) in &*SHAPES {
            match shape {
                Shape::Any => places.push(name.clone()),
                Shape::Struct(keys) => {
                    let any = keys.iter().filter(|key| key.shape == Shape::Any);
                    places.extend(any.map(|key| format!("{name}.{}", key.name)));
                }
                _ => {}
            }
        }
        assert_eq!(places, ["Field.default", "Field.example"]);
    }

    #[test]
    fn all_kinds_of_documents_have_a_shape() {
        for name in ["Operation", "Family", "Types", "Errors", "Groups", "Scopes", "Events"] {
            assert!(matches!(named(name), Shape::Struct(_)), "{name}");
        }
    }
}
