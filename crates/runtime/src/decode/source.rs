//! Where values come from: any deserializer of serde, behind a pointer.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::any::{Any, TOO_DEEP};
use super::field::Reason;
use super::scalar::{BooleanVisitor, IntegerVisitor, TextVisitor};
use super::{Failure, Field, Object, path};

/// Deeper values are refused: each level takes stack, and the server never sends such.
const DEPTH: u8 = 48;

/// A place that holds one value. Each method reads it; `None` or `false` when it is absent.
pub trait Source {
    fn text(&mut self) -> Result<Option<Cow<'_, str>>, Failure>;
    fn integer(&mut self) -> Result<Option<i64>, Failure>;
    fn boolean(&mut self) -> Result<Option<bool>, Failure>;
    fn any(&mut self) -> Result<Option<serde_json::Value>, Failure>;
    fn object(&mut self, object: &mut dyn Object) -> Result<bool, Failure>;
    fn list(&mut self, list: &mut dyn List) -> Result<bool, Failure>;
    /// Reads what comes: an object or a list.
    fn either(&mut self, object: &mut dyn Object, list: &mut dyn List) -> Result<Option<Shape>, Failure>;
    fn skip(&mut self) -> Result<(), Failure>;
}

/// Something that takes the elements of a list.
pub trait List {
    /// Reads an element. It is called once more at the end, with an absent one.
    fn element(&mut self, value: Field<'_>) -> Result<(), Failure>;
}

/// What came where two things can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Object,
    List,
}

/// Reads the one value of a deserializer.
pub(super) fn whole<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    read: impl FnOnce(&mut dyn Source) -> Result<T, Failure>,
) -> Result<T, D::Error> {
    Slot::new(Whole(Some(deserializer)), DEPTH).read(read)
}

/// Where serde can be asked for a value of a type.
trait Place<'de> {
    type Error: Error;

    /// The value; none where there is no further one.
    fn next<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Self::Error>;
}

struct Whole<D>(Option<D>);

impl<'de, D: Deserializer<'de>> Place<'de> for Whole<D> {
    type Error = D::Error;

    fn next<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, D::Error> {
        self.0.take().map(|deserializer| seed.deserialize(deserializer)).transpose()
    }
}

struct Entry<'a, A>(&'a mut A);

impl<'de, A: MapAccess<'de>> Place<'de> for Entry<'_, A> {
    type Error = A::Error;

    fn next<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.0.next_value_seed(seed).map(Some)
    }
}

struct Element<A> {
    elements: A,
    is_at_end: bool,
}

impl<'de, A: SeqAccess<'de>> Place<'de> for Element<A> {
    type Error = A::Error;

    fn next<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let element = self.elements.next_element_seed(seed)?;
        self.is_at_end = element.is_none();
        Ok(element)
    }
}

/// A place, and the error in its own type that must find its way through code that does not know the type.
struct Slot<'de, P: Place<'de>> {
    place: P,
    error: Option<P::Error>,
    /// How many levels the value may have.
    levels: u8,
    input: PhantomData<&'de ()>,
}

impl<'de, P: Place<'de>> Slot<'de, P> {
    fn new(place: P, levels: u8) -> Self {
        Self { place, error: None, levels, input: PhantomData }
    }

    /// Has the value read, and gives a failure its type back.
    fn read<T>(&mut self, read: impl FnOnce(&mut dyn Source) -> Result<T, Failure>) -> Result<T, P::Error> {
        read(self).map_err(|failure| match (failure.0, self.error.take()) {
            (Reason::Message(message), _) => P::Error::custom(message),
            (Reason::Kept, Some(error)) => error,
            (Reason::Kept, None) => P::Error::custom("the value has the wrong shape"),
        })
    }

    fn next<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Failure> {
        self.place.next(seed).map_err(|error| {
            self.error = Some(error);
            Failure(Reason::Kept)
        })
    }

    fn container<'a>(
        &mut self,
        object: Option<&'a mut dyn Object>,
        list: Option<&'a mut dyn List>,
        expected: &'static str,
    ) -> Result<Option<Shape>, Failure> {
        let levels = self.levels;
        self.next(Visit(Container { object, list, expected, levels })).map(Option::flatten)
    }
}

