//! Writing values and objects as JSON.

use std::collections::BTreeMap;

use serde::ser::{Serialize, SerializeMap, Serializer};

/// The JSON of a value. Requests and answers go through this one function, which is all that is compiled once for
/// each type.
pub(crate) fn to_json<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    let mut json = Vec::with_capacity(32);
    value.serialize(&mut serde_json::Serializer::new(&mut json)).map(|()| json)
}

/// A value that may stand for nothing: an `Option`, or a collection that is empty where nothing was put into it.
pub trait Present: Serialize {
    /// Whether there is a value.
    fn is_present(&self) -> bool;
}

impl<T: Serialize> Present for Option<T> {
    fn is_present(&self) -> bool {
        self.is_some()
    }
}

impl<T: Serialize> Present for Vec<T> {
    fn is_present(&self) -> bool {
        !self.is_empty()
    }
}

impl<T: Serialize> Present for BTreeMap<String, T> {
    fn is_present(&self) -> bool {
        !self.is_empty()
    }
}

/// An object under construction; fields that are not set are left out.
pub struct Object<S: Serializer>(S::SerializeMap);

impl<S: Serializer> Object<S> {
    /// An empty object.
    pub fn new(serializer: S) -> Result<Self, S::Error> {
        serializer.serialize_map(None).map(Self)
    }

    /// Sets a field.
    pub fn set<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), S::Error> {
        self.0.serialize_entry(name, value)
    }

    /// Sets a field if there is a value.
    pub fn optional<T: Serialize + ?Sized>(&mut self, name: &'static str, value: Option<&T>) -> Result<(), S::Error> {
        match value {
            Some(value) => self.set(name, value),
            None => Ok(()),
        }
    }

    /// Sets a field unless it stands for nothing.
    pub fn present<T: Present + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), S::Error> {
        if value.is_present() { self.set(name, value) } else { Ok(()) }
    }

    /// Ends the object.
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.0.end()
    }
}
