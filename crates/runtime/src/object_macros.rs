//! Objects by a table: the wire name, the field and the kind of each field.
//!
//! Kinds are the readers of [`Fields`](crate::decode::Fields). `always` marks a field that every answer has,
//! `required` one that every request must have, `boxed` one behind a pointer.

/// An object of answers.
#[macro_export]
macro_rules! answer_object {
    ($name:ident { $($wire:literal => $field:ident: $($kind:ident)+,)* }) => {
        $crate::__decode_object!($name { $($wire => $field: $($kind)+,)* });
        $crate::__named_answer_object!($name { $($wire => $field: $($kind)+,)* });
    };
}

/// An object of requests.
#[macro_export]
macro_rules! request_object {
    ($name:ident { $($wire:literal => $field:ident: $($kind:ident)+,)* }) => {
        impl $crate::__serde::Serialize for $name {
            fn serialize<S: $crate::__serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                let mut object = $crate::encode::Object::new(serializer)?;
                $($crate::__write_required!(object, $wire, &self.$field, $($kind)+);)*
                object.end()
            }
        }
        $crate::__named_request_object!($name { $($wire => $field: $($kind)+,)* });
    };
}

/// An object of both.
#[macro_export]
macro_rules! shared_object {
    ($name:ident { $($wire:literal => $field:ident: $($kind:ident)+,)* }) => {
        $crate::__decode_object!($name { $($wire => $field: $($kind)+,)* });
        $crate::__encode_object!($name { $($wire => $field: $($kind)+,)* });
        $crate::__named_request_object!($name { $($wire => $field: $($kind)+,)* });
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __decode_object {
    ($name:ident { $($wire:literal => $field:ident: $($kind:ident)+,)* }) => {
        impl $crate::decode::Object for $name {
            const ALWAYS: &'static [&'static str] = $crate::__always!([] $([$wire $($kind)+])*);

            fn decode<'de, A: $crate::__serde::de::MapAccess<'de>>(
                mut fields: $crate::decode::Fields<'de, A>,
            ) -> ::core::result::Result<Self, A::Error> {
                let mut object = Self::default();
                while let ::core::option::Option::Some(key) = fields.key()? {
                    match &*key {
                        $($wire => object.$field = $crate::__read!(fields, $($kind)+),)*
                        _ => fields.skip()?,
                    }
                }
                ::core::result::Result::Ok(object)
            }
        }

        impl<'de> $crate::__serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::decode::object(deserializer)
            }
        }
    };
}

/// Writes what an answer may hold: what is absent is left out.
#[doc(hidden)]
#[macro_export]
macro_rules! __encode_object {
    ($name:ident { $($wire:literal => $field:ident: $($kind:ident)+,)* }) => {
        impl $crate::__serde::Serialize for $name {
            fn serialize<S: $crate::__serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                let mut object = $crate::encode::Object::new(serializer)?;
                $($crate::__write_always!(object, $wire, &self.$field, $($kind)+);)*
                object.end()
            }
        }
    };
}

/// Reads one field.
#[doc(hidden)]
#[macro_export]
macro_rules! __read {
    ($fields:ident, required $($kind:ident)+) => { $crate::__read!($fields, $($kind)+) };
    ($fields:ident, always list) => { $fields.list()? };
    ($fields:ident, always map) => { $fields.map()? };
    ($fields:ident, always $($kind:ident)+) => { $crate::decode::always($crate::__read!($fields, $($kind)+))? };
    ($fields:ident, boxed $($kind:ident)+) => { $crate::__read!($fields, $($kind)+).map(::std::boxed::Box::new) };
    ($fields:ident, $kind:ident) => { $fields.$kind()? };
}

/// Names of the fields that are marked `always`.
#[doc(hidden)]
#[macro_export]
macro_rules! __always {
    ([$($name:literal)*]) => { &[$($name),*] };
    ([$($name:literal)*] [$wire:literal required $($kind:ident)+] $($rest:tt)*) => {
        $crate::__always!([$($name)*] [$wire $($kind)+] $($rest)*)
    };
    ([$($name:literal)*] [$wire:literal always $($kind:ident)+] $($rest:tt)*) => {
        $crate::__always!([$($name)* $wire] $($rest)*)
    };
    ([$($name:literal)*] [$wire:literal $($kind:ident)+] $($rest:tt)*) => {
        $crate::__always!([$($name)*] $($rest)*)
    };
}

/// Writes one field of a request: a required one as it is, another one if it is set.
#[doc(hidden)]
#[macro_export]
macro_rules! __write_required {
    ($object:ident, $wire:literal, $value:expr, required $($kind:ident)+) => {
        $object.set($wire, $value)?
    };
    ($object:ident, $wire:literal, $value:expr, $($kind:ident)+) => {
        $object.present($wire, $value)?
    };
}

/// Writes one field of an answer: one that is always there as it is, another one if it is there.
#[doc(hidden)]
#[macro_export]
macro_rules! __write_always {
    ($object:ident, $wire:literal, $value:expr, required $($kind:ident)+) => {
        $crate::__write_always!($object, $wire, $value, $($kind)+)
    };
    ($object:ident, $wire:literal, $value:expr, always $($kind:ident)+) => { $object.set($wire, $value)? };
    ($object:ident, $wire:literal, $value:expr, $($kind:ident)+) => { $object.present($wire, $value)? };
}
