//! Checks a document against the shape of the format, and makes data of it that the model can be read from.
//!
//! Everything that is wrong is found, not only the first thing. What is wrong is left out or replaced, and noted as
//! broken, so that the checks after this one can still look at the rest and do not report what merely follows.

mod hints;
mod keys;

use std::ops::Range;
use std::sync::Arc;

use serde_yaml::{Mapping, Value};

use crate::codes::Code;
use crate::document::Broken;
use crate::finding::{Finding, Place};
use crate::lookalike;
use crate::node::{Data, Entries, Entry, Node};
use crate::scalar;
use crate::shape::{Key, Shape, quoted_list};
use crate::source::Source;
use crate::suggest::did_you_mean;

/// What came of a document.
pub(crate) struct Conformed {
    /// Data of the shape that was asked for.
    pub(crate) value: Value,
    pub(crate) broken: Broken,
    pub(crate) findings: Vec<Finding>,
}

/// Checks the tree. In it, misspelt keys get the name that was probably meant.
pub(crate) fn conform(source: &Arc<Source>, tree: &mut Node, shape: &Shape) -> Conformed {
    let key = tree.span.clone();
    let mut check = Check { source, path: Vec::new(), findings: Vec::new(), broken: Broken::default() };
    let value = check.node(tree, &key, shape).unwrap_or_else(|| check.replacement(shape));
    Conformed { value, broken: check.broken, findings: check.findings }
}

/// Maps that are what their file is about.
const LISTS: &[&str] = &["types", "codes", "groups", "scopes", "events"];

/// Sentences, and the value of a constant, which may be empty on the wire.
const MAY_BE_EMPTY: &[&str] = &["advice", "details", "doc", "effectReason", "evidence", "meaning", "summary", "value"];

struct Check<'a> {
    source: &'a Arc<Source>,
    path: Vec<String>,
    findings: Vec<Finding>,
    broken: Broken,
}

