//! What a parameter takes, for those who ask before they call.

use std::fmt;

use super::Read;

/// A parameter of an operation.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Parameter {
    /// Its name on the wire; before it, the object of the body that it is part of, if any.
    pub path: &'static [&'static str],
    /// Where the request carries it.
    pub place: Place,
    /// Whether the operation cannot be called without it.
    pub is_required: bool,
    doc: &'static str,
    shape: fn() -> Shape,
}

impl Parameter {
    /// For the table that `named!` makes.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        path: &'static [&'static str],
        place: Place,
        is_required: bool,
        doc: &'static str,
        shape: fn() -> Shape,
    ) -> Self {
        Self { path, place, is_required, doc, shape }
    }

    /// The name with the object that it is part of, for example `option.size`.
    #[must_use]
    pub fn name(&self) -> String {
        self.path.join(".")
    }

    /// What it means, with default and limits.
    #[must_use]
    pub fn doc(&self) -> String {
        plain(self.doc)
    }

    /// What it takes.
    #[must_use]
    pub fn shape(&self) -> Shape {
        (self.shape)()
    }
}

/// Where a request carries a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// In the header of the access token.
    Token,
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In the body: JSON, or a form.
    Body,
}

/// What a value must be.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Shape {
    /// A text.
    Text,
    /// A whole number of so many bits.
    Integer(u8),
    /// A whole number that is never negative.
    Unsigned,
    /// A time: a text, or a number of milliseconds since 1970.
    Time,
    /// `true` or `false`.
    Boolean,
    /// Any JSON.
    Any,
    /// A file: an object with its `name` and its bytes in `base64`, and a `contentType` if need be.
    File,
    /// A text with a type of its own.
    Id {
        /// Name of the type.
        name: &'static str,
        /// Whether it is never shown.
        is_secret: bool,
    },
    /// A text from an open set: other values are sent as they are.
    OneOf {
        /// Name of the type.
        name: &'static str,
        /// The values that this version knows.
        values: &'static [&'static str],
    },
    /// A list of such values.
    List(fn() -> Shape),
    /// An object with any names and such values.
    Map(fn() -> Shape),
    /// Such a value, or `null`.
    Nullable(fn() -> Shape),
    /// An object.
    Object {
        /// Name of the type.
        name: &'static str,
        /// Its fields.
        members: &'static [Member],
    },
}

/// A field of an object in a parameter.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Member {
    /// Its name on the wire.
    pub name: &'static str,
    /// Whether the object is refused without it.
    pub is_required: bool,
    doc: &'static str,
    shape: fn() -> Shape,
}

impl Member {
    /// For the tables of objects. The function only tells the type of the field.
    #[doc(hidden)]
    #[must_use]
    pub const fn new<O, F: Read>(name: &'static str, is_required: bool, doc: &'static str, _: fn(&O) -> &F) -> Self {
        Self { name, is_required, doc, shape: F::shape }
    }

    /// What it means, with default and limits.
    #[must_use]
    pub fn doc(&self) -> String {
        plain(self.doc)
    }

    /// What it takes.
    #[must_use]
    pub fn shape(&self) -> Shape {
        (self.shape)()
    }
}

/// Documentation as a plain text: backslashes that only tell Markdown what is no mark are gone, and of links the text is
/// left.
fn plain(doc: &str) -> String {
    let mut text = String::with_capacity(doc.len());
    let mut rest = doc.trim_start();
    while let Some(index) = rest.find(['\\', '[', ']']) {
        let (before, from) = rest.split_at(index);
        text.push_str(before);
        rest = if let Some(escaped) = from.strip_prefix('\\') {
            let mark = escaped.chars().next().filter(char::is_ascii_punctuation);
            text.push(mark.unwrap_or('\\'));
            escaped.get(mark.map_or(0, char::len_utf8)..).unwrap_or_default()
        } else if let Some(target) = from.strip_prefix("](") {
            target.split_once(')').map_or("", |(_, rest)| rest)
        } else {
            from.get(1..).unwrap_or_default()
        };
    }
    text.push_str(rest);
    text
}

/// As part of a sentence: "a text", "a list of `DentryId`".
impl fmt::Display for Shape {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => formatter.write_str("text"),
            Self::Integer(64) => formatter.write_str("integer"),
            Self::Integer(bits) => write!(formatter, "integer of {bits} bits"),
            Self::Unsigned => formatter.write_str("integer that is not negative"),
            Self::Time => formatter.write_str("time"),
            Self::Boolean => formatter.write_str("true or false"),
            Self::Any => formatter.write_str("any JSON"),
            Self::File => formatter.write_str("file"),
            Self::Id { name, .. } | Self::OneOf { name, .. } | Self::Object { name, .. } => formatter.write_str(name),
            Self::List(element) => write!(formatter, "list of {}", element()),
            Self::Map(value) => write!(formatter, "map to {}", value()),
            Self::Nullable(value) => write!(formatter, "{} or null", value()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn marks_of_markdown_are_taken_out() {
        assert_eq!(plain(" No tab, \\*, \\< or \\|; a \\\\ stays."), "No tab, *, < or |; a \\ stays.");
        assert_eq!(plain(" Default [`AUTO`](Strategy::Auto), see \\[1\\]."), "Default `AUTO`, see [1].");
        assert_eq!(plain("C:\\dir"), "C:\\dir");
    }
}
