//! Reading answers the way the server writes them: `null` and `""` for absent, numbers as strings and
//! strings as numbers, fields that come and go.
//!
//! Generated types implement [`Object`]; everything else follows from it. None of their code is generic over
//! the deserializer: an object is filled field by field through a pointer, so that serde's machinery is compiled
//! once, here, and not once for each type.

mod any;
mod field;
mod map_or_list;
mod path;
mod problem;
mod scalar;
mod source;

use std::collections::BTreeMap;

use serde::de::{Deserializer, Error as _};

use crate::Time;

pub use field::{Failure, Field};
pub use map_or_list::MapOrList;
pub(crate) use path::path_to_failure;
pub(crate) use problem::Problem;
use source::{List, Source, whole};

/// A type that is an object on the wire.
pub trait Object {
    /// Fields without which it is no such object; at most 64.
    fn always(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether the names are data of the server and not names of fields; no error shows them then.
    fn names_are_data(&self) -> bool {
        false
    }

    /// Reads the field of this name.
    fn field(&mut self, name: &str, value: Field<'_>) -> Result<(), Failure>;
}

/// A text on the wire: a `String`, an id, an enum.
pub trait Text: for<'a> From<&'a str> {
    /// Whether `""` is a value; otherwise it stands for an absent one.
    const KEEPS_EMPTY: bool = false;
}

impl Text for String {
    const KEEPS_EMPTY: bool = true;
}

/// Anything that can stand in a list, a map or a field; `None` when it is absent.
pub trait Value: Sized {
    /// Reads the value.
    fn read(value: Field<'_>) -> Result<Option<Self>, Failure>;

    /// Reads the value into its place.
    fn read_into(value: Field<'_>, place: &mut Option<Self>) -> Result<(), Failure> {
        *place = Self::read(value)?;
        Ok(())
    }

    /// Reads the value to the end of a list; an absent one is left out.
    fn push(value: Field<'_>, list: &mut Vec<Self>) -> Result<(), Failure> {
        list.extend(Self::read(value)?);
        Ok(())
    }
}

/// Objects are large: they are filled where they will stay.
impl<T: Object + Default> Value for T {
    fn read(value: Field<'_>) -> Result<Option<Self>, Failure> {
        let mut object = None;
        Self::read_into(value, &mut object)?;
        Ok(object)
    }

    fn read_into(value: Field<'_>, place: &mut Option<Self>) -> Result<(), Failure> {
        if !value.0.object(place.insert(T::default()))? {
            *place = None;
        }
        Ok(())
    }

    fn push(value: Field<'_>, list: &mut Vec<Self>) -> Result<(), Failure> {
        if !value.0.object(list.push_mut(T::default()))? {
            list.pop();
        }
        Ok(())
    }
}

impl Value for String {
    fn read(value: Field<'_>) -> Result<Option<Self>, Failure> {
        value.read_text()
    }
}

impl Value for i64 {
    fn read(value: Field<'_>) -> Result<Option<Self>, Failure> {
        value.0.integer()
    }
}

impl Value for i32 {
    fn read(value: Field<'_>) -> Result<Option<Self>, Failure> {
        scalar::small(value.0.integer()?)
    }
}

impl Value for bool {
    fn read(value: Field<'_>) -> Result<Option<Self>, Failure> {
        value.0.boolean()
    }
}

impl Value for Time {
    fn read(value: Field<'_>) -> Result<Option<Self>, Failure> {
        let mut time = None;
        value.take_text(false, &mut |text| time = text.map(Time::from))?;
        Ok(time)
    }
}

impl Value for serde_json::Value {
    fn read(value: Field<'_>) -> Result<Option<Self>, Failure> {
        value.0.any()
    }
}

impl<T: Value> Value for Vec<T> {
    fn read(value: Field<'_>) -> Result<Option<Self>, Failure> {
        let mut list = Self::new();
        Ok(value.0.list(&mut list)?.then_some(list))
    }
}

impl<T: Value> List for Vec<T> {
    fn element(&mut self, value: Field<'_>) -> Result<(), Failure> {
        T::push(value, self)
    }
}

/// Values that are absent are left out.
impl<T: Value> Object for BTreeMap<String, T> {
    fn names_are_data(&self) -> bool {
        true
    }

    fn field(&mut self, name: &str, value: Field<'_>) -> Result<(), Failure> {
        if let Some(value) = T::read(value)? {
            self.insert(name.to_owned(), value);
        }
        Ok(())
    }
}

/// Type of a whole answer.
///
/// Every [`Object`] is one; `()` is the answer of operations that send none, and takes any whole JSON text too;
/// `serde_json::Value` takes any.
pub trait Answer: Sized + Send + 'static {
    #[doc(hidden)]
    fn decode(body: &[u8]) -> Result<Self, serde_json::Error>;
}

impl<T: Object + Default + Send + 'static> Answer for T {
    fn decode(body: &[u8]) -> Result<Self, serde_json::Error> {
        let mut object = T::default();
        fill(&mut object, body).map(|()| object)
    }
}

impl Answer for serde_json::Value {
    fn decode(body: &[u8]) -> Result<Self, serde_json::Error> {
        let mut deserializer = serde_json::Deserializer::from_slice(body);
        let value = whole(&mut deserializer, |source| source.any())?;
        deserializer.end()?;
        value.ok_or_else(|| serde_json::Error::custom(NULL_FOR_OBJECT))
    }
}

impl Answer for () {
    fn decode(body: &[u8]) -> Result<Self, serde_json::Error> {
        if body.trim_ascii().is_empty() {
            return Ok(());
        }
        // Whatever it is, it must be whole: a cut answer may be the beginning of an error.
        let mut deserializer = serde_json::Deserializer::from_slice(body);
        whole(&mut deserializer, |source| source.skip())?;
        deserializer.end()
    }
}

const NULL_FOR_OBJECT: &str = "invalid type: null, expected an object";

fn fill(object: &mut dyn Object, body: &[u8]) -> Result<(), serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let is_present = whole(&mut deserializer, |source| source.object(object))?;
    deserializer.end()?;
    if is_present { Ok(()) } else { Err(serde_json::Error::custom(NULL_FOR_OBJECT)) }
}

/// Reads an object, for `Deserialize` of generated types.
pub fn object<'de, T: Object + Default, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut object = T::default();
    let is_present = whole(deserializer, |source| source.object(&mut object))?;
    if is_present { Ok(object) } else { Err(D::Error::custom(NULL_FOR_OBJECT)) }
}

/// Reads a text that stands where a value is needed, for `Deserialize` of ids and enums.
pub fn required_text<'de, T: Text, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let text = whole(deserializer, |source| Ok(source.text()?.map(|text| T::from(&text))))?;
    text.ok_or_else(|| D::Error::custom("invalid type: null, expected a text"))
}
