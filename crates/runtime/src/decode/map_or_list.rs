//! Lists that the documentation calls maps.

use std::collections::BTreeMap;

use super::containers::Shape;
use super::{Failure, Field, Object, Value};
use crate::encode::{Encode, Wire};

/// A field that the documentation describes as a map of lists and shows as a list; both come.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum MapOrList<T> {
    /// Lists by name.
    Map(BTreeMap<String, Vec<T>>),
    /// One list without names.
    List(Vec<T>),
}

impl<T> Default for MapOrList<T> {
    fn default() -> Self {
        Self::Map(BTreeMap::new())
    }
}

impl<T> MapOrList<T> {
    /// All elements, whatever the shape.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        let (map, list) = match self {
            Self::Map(map) => (Some(map), None),
            Self::List(list) => (None, Some(list)),
        };
        map.into_iter().flat_map(BTreeMap::values).flatten().chain(list.into_iter().flatten())
    }

    /// The elements under a name; all of them when they came without names.
    pub fn under(&self, name: &str) -> &[T] {
        match self {
            Self::Map(map) => map.get(name).map_or(&[], Vec::as_slice),
            Self::List(list) => list,
        }
    }
}

impl<T: Encode> Encode for MapOrList<T> {
    fn wire(&self) -> Wire<'_> {
        match self {
            Self::Map(map) => map.wire(),
            Self::List(list) => list.wire(),
        }
    }
}

impl<T: Encode> serde::Serialize for MapOrList<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.wire().serialize(serializer)
    }
}

impl<T: Value> Value for MapOrList<T> {
    fn read(mut value: Field<'_>) -> Result<Option<Self>, Failure> {
        let (mut lists, mut list) = (Lists(BTreeMap::new()), Vec::new());
        Ok(value.0.either(&mut lists, &mut list)?.map(|shape| match shape {
            Shape::Object => Self::Map(lists.0),
            Shape::List => Self::List(list),
        }))
    }
}

/// Lists by name. One that is absent stays, and is empty.
struct Lists<T>(BTreeMap<String, Vec<T>>);

impl<T: Value> Object for Lists<T> {
    fn names_are_data(&self) -> bool {
        true
    }

    fn field(&mut self, name: &str, value: Field<'_>) -> Result<(), Failure> {
        value.0.state.budget.element()?;
        value.0.state.budget.entry::<Vec<T>>(self.0.len(), name)?;
        value.list(self.0.entry(name.to_owned()).or_default())
    }
}
