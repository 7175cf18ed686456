//! A table as a tree: rows are flat, and lists do not say of what they are.

use serde_json::Value;

use crate::description::{self, Facts};
use crate::dictionary::Dictionary;
use crate::kind::{self, Kind};
use crate::nesting::{Missed, nest};
use crate::page::{At, Row, Table};

/// A parameter or field as a page has it.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) line: usize,
    pub(crate) kind: Kind,
    pub(crate) required: bool,
    pub(crate) facts: Facts,
    pub(crate) children: Vec<Part>,
    /// A map that the example shows as a list.
    pub(crate) or_list: bool,
}

/// Rebuilds the objects of a table. What the page leaves open is told.
pub(crate) fn parts(
    table: &Table,
    example: Option<&Value>,
    dictionary: &Dictionary<'_>,
    open: &mut Vec<At<String>>,
) -> Vec<Part> {
    let within = |object: &str, field: &str| dictionary.has_within(object, field);
    let nested = nest(&table.rows, &[], example, &within, Missed::Differs);
    let mut parts = Vec::new();
    for placed in &nested.placed {
        let Some(row) = table.rows.get(placed.row) else { continue };
        let Some((_, parents)) = placed.path.split_last() else { continue };
        if let Some(list) = list_of(&mut parts, parents) {
            list.push(Part::of(row, open));
        }
    }
    if example.is_none() && parts.iter().any(|part: &Part| kind::holds_fields(&part.kind)) {
        let value = "which object a field belongs to: the page has no example".to_owned();
        open.push(At { value, line: table.line });
    }
    for part in &mut parts {
        part.settle(&example.into_iter().collect::<Vec<_>>());
    }
    parts
}

/// The fields of the object that some names lead to; the last one where a name stands twice.
fn list_of<'a>(parts: &'a mut Vec<Part>, names: &[String]) -> Option<&'a mut Vec<Part>> {
    let Some((first, rest)) = names.split_first() else { return Some(parts) };
    let part = parts.iter_mut().rev().find(|part| part.name == *first)?;
    list_of(&mut part.children, rest)
}

impl Part {
    pub(crate) fn of(row: &Row, open: &mut Vec<At<String>>) -> Self {
        let kind = kind::read(&row.kind).unwrap_or_else(|| {
            open.push(At { value: format!("what the type `{}` of `{}` is", row.kind, row.name), line: row.line });
            if row.kind.is_empty() { Kind::Text } else { Kind::Any }
        });
        Self {
            name: row.name.clone(),
            line: row.line,
            kind,
            required: row.required == Some(true),
            facts: description::facts(&row.description),
            children: Vec::new(),
            or_list: false,
        }
    }

    /// The same, knowing what an example has of it.
    pub(crate) fn settled(mut self, example: Option<&Value>) -> Self {
        self.settle(&example.into_iter().collect::<Vec<_>>());
        self
    }

    /// Says of what lists and maps are: of objects where fields follow, else of what the example has.
    fn settle(&mut self, around: &[&Value]) {
        let samples: Vec<&Value> = around.iter().flat_map(|value| values(value, &self.name)).collect();
        self.or_list = matches!(self.kind, Kind::Map(_)) && samples.iter().any(|sample| sample.is_array());
        self.kind = settled(&self.kind, !self.children.is_empty(), &samples);
        for child in &mut self.children {
            child.settle(&samples);
        }
    }

    /// Values of an enum, when it lists some.
    pub(crate) fn values(&self) -> Option<&[String]> {
        let is_text = *crate::kind::core(&self.kind) == Kind::Text;
        // One value alone may be a step of a list; a constant is one.
        let is_constant = |value: &String| value.contains('_') || value.chars().all(|each| each.is_ascii_uppercase());
        let values = self.facts.values.as_slice();
        Some(values).filter(|values| is_text && (values.len() > 1 || values.iter().any(is_constant)))
    }
}

/// Values of a name within a value: within objects, lists of them and maps to them.
fn values<'a>(value: &'a Value, name: &str) -> Vec<&'a Value> {
    match value {
        Value::Array(items) => items.iter().take(8).flat_map(|item| values(item, name)).collect(),
        Value::Object(entries) => match entries.get(name) {
            Some(found) => vec![found],
            None => entries.values().filter(|entry| !entry.is_string()).flat_map(|entry| values(entry, name)).collect(),
        },
        _ => Vec::new(),
    }
}

fn settled(kind: &Kind, has_fields: bool, samples: &[&Value]) -> Kind {
    let element = || samples.iter().find_map(|sample| sample.as_array()?.first());
    match kind {
        Kind::List(None) if has_fields => Kind::List(Some(Box::new(Kind::Object))),
        Kind::List(None) => Kind::List(element().map(|element| Box::new(kind_of(element)))),
        Kind::List(Some(inner)) => Kind::List(Some(Box::new(settled(inner, has_fields, &[])))),
        Kind::Map(None) if has_fields => Kind::Map(Some(Box::new(Kind::Object))),
        Kind::Map(Some(inner)) => Kind::Map(Some(Box::new(settled(inner, has_fields, &[])))),
        Kind::Any if has_fields => Kind::Object,
        Kind::Object if !has_fields => Kind::Any,
        kind => kind.clone(),
    }
}

fn kind_of(value: &Value) -> Kind {
    match value {
        Value::Bool(_) => Kind::Bool,
        Value::Number(_) => Kind::Int64,
        Value::String(_) => Kind::Text,
        Value::Object(_) | Value::Array(_) | Value::Null => Kind::Any,
    }
}
