//! Reading answers the way the server writes them: `null` and `""` for absent, numbers as strings and
//! strings as numbers, fields that come and go.
//!
//! ```text
//! Document   the body of an answer: bounds, what was passed over, nothing may follow
//!    │
//! Reader     JSON: texts, numbers as digits, what comes next; goes forwards, and back to a value that did not fit
//!    │
//! Field      one value, asked for as what a field should be: text, whole number, list of objects ...
//!    │  ▲
//!    ▼  │    an object is asked for by the name of each field that comes, and asks the field for its value
//! Object     a generated type, by its table `answer_object!`
//! ```
//!
//! None of the code of a type is generic, and there is one reader, so that all of this is compiled once.
//!
//! # Numbers
//!
//! A whole number is whole by its digits: `7`, `"7"`, `7.0` and `70e-1` are 7. A number with a fraction, however small,
//! or with more digits than fit, is never rounded to a whole one: it is unreadable there. Where a text belongs, a
//! whole number is its digits, however many, and a fraction is as it was written.
//!
//! # What cannot be read
//!
//! In an element of a list, or an entry of a map, an unreadable value does not lose the rest: a field that may be
//! absent is left empty, and an element that is nothing without it is left out. Both are told, as [`Unreadable`], by
//! [`Call::with_unreadable`](crate::Call::with_unreadable) and the streams of pages and items. Anywhere else an
//! unreadable value is an error that leads to it: it may be what tells how to go on, such as the token of the next page.
//!
//! # Bounds
//!
//! See [`most_elements`](crate::ClientBuilder::most_elements) and
//! [`largest_decoded`](crate::ClientBuilder::largest_decoded).

mod any;
mod budget;
mod containers;
mod deserialize;
mod document;
mod failure;
mod field;
mod map_or_list;
mod number;
mod origin;
mod reader;
mod text;
mod unreadable;

use std::collections::BTreeMap;

use crate::Time;

pub(crate) use budget::Bounds;
use containers::List;
pub use deserialize::{object, required_text};
pub use document::Document;
pub use failure::Failure;
pub use field::Field;
pub use map_or_list::MapOrList;
pub use origin::Origin;
pub use unreadable::Unreadable;

