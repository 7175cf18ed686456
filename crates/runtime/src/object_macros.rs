//! Objects by a table: the wire name, the field and the kind of each field.
//!
//! An object is a struct with its documentation, and for each field also the wire name, what reads it, and what it means:
//! `"size" => size?: i64 as integer`, where `?` makes the field an `Option`. An object that is written by hand has a table
//! without types beside it. `: Hash` behind its name makes it one that can be a key: all but those that hold a secret.
//!
//! An object of answers also has a method for each `Option`, which gives the value or the error that it is absent; so
//! the setters of an object that requests contain too begin with `with_`.
//!
//! Kinds are the readers of [`Field`](crate::decode::Field). `always` marks a field that every answer has,
//! `required` one that every request must have, `boxed` one behind a pointer, `nullable` one that a request may send as
//! `null`, `timestamp` a time that is a number of milliseconds, `numeric` an id that is a number.

/// An object of answers.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_answer_object {
    ($(#[doc = $doc:literal])* pub struct $name:ident $(: $derive:ident)? {$(
        $(#[doc = $field_doc:literal])*
        $wire:literal => $field:ident $(?: $optional:ty)? $(: $type:ty)? as $($kind:ident)+,
    )*}) => {
        $crate::__dt_given_object!($(#[doc = $doc])* $name $(: $derive)? {
            $($(#[doc = $field_doc])* $wire => $field $(?: $optional)? $(: $type)? as $($kind)+,)*
        });
        $crate::__dt_decode_object!($name __origin { $($wire => $field: $($kind)+,)* });
        $crate::__dt_encode_object!($name, __dt_write_always { $($wire => $field: $($kind)+,)* });
    };
    ($name:ident { $($wire:literal => $field:ident: $($kind:ident)+,)* }) => {
        $crate::__dt_decode_object!($name { $($wire => $field: $($kind)+,)* });
        $crate::__dt_encode_object!($name, __dt_write_always { $($wire => $field: $($kind)+,)* });
    };
}

/// An object of requests. What a field means stands at its end, for those who call by name.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_request_object {
    ($(#[doc = $doc:literal])* pub struct $name:ident $(: $derive:ident)? {$(
        $(#[doc = $field_doc:literal])+
        $wire:literal => $field:ident $(?: $optional:ty)? $(: $type:ty)? as $($kind:ident)+,
    )*}) => {
        $crate::__dt_object!($(#[doc = $doc])* $name $(: $derive)? {
            $($(#[doc = $field_doc])+ $field: $(::core::option::Option<$optional>)? $($type)?,)*
        });
        $crate::__dt_request_object!($name { $($wire => $field: $($kind)+ $($field_doc)+,)* });
    };
    ($name:ident { $($wire:literal => $field:ident: $($kind:ident)+ $($doc:literal)+,)* }) => {
        $crate::__dt_encode_object!($name, __dt_write_required { $($wire => $field: $($kind)+,)* });
        $crate::__dt_named_request_object!($name { $($wire => $field: $($kind)+ $($doc)+,)* });
    };
}

/// An object of both.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_shared_object {
    ($(#[doc = $doc:literal])* pub struct $name:ident $(: $derive:ident)? {$(
        $(#[doc = $field_doc:literal])+
        $wire:literal => $field:ident $(?: $optional:ty)? $(: $type:ty)? as $($kind:ident)+,
    )*}) => {
        $crate::__dt_given_object!($(#[doc = $doc])* $name $(: $derive)? {
            $($(#[doc = $field_doc])+ $wire => $field $(?: $optional)? $(: $type)? as $($kind)+,)*
        });
        $crate::__dt_decode_object!($name __origin { $($wire => $field: $($kind)+,)* });
        $crate::__dt_shared_object!(@encode $name { $($wire => $field: $($kind)+ $($field_doc)+,)* });
    };
    ($name:ident { $($wire:literal => $field:ident: $($kind:ident)+ $($doc:literal)+,)* }) => {
        $crate::__dt_decode_object!($name { $($wire => $field: $($kind)+,)* });
        $crate::__dt_shared_object!(@encode $name { $($wire => $field: $($kind)+ $($doc)+,)* });
    };
    (@encode $name:ident { $($wire:literal => $field:ident: $($kind:ident)+ $($doc:literal)+,)* }) => {
        $crate::__dt_encode_object!($name, __dt_write_always { $($wire => $field: $($kind)+,)* });
        $crate::__dt_named_request_object!($name { $($wire => $field: $($kind)+ $($doc)+,)* });
    };
}

/// The struct of an object of answers, with a method for each `Option`.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_given_object {
    ($(#[doc = $doc:literal])* $name:ident $(: $derive:ident)? {$(
        $(#[doc = $field_doc:literal])*
        $wire:literal => $field:ident $(?: $optional:ty)? $(: $type:ty)? as $($kind:ident)+,
    )*}) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Default $(, $derive)?)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[doc = $field_doc])* pub $field: $(::core::option::Option<$optional>)? $($type)?,)*
            // No field of an answer can have this name: names on the wire lose underscores at their start.
            __origin: $crate::decode::Origin,
        }
        #[allow(clippy::len_without_is_empty, reason = "a field of that name is what the server calls so")]
        impl $name {
            $($crate::__dt_given_method!($name $wire $field [$($optional)?] $($kind)+);)*
        }
    };
}

