//! `Deserialize` of generated types.
//!
//! Answers of calls do not come this way. It is for answers that a program has stored, in whatever format, and it is
//! strict: there is nobody who could be told what was passed over.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::document::Document;
use super::{NULL_FOR_OBJECT, Object, Text};

/// Reads an object.
pub fn object<'de, T: Object + Default, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let json = deserializer.deserialize_newtype_struct(RAW, Json)?;
    let mut object = T::default();
    match Document::strict(&json).read(|mut reader| reader.object(&mut object)) {
        Ok(true) => Ok(object),
        Ok(false) => Err(D::Error::custom(NULL_FOR_OBJECT)),
        Err(failure) => Err(match failure.missing_field() {
            Some(name) => D::Error::missing_field(name),
            None => D::Error::custom(failure),
        }),
    }
}

/// What `serde_json` calls the text of a value in its data model. Other formats, and other versions of it, take it for
/// any name: then the value comes in parts, and the numbers as that format has them.
const RAW: &str = "$serde_json::private::RawValue";

/// Makes JSON text of any value that can be an object.
struct Json;

impl<'de> Visitor<'de> for Json {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            if name == RAW {
                return entries.next_value::<Verbatim<'de>>().map(|text| text.0);
            }
            map.insert(name, entries.next_value()?);
        }
        Ok(Cow::Owned(Value::Object(map).to_string()))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed("null"))
    }
}

/// A text without a copy, where that can be.
struct Verbatim<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Verbatim<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor).map(Self)
    }
}

/// Reads a text that stands where a value is needed: an id or enum, perhaps in a configuration file.
pub fn required_text<'de, T: Text, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let text = deserializer.deserialize_any(TextVisitor)?;
    Ok(T::from(&text))
}

/// Takes a text, or a whole number or boolean as one.
struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(number.to_string()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(number.to_string()))
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(if flag { "true" } else { "false" }))
    }
}