impl<'de, P: Place<'de>> Source for Slot<'de, P> {
    fn text(&mut self) -> Result<Option<Cow<'_, str>>, Failure> {
        self.next(Visit(TextVisitor)).map(Option::flatten)
    }

    fn integer(&mut self) -> Result<Option<i64>, Failure> {
        self.next(Visit(IntegerVisitor)).map(Option::flatten)
    }

    fn boolean(&mut self) -> Result<Option<bool>, Failure> {
        self.next(Visit(BooleanVisitor)).map(Option::flatten)
    }

    fn any(&mut self) -> Result<Option<serde_json::Value>, Failure> {
        self.next(Any::new(self.levels)).map(Option::flatten)
    }

    fn object(&mut self, object: &mut dyn Object) -> Result<bool, Failure> {
        self.container(Some(object), None, "an object").map(|shape| shape.is_some())
    }

    fn list(&mut self, list: &mut dyn List) -> Result<bool, Failure> {
        self.container(None, Some(list), "a list").map(|shape| shape.is_some())
    }

    fn either(&mut self, object: &mut dyn Object, list: &mut dyn List) -> Result<Option<Shape>, Failure> {
        self.container(Some(object), Some(list), "a list or a map of lists")
    }

    fn skip(&mut self) -> Result<(), Failure> {
        self.next(PhantomData::<IgnoredAny>).map(drop)
    }
}

/// Uses a visitor where serde wants a seed.
struct Visit<V>(V);

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Visit<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        deserializer.deserialize_any(self.0)
    }
}

/// Reads an object or a list into what is there to take it. `null` and `""` are neither.
struct Container<'a> {
    object: Option<&'a mut dyn Object>,
    list: Option<&'a mut dyn List>,
    expected: &'static str,
    levels: u8,
}

impl Container<'_> {
    /// How many levels are left for what is in it.
    fn levels_inside<E: Error>(&self) -> Result<u8, E> {
        self.levels.checked_sub(1).ok_or_else(|| E::custom(TOO_DEEP))
    }
}

impl<'de> Visitor<'de> for Container<'_> {
    type Value = Option<Shape>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.expected)
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
            Err(E::custom(format_args!("invalid type: string, expected {}", self.expected)))
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let levels = self.levels_inside()?;
        let Some(object) = self.object else {
            return Err(A::Error::custom(format_args!("invalid type: map, expected {}", self.expected)));
        };
        let mut missing = Missing::of(object);
        while let Some(name) = map.next_key_seed(Name)? {
            missing.has_come(&name);
            Slot::new(Entry(&mut map), levels)
                .read(|value| object.field(&name, Field(value)))
                .inspect_err(|_| path::note_field(&name, object.names_are_data()))?;
        }
        match missing.first() {
            Some(name) => Err(A::Error::missing_field(name)),
            None => Ok(Some(Shape::Object)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<Self::Value, A::Error> {
        let levels = self.levels_inside()?;
        let Some(list) = self.list else {
            return Err(A::Error::custom(format_args!("invalid type: sequence, expected {}", self.expected)));
        };
        let mut slot = Slot::new(Element { elements, is_at_end: false }, levels);
        for index in 0.. {
            slot.read(|value| list.element(Field(value))).inspect_err(|_| path::note_element(index))?;
            if slot.place.is_at_end {
                break;
            }
        }
        Ok(Some(Shape::List))
    }
}

/// The fields of an object that must come and have not.
struct Missing {
    names: &'static [&'static str],
    /// A bit for each name that has not come.
    bits: u64,
}

impl Missing {
    fn of(object: &dyn Object) -> Self {
        let names = object.always();
        Self { names, bits: !u64::MAX.checked_shl(names.len().try_into().unwrap_or(u32::MAX)).unwrap_or(0) }
    }

    fn has_come(&mut self, name: &str) {
        if self.bits != 0
            && let Some(index) = self.names.iter().position(|other| *other == name)
        {
            self.bits &= !(1 << (index & 63));
        }
    }

    fn first(&self) -> Option<&'static str> {
        self.names.get(self.bits.trailing_zeros() as usize).copied()
    }
}

/// Reads a name, without a copy where the JSON has no escapes.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
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
