//! Values of requests that may be an explicit `null`.

use crate::decode::{Failure, Field, Value};
use crate::encode::{Encode, Wire};

/// A value of a request that may be sent as an explicit `null`, which means something else than leaving it out.
///
/// ```
/// use dingtalk_runtime::Nullable;
///
/// assert_eq!(Nullable::from(Some(3)), Nullable::Value(3));
/// assert_eq!(Nullable::<i64>::from(None), Nullable::Null);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Nullable<T> {
    /// `null`
    #[default]
    Null,
    /// A value.
    Value(T),
}

impl<T> Nullable<T> {
    /// The value, unless it is `null`.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }
}

impl<T> From<Option<T>> for Nullable<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl<T: Encode> Encode for Nullable<T> {
    fn wire(&self) -> Wire<'_> {
        self.value().map_or(Wire::Null, Encode::wire)
    }
}

impl<T: Value> Value for Nullable<T> {
    /// In an answer, `null` is as good as nothing.
    fn read(value: Field<'_>) -> Result<Option<Self>, Failure> {
        Ok(T::read(value)?.map(Self::Value))
    }
}
