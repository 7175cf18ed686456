//! The error codes by a table: one row for each, from which everything about it is made.

/// Makes `ErrorCode` of rows like this one: the code on the wire, the variant, its class, what happened and what to do
/// about it. Where rustdoc shows what happened in another way, with names between backticks, that follows after `as`.
///
/// ```text
/// "paramError.spaceId" => ParamErrorSpaceId: Parameter,
///     "The spaceId is missing." as "The `spaceId` is missing.", "Pass the id of a space.";
/// ```
macro_rules! error_codes {
    (@doc $meaning:literal) => { $meaning };
    (@doc $meaning:literal $doc:literal) => { $doc };
    ($(
        $wire:literal => $variant:ident: $class:ident, $meaning:literal $(as $doc:literal)?, $advice:literal;
    )*) => {
        /// An error code of the API. Codes that this version does not know are kept.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $(#[doc = error_codes!(@doc $meaning $($doc)?)] $variant,)*
            /// A code that this version does not know.
            UnknownValue($crate::UnknownValue),
        }

        impl ErrorCode {
            /// The code on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::UnknownValue(code) => code.as_str(),
                }
            }

            /// What kind of trouble it is.
            #[must_use]
            pub fn class(&self) -> ErrorClass {
                match self {
                    $(Self::$variant => ErrorClass::$class,)*
                    Self::UnknownValue(code) => ErrorClass::of_unknown(code.as_str()),
                }
            }

            /// What happened; `None` for a code that this version does not know.
            #[must_use]
            pub fn meaning(&self) -> Option<&'static str> {
                match self {
                    $(Self::$variant => Some($meaning),)*
                    Self::UnknownValue(_) => None,
                }
            }

            /// What to do about it; `None` for a code that this version does not know.
            #[must_use]
            pub fn advice(&self) -> Option<&'static str> {
                match self {
                    $(Self::$variant => Some($advice),)*
                    Self::UnknownValue(_) => None,
                }
            }
        }

        impl From<&str> for ErrorCode {
            fn from(code: &str) -> Self {
                match code {
                    $($wire => Self::$variant,)*
                    _ => Self::UnknownValue($crate::UnknownValue::new(code)),
                }
            }
        }

        $crate::__dt_open_enum!(ErrorCode);
    };
}
