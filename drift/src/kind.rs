//! Types as pages write them.

use std::fmt;

/// A type without the names that the spec gives to texts, enums and objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// `true` or `false`.
    Bool,
    /// 32 bits.
    Int32,
    /// 64 bits.
    Int64,
    /// A number whose size the page does not say.
    Number,
    /// An object.
    Object,
    /// Anything.
    Any,
    /// A file in a form.
    File,
    /// A list; of what is not always said.
    List(Option<Box<Kind>>),
    /// A map; to what is not always said.
    Map(Option<Box<Kind>>),
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("string"),
            Self::Bool => f.write_str("bool"),
            Self::Int32 => f.write_str("int32"),
            Self::Int64 => f.write_str("int64"),
            Self::Number => f.write_str("number"),
            Self::Object => f.write_str("object"),
            Self::Any => f.write_str("any"),
            Self::File => f.write_str("file"),
            Self::List(None) => f.write_str("list"),
            Self::List(Some(inner)) => write!(f, "[{inner}]"),
            Self::Map(None) => f.write_str("map"),
            Self::Map(Some(inner)) => write!(f, "{{string: {inner}}}"),
        }
    }
}

const NAMES: &[(&str, Kind)] = &[
    ("string", Kind::Text),
    ("text", Kind::Text),
    ("字符串", Kind::Text),
    ("date", Kind::Text),
    ("boolean", Kind::Bool),
    ("布尔", Kind::Bool),
    ("布尔值", Kind::Bool),
    ("bool", Kind::Bool),
    ("integer", Kind::Int32),
    ("整数", Kind::Number),
    ("整型", Kind::Number),
    ("长整型", Kind::Int64),
    ("数字", Kind::Number),
    ("int", Kind::Int32),
    ("int32", Kind::Int32),
    ("long", Kind::Int64),
    ("int64", Kind::Int64),
    ("number", Kind::Number),
    ("object", Kind::Object),
    ("对象", Kind::Object),
    ("fileitem", Kind::File),
    ("file", Kind::File),
    ("json", Kind::Any),
    ("any", Kind::Any),
    ("array", Kind::List(None)),
    ("数组", Kind::List(None)),
    ("list", Kind::List(None)),
    ("map", Kind::Map(None)),
    ("jsonarray", Kind::List(None)),
    ("jsonobject", Kind::Object),
];

/// Reads the name of a type; nothing when it is none.
pub(crate) fn read(text: &str) -> Option<Kind> {
    let text = text.trim().to_lowercase();
    if let Some(element) = text.strip_prefix("array of ").or_else(|| text.strip_prefix("list of ")) {
        return Some(Kind::List(read(element.trim_end_matches('s')).map(Box::new)));
    }
    if let Some(element) = text.strip_suffix("[]") {
        return read(element).map(|kind| Kind::List(Some(Box::new(kind))));
    }
    let within = |prefix: &str, end: char| text.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(end));
    let inner = |prefix: &str| within(prefix, '>');
    let element = inner("array<").or_else(|| inner("list<"));
    if let Some(element) = element.or_else(|| within("array[", ']')).or_else(|| within("array(", ')')) {
        return Some(Kind::List(read(element).map(Box::new)));
    }
    if let Some(entry) = inner("map<") {
        let value = entry.split_once(',').and_then(|(_, value)| read(value));
        return Some(Kind::Map(value.map(Box::new)));
    }
    let named = |text: &str| NAMES.iter().find(|(name, _)| *name == text).map(|(_, kind)| kind.clone());
    // What stands in brackets is a format, such as `string (iso8601)`.
    named(&text).or_else(|| named(text.split_once('(').filter(|_| text.ends_with(')'))?.0.trim_end()))
}

/// The type at the core of lists and maps.
pub(crate) fn core(kind: &Kind) -> &Kind {
    match kind {
        Kind::List(Some(inner)) | Kind::Map(Some(inner)) => core(inner),
        kind => kind,
    }
}

/// A list, map or object.
pub(crate) fn holds_fields(kind: &Kind) -> bool {
    match kind {
        Kind::Object | Kind::Any => true,
        Kind::List(inner) | Kind::Map(inner) => inner.as_deref().is_none_or(holds_fields),
        _ => false,
    }
}

/// Whether what a page writes can be the type of the spec; pages say less of lists and maps.
pub(crate) fn agree(spec: &Kind, page: &Kind) -> bool {
    match (spec, page) {
        (Kind::Int32 | Kind::Int64, Kind::Number) | (Kind::Any, Kind::Object | Kind::Any | Kind::Map(_)) => true,
        (Kind::List(ours), Kind::List(theirs)) | (Kind::Map(ours), Kind::Map(theirs)) => {
            match (ours.as_deref(), theirs.as_deref()) {
                (Some(ours), Some(theirs)) => agree(ours, theirs),
                _ => true,
            }
        }
        _ => spec == page,
    }
}

/// Where a type begins in a line without anything between its cells: each possible end, the longest first.
pub(crate) fn prefixes(text: &str) -> Vec<(Kind, &str)> {
    const STARTS: &[&str] = &[
        "Array of String",
        "Array of Integer",
        "Array of Long",
        "Array of Object",
        "Array of Boolean",
        "Array of Number",
        "Array",
        "Object[]",
        "String[]",
        "Number[]",
        "Long[]",
        "Integer[]",
        "Object",
        "String",
        "Long",
        "Integer",
        "Boolean",
        "Number",
        "FileItem",
        "Json",
        "Map",
    ];
    if text.starts_with("Map<") {
        let end = text.find('>').map(|end| end + 1);
        let found = end.and_then(|end| Some((read(text.get(..end)?)?, text.get(end..)?)));
        return found.into_iter().collect();
    }
    STARTS.iter().filter_map(|start| Some((read(start)?, text.strip_prefix(start)?))).collect()
}
