//! Where the versions of OpenAPI differ.

use serde_json::{Value, json};

/// A version of OpenAPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// 3.0, for tools that are older.
    V3_0,
    /// 3.1, whose schemas are those of JSON Schema.
    V3_1,
}

#[derive(Clone, Copy)]
pub(super) struct Dialect {
    version: Version,
}

impl Dialect {
    pub(super) fn of(version: Version) -> Self {
        Self { version }
    }

    /// The version as the document states it.
    pub(super) fn number(self) -> &'static str {
        match self.version {
            Version::V3_0 => "3.0.3",
            Version::V3_1 => "3.1.0",
        }
    }

    /// Lets a schema be null, too.
    pub(super) fn nullable(self, mut schema: Value) -> Value {
        match self.version {
            // Beside a reference, nothing else counts in 3.0.
            Version::V3_0 if schema.get("$ref").is_some() => json!({ "allOf": [schema], "nullable": true }),
            Version::V3_0 => {
                schema["nullable"] = json!(true);
                schema
            }
            Version::V3_1 => json!({ "anyOf": [schema, { "type": "null" }] }),
        }
    }

    /// Adds what a field says of itself to the schema of its type.
    pub(super) fn with(self, schema: Value, facts: serde_json::Map<String, Value>) -> Value {
        if facts.is_empty() {
            return schema;
        }
        let mut schema = match self.version {
            Version::V3_0 if schema.get("$ref").is_some() => json!({ "allOf": [schema] }),
            _ => schema,
        };
        if let Some(object) = schema.as_object_mut() {
            object.extend(facts);
        }
        schema
    }

    /// An example within a schema.
    pub(super) fn example(self, example: Value) -> (String, Value) {
        match self.version {
            Version::V3_0 => ("example".to_owned(), example),
            Version::V3_1 => ("examples".to_owned(), json!([example])),
        }
    }

    /// The content of a file.
    pub(super) fn file(self) -> Value {
        match self.version {
            Version::V3_0 => json!({ "type": "string", "format": "binary" }),
            Version::V3_1 => json!({ "type": "string", "contentMediaType": "application/octet-stream" }),
        }
    }

    /// A text or a number, as the API sends times.
    pub(super) fn text_or_number(self, description: &str) -> Value {
        match self.version {
            Version::V3_0 => {
                json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }], "description": description })
            }
            Version::V3_1 => json!({ "type": ["string", "integer"], "description": description }),
        }
    }

    /// The elements of a list in the query, each under a numbered name: `ids.1=a&ids.2=b`.
    pub(super) fn numbered(self, wire: &str, element: Value) -> Value {
        match self.version {
            Version::V3_0 => json!({ "type": "object", "additionalProperties": element }),
            Version::V3_1 => {
                let name: String =
                    wire.chars().map(|c| if c.is_alphanumeric() { c.to_string() } else { format!("\\{c}") }).collect();
                json!({
                    "type": "object",
                    "patternProperties": { format!("^{name}\\.[1-9][0-9]*$"): element },
                    "additionalProperties": false,
                })
            }
        }
    }

    /// The permissions of a requirement of security; 3.0 knows them for OAuth only.
    pub(super) fn roles(self, scope: Option<&str>) -> Value {
        match (self.version, scope) {
            (Version::V3_1, Some(scope)) => json!([scope]),
            _ => json!([]),
        }
    }
}
