//! References to types: `string`, `Dentry`, `[DentryId]`, `{string: [AppProperty]}`.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_yaml::Value;

/// The type of a field, as it is written in the spec.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub enum TypeRef {
    /// A built-in or shared type, by name.
    Named(String),
    /// `[T]`
    List(Box<TypeRef>),
    /// `{string: T}`
    Map(Box<TypeRef>),
}

impl TypeRef {
    /// The name at the core of lists and maps.
    pub fn name(&self) -> &str {
        match self {
            Self::Named(name) => name,
            Self::List(inner) | Self::Map(inner) => inner.name(),
        }
    }
}

impl fmt::Display for TypeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => f.write_str(name),
            Self::List(inner) => write!(f, "[{inner}]"),
            Self::Map(inner) => write!(f, "{{string: {inner}}}"),
        }
    }
}

impl TryFrom<Value> for TypeRef {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        let wrong = "a type is a name, `[T]` or `{string: T}`";
        match value {
            Value::String(name) => Ok(Self::Named(name)),
            Value::Sequence(items) => match <[Value; 1]>::try_from(items) {
                Ok([item]) => Ok(Self::List(Box::new(item.try_into()?))),
                Err(_) => Err(wrong.to_owned()),
            },
            Value::Mapping(map) => {
                let mut entries = map.into_iter();
                match (entries.next(), entries.next()) {
                    (Some((Value::String(key), item)), None) if key == "string" => {
                        Ok(Self::Map(Box::new(item.try_into()?)))
                    }
                    _ => Err(wrong.to_owned()),
                }
            }
            _ => Err(wrong.to_owned()),
        }
    }
}

impl From<TypeRef> for Value {
    fn from(reference: TypeRef) -> Self {
        match reference {
            TypeRef::Named(name) => Self::String(name),
            TypeRef::List(inner) => Self::Sequence(vec![(*inner).into()]),
            TypeRef::Map(inner) => {
                Self::Mapping([(Self::String("string".to_owned()), (*inner).into())].into_iter().collect())
            }
        }
    }
}

impl JsonSchema for TypeRef {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "TypeRef".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let inner = generator.subschema_for::<Self>();
        json_schema!({
            "description": "A type: a name, `[T]` or `{string: T}`.",
            "anyOf": [
                { "type": "string" },
                { "type": "array", "items": inner, "minItems": 1, "maxItems": 1 },
                { "type": "object", "properties": { "string": inner }, "required": ["string"], "additionalProperties": false },
            ],
        })
    }
}
