//! What a field really holds, with the names of types followed.

use crate::model::{EnumValue, Field, Map, TypeRef};

use super::Workspace;

/// Names of the built-in types.
pub(crate) const BUILT_IN: &[&str] =
    &["string", "int32", "int64", "uint64", "bool", "time", "timestamp", "errorCode", "any", "object", "file"];

/// What a field holds.
pub(crate) enum Kind<'a> {
    Text,
    Int32,
    Int64,
    /// One that is never negative.
    Uint64,
    Bool,
    Time,
    /// A time as a number of milliseconds.
    Timestamp,
    Any,
    /// A code of errors.yaml, or one that nobody listed.
    ErrorCode,
    /// A file in a form.
    File,
    Id,
    Enum(&'a Map<EnumValue>),
    Object(&'a Map<Field>),
    List(Box<Kind<'a>>),
    Map(Box<Kind<'a>>),
    /// A name that is not defined, or a type that is not finished; reported elsewhere.
    Unknown,
}

impl<'a> Kind<'a> {
    /// The kind of a field.
    pub(crate) fn of(field: &'a Field, workspace: &Workspace<'a>) -> Self {
        match &field.kind {
            Some(reference) => Self::of_reference(reference, &field.fields, workspace),
            None if field.fields.is_empty() => Self::Unknown,
            None => Self::Object(&field.fields),
        }
    }

    /// The kind of a reference that stands alone.
    pub(crate) fn of_reference(reference: &'a TypeRef, inline: &'a Map<Field>, workspace: &Workspace<'a>) -> Self {
        match reference {
            TypeRef::List(inner) => Self::List(Box::new(Self::of_reference(inner, inline, workspace))),
            TypeRef::Map(inner) => Self::Map(Box::new(Self::of_reference(inner, inline, workspace))),
            TypeRef::Named(name) => match name.as_str() {
                "string" => Self::Text,
                "int32" => Self::Int32,
                "int64" => Self::Int64,
                "uint64" => Self::Uint64,
                "bool" => Self::Bool,
                "time" => Self::Time,
                "timestamp" => Self::Timestamp,
                "errorCode" => Self::ErrorCode,
                "any" => Self::Any,
                "file" => Self::File,
                "object" => Self::Object(inline),
                name => Self::of_shared(name, workspace),
            },
        }
    }

    /// The kind of a shared type.
    pub(crate) fn of_shared(name: &str, workspace: &Workspace<'a>) -> Self {
        let definition = workspace.definition(name).filter(|_| !workspace.is_ambiguous(name));
        let Some(def) = definition.map(|definition| definition.def) else { return Self::Unknown };
        match (&def.fields, &def.values, &def.id) {
            (Some(fields), None, None) => Self::Object(fields),
            (None, Some(values), None) => Self::Enum(values),
            (None, None, Some(_)) => Self::Id,
            _ => Self::Unknown,
        }
    }

    pub(crate) fn is_unknown(&self) -> bool {
        match self {
            Self::Unknown => true,
            Self::List(inner) | Self::Map(inner) => inner.is_unknown(),
            _ => false,
        }
    }

    /// Whether it can stand in a path, or as one value in a query.
    pub(crate) fn is_scalar(&self) -> bool {
        matches!(self, Self::Text | Self::Bool | Self::Enum(_) | Self::Id) || self.is_integer()
    }

    pub(crate) fn is_integer(&self) -> bool {
        matches!(self, Self::Int32 | Self::Int64 | Self::Uint64)
    }

    pub(crate) fn is_list(&self) -> bool {
        matches!(self, Self::List(_))
    }

    /// Whether it can name something: a page token or a task.
    pub(crate) fn is_name(&self) -> bool {
        matches!(self, Self::Text | Self::Id) || self.is_integer()
    }

    /// The kind in words, for messages.
    pub(crate) fn describe(&self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::Int32 | Self::Int64 => "a number",
            Self::Uint64 => "a number that is not negative",
            Self::Bool => "a bool",
            Self::Time => "a time",
            Self::Timestamp => "a number of milliseconds",
            Self::Any => "any value",
            Self::ErrorCode => "an error code",
            Self::File => "a file",
            Self::Id => "an id",
            Self::Enum(_) => "an enum",
            Self::Object(_) => "an object",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
            Self::Unknown => "of an unknown type",
        }
    }
}
