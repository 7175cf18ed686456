//! A value of an enum: a sentence, or a sentence and a name.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_yaml::Value;

/// A value of an enum: what it means, or that and a Rust name: `"1": {rust: Reader, doc: May read.}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub struct EnumValue {
    /// What it means.
    pub doc: String,
    /// Rust name of the variant, where the value does not make one.
    pub rust: Option<String>,
}

/// The long form.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(rename = "NamedValue")]
struct Named {
    /// What it means.
    doc: String,
    /// Rust name of the variant, for a value that makes none (`"1"`) or the name of another value.
    #[serde(default)]
    rust: Option<String>,
}

impl From<&str> for EnumValue {
    fn from(doc: &str) -> Self {
        Self { doc: doc.to_owned(), rust: None }
    }
}

impl TryFrom<Value> for EnumValue {
    type Error = serde_yaml::Error;

    fn try_from(value: Value) -> Result<Self, serde_yaml::Error> {
        match value {
            Value::String(doc) => Ok(Self { doc, rust: None }),
            other => serde_yaml::from_value(other).map(|Named { doc, rust }| Self { doc, rust }),
        }
    }
}

impl From<EnumValue> for Value {
    fn from(EnumValue { doc, rust }: EnumValue) -> Self {
        match rust {
            None => Self::String(doc),
            Some(rust) => {
                let entries = [("doc", doc), ("rust", rust)];
                Self::Mapping(entries.into_iter().map(|(key, text)| (key.into(), text.into())).collect())
            }
        }
    }
}

impl JsonSchema for EnumValue {
    fn schema_name() -> Cow<'static, str> {
        "EnumValue".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let named = generator.subschema_for::<Named>();
        json_schema!({
            "description": "What a value means; with `rust` also the name of its variant.",
            "anyOf": [{ "type": "string" }, named],
        })
    }
}
