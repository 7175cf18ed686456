//! Strict reading: a value is of its type, or a problem with its place.

use std::collections::BTreeMap;

use serde_json::Value;

use super::findings::Findings;
use super::path::At;
use super::shape::Shape;
use crate::{ErrorCode, MapOrList, Nullable, Time};

/// A type that can be read from the JSON of a parameter.
///
/// Other than in answers, nothing is bent to fit: a number is no text, and `null` is nothing at all.
pub trait Read: Sized {
    /// What it takes.
    fn shape() -> Shape;

    /// Reads a value. Without one, what is wrong is among the findings.
    fn read(value: &Value, at: &At<'_>, findings: &mut Findings) -> Option<Self>;
}

impl Read for String {
    fn shape() -> Shape {
        Shape::Text
    }

    fn read(value: &Value, at: &At<'_>, findings: &mut Findings) -> Option<Self> {
        let text = value.as_str();
        if text.is_none() {
            findings.wrong_type(at, "a text", value);
        }
        text.map(str::to_owned)
    }
}

impl Read for Time {
    fn shape() -> Shape {
        Shape::Time
    }

    fn read(value: &Value, at: &At<'_>, findings: &mut Findings) -> Option<Self> {
        match value {
            Value::String(text) => Some(Self::from(text.as_str())),
            value if value.is_i64() => value.as_i64().map(Self::from_unix_millis),
            _ => {
                findings.wrong_type(at, "a time, as a text or a number of milliseconds since 1970", value);
                None
            }
        }
    }
}

impl Read for u64 {
    fn shape() -> Shape {
        Shape::Unsigned
    }

    fn read(value: &Value, at: &At<'_>, findings: &mut Findings) -> Option<Self> {
        let number = value.as_u64();
        if number.is_none() {
            findings.wrong_type(at, "a whole number that is not negative", value);
        }
        number
    }
}

impl Read for i64 {
    fn shape() -> Shape {
        Shape::Integer(64)
    }

    fn read(value: &Value, at: &At<'_>, findings: &mut Findings) -> Option<Self> {
        let number = value.as_i64();
        if number.is_none() {
            findings.wrong_type(at, "a whole number", value);
        }
        number
    }
}

impl Read for i32 {
    fn shape() -> Shape {
        Shape::Integer(32)
    }

    fn read(value: &Value, at: &At<'_>, findings: &mut Findings) -> Option<Self> {
        let number = value.as_i64().and_then(|number| Self::try_from(number).ok());
        if number.is_none() {
            findings.wrong_type(at, "a whole number of 32 bits", value);
        }
        number
    }
}

impl Read for bool {
    fn shape() -> Shape {
        Shape::Boolean
    }

    fn read(value: &Value, at: &At<'_>, findings: &mut Findings) -> Option<Self> {
        let flag = value.as_bool();
        if flag.is_none() {
            findings.wrong_type(at, "a boolean", value);
        }
        flag
    }
}

impl Read for Value {
    fn shape() -> Shape {
        Shape::Any
    }

    fn read(value: &Value, _: &At<'_>, _: &mut Findings) -> Option<Self> {
        Some(value.clone())
    }
}

impl<T: Read> Read for Vec<T> {
    fn shape() -> Shape {
        Shape::List(T::shape)
    }

    fn read(value: &Value, at: &At<'_>, findings: &mut Findings) -> Option<Self> {
        let Some(elements) = value.as_array() else {
            findings.wrong_type(at, "a list", value);
            return None;
        };
        let elements = elements.iter().enumerate();
        Some(elements.filter_map(|(index, element)| T::read(element, &At::Element(at, index), findings)).collect())
    }
}

impl<T: Read> Read for BTreeMap<String, T> {
    fn shape() -> Shape {
        Shape::Map(T::shape)
    }

    fn read(value: &Value, at: &At<'_>, findings: &mut Findings) -> Option<Self> {
        let Some(entries) = value.as_object() else {
            findings.wrong_type(at, "an object", value);
            return None;
        };
        let read = |(name, value): (&String, &Value)| {
            T::read(value, &At::Field(at, name), findings).map(|value| (name.clone(), value))
        };
        Some(entries.iter().filter_map(read).collect())
    }
}

impl<T: Read> Read for MapOrList<T> {
    fn shape() -> Shape {
        Shape::Map(Vec::<T>::shape)
    }

    fn read(value: &Value, at: &At<'_>, findings: &mut Findings) -> Option<Self> {
        if value.is_array() {
            Vec::read(value, at, findings).map(Self::List)
        } else {
            BTreeMap::read(value, at, findings).map(Self::Map)
        }
    }
}

/// Other than the codes of this version go through, since the server may have more.
impl Read for ErrorCode {
    fn shape() -> Shape {
        Shape::Text
    }

    fn read(value: &Value, at: &At<'_>, findings: &mut Findings) -> Option<Self> {
        String::read(value, at, findings).map(Self::from)
    }
}

/// `null` is a value here.
impl<T: Read> Read for Nullable<T> {
    fn shape() -> Shape {
        Shape::Nullable(T::shape)
    }

    fn read(value: &Value, at: &At<'_>, findings: &mut Findings) -> Option<Self> {
        if value.is_null() { Some(Self::Null) } else { T::read(value, at, findings).map(Self::Value) }
    }
}

impl<T: Read> Read for Box<T> {
    fn shape() -> Shape {
        T::shape()
    }

    fn read(value: &Value, at: &At<'_>, findings: &mut Findings) -> Option<Self> {
        T::read(value, at, findings).map(Self::new)
    }
}

/// A field that may be left out; what is there must be a value.
impl<T: Read> Read for Option<T> {
    fn shape() -> Shape {
        T::shape()
    }

    fn read(value: &Value, at: &At<'_>, findings: &mut Findings) -> Option<Self> {
        T::read(value, at, findings).map(Some)
    }
}
