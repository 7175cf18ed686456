//! A YAML document with the position of every part.

use std::ops::Range;

use indexmap::IndexMap;
use serde_yaml::Value;

use crate::scalar;

/// A part of a document. Depth is limited while parsing, so recursion over it is safe.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// Bytes of the text.
    pub(crate) span: Range<usize>,
    pub(crate) data: Data,
}

#[derive(Debug, Clone)]
pub(crate) enum Data {
    Scalar { text: String, quoted: bool },
    List(Vec<Node>),
    Map(Entries),
}

/// A map in the order of the file.
pub(crate) type Entries = IndexMap<String, Entry>;

/// The value of a key.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key_span: Range<usize>,
    pub(crate) value: Node,
}

/// How far a path leads into a document.
pub(crate) struct Found<'a> {
    pub(crate) node: &'a Node,
    /// Key that leads to the node, unless it is the root or an element of a list.
    pub(crate) key_span: Option<&'a Range<usize>>,
    /// Whether all of the path exists.
    pub(crate) complete: bool,
}

impl Node {
    /// Follows a path as far as it exists. Elements of lists are named by their number, from 0.
    pub(crate) fn find(&self, path: &[impl AsRef<str>]) -> Found<'_> {
        let mut found = Found { node: self, key_span: None, complete: true };
        for step in path {
            let step = step.as_ref();
            match found.node.step(step) {
                Some((node, key_span)) => found = Found { node, key_span, complete: true },
                None => return Found { complete: false, ..found },
            }
        }
        found
    }

    /// Where its last character ends. A block ends with what is last in it; its span goes on to what follows.
    pub(crate) fn end(&self, text: &str) -> usize {
        let in_brackets = text.get(self.span.start..).is_some_and(|rest| rest.starts_with(['[', '{']));
        let last = match &self.data {
            Data::List(items) if !in_brackets => items.last(),
            Data::Map(entries) if !in_brackets => entries.last().map(|(_, entry)| &entry.value),
            _ => None,
        };
        match last {
            Some(last) => last.end(text),
            None => self.span.start + text.get(self.span.clone()).map_or(0, |value| value.trim_end().len()),
        }
    }

    fn step(&self, step: &str) -> Option<(&Node, Option<&Range<usize>>)> {
        match &self.data {
            Data::Scalar { .. } => None,
            Data::List(items) => items.get(step.parse::<usize>().ok()?).map(|item| (item, None)),
            Data::Map(entries) => entries.get(step).map(|entry| (&entry.value, Some(&entry.key_span))),
        }
    }

    /// The data without positions; keys are texts.
    pub(crate) fn value(&self) -> Value {
        match &self.data {
            Data::Scalar { text, quoted: true } => Value::String(text.clone()),
            Data::Scalar { text, quoted: false } => scalar::resolve(text),
            Data::List(items) => Value::Sequence(items.iter().map(Node::value).collect()),
            Data::Map(entries) => Value::Mapping(
                entries.iter().map(|(key, entry)| (Value::String(key.clone()), entry.value.value())).collect(),
            ),
        }
    }

    /// Whether nothing stands there, as in `key:`.
    pub(crate) fn is_null(&self) -> bool {
        matches!(&self.data, Data::Scalar { text, quoted: false } if scalar::resolve(text).is_null())
    }

    /// Whether it is written as a whole number, however large.
    pub(crate) fn is_whole_number(&self) -> bool {
        let Data::Scalar { text, quoted: false } = &self.data else { return false };
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    }
}
