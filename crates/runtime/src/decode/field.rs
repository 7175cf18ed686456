//! One value of an answer, read as what its field should be.

use std::collections::BTreeMap;

use super::{MapOrList, Source, Text, Value, path};
use crate::Time;

/// Why a value cannot be read.
#[derive(Debug)]
pub struct Failure(pub(super) Reason);

#[derive(Debug)]
pub(super) enum Reason {
    /// The deserializer knows it, in its own type of error.
    Kept,
    /// This crate says so.
    Message(&'static str),
}

impl Failure {
    pub(super) fn message(message: &'static str) -> Self {
        Self(Reason::Message(message))
    }
}

/// A value that is to be read, once, into the field that it belongs to.
///
/// What the server leaves out, or writes as `null` or `""`, empties the field.
pub struct Field<'a>(pub(super) &'a mut dyn Source);

impl Field<'_> {
    /// A text. `""` is one for a `String` alone.
    pub fn text<T: Text>(self, field: &mut Option<T>) -> Result<(), Failure> {
        self.take_text(T::KEEPS_EMPTY, &mut |text| *field = text.map(T::from))
    }

    /// A text by itself, for what stands in a list or a map.
    pub fn read_text<T: Text>(self) -> Result<Option<T>, Failure> {
        let mut value = None;
        self.text(&mut value)?;
        Ok(value)
    }

    pub(super) fn take_text(self, keeps_empty: bool, take: &mut dyn FnMut(Option<&str>)) -> Result<(), Failure> {
        let text = self.0.text()?;
        take(text.as_deref().filter(|text| keeps_empty || !text.is_empty()));
        Ok(())
    }

    /// A whole number.
    pub fn integer(self, field: &mut Option<i64>) -> Result<(), Failure> {
        i64::read_into(self, field)
    }

    /// A whole number of 32 bits.
    pub fn small_integer(self, field: &mut Option<i32>) -> Result<(), Failure> {
        i32::read_into(self, field)
    }

    /// A boolean.
    pub fn boolean(self, field: &mut Option<bool>) -> Result<(), Failure> {
        bool::read_into(self, field)
    }

    /// A time, in whatever shape.
    pub fn time(self, field: &mut Option<Time>) -> Result<(), Failure> {
        Value::read_into(self, field)
    }

    /// An object.
    pub fn object<T: Value>(self, field: &mut Option<T>) -> Result<(), Failure> {
        Value::read_into(self, field)
    }

    /// A list; absent elements are left out.
    pub fn list<T: Value>(self, field: &mut Vec<T>) -> Result<(), Failure> {
        field.clear();
        self.0.list(field).map(drop)
    }

    /// A map; absent values are left out.
    pub fn map<T: Value>(self, field: &mut BTreeMap<String, T>) -> Result<(), Failure> {
        field.clear();
        self.0.object(field).map(drop)
    }

    /// A list, or a map of lists.
    pub fn map_or_list<T: Value>(self, field: &mut Option<MapOrList<T>>) -> Result<(), Failure> {
        Value::read_into(self, field)
    }

    /// Any value.
    pub fn any(self, field: &mut Option<serde_json::Value>) -> Result<(), Failure> {
        Value::read_into(self, field)
    }

    /// A value behind a pointer.
    pub fn boxed<T: Value>(self, field: &mut Option<Box<T>>) -> Result<(), Failure> {
        *field = T::read(self)?.map(Box::new);
        Ok(())
    }

    /// A value that is always there.
    pub fn always<T: Value>(self, field: &mut T) -> Result<(), Failure> {
        *field = T::read(self)?.ok_or_else(|| Failure::message("invalid type: null, expected a value"))?;
        Ok(())
    }

    /// Leaves out the value of a field that nobody knows.
    pub fn skip(self) -> Result<(), Failure> {
        self.0.skip().inspect_err(|_| path::note_unknown())
    }
}