impl Check<'_> {
    /// The value of a node, or nothing when it is of the wrong kind, which is reported then.
    /// `key` is the place to point at when the node itself is empty.
    fn node(&mut self, node: &mut Node, key: &Range<usize>, shape: &Shape) -> Option<Value> {
        let shape = shape.resolved();
        if node.is_null() {
            return self.wrong_kind(node, key, shape);
        }
        match (shape, &mut node.data) {
            (Shape::Any, _) => Some(node.value()),
            (Shape::Choice(shapes), _) => match shapes.iter().find(|choice| is_same_kind(choice, node)) {
                Some(choice) => self.node(node, key, choice),
                None => self.wrong_kind(node, key, shape),
            },
            (Shape::List { item, exactly }, Data::List(items)) => {
                if exactly.is_some_and(|wanted| wanted != items.len() as u64) {
                    return self.wrong_kind(node, key, shape);
                }
                // Where nothing ends a task badly, that has to be said: there is a usual list.
                if items.is_empty() && exactly.is_none() && self.path != ["tasks", "failed"] {
                    self.empty(&node.span);
                }
                self.doubled(items, item);
                Some(self.list(items, item))
            }
            (Shape::Map { value, numeric_keys }, Data::Map(entries)) => {
                self.mend_glued_keys(entries);
                if **value == Shape::Named("Field".to_owned()) {
                    self.mend_quoted_names(entries);
                }
                if entries.is_empty() && !self.may_be_empty() {
                    self.empty(&node.span);
                }
                Some(self.map(entries, value, *numeric_keys))
            }
            (Shape::Struct(keys), Data::Map(entries)) if keys::is_set_in_place_of_a_map(entries, keys) => {
                self.set_in_place_of_a_map(entries, &node.span)
            }
            (Shape::Struct(keys), Data::Map(entries)) => Some(self.structure(entries, key, keys)),
            (_, Data::Scalar { .. }) => self.scalar(node, key, shape),
            _ => self.wrong_kind(node, key, shape),
        }
    }

    fn list(&mut self, items: &mut [Node], shape: &Shape) -> Value {
        let mut values = Vec::new();
        for (index, item) in items.iter_mut().enumerate() {
            let span = item.span.clone();
            values.push(self.element(index.to_string(), item, &span, shape));
        }
        Value::Sequence(values)
    }

    fn map(&mut self, entries: &mut Entries, shape: &Shape, numeric_keys: bool) -> Value {
        let mut map = Mapping::new();
        for (name, entry) in entries {
            let key = if numeric_keys { self.numeric_key(name, entry) } else { Some(Value::String(name.clone())) };
            if let Some(key) = key {
                let value = self.element(name.clone(), &mut entry.value, &entry.key_span, shape);
                map.insert(key, value);
            }
        }
        Value::Mapping(map)
    }

    /// An element of a list or map. A wrong one is replaced, so that the others keep their numbers and names.
    fn element(&mut self, step: String, node: &mut Node, key: &Range<usize>, shape: &Shape) -> Value {
        self.path.push(step);
        let value = self.node(node, key, shape).unwrap_or_else(|| self.replacement(shape));
        self.path.pop();
        value
    }

    fn numeric_key(&mut self, name: &str, entry: &Entry) -> Option<Value> {
        if let Ok(number) = name.parse::<u16>() {
            return Some(Value::from(number));
        }
        let place = self.place(entry.key_span.clone());
        let message = format!("`{name}` is no HTTP status");
        let digits = lookalike::folded(name).replace(['O', 'o'], "0").replace(['l', 'I'], "1");
        let help = match digits.trim().parse::<u16>() {
            Ok(number) => format!("write `{number}`"),
            Err(_) => "a status has three digits, for example `404`".to_owned(),
        };
        self.report(Finding::new(Code::WrongKind, place, message).label("expected a number").help(help));
        self.mark_broken(name);
        None
    }

    fn structure(&mut self, entries: &mut Entries, at: &Range<usize>, keys: &[Key]) -> Value {
        self.mend_unknown_keys(entries, keys);
        let mut map = Mapping::new();
        for key in keys {
            let value = match entries.get_mut(&key.name) {
                Some(entry) => {
                    self.path.push(key.name.clone());
                    let value = self.node(&mut entry.value, &entry.key_span, &key.shape);
                    let value = value.filter(|value| !self.is_empty_text(value, entry, key)).or_else(|| {
                        self.broken.add(&self.path);
                        key.required.then(|| replacement(&key.shape))
                    });
                    self.path.pop();
                    value
                }
                None if key.required => Some(self.missing(entries, at, key)),
                None => None,
            };
            if let Some(value) = value {
                map.insert(Value::String(key.name.clone()), value);
            }
        }
        Value::Mapping(map)
    }

    /// An empty list or map says nothing that a key which is not there would not say.
    fn empty(&mut self, span: &Range<usize>) {
        let message = format!("`{}` is empty", self.path.last().map_or("", String::as_str));
        let place = self.place(span.clone());
        self.report(Finding::new(Code::EmptyValue, place, message).help("delete the key, or list what belongs there"));
    }

    /// A file may list nothing yet. An object without fields is a matter of its own.
    fn may_be_empty(&self) -> bool {
        self.path.len() < 2 && self.path.first().is_some_and(|key| LISTS.contains(&key.as_str()))
            || self.path.last().is_some_and(|key| key == "fields")
    }

    /// Whether a text that is no sentence is empty; about sentences, the checks of the documentation say more.
    fn is_empty_text(&mut self, value: &Value, entry: &Entry, key: &Key) -> bool {
        let empty = value.as_str().is_some_and(|text| text.trim().is_empty());
        if !empty || key.shape.resolved() != &Shape::Text || MAY_BE_EMPTY.contains(&key.name.as_str()) {
            return false;
        }
        let place = self.place(entry.value.span.clone());
        let message = format!("the text of `{}` is empty", key.name);
        let help =
            if key.required { "write what belongs there" } else { "write what belongs there, or delete the key" };
        self.report(Finding::new(Code::EmptyValue, place, message).help(help));
        true
    }

    /// In a list of choices each can be made once.
    fn doubled(&mut self, items: &[Node], shape: &Shape) {
        if !matches!(shape.resolved(), Shape::OneOf(_)) {
            return;
        }
        let mut seen: Vec<(Value, Range<usize>)> = Vec::new();
        for item in items {
            let value = item.value();
            if let Some((_, first)) = seen.iter().find(|(known, _)| *known == value) {
                let message = format!("`{}` stands twice", value.as_str().unwrap_or_default());
                let finding = Finding::new(Code::DuplicateChoice, self.place(item.span.clone()), message);
                let finding = finding.label("again").also(self.place(first.clone()), "first here");
                self.report(finding.help("delete one; a list of choices has each once"));
            } else if seen.len() < 16 {
                seen.push((value, item.span.clone()));
            }
        }
    }

    fn missing(&mut self, entries: &Entries, at: &Range<usize>, key: &Key) -> Value {
        let place = match (self.path.is_empty(), entries.first()) {
            (true, Some((_, first))) => first.key_span.clone(),
            _ => at.clone(),
        };
        let message = format!("the key `{}` is missing", key.name);
        let finding = Finding::new(Code::MissingKey, self.place(place), message).help(format!(
            "add `{}:` with {}",
            key.name,
            key.shape.describe()
        ));
        self.report(finding);
        self.path.push(key.name.clone());
        let value = self.replacement(&key.shape);
        self.path.pop();
        value
    }

    fn scalar(&mut self, node: &Node, key: &Range<usize>, shape: &Shape) -> Option<Value> {
        let value = node.value();
        match (shape, &value) {
            (Shape::Text, Value::String(_)) | (Shape::Bool, Value::Bool(_)) => Some(value),
            (Shape::Integer { min, max }, Value::Number(number))
                if number.as_i64().is_some_and(|n| (*min..=*max).contains(&n)) =>
            {
                Some(value)
            }
            (Shape::Integer { min, max }, Value::Number(number)) if !number.is_f64() => {
                self.out_of_range(node, *min, *max);
                None
            }
            (Shape::Integer { min, max }, Value::Number(_)) if node.is_whole_number() => {
                self.out_of_range(node, *min, *max);
                None
            }
            (Shape::OneOf(values), Value::String(text)) => {
                if values.contains(text) {
                    return Some(value);
                }
                let help = did_you_mean(text, values.iter().map(String::as_str));
                let help = help.unwrap_or_else(|| format!("it has to be one of {}", quoted_list(values)));
                let message = format!("`{text}` is no value of `{}`", self.path.last().map_or("", String::as_str));
                self.report(Finding::new(Code::UnknownChoice, self.place(node.span.clone()), message).help(help));
                None
            }
            _ => self.wrong_kind(node, key, shape),
        }
    }

    /// Reports a value of the wrong kind. Where it is clear what was meant, that takes its place.
    fn wrong_kind(&mut self, node: &Node, key: &Range<usize>, shape: &Shape) -> Option<Value> {
        if let Some((span, message, help)) = self.glued_text(node, shape) {
            self.report(Finding::new(Code::WrongKind, self.place(span), message).help(help));
            return None;
        }
        let value = node.value();
        let mut guess = None;
        let expected = format!("expected {}", shape.describe());
        let finding = if value.is_null() {
            let written = self.source.text.get(node.span.clone()).is_some_and(|text| !text.trim().is_empty());
            let message = if written { "`null` is no value" } else { "the key has no value" };
            Finding::new(Code::WrongKind, self.place(key.clone()), message).label(expected).help(
                if self.is_commented_out(key) {
                    "`#` begins a comment; a text that begins with it has to be in quotes"
                } else {
                    "write a value, or delete the key"
                },
            )
        } else {
            let found = match &value {
                Value::Sequence(items) => format!("a list of {}", items.len()),
                other => scalar::kind_name(other).to_owned(),
            };
            let help = hints::hint(node, shape);
            guess = hints::meant(node, shape);
            let place = self.place(crate::document::visible(&self.source.text, &node.span, Some(key)));
            Finding::new(Code::WrongKind, place, format!("{expected}, found {found}")).maybe_help(help)
        };
        self.report(finding);
        guess
    }

    /// Whether a comment follows the colon of a key.
    fn is_commented_out(&self, key: &Range<usize>) -> bool {
        let rest = self.source.text.get(key.end..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        rest.trim_start_matches([':', ' ', '"', '\'']).starts_with('#')
    }

    fn out_of_range(&mut self, node: &Node, min: i64, max: i64) {
        let message = format!("the number has to be from {min} to {max}");
        self.report(Finding::new(Code::WrongKind, self.place(node.span.clone()), message));
    }

    /// Something of the right shape for what is missing or wrong. Nothing may be reported about it again.
    fn replacement(&mut self, shape: &Shape) -> Value {
        self.broken.add(&self.path);
        replacement(shape)
    }

    /// Nothing is to be reported about a key of the map that is being checked.
    fn mark_broken(&mut self, name: &str) {
        self.path.push(name.to_owned());
        self.broken.add(&self.path);
        self.path.pop();
    }

    fn place(&self, span: Range<usize>) -> Place {
        Place::span(self.source, span)
    }

    fn report(&mut self, finding: Finding) {
        self.broken.touch();
        self.findings.push(finding);
    }
}