/// The method of an object of answers that makes its signed URLs, and the headers that go along, ready to be used.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_signed {
    ($name:ident: $how:ident $urls:ident $(, $headers:ident)?) => {
        impl $name {
            /// The signed URLs with exactly the headers that came with them, as `runtime::Client::signed` takes them.
            ///
            /// # Errors
            ///
            /// If there is no URL, or one of them or a header cannot be sent: the answer was no good.
            pub fn signed(&self) -> ::core::result::Result<$crate::object_storage::Signed, $crate::Error> {
                $crate::object_storage::Signed::new(
                    $crate::__dt_signed!($how self $urls),
                    ::core::iter::empty()$(.chain(
                        self.$headers.iter().map(|(name, value)| (name.as_str(), value.expose()))
                    ))?,
                )
            }
        }

        /// See [`signed`](Self::signed).
        impl ::core::convert::TryFrom<&$name> for $crate::object_storage::Signed {
            type Error = $crate::Error;

            fn try_from(object: &$name) -> ::core::result::Result<Self, $crate::Error> {
                object.signed()
            }
        }
    };
    (list $object:ident $urls:ident) => { $object.$urls.iter().map(|url| url.expose()) };
    (one $object:ident $url:ident) => { [$object.$url.expose()] };
    (given $object:ident $url:ident) => { [$object.$url()?.expose()] };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __dt_object {
    ($(#[$attribute:meta])* $name:ident $(: $derive:ident)? { $($(#[$field_attribute:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, PartialEq, Eq, Default $(, $derive)?)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$field_attribute])* pub $field: $type,)*
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __dt_decode_object {
    ($name:ident $($origin:ident)? { $($wire:literal => $field:ident: $($kind:ident)+,)* }) => {
        impl $crate::decode::Object for $name {
            $(fn came_from(&mut self, $origin: $crate::decode::Origin) {
                self.$origin = $origin;
            })?

            fn always(&self) -> &'static [&'static str] {
                // Not by a macro that calls itself for each field: those end at 128.
                const FIELDS: &[(&str, bool)] = &[$(($wire, $crate::__dt_is_always!($($kind)+))),*];
                const ALWAYS: &[&str] = &$crate::decode::always::<{ $crate::decode::count_always(FIELDS) }>(FIELDS);
                ALWAYS
            }

            fn field(
                &mut self,
                name: &str,
                value: $crate::decode::Field<'_>,
            ) -> ::core::result::Result<(), $crate::decode::Failure> {
                match name {
                    $($wire => $crate::__dt_read!(value, &mut self.$field, $($kind)+),)*
                    _ => value.skip(),
                }
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::decode::object(deserializer)
            }
        }
    };
}

/// Writes an object, each field as the macro says.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_encode_object {
    ($name:ident, $write:ident { $($wire:literal => $field:ident: $($kind:ident)+,)* }) => {
        impl $crate::encode::Object for $name {
            fn fields(&self, field: &mut dyn ::core::ops::FnMut(&str, $crate::encode::Wire<'_>)) {
                $($crate::$write!(field, $wire, self.$field, $($kind)+);)*
            }
        }
        impl $crate::encode::Encode for $name {
            fn wire(&self) -> $crate::encode::Wire<'_> {
                $crate::encode::Wire::Object(self)
            }
        }
        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::encode::without_secrets(&$crate::encode::Wire::Object(self), serializer)
            }
        }
    };
}

