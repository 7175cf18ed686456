//! The fields of an object, read one by one.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{MapOrList, Object, Read, Text, Value, scalar};
use crate::Time;

/// The fields of an object: a key, then its value, read as what it should be.
pub struct Fields<'de, A> {
    map: A,
    /// Fields that must come, and a bit for each of them that has come.
    always: &'static [&'static str],
    seen: u64,
    input: PhantomData<&'de ()>,
}

impl<'de, A: MapAccess<'de>> Fields<'de, A> {
    pub(super) fn new(map: A, always: &'static [&'static str]) -> Self {
        Self { map, always, seen: 0, input: PhantomData }
    }

    /// Name of the next field; none at the end of the object.
    pub fn key(&mut self) -> Result<Option<Cow<'de, str>>, A::Error> {
        let key = self.map.next_key_seed(Key)?;
        if !self.always.is_empty() {
            self.note(key.as_deref())?;
        }
        Ok(key)
    }

    /// Notes a field that must come, and at the end of the object, that one did not.
    fn note(&mut self, key: Option<&str>) -> Result<(), A::Error> {
        let mut numbered = (0_u32..).zip(self.always);
        match key {
            Some(key) => {
                let number = numbered.find(|(_, name)| **name == key).map(|(number, _)| number);
                self.seen |= number.and_then(|number| 1_u64.checked_shl(number)).unwrap_or(0);
                Ok(())
            }
            None => match numbered.find(|(number, _)| self.seen & (1_u64 << (number & 63)) == 0) {
                Some((_, missing)) => Err(A::Error::missing_field(missing)),
                None => Ok(()),
            },
        }
    }

    /// A text. `null`, and `""` for anything but a `String`, is none.
    pub fn text<T: Text>(&mut self) -> Result<Option<T>, A::Error> {
        Ok(scalar::present(self.map.next_value_seed(Visit(scalar::TextVisitor))?))
    }

    /// A whole number.
    pub fn integer(&mut self) -> Result<Option<i64>, A::Error> {
        self.map.next_value_seed(Visit(scalar::IntegerVisitor))
    }

    /// A whole number of 32 bits.
    pub fn small_integer(&mut self) -> Result<Option<i32>, A::Error> {
        scalar::small(self.integer()?)
    }

    /// A boolean.
    pub fn boolean(&mut self) -> Result<Option<bool>, A::Error> {
        self.map.next_value_seed(Visit(scalar::BooleanVisitor))
    }

    /// A time, in whatever shape.
    pub fn time(&mut self) -> Result<Option<Time>, A::Error> {
        Ok(scalar::time(self.map.next_value_seed(Visit(scalar::TextVisitor))?))
    }

    /// An object.
    pub fn object<T: Value>(&mut self) -> Result<Option<T>, A::Error> {
        self.map.next_value_seed(Read(PhantomData))
    }

    /// A list; absent elements are left out.
    pub fn list<T: Value>(&mut self) -> Result<Vec<T>, A::Error> {
        Ok(self.map.next_value_seed(Visit(ListVisitor(PhantomData)))?.unwrap_or_default())
    }

    /// A map; absent values are left out.
    pub fn map<T: Value>(&mut self) -> Result<BTreeMap<String, T>, A::Error> {
        Ok(self.map.next_value_seed(Visit(MapVisitor(PhantomData)))?.unwrap_or_default())
    }

    /// A list, or a map of lists.
    pub fn map_or_list<T: Value>(&mut self) -> Result<Option<MapOrList<T>>, A::Error> {
        self.map.next_value_seed(Read(PhantomData))
    }

    /// Any value.
    pub fn any(&mut self) -> Result<Option<serde_json::Value>, A::Error> {
        self.map.next_value_seed(Read(PhantomData))
    }

    /// Leaves out the value of a field that nobody knows.
    pub fn skip(&mut self) -> Result<(), A::Error> {
        self.map.next_value::<IgnoredAny>().map(drop)
    }
}

/// Reads a name, without a copy where the JSON has no escapes.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

/// Uses a visitor where serde wants a seed.
pub(super) struct Visit<V>(pub(super) V);

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Visit<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        deserializer.deserialize_any(self.0)
    }
}

/// The three ways of the server to say that an object, list or map is absent.
macro_rules! absent_unless_filled {
    ($expected:literal) => {
        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str($expected)
        }

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
            if text.is_empty() {
                Ok(None)
            } else {
                Err(E::custom(concat!("invalid type: string, expected ", $expected)))
            }
        }
    };
}
pub(super) use absent_unless_filled;

pub(super) struct ObjectVisitor<T>(pub(super) PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for ObjectVisitor<T> {
    type Value = Option<T>;

    absent_unless_filled!("an object");

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::decode(Fields::new(map, T::ALWAYS)).map(Some)
    }
}

pub(super) struct ListVisitor<T>(pub(super) PhantomData<T>);

impl<'de, T: Value> Visitor<'de> for ListVisitor<T> {
    type Value = Option<Vec<T>>;

    absent_unless_filled!("a list");

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<Self::Value, A::Error> {
        list(elements).map(Some)
    }
}

/// The elements that are present.
pub(super) fn list<'de, T: Value, A: SeqAccess<'de>>(mut elements: A) -> Result<Vec<T>, A::Error> {
    let mut list = Vec::new();
    while let Some(element) = elements.next_element_seed(Read(PhantomData))? {
        if let Some(element) = element {
            list.push(element);
        }
    }
    Ok(list)
}

struct MapVisitor<T>(PhantomData<T>);

impl<'de, T: Value> Visitor<'de> for MapVisitor<T> {
    type Value = Option<BTreeMap<String, T>>;

    absent_unless_filled!("a map");

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some(name) = entries.next_key_seed(Key)? {
            if let Some(value) = entries.next_value_seed(Read(PhantomData))? {
                map.insert(name.into_owned(), value);
            }
        }
        Ok(Some(map))
    }
}
