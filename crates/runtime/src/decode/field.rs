//! One value of an answer, read as what its field should be.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::number::{NotWhole, whole_of_text};
use super::reader::{Kind, Reader};
use super::{Failure, MapOrList, Text, Value};
use crate::{Nullable, Time};

/// A value that is to be read, once, into the field that it belongs to.
///
/// What the server leaves out, or writes as `null` or `""`, empties the field.
pub struct Field<'a>(pub(super) Reader<'a>);

impl<'a> Field<'a> {
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

    /// Whether a text stands here.
    pub(crate) fn is_text(&mut self) -> Result<bool, Failure> {
        Ok(self.0.kind()? == Kind::Text)
    }

    /// Has a text taken, without a copy where it has no escapes.
    pub(crate) fn take_text(mut self, keeps_empty: bool, take: &mut dyn FnMut(Option<&str>)) -> Result<(), Failure> {
        let text = self.raw_text()?.filter(|text| keeps_empty || !text.is_empty());
        if let Some(text) = &text {
            self.0.state.budget.take(text.len())?;
        }
        take(text.as_deref());
        Ok(())
    }

    /// A text, or a number or boolean as one. A whole number is its digits, which an exponent may have too many of.
    fn raw_text(&mut self) -> Result<Option<Cow<'a, str>>, Failure> {
        let reader = &mut self.0;
        match reader.kind()? {
            Kind::Text => reader.text().map(Some),
            Kind::Number => {
                let number = reader.number()?;
                if number.is_plain {
                    return Ok(Some(Cow::Borrowed(number.text)));
                }
                match number.whole() {
                    Ok(whole) => Ok(Some(Cow::Owned(whole.to_string()))),
                    Err(NotWhole::Fraction) => Ok(Some(Cow::Borrowed(number.text))),
                    Err(NotWhole::TooLarge) => Err(Failure::shape("a text", "a number of too many digits")),
                }
            }
            kind @ Kind::Boolean(flag) => {
                reader.pass_word(kind)?;
                Ok(Some(Cow::Borrowed(if flag { "true" } else { "false" })))
            }
            kind @ Kind::Null => reader.pass_word(kind).map(|()| None),
            Kind::List | Kind::Object => reader.misfit("a text"),
        }
    }

    /// A whole number.
    pub fn integer(self, field: &mut Option<i64>) -> Result<(), Failure> {
        i64::read_into(self, field)
    }

    /// A whole number that is not negative.
    pub fn unsigned(self, field: &mut Option<u64>) -> Result<(), Failure> {
        u64::read_into(self, field)
    }

    /// A whole number of 32 bits.
    pub fn small_integer(self, field: &mut Option<i32>) -> Result<(), Failure> {
        i32::read_into(self, field)
    }

    pub(super) fn whole_number(mut self) -> Result<Option<i64>, Failure> {
        let reader = &mut self.0;
        match reader.kind()? {
            Kind::Number => Ok(Some(reader.number()?.whole()?)),
            Kind::Text => match reader.text()?.trim() {
                "" => Ok(None),
                digits => whole_of_text(digits).map(Some),
            },
            kind @ Kind::Null => reader.pass_word(kind).map(|()| None),
            Kind::Boolean(_) | Kind::List | Kind::Object => reader.misfit("a whole number"),
        }
    }

    /// A boolean.
    pub fn boolean(self, field: &mut Option<bool>) -> Result<(), Failure> {
        bool::read_into(self, field)
    }

    pub(super) fn flag(mut self) -> Result<Option<bool>, Failure> {
        const EXPECTED: &str = "a boolean";
        let reader = &mut self.0;
        match reader.kind()? {
            kind @ Kind::Boolean(flag) => reader.pass_word(kind).map(|()| Some(flag)),
            kind @ Kind::Null => reader.pass_word(kind).map(|()| None),
            Kind::Number => match reader.number()?.whole() {
                Ok(0) => Ok(Some(false)),
                Ok(1) => Ok(Some(true)),
                _ => Err(Failure::shape(EXPECTED, Kind::Number.name())),
            },
            Kind::Text => match reader.text()?.trim() {
                "" => Ok(None),
                "0" => Ok(Some(false)),
                "1" => Ok(Some(true)),
                word if word.eq_ignore_ascii_case("false") => Ok(Some(false)),
                word if word.eq_ignore_ascii_case("true") => Ok(Some(true)),
                _ => Err(Failure::shape(EXPECTED, Kind::Text.name())),
            },
            Kind::List | Kind::Object => reader.misfit(EXPECTED),
        }
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
    pub fn list<T: Value>(mut self, field: &mut Vec<T>) -> Result<(), Failure> {
        field.clear();
        self.0.list(field).map(drop)
    }

    /// A map; absent values are left out.
    pub fn map<T: Value>(mut self, field: &mut BTreeMap<String, T>) -> Result<(), Failure> {
        field.clear();
        self.0.object(field).map(drop)
    }

    /// A list, or a map of lists.
    pub fn map_or_list<T: Value>(self, field: &mut Option<MapOrList<T>>) -> Result<(), Failure> {
        Value::read_into(self, field)
    }

    /// A value that requests may send as `null`.
    pub fn nullable<T: Value>(self, field: &mut Option<Nullable<T>>) -> Result<(), Failure> {
        Value::read_into(self, field)
    }

    /// Any value.
    pub fn any(self, field: &mut Option<serde_json::Value>) -> Result<(), Failure> {
        Value::read_into(self, field)
    }

    /// A value behind a pointer.
    pub fn boxed<T: Value>(self, field: &mut Option<Box<T>>) -> Result<(), Failure> {
        self.0.state.budget.take(size_of::<T>())?;
        *field = T::read(self)?.map(Box::new);
        Ok(())
    }

    /// A value behind a pointer that is always there.
    pub fn always_boxed<T: Value>(self, field: &mut Box<T>) -> Result<(), Failure> {
        self.always(&mut **field)
    }

    /// A value that is always there.
    pub fn always<T: Value>(self, field: &mut T) -> Result<(), Failure> {
        *field = T::read(self)?.ok_or_else(|| Failure::shape("a value", Kind::Null.name()))?;
        Ok(())
    }

    /// Where the value stands in the text.
    pub(crate) fn place(mut self, place: &mut Option<Range<usize>>) -> Result<(), Failure> {
        let is_present = self.0.kind()? != Kind::Null;
        let start = self.0.place();
        self.0.skip()?;
        *place = is_present.then(|| start..self.0.place());
        Ok(())
    }

    /// Leaves out the value of a field that nobody knows.
    pub fn skip(mut self) -> Result<(), Failure> {
        self.0.skip().map_err(Failure::below_unknown)
    }
}
