//! What generated identifiers, secrets and enums have in common.

/// Gives a tuple struct around a `String` the behaviour of an id: made from any text, sent and read as
/// text, read from numbers too.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_id {
    ($name:ident) => {
        impl $name {
            /// An id with this text.
            #[inline]
            pub fn new(text: impl ::core::convert::Into<::std::string::String>) -> Self {
                Self(text.into())
            }
            /// The text of the id.
            #[inline]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl ::core::fmt::Display for $name {
            #[inline]
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter.write_str(&self.0)
            }
        }
        impl ::core::convert::AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
        impl ::core::borrow::Borrow<str> for $name {
            #[inline]
            fn borrow(&self) -> &str {
                &self.0
            }
        }
        impl ::core::cmp::PartialEq<str> for $name {
            #[inline]
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }
        impl ::core::cmp::PartialEq<&str> for $name {
            #[inline]
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }
        $crate::__dt_text!($name Text);
        $crate::__dt_serialize_text!($name);
        $crate::__dt_text_conversions!($name);
        $crate::__dt_named_id!($name, false);
    };
}

/// An id that is another one, too: it converts, owned or by reference.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_same_id {
    ($(#[doc = $doc:literal])+ $from:ident => $to:ident,) => {
        $(#[doc = $doc])+
        impl ::core::convert::From<$from> for $to {
            #[inline]
            fn from(id: $from) -> Self {
                Self(::std::string::String::from(id))
            }
        }
        $(#[doc = $doc])+
        impl ::core::convert::From<&$from> for $to {
            #[inline]
            fn from(id: &$from) -> Self {
                Self(::std::string::String::from(id.as_str()))
            }
        }
    };
}

/// Gives a tuple struct around a `String` the behaviour of a secret: sent and read like an id, shown by
/// `expose` alone. It has no `Display`, and its `Debug` shows no value.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_secret {
    ($name:ident) => {
        impl $name {
            /// A secret with this text.
            #[inline]
            pub fn new(text: impl ::core::convert::Into<::std::string::String>) -> Self {
                Self(text.into())
            }
            /// The text of the secret. Keep it out of logs.
            #[inline]
            pub fn expose(&self) -> &str {
                &self.0
            }
            #[inline]
            fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl ::core::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter.write_str(concat!(stringify!($name), "(..)"))
            }
        }
        $crate::__dt_text!($name Secret);
        $crate::__dt_text_conversions!($name);
        $crate::__dt_named_id!($name, true);
    };
}

/// Makes an enum an open set of texts: with its documentation, and the text and the meaning of each variant. An enum that
/// is written by hand has a table of texts beside it; without one, it brings its own `as_str` and `From<&str>`. `: PartialOrd`
/// behind its name says that the values stand from the greatest to the least.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_open_enum {
    ($(#[doc = $doc:literal])* pub enum $name:ident $(: $order:ident)? {$(
        $(#[doc = $value_doc:literal])* $wire:literal => $variant:ident,
    )*}) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[doc = $value_doc])* $variant,)*
            /// A value that this version does not know.
            UnknownValue($crate::UnknownValue),
        }
        $crate::__dt_open_enum!($name { $($wire => $variant,)* });
        $crate::__dt_ranked!($name $($order)? { $($variant)* });
    };
    ($name:ident { $($wire:literal => $variant:ident,)* }) => {
        impl $name {
            /// The value on the wire.
            #[must_use]
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::UnknownValue(value) => value.as_str(),
                }
            }
        }
        impl ::core::convert::From<&str> for $name {
            #[inline]
            fn from(text: &str) -> Self {
                match text {
                    $($wire => return Self::$variant,)*
                    _ => {}
                }
                // Samples of the documentation and of the SDKs write some values in small letters.
                $(if text.eq_ignore_ascii_case($wire) {
                    return Self::$variant;
                })*
                Self::UnknownValue($crate::UnknownValue::new(text))
            }
        }
        $crate::__dt_open_text!($name);
        $crate::__dt_named_enum!($name { $($wire)* });
    };
    ($name:ident) => {
        $crate::__dt_open_text!($name);
    };
}

