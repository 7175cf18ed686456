//! Examples: their request line and their values.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{ABSENT, ANOTHER_VALUE, Compare, Found, PRESENT, Section};
use crate::difference::About;
use crate::kind::Kind;
use crate::ours::Node;
use crate::page::{Example, Page};

/// An example beside the table of its section.
pub(super) struct Samples<'a> {
    pub(super) section: Section,
    pub(super) example: &'a Example,
    /// Fields of the table: what is said of them there is not said again.
    pub(super) rows: &'a BTreeSet<Vec<String>>,
}

impl Compare<'_> {
    pub(super) fn request_example(&mut self, page: &Page) {
        let Some(example) = &page.request_example else { return };
        let ours = self.ours;
        if example.method != ours.method() {
            self.report("", About::Method, [ours.method(), &example.method], ours.key("http"), example.line);
        }
        if !fits(ours.url_path(), &example.path) {
            self.report("", About::Path, [ours.url_path(), &example.path], ours.key("http"), example.line);
        }
        let rows = page.query.iter().flat_map(|table| &table.rows);
        let listed: BTreeSet<&str> = rows.map(|row| row.name.as_str()).collect();
        for name in &example.query {
            // Lists are spread: `ids.1=…`.
            let name = name.split('.').next().unwrap_or(name);
            if !listed.contains(name) && !ours.query.iter().any(|node| node.name == name) {
                let field = format!("query.{name}");
                self.report(&field, About::Example, [ABSENT, PRESENT], ours.key("query"), example.line);
            }
        }
    }

    /// Compares the values of an example with the fields of an object.
    pub(super) fn example(&mut self, samples: &Samples<'_>, fields: &[Node], value: &Value, path: &mut Vec<String>) {
        match value {
            Value::Array(items) => {
                for item in items.iter().take(8) {
                    self.example(samples, fields, item, path);
                }
            }
            Value::Object(entries) => {
                for (name, value) in entries {
                    path.push(name.clone());
                    let field = self.field_name(samples.section, path);
                    match fields.iter().find(|node| node.name == *name) {
                        Some(node) => self.sample(samples, node, value, path),
                        None if samples.rows.contains(path.as_slice()) => {}
                        None => {
                            let place = self.place_of_new(samples.section, path, fields);
                            let line = samples.example.line_of(path);
                            self.report(&field, About::Example, [ABSENT, PRESENT], place, line);
                        }
                    }
                    path.pop();
                }
            }
            _ => {}
        }
    }

    pub(super) fn sample(&mut self, samples: &Samples<'_>, node: &Node, value: &Value, path: &mut Vec<String>) {
        if node.protocol && node.children.is_empty() {
            return;
        }
        let field = self.field_name(samples.section, path);
        if !is_of(&node.kind, value, node.or_list) {
            let line = samples.example.line_of(path);
            let says = [node.kind.to_string(), json_kind(value).to_owned()];
            return self.of_example(&field, [&says[0], &says[1]], node, line);
        }
        if let (Some((values, _)), Some(text)) = (&node.values, value.as_str())
            && !values.iter().any(|known| known == text)
        {
            let line = samples.example.line_of(path);
            self.of_example(&field, [ANOTHER_VALUE, text], node, line);
        }
        let inner = match (&node.kind, value) {
            (Kind::Map(_), Value::Object(entries)) => entries.values().collect(),
            _ => vec![value],
        };
        for value in inner {
            if !node.children.is_empty() {
                self.example(samples, &node.children, value, path);
            }
        }
    }

    /// The same field in several elements of a list is told once.
    pub(super) fn of_example(&mut self, field: &str, says: [&str; 2], node: &Node, line: usize) {
        let told = |found: &Found| found.field == field && found.about == About::Example && found.page == says[1];
        if !self.found.iter().any(told) {
            self.of_node(field, About::Example, says, node, line);
        }
    }
}

/// Whether the path of an example is one of the template.
pub(crate) fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len()
        && template
            .iter()
            .zip(&path)
            .all(|(ours, theirs)| (ours.starts_with('{') && !theirs.is_empty()) || ours == theirs)
}

fn is_of(kind: &Kind, value: &Value, or_list: bool) -> bool {
    match (kind, value) {
        (Kind::Any, _) | (_, Value::Null) => true,
        (Kind::Text | Kind::File, value) => value.is_string(),
        (Kind::Bool, value) => value.is_boolean(),
        (Kind::Int32 | Kind::Int64 | Kind::Number, value) => value.is_i64() || value.is_u64(),
        (Kind::Object, value) => value.is_object(),
        (Kind::Map(_), Value::Array(_)) => or_list,
        (Kind::Map(inner), Value::Object(entries)) => {
            inner.as_deref().is_none_or(|inner| entries.values().all(|value| is_of(inner, value, false)))
        }
        (Kind::List(inner), Value::Array(items)) => {
            inner.as_deref().is_none_or(|inner| items.iter().all(|value| is_of(inner, value, false)))
        }
        _ => false,
    }
}

fn json_kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}
