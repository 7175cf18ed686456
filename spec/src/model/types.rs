//! Types that more than one place names.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EnumValue, Field, Map};

/// Shared types, by name.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Types {
    /// The types of this file. Their names are Rust names, unique in the whole spec.
    pub types: Map<TypeDef>,
}

/// One shared type: an object (`fields`), an enum (`values`) or an id (`id`). Exactly one of the three.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TypeDef {
    /// What it is.
    #[serde(default)]
    pub doc: Option<String>,
    /// Fields of an object.
    #[serde(default)]
    pub fields: Option<Map<Field>>,
    /// Values of an enum with what they mean. Others are kept, never refused.
    #[serde(default)]
    pub values: Option<Map<EnumValue>>,
    /// What shows that the values of an enum have an order and stand from the greatest to the least. They compare then.
    #[serde(default)]
    pub ranked: Option<String>,
    /// A text with a type of its own, so that it cannot be mixed up with others.
    #[serde(default)]
    pub id: Option<IdType>,
    /// What a caller must know and would not expect. It becomes documentation of the crate.
    #[serde(default)]
    pub quirks: Vec<String>,
    /// Where the sources contradict themselves, each other or their neighbours, and what this spec makes of it. For
    /// those who read or keep the spec; no caller has to know it.
    #[serde(default)]
    pub discrepancies: Vec<String>,
}

/// A text with a type of its own.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct IdType {
    /// A value as it may stand on the wire.
    #[serde(default)]
    pub example: Option<String>,
    /// Never shown in debug output, logs or errors.
    #[serde(default)]
    pub secret: bool,
    /// Values with a meaning of their own, by the name of the Rust function that makes them.
    #[serde(default)]
    pub constants: Map<Constant>,
    /// Other ids that are such an id, too, each with its grounds: when it is one, and where that is said. They convert.
    #[serde(default)]
    pub from: Map<String>,
}

/// A value of an id with a meaning of its own.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Constant {
    /// The value on the wire.
    pub value: String,
    /// What it means.
    pub doc: String,
}
