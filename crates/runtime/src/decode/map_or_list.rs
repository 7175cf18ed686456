//! Lists that the documentation calls maps.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::fields::{absent_unless_filled, list};
use super::{Fields, Value};

/// A field that the documentation describes as a map of lists and shows as a list; both come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MapOrList<T> {
    /// Lists by name.
    Map(BTreeMap<String, Vec<T>>),
    /// One list without names.
    List(Vec<T>),
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

impl<T: serde::Serialize> serde::Serialize for MapOrList<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Map(map) => map.serialize(serializer),
            Self::List(list) => list.serialize(serializer),
        }
    }
}

impl<T: Value> Value for MapOrList<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        deserializer.deserialize_any(MapOrListVisitor(PhantomData))
    }
}

struct MapOrListVisitor<T>(PhantomData<T>);

impl<'de, T: Value> Visitor<'de> for MapOrListVisitor<T> {
    type Value = Option<MapOrList<T>>;

    absent_unless_filled!("a list or a map of lists");

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<Self::Value, A::Error> {
        Ok(Some(MapOrList::List(list(elements)?)))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Fields::new(map, &[]);
        let mut lists = BTreeMap::new();
        while let Some(name) = fields.key()? {
            lists.insert(name.into_owned(), fields.list()?);
        }
        Ok(Some(MapOrList::Map(lists)))
    }
}
