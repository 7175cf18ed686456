//! Writing values of requests, and answers again.
//!
//! As in [`decode`](crate::decode), no code of a type is generic over the serializer: a type tells what it is on
//! the wire, a [`Wire`], and that is written by serde's machinery, which is compiled once.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value;

/// What a value is on the wire.
pub enum Wire<'a> {
    /// Nothing.
    Null,
    /// A text.
    Text(&'a str),
    /// A text that is secret.
    Secret(&'a str),
    /// A whole number.
    Integer(i64),
    /// A whole number that is never negative.
    Unsigned(u64),
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

/// Another form of a value on the wire than that of its type.
pub type Form = for<'a> fn(Wire<'a>) -> Wire<'a>;

/// Times as numbers of milliseconds since 1970. One of an unknown shape goes as it is.
#[must_use]
pub fn timestamp(wire: Wire<'_>) -> Wire<'_> {
    match wire {
        Wire::Text(text) => crate::Time::from(text).unix_millis().map_or(Wire::Text(text), Wire::Integer),
        wire => each(wire, timestamp),
    }
}

/// Ids as numbers. One that is no number goes as it is.
#[must_use]
pub fn numeric(wire: Wire<'_>) -> Wire<'_> {
    match wire {
        // A number that reads differently would be another id.
        Wire::Text(text) => match text.parse::<i64>() {
            Ok(number) if number.to_string() == text => Wire::Integer(number),
            _ => Wire::Text(text),
        },
        wire => each(wire, numeric),
    }
}

fn each(wire: Wire<'_>, form: Form) -> Wire<'_> {
    match wire {
        Wire::List(list) => Wire::List(Box::new(Formed { list, form })),
        wire => wire,
    }
}

struct Formed<'a> {
    list: Box<dyn List + 'a>,
    form: Form,
}

impl List for Formed<'_> {
    fn elements(&self, element: &mut dyn FnMut(Wire<'_>)) {
        self.list.elements(&mut |wire| element((self.form)(wire)));
    }
}

/// A parameter in another form than that of its type.
pub struct InForm<T>(pub T, pub Form);

impl<T: Encode> Encode for InForm<T> {
    fn wire(&self) -> Wire<'_> {
        (self.1)(self.0.wire())
    }
}

impl<T: Encode + crate::Parameter> crate::Parameter for InForm<T> {
    fn text(&self) -> Cow<'_, str> {
        match self.wire() {
            Wire::Integer(number) => number.to_string().into(),
            _ => self.0.text(),
        }
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

impl Encode for u64 {
    fn wire(&self) -> Wire<'_> {
        Wire::Unsigned(*self)
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

/// What is sent to the server, and what calls by name give, has its secrets.
impl Serialize for Wire<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Shown { wire: self, secrets: Secrets::Written }.serialize(serializer)
    }
}

/// Serializes a value with the secrets that are in it: signed URLs, upload keys, tokens. By themselves, the types of
/// this crate leave them out, so that none gets into a log or a database by chance.
///
/// ```
/// # use dingtalk_runtime as runtime;
/// # #[derive(Clone, PartialEq, Eq, Default)]
/// # pub struct UploadKey(String);
/// # runtime::__private::secret!(UploadKey);
/// # runtime::__private::answer_object! {
/// #     /// An upload.
/// #     pub struct Upload {
/// #         /// Its key.
/// #         "uploadKey" => upload_key?: UploadKey as text,
/// #         /// Its size.
/// #         "size" => size?: i64 as integer,
/// #     }
/// # }
/// use dingtalk_runtime::WithSecrets;
///
/// let upload: Upload = serde_json::from_str(r#"{"uploadKey": "k", "size": 7}"#)?;
/// assert_eq!(serde_json::to_string(&upload)?, r#"{"size":7}"#);
/// assert_eq!(serde_json::to_string(&WithSecrets(&upload))?, r#"{"uploadKey":"k","size":7}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct WithSecrets<'a, T>(
    /// What is serialized.
    pub &'a T,
);

impl<T: Encode> Serialize for WithSecrets<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.wire().serialize(serializer)
    }
}

/// Serializes a value without the secrets that are in it.
#[doc(hidden)]
pub fn without_secrets<S: Serializer>(wire: &Wire<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    Shown { wire, secrets: Secrets::LeftOut }.serialize(serializer)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Secrets {
    Written,
    LeftOut,
}

struct Shown<'a, 'w> {
    wire: &'a Wire<'w>,
    secrets: Secrets,
}

impl Shown<'_, '_> {
    /// The same for a part, unless that is a secret which nobody is to see.
    fn part<'a, 'w>(&self, wire: &'a Wire<'w>) -> Option<Shown<'a, 'w>> {
        let is_left_out = self.secrets == Secrets::LeftOut && matches!(wire, Wire::Secret(_));
        (!is_left_out).then_some(Shown { wire, secrets: self.secrets })
    }
}

impl Serialize for Shown<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.wire {
            Wire::Null => serializer.serialize_unit(),
            Wire::Text(text) | Wire::Secret(text) => serializer.serialize_str(text),
            Wire::Integer(number) => serializer.serialize_i64(*number),
            Wire::Unsigned(number) => serializer.serialize_u64(*number),
            Wire::Boolean(flag) => serializer.serialize_bool(*flag),
            Wire::Any(value) => value.serialize(serializer),
            Wire::Object(object) => {
                let mut map = Ok(serializer.serialize_map(None)?);
                object.fields(&mut |name, value| {
                    if let Some(value) = self.part(&value) {
                        step(&mut map, |map| map.serialize_entry(name, &value));
                    }
                });
                map?.end()
            }
            Wire::List(list) => {
                let mut sequence = Ok(serializer.serialize_seq(None)?);
                list.elements(&mut |value| {
                    if let Some(value) = self.part(&value) {
                        step(&mut sequence, |sequence| sequence.serialize_element(&value));
                    }
                });
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
