//! Where a value stands in the parameters.

use std::fmt;

/// Where a value stands, for example `option.appProperties[1].name`.
#[derive(Debug, Clone, Copy)]
pub enum At<'a> {
    /// The whole object of parameters.
    Root,
    /// A field of an object.
    Field(&'a At<'a>, &'a str),
    /// An element of a list.
    Element(&'a At<'a>, usize),
}

impl fmt::Display for At<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Field(Self::Root, name) => name.escape_debug().fmt(formatter),
            Self::Field(parent, name) => write!(formatter, "{parent}.{}", name.escape_debug()),
            Self::Element(parent, index) => write!(formatter, "{parent}[{index}]"),
        }
    }
}
