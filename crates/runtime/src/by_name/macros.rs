//! What the tables of generated code become where operations can be called by name. Without the feature,
//! macros of the same names, in `without_names.rs`, make nothing of them.

/// The parameters of an operation, and how they become its typed request.
///
/// Each line has the place, the wire name (after that of the object that it is part of), the name and type of
/// the argument or setter, and what it means. Required parameters are arguments, in this order.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_named {
    ($method:ident: $request:ident -> $answer:ty {
        $(required $place:ident $($wire:literal)+ => $name:ident: $type:ty, $($doc:literal)+;)*
        $(optional $its_place:ident $($its_wire:literal)+ => $setter:ident: $its_type:ty, $($its_doc:literal)+;)*
    }) => {
        pub(crate) const NAMED: $crate::by_name::Named = {
            const PARAMETERS: &[$crate::by_name::Parameter] = &[
                $($crate::by_name::Parameter::new(
                    &[$($wire),+], $crate::__dt_place!($place), true, ::core::concat!($($doc),+),
                    $crate::by_name::shape_of::<$type>,
                ),)*
                $($crate::by_name::Parameter::new(
                    &[$($its_wire),+], $crate::__dt_place!($its_place), false, ::core::concat!($($its_doc),+),
                    $crate::by_name::shape_of::<$its_type>,
                ),)*
            ];

            fn build(
                client: &$crate::Client,
                reader: &mut $crate::by_name::Reader<'_>,
            ) -> ::core::option::Option<$crate::Request> {
                // All are read before the first that is missing ends it.
                $(let $name =
                    reader.required::<<$type as $crate::by_name::Argument<'_>>::Owned>(&[$($wire),+]);)*
                $(let $setter =
                    reader.optional::<<$its_type as $crate::by_name::Argument<'_>>::Owned>(&[$($its_wire),+]);)*
                let request: $request =
                    Calls::new(client).$method($($crate::by_name::Argument::of(&$name?)),*);
                $(let request = match &$setter {
                    ::core::option::Option::Some(value) => request.$setter($crate::by_name::Argument::of(value)),
                    ::core::option::Option::None => request,
                };)*
                let _ = reader;
                ::core::option::Option::Some(request.0)
            }

            $crate::by_name::Named::new::<$answer>(&OPERATION, PARAMETERS, build)
        };
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __dt_place {
    (user_token) => {
        $crate::by_name::Place::Token
    };
    (path) => {
        $crate::by_name::Place::Path
    };
    (query) => {
        $crate::by_name::Place::Query
    };
    (query_indexed) => {
        $crate::by_name::Place::Query
    };
    (query_json) => {
        $crate::by_name::Place::Query
    };
    (body_in) => {
        $crate::by_name::Place::Body
    };
    (body) => {
        $crate::by_name::Place::Body
    };
    (form) => {
        $crate::by_name::Place::Body
    };
    (form_file) => {
        $crate::by_name::Place::Body
    };
}

/// The table of all operations that can be called by name.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_named_operations {
    ($($(#[$attribute:meta])* $($segment:ident)::+,)*) => {
        /// Every operation that is compiled in, to be called by name.
        #[allow(dead_code, reason = "another crate may have switched on the names that this one does not offer")]
        pub const NAMED: &[$crate::by_name::Named] = &[$($(#[$attribute])* $($segment)::+::NAMED),*];
    };
}

/// Strict reading of ids.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_named_id {
    ($name:ident, $is_secret:literal) => {
        impl $crate::by_name::Read for $name {
            fn shape() -> $crate::by_name::Shape {
                $crate::by_name::Shape::Id { name: ::core::stringify!($name), is_secret: $is_secret }
            }
            fn read(
                value: &$crate::serde_json::Value,
                at: &$crate::by_name::At<'_>,
                findings: &mut $crate::by_name::Findings,
            ) -> ::core::option::Option<Self> {
                let text = <::std::string::String as $crate::by_name::Read>::read(value, at, findings)?;
                ::core::option::Option::Some(Self(if $is_secret { findings.secret(text) } else { text }))
            }
        }
    };
}

/// Strict reading of enums, which are passed by value.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_named_enum {
    ($name:ident { $($wire:literal)* }) => {
        impl $crate::by_name::Read for $name {
            fn shape() -> $crate::by_name::Shape {
                $crate::by_name::Shape::OneOf { name: ::core::stringify!($name), values: &[$($wire),*] }
            }
            fn read(
                value: &$crate::serde_json::Value,
                at: &$crate::by_name::At<'_>,
                findings: &mut $crate::by_name::Findings,
            ) -> ::core::option::Option<Self> {
                let text = <::std::string::String as $crate::by_name::Read>::read(value, at, findings)?;
                findings.check_value(at, ::core::stringify!($name), &text, &[$($wire),*]);
                ::core::option::Option::Some(Self::from(text))
            }
        }
        impl $crate::by_name::Argument<'_> for $name {
            type Owned = Self;
            fn of(owned: &Self) -> Self {
                owned.clone()
            }
        }
    };
}

/// Strict reading of the objects of requests.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_named_request_object {
    ($name:ident { $($wire:literal => $field:ident: $($kind:ident)+ $($doc:literal)+,)* }) => {
        // Nothing is imported: the object may be called `Member` or `Shape`.
        const _: () = {
            const MEMBERS: &[$crate::by_name::Member] = &[
                $($crate::by_name::Member::new(
                    $wire, $crate::__dt_is_required!($($kind)+), ::core::concat!($($doc),+),
                    |object: &$name| &object.$field,
                )),*
            ];

            impl $crate::by_name::Read for $name {
                fn shape() -> $crate::by_name::Shape {
                    $crate::by_name::Shape::Object { name: ::core::stringify!($name), members: MEMBERS }
                }
                fn read(
                    value: &$crate::serde_json::Value,
                    at: &$crate::by_name::At<'_>,
                    findings: &mut $crate::by_name::Findings,
                ) -> ::core::option::Option<Self> {
                    let mut members = $crate::by_name::Members::new(MEMBERS, value, at, findings)?;
                    let mut object = <Self as ::core::default::Default>::default();
                    $(members.read($wire, &mut object.$field);)*
                    ::core::option::Option::Some(object)
                }
            }
        };
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __dt_is_required {
    (required $($kind:ident)+) => {
        true
    };
    ($($kind:ident)+) => {
        false
    };
}
