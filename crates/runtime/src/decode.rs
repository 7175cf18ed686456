//! Reading answers the way the server writes them: `null` and `""` for absent, numbers as strings and
//! strings as numbers, fields that come and go.
//!
//! Generated types implement [`Object`]; everything else follows from it. To keep generated code small to
//! compile, each kind of field goes through one visitor: ids, enums and texts all read a `String` first.

mod any;
mod fields;
mod map_or_list;
mod problem;
mod scalar;

use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess};

use crate::Time;

pub use fields::Fields;
pub use map_or_list::MapOrList;
pub(crate) use problem::Problem;

/// A type that is an object on the wire.
pub trait Object: Sized {
    /// Fields without which it is no such object.
    const ALWAYS: &'static [&'static str] = &[];

    /// Reads the fields.
    fn decode<'de, A: MapAccess<'de>>(fields: Fields<'de, A>) -> Result<Self, A::Error>;
}

/// A text on the wire: a `String`, an id, an enum.
pub trait Text: From<String> {
    /// Whether `""` is a value; otherwise it stands for an absent one.
    const KEEPS_EMPTY: bool = false;

    /// The value that a text stands for, where it can be had without keeping the text.
    fn known(text: &str) -> Option<Self> {
        let _ = text;
        None
    }
}

impl Text for String {
    const KEEPS_EMPTY: bool = true;
}

/// Anything that can stand in a list, a map or a field; `None` when it is absent.
pub trait Value: Sized {
    /// Reads the value.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error>;
}

impl<T: Object> Value for T {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        deserializer.deserialize_any(fields::ObjectVisitor(PhantomData))
    }
}

impl Value for String {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        text(deserializer)
    }
}

impl<T: Value> Value for Vec<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        deserializer.deserialize_any(fields::ListVisitor(PhantomData))
    }
}

impl Value for i64 {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        deserializer.deserialize_any(scalar::IntegerVisitor)
    }
}

impl Value for i32 {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        scalar::small(i64::read(deserializer)?)
    }
}

impl Value for bool {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        deserializer.deserialize_any(scalar::BooleanVisitor)
    }
}

impl Value for Time {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(scalar::time(deserializer.deserialize_any(scalar::TextVisitor)?))
    }
}

impl Value for serde_json::Value {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        any::Any::default().deserialize(deserializer)
    }
}

/// Type of a whole answer.
///
/// Every [`Object`] is one; `()` is the answer of operations that send none; `serde_json::Value` takes any.
pub trait Answer: Sized + Send + 'static {
    #[doc(hidden)]
    fn decode(body: &[u8]) -> Result<Self, serde_json::Error>;
}

impl<T: Object + Send + 'static> Answer for T {
    fn decode(body: &[u8]) -> Result<Self, serde_json::Error> {
        whole(body)
    }
}

impl Answer for serde_json::Value {
    fn decode(body: &[u8]) -> Result<Self, serde_json::Error> {
        whole(body)
    }
}

impl Answer for () {
    fn decode(_: &[u8]) -> Result<Self, serde_json::Error> {
        Ok(())
    }
}

fn whole<T: Value>(body: &[u8]) -> Result<T, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let value = T::read(&mut deserializer)?;
    deserializer.end()?;
    value.ok_or_else(|| serde_json::Error::custom("invalid type: null, expected an object"))
}

/// Reads an object, for `Deserialize` of generated types.
pub fn object<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::read(deserializer)?.ok_or_else(|| D::Error::custom("invalid type: null, expected an object"))
}

/// Reads a text that may be absent.
pub fn text<'de, T: Text, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(scalar::present(deserializer.deserialize_any(scalar::TextVisitor)?))
}

/// Reads a text that stands where a value is needed, for `Deserialize` of ids and enums.
pub fn required_text<'de, T: Text, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    match deserializer.deserialize_any(scalar::TextVisitor)? {
        Some(text) => Ok(scalar::value(text)),
        None => Err(D::Error::custom("invalid type: null, expected a text")),
    }
}

/// The value of a field that is always there.
pub fn always<T, E: serde::de::Error>(value: Option<T>) -> Result<T, E> {
    value.ok_or_else(|| E::custom("invalid type: null, expected a value"))
}

/// Reads a [`Value`] where serde wants a seed.
struct Read<T>(PhantomData<T>);

impl<'de, T: Value> DeserializeSeed<'de> for Read<T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        T::read(deserializer)
    }
}