fn is_same_kind(shape: &Shape, node: &Node) -> bool {
    match shape.resolved() {
        Shape::List { .. } => matches!(node.data, Data::List(_)),
        Shape::Map { .. } | Shape::Struct(_) => matches!(node.data, Data::Map(_)),
        _ => matches!(node.data, Data::Scalar { .. }) && !node.is_null(),
    }
}

fn replacement(shape: &Shape) -> Value {
    match shape.resolved() {
        Shape::Any | Shape::Named(_) => Value::Null,
        Shape::Text => Value::String(String::new()),
        Shape::Bool => Value::Bool(false),
        Shape::Integer { min, .. } => Value::Number((*min).max(0).into()),
        Shape::OneOf(values) => values.first().cloned().map_or(Value::Null, Value::String),
        Shape::List { item, exactly } => {
            Value::Sequence((0..exactly.unwrap_or(0)).map(|_| replacement(item)).collect())
        }
        Shape::Map { .. } => Value::Mapping(Mapping::new()),
        Shape::Struct(keys) => {
            let required = keys.iter().filter(|key| key.required);
            Value::Mapping(required.map(|key| (Value::String(key.name.clone()), replacement(&key.shape))).collect())
        }
        Shape::Choice(shapes) => shapes.first().map_or(Value::Null, replacement),
    }
}
