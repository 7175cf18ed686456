//! Values that this version does not know.

use std::fmt;

/// A value of an open set that this version of the crate does not know, kept as it came.
///
/// It is opaque so that a later version can know more values without breaking a program: compare
/// [`as_str`](Self::as_str), not the variant.
// One pointer: every enum has room for one, and hardly any ever holds it. None is the empty text.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct UnknownValue(Option<Box<Box<str>>>);

impl UnknownValue {
    /// For generated code, which has compared the text with all values that it knows.
    #[doc(hidden)]
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self((!text.is_empty()).then(|| Box::new(text.into())))
    }

    /// The value as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_deref().map_or("", |text| text)
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), formatter)
    }
}