/// The method that gives the value of an `Option` or the error that there is none: small values by value, the rest by
/// reference.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_given_method {
    ($object:ident $wire:literal $field:ident [] $($kind:ident)+) => {};
    ($object:ident $wire:literal $field:ident [$type:ty] required $($kind:ident)+) => {
        $crate::__dt_given_method!($object $wire $field [$type] $($kind)+);
    };
    ($object:ident $wire:literal $field:ident [$type:ty] integer) => {
        $crate::__dt_given_method!($object $wire $field $type; as_ref copied);
    };
    ($object:ident $wire:literal $field:ident [$type:ty] small_integer) => {
        $crate::__dt_given_method!($object $wire $field $type; as_ref copied);
    };
    ($object:ident $wire:literal $field:ident [$type:ty] unsigned) => {
        $crate::__dt_given_method!($object $wire $field $type; as_ref copied);
    };
    ($object:ident $wire:literal $field:ident [$type:ty] boolean) => {
        $crate::__dt_given_method!($object $wire $field $type; as_ref copied);
    };
    ($object:ident $wire:literal $field:ident [$type:ty] $($kind:ident)+) => {
        $crate::__dt_given_method!($object $wire $field &$type; as_ref);
    };
    ($object:ident $wire:literal $field:ident $given:ty; $($how:ident)+) => {
        #[doc = concat!("The field [`", stringify!($field), "`](Self#structfield.", stringify!($field), ").")]
        ///
        /// # Errors
        ///
        /// `ErrorKind::Absent` if the answer has none.
        #[inline]
        pub fn $field(&self) -> ::core::result::Result<$given, $crate::Error> {
            self.__origin.given(self.$field$(.$how())+, stringify!($object), $wire)
        }
    };
}

/// Reads one field.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_read {
    ($value:ident, $field:expr, required $($kind:ident)+) => { $crate::__dt_read!($value, $field, $($kind)+) };
    ($value:ident, $field:expr, always timestamp $($kind:ident)+) => {
        $crate::__dt_read!($value, $field, always $($kind)+)
    };
    ($value:ident, $field:expr, always numeric $($kind:ident)+) => {
        $crate::__dt_read!($value, $field, always $($kind)+)
    };
    ($value:ident, $field:expr, always list) => { $value.list($field) };
    ($value:ident, $field:expr, always map) => { $value.map($field) };
    ($value:ident, $field:expr, always boxed $($kind:ident)+) => { $value.always_boxed($field) };
    ($value:ident, $field:expr, always $($kind:ident)+) => { $value.always($field) };
    ($value:ident, $field:expr, boxed $($kind:ident)+) => { $value.boxed($field) };
    ($value:ident, $field:expr, nullable $($kind:ident)+) => { $value.nullable($field) };
    ($value:ident, $field:expr, timestamp $kind:ident) => { $value.$kind($field) };
    ($value:ident, $field:expr, numeric $kind:ident) => { $value.$kind($field) };
    ($value:ident, $field:expr, $kind:ident) => { $value.$kind($field) };
}

/// Whether a field is marked `always`.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_is_always {
    (required $($kind:ident)+) => { $crate::__dt_is_always!($($kind)+) };
    (always $($kind:ident)+) => { true };
    ($($kind:ident)+) => { false };
}

/// Writes one field of a request: a required one as it is, another one if it is set.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_write_required {
    ($to:ident, $wire:literal, $value:expr, required $($kind:ident)+) => {
        $to($wire, $crate::__dt_wire_form!($crate::encode::Encode::wire(&$value), $($kind)+))
    };
    ($to:ident, $wire:literal, $value:expr, $($kind:ident)+) => {
        if let ::core::option::Option::Some(value) = $crate::encode::Present::present(&$value) {
            $to($wire, $crate::__dt_wire_form!(value, $($kind)+));
        }
    };
}

/// Writes one field of an answer: one that is always there as it is, another one if it is there.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_write_always {
    ($to:ident, $wire:literal, $value:expr, required $($kind:ident)+) => {
        $crate::__dt_write_always!($to, $wire, $value, $($kind)+)
    };
    ($to:ident, $wire:literal, $value:expr, always $($kind:ident)+) => {
        $to($wire, $crate::__dt_wire_form!($crate::encode::Encode::wire(&$value), $($kind)+))
    };
    ($to:ident, $wire:literal, $value:expr, $($kind:ident)+) => {
        if let ::core::option::Option::Some(value) = $crate::encode::Present::present(&$value) {
            $to($wire, $crate::__dt_wire_form!(value, $($kind)+));
        }
    };
}

/// A value as the server wants it: times and ids that are numbers there become numbers, whatever else is said of a field.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_wire_form {
    ($value:expr, timestamp $($kind:ident)+) => { $crate::encode::timestamp($value) };
    ($value:expr, numeric $($kind:ident)+) => { $crate::encode::numeric($value) };
    ($value:expr, $kind:ident) => { $value };
    ($value:expr, $mark:ident $($kind:ident)+) => { $crate::__dt_wire_form!($value, $($kind)+) };
}