/// A type that is an object on the wire.
pub trait Object {
    /// Fields without which it is no such object. The first 64 are looked for.
    fn always(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether the names are data of the server and not names of fields; no error shows them then.
    fn names_are_data(&self) -> bool {
        false
    }

    /// Reads the field of this name.
    fn field(&mut self, name: &str, value: Field<'_>) -> Result<(), Failure>;

    /// Notes the operation that the object came from.
    fn came_from(&mut self, _: Origin) {}
}

/// How many fields of a table are always there.
#[doc(hidden)]
#[must_use]
pub const fn count_always(mut fields: &[(&str, bool)]) -> usize {
    let mut count = 0;
    while let [(_, is_always), rest @ ..] = fields {
        if *is_always {
            count += 1;
        }
        fields = rest;
    }
    count
}

/// The names of the fields of a table that are always there.
#[doc(hidden)]
#[must_use]
pub const fn always<const N: usize>(mut fields: &[(&'static str, bool)]) -> [&'static str; N] {
    let mut names = [""; N];
    let mut count = 0;
    while let [(name, is_always), rest @ ..] = fields {
        if *is_always && let Some((_, free)) = names.split_at_mut_checked(count) {
            if let [first, ..] = free {
                *first = name;
            }
            count += 1;
        }
        fields = rest;
    }
    names
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

    fn read_into(mut value: Field<'_>, place: &mut Option<Self>) -> Result<(), Failure> {
        let result = value.0.object(place.insert(T::default()));
        if !matches!(result, Ok(true)) {
            *place = None;
        }
        result.map(drop)
    }

    fn push(mut value: Field<'_>, list: &mut Vec<Self>) -> Result<(), Failure> {
        let place = list.len();
        list.push(T::default());
        let result = list.last_mut().map_or(Ok(false), |object| value.0.object(object));
        if !matches!(result, Ok(true)) {
            list.truncate(place);
        }
        result.map(drop)
    }
}

impl Value for String {
    fn read(value: Field<'_>) -> Result<Option<Self>, Failure> {
        value.read_text()
    }
}

impl Value for i64 {
    fn read(value: Field<'_>) -> Result<Option<Self>, Failure> {
        value.whole_number()
    }
}

impl Value for u64 {
    #[inline]
    fn read(value: Field<'_>) -> Result<Option<Self>, Failure> {
        let unsigned = |number| {
            Self::try_from(number).map_err(|_| Failure::shape("a number that is not negative", "a negative number"))
        };
        value.whole_number()?.map(unsigned).transpose()
    }
}

impl Value for i32 {
    fn read(value: Field<'_>) -> Result<Option<Self>, Failure> {
        let narrowed =
            |number| Self::try_from(number).map_err(|_| Failure::shape("a number of 32 bits", "a larger number"));
        value.whole_number()?.map(narrowed).transpose()
    }
}

impl Value for bool {
    fn read(value: Field<'_>) -> Result<Option<Self>, Failure> {
        value.flag()
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
    fn read(mut value: Field<'_>) -> Result<Option<Self>, Failure> {
        Ok(Some(value.0.any()?).filter(|value| !value.is_null()))
    }
}

impl<T: Value> Value for Vec<T> {
    fn read(mut value: Field<'_>) -> Result<Option<Self>, Failure> {
        let mut list = Self::new();
        Ok(value.0.list(&mut list)?.then_some(list))
    }
}

impl<T: Value> List for Vec<T> {
    fn element(&mut self, value: Field<'_>) -> Result<(), Failure> {
        value.0.state.budget.grow(self)?;
        T::push(value, self)
    }
}

/// Values that are absent are left out.
impl<T: Value> Object for BTreeMap<String, T> {
    fn names_are_data(&self) -> bool {
        true
    }

    fn field(&mut self, name: &str, value: Field<'_>) -> Result<(), Failure> {
        value.0.state.budget.element()?;
        value.0.state.budget.entry::<T>(self.len(), name)?;
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
    fn read(document: &mut Document<'_>) -> Result<Self, Failure>;

    /// Reads a body as a call does that has no bounds of its own.
    #[doc(hidden)]
    fn decode(body: &[u8]) -> Result<Self, Failure> {
        Self::read(&mut Document::new(body, Bounds::default()))
    }
}

impl<T: Object + Default + Send + 'static> Answer for T {
    fn read(document: &mut Document<'_>) -> Result<Self, Failure> {
        let mut object = T::default();
        fill(&mut object, document).map(|()| object)
    }
}

impl Answer for serde_json::Value {
    fn read(document: &mut Document<'_>) -> Result<Self, Failure> {
        match document.read(|mut reader| reader.any())? {
            Self::Null => Err(Failure::shape("a value", "null")),
            value => Ok(value),
        }
    }
}

impl Answer for () {
    fn read(document: &mut Document<'_>) -> Result<Self, Failure> {
        // Whatever it is, it must be whole: a cut answer may be the beginning of an error.
        if document.is_empty() { Ok(()) } else { document.read(|mut reader| reader.look_through()) }
    }
}

/// An object of which nothing is kept.
struct Unread;

impl Object for Unread {
    fn field(&mut self, _: &str, value: Field<'_>) -> Result<(), Failure> {
        value.skip()
    }
}

const NULL_FOR_OBJECT: &str = "invalid type: null, expected an object";

/// Reads an object into its place. What was read before something that cannot be is there all the same.
pub(crate) fn fill(object: &mut dyn Object, document: &mut Document<'_>) -> Result<(), Failure> {
    if document.read(|mut reader| reader.object(object))? { Ok(()) } else { Err(Failure::shape("an object", "null")) }
}
