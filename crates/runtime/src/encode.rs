//! Writing values of requests, and answers again.
//!
//! As in [`decode`](crate::decode), no code of a type is generic over the serializer: a type tells what it is on
//! the wire, a [`Wire`], and that is written by serde's machinery, which is compiled once.

use std::collections::BTreeMap;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value;

/// What a value is on the wire.
pub enum Wire<'a> {
    /// Nothing.
    Null,
    /// A text.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// A boolean.
    Boolean(bool),
    /// Any JSON.
    Any(&'a Value),
    /// An object.
    Object(&'a dyn Object),
    /// A list.
    List(Box<dyn List + 'a>),
}

/// A value that can be written.
pub trait Encode {
    /// What it is on the wire.
    fn wire(&self) -> Wire<'_>;
}

/// An object that can be written.
pub trait Object {
    /// Gives each field that is there, in order.
    fn fields(&self, field: &mut dyn FnMut(&str, Wire<'_>));
}

/// A list that can be written.
pub trait List {
    /// Gives each element, in order.
    fn elements(&self, element: &mut dyn FnMut(Wire<'_>));
}

/// A field that may stand for nothing: an `Option`, or a collection that is empty where nothing was put into it.
pub trait Present {
    /// What it is on the wire, if there is a value.
    fn present(&self) -> Option<Wire<'_>>;
}

impl<T: Encode> Present for Option<T> {
    fn present(&self) -> Option<Wire<'_>> {
        self.as_ref().map(Encode::wire)
    }
}

impl<T: Encode> Present for Vec<T> {
    fn present(&self) -> Option<Wire<'_>> {
        (!self.is_empty()).then(|| self.wire())
    }
}

impl<T: Encode> Present for BTreeMap<String, T> {
    fn present(&self) -> Option<Wire<'_>> {
        (!self.is_empty()).then(|| self.wire())
    }
}

impl Encode for () {
    fn wire(&self) -> Wire<'_> {
        Wire::Null
    }
}

impl Encode for str {
    fn wire(&self) -> Wire<'_> {
        Wire::Text(self)
    }
}

impl Encode for String {
    fn wire(&self) -> Wire<'_> {
        Wire::Text(self)
    }
}

impl Encode for i64 {
    fn wire(&self) -> Wire<'_> {
        Wire::Integer(*self)
    }
}

impl Encode for i32 {
    fn wire(&self) -> Wire<'_> {
        Wire::Integer((*self).into())
    }
}

impl Encode for bool {
    fn wire(&self) -> Wire<'_> {
        Wire::Boolean(*self)
    }
}

impl Encode for Value {
    fn wire(&self) -> Wire<'_> {
        Wire::Any(self)
    }
}

impl<T: Encode + ?Sized> Encode for &T {
    fn wire(&self) -> Wire<'_> {
        (**self).wire()
    }
}

/// What is not there is written as `null`; a field that is left out instead is [`Present`].
impl<T: Encode> Encode for Option<T> {
    fn wire(&self) -> Wire<'_> {
        self.as_ref().map_or(Wire::Null, Encode::wire)
    }
}

impl<T: Encode> Encode for Box<T> {
    fn wire(&self) -> Wire<'_> {
        (**self).wire()
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn wire(&self) -> Wire<'_> {
        self.as_slice().wire()
    }
}

impl<T: Encode> Encode for [T] {
    fn wire(&self) -> Wire<'_> {
        Wire::List(Box::new(self))
    }
}

impl<T: Encode, const N: usize> Encode for [T; N] {
    fn wire(&self) -> Wire<'_> {
        self.as_slice().wire()
    }
}

impl<T: Encode> List for &[T] {
    fn elements(&self, element: &mut dyn FnMut(Wire<'_>)) {
        for value in *self {
            element(value.wire());
        }
    }
}

impl<T: Encode> Encode for BTreeMap<String, T> {
    fn wire(&self) -> Wire<'_> {
        Wire::Object(self)
    }
}

impl<T: Encode> Object for BTreeMap<String, T> {
    fn fields(&self, field: &mut dyn FnMut(&str, Wire<'_>)) {
        for (name, value) in self {
            field(name, value.wire());
        }
    }
}

impl Serialize for Wire<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Integer(number) => serializer.serialize_i64(*number),
            Self::Boolean(flag) => serializer.serialize_bool(*flag),
            Self::Any(value) => value.serialize(serializer),
            Self::Object(object) => {
                let mut map = Ok(serializer.serialize_map(None)?);
                object.fields(&mut |name, value| step(&mut map, |map| map.serialize_entry(name, &value)));
                map?.end()
            }
            Self::List(list) => {
                let mut sequence = Ok(serializer.serialize_seq(None)?);
                list.elements(&mut |value| step(&mut sequence, |sequence| sequence.serialize_element(&value)));
                sequence?.end()
            }
        }
    }
}

/// Goes on with something that is being written, unless an earlier step failed.
fn step<T, E>(writing: &mut Result<T, E>, next: impl FnOnce(&mut T) -> Result<(), E>) {
    if let Ok(open) = writing
        && let Err(error) = next(open)
    {
        *writing = Err(error);
    }
}
