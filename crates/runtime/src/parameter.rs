//! Values that can stand in a path or a query.

use std::borrow::Cow;

/// A value that can stand in a path or a query.
pub trait Parameter {
    /// The value as it stands on the wire, before any encoding. It may be secret.
    #[doc(hidden)]
    fn text(&self) -> Cow<'_, str>;

    /// Whether nothing may show it.
    #[doc(hidden)]
    fn is_secret(&self) -> bool {
        false
    }
}

impl Parameter for str {
    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl Parameter for String {
    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl Parameter for bool {
    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(if *self { "true" } else { "false" })
    }
}

impl Parameter for i32 {
    fn text(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }
}

impl Parameter for i64 {
    fn text(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }
}

impl Parameter for u64 {
    fn text(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }
}

impl<T: Parameter + ?Sized> Parameter for &T {
    fn text(&self) -> Cow<'_, str> {
        (**self).text()
    }

    fn is_secret(&self) -> bool {
        (**self).is_secret()
    }
}