/// The order of an enum whose values stand from the greatest to the least. What is unknown compares with itself alone.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_ranked {
    ($name:ident { $($variant:ident)* }) => {};
    ($name:ident PartialOrd { $($variant:ident)* }) => {
        impl ::core::cmp::PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> ::core::option::Option<::core::cmp::Ordering> {
                const FROM_THE_GREATEST: &[$name] = &[$($name::$variant),*];
                let place = |value| FROM_THE_GREATEST.iter().position(|known| known == value);
                match (place(self), place(other)) {
                    (Some(this), Some(other)) => Some(other.cmp(&this)),
                    _ => (self == other).then_some(::core::cmp::Ordering::Equal),
                }
            }
        }
    };
}

/// What open sets of texts have in common, with or without a table.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_open_text {
    ($name:ident) => {
        impl ::core::default::Default for $name {
            #[inline]
            fn default() -> Self {
                Self::UnknownValue($crate::UnknownValue::default())
            }
        }
        impl ::core::convert::From<::std::string::String> for $name {
            #[inline]
            fn from(text: ::std::string::String) -> Self {
                Self::from(text.as_str())
            }
        }
        impl ::core::str::FromStr for $name {
            type Err = ::core::convert::Infallible;
            #[inline]
            fn from_str(text: &str) -> ::core::result::Result<Self, ::core::convert::Infallible> {
                Ok(Self::from(text))
            }
        }
        impl ::core::convert::AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }
        impl ::core::fmt::Display for $name {
            #[inline]
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }
        $crate::__dt_text!($name Text);
        $crate::__dt_serialize_text!($name);
    };
}

/// Everything that is a text on the wire is serialized as one, except for secrets.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_serialize_text {
    ($name:ident) => {
        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

/// The wire behaviour of everything that is a text on the wire.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_text {
    ($name:ident Text) => {
        $crate::__dt_text!($name Text, false);
    };
    ($name:ident Secret) => {
        $crate::__dt_text!($name Secret, true);
    };
    ($name:ident $wire:ident, $is_secret:literal) => {
        impl $crate::decode::Text for $name {}
        impl $crate::decode::Value for $name {
            #[inline]
            fn read(
                value: $crate::decode::Field<'_>,
            ) -> ::core::result::Result<::core::option::Option<Self>, $crate::decode::Failure> {
                value.read_text()
            }
        }
        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::decode::required_text(deserializer)
            }
        }
        impl $crate::encode::Encode for $name {
            #[inline]
            fn wire(&self) -> $crate::encode::Wire<'_> {
                $crate::encode::Wire::$wire(self.as_str())
            }
        }
        impl $crate::Parameter for $name {
            #[inline]
            fn text(&self) -> ::std::borrow::Cow<'_, str> {
                ::std::borrow::Cow::Borrowed(self.as_str())
            }
            #[inline]
            fn is_secret(&self) -> bool {
                $is_secret
            }
        }
    };
}

/// Conversions of tuple structs around a `String`.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_text_conversions {
    ($name:ident) => {
        impl ::core::convert::From<::std::string::String> for $name {
            #[inline]
            fn from(text: ::std::string::String) -> Self {
                Self(text)
            }
        }
        impl ::core::convert::From<&str> for $name {
            #[inline]
            fn from(text: &str) -> Self {
                Self(::std::string::String::from(text))
            }
        }
        impl ::core::convert::From<$name> for ::std::string::String {
            #[inline]
            fn from(value: $name) -> Self {
                value.0
            }
        }
        impl ::core::convert::From<&$name> for $name {
            #[inline]
            fn from(other: &$name) -> Self {
                other.clone()
            }
        }
        impl ::core::str::FromStr for $name {
            type Err = ::core::convert::Infallible;
            #[inline]
            fn from_str(text: &str) -> ::core::result::Result<Self, ::core::convert::Infallible> {
                Ok(Self::from(text))
            }
        }
    };
}

/// The tables of all operations: their facts, and with the feature `by-name` also how they are called by name.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_operations {
    ($($(#[$attribute:meta])* $($segment:ident)::+,)*) => {
        /// Every operation that is compiled in.
        pub const OPERATIONS: &[$crate::Operation] = &[$($(#[$attribute])* $($segment)::+::OPERATION),*];
        $crate::__dt_named_operations!($($(#[$attribute])* $($segment)::+,)*);
    };
}
