//! Checks a document against the shape of the format, and makes data of it that the model can be read from.
//!
//! Everything that is wrong is found, not only the first thing. What is wrong is left out or replaced, and noted as
//! broken, so that the checks after this one can still look at the rest and do not report what merely follows.

use std::ops::Range;
use std::sync::Arc;

use serde_yaml::{Mapping, Value};

use crate::codes::Code;
use crate::document::Broken;
use crate::finding::{Finding, Place};
use crate::node::{Data, Entries, Entry, Node};
use crate::scalar;
use crate::shape::{Key, Shape, quoted_list};
use crate::source::Source;
use crate::suggest::{did_you_mean, nearest};

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
                Some(self.list(items, item))
            }
            (Shape::Map { value, numeric_keys }, Data::Map(entries)) => Some(self.map(entries, value, *numeric_keys)),
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
        self.report(Finding::new(Code::WrongKind, place, message).label("expected a number"));
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
                    let value = value.or_else(|| {
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

    /// Reports keys that the format does not have. A misspelt key takes the place of the one that was meant.
    fn mend_unknown_keys(&mut self, entries: &mut Entries, keys: &[Key]) {
        let is_known = |name: &str| keys.iter().any(|key| key.name == name);
        if entries.keys().all(|name| is_known(name)) {
            return;
        }
        let mut missing: Vec<&str> = keys.iter().map(|key| key.name.as_str()).collect();
        missing.retain(|name| !entries.contains_key(*name));
        let single = keys.len() == 1 && entries.len() == 1;
        let mut before = Before::default();
        for (name, entry) in std::mem::take(entries) {
            let mut name = name;
            if !is_known(&name) {
                let meant = nearest(&name, missing.iter().copied());
                let meant = meant.or_else(|| missing.first().copied().filter(|_| single)).map(str::to_owned);
                if meant.is_none() && is_rest_of_a_text(&entry) {
                    self.rest_of_a_text(&name, &entry, &before);
                    before.cut = true;
                    entries.insert(name, entry);
                    continue;
                }
                self.unknown_key(&name, &entry, meant.as_deref(), keys);
                missing.retain(|name| Some(*name) != meant.as_deref());
                name = meant.unwrap_or(name);
            }
            before = Before { key: Some(name.clone()), cut: false };
            entries.insert(name, entry);
        }
    }

    /// Inside `{}` a comma ends a text, and what follows looks like a key. That is one mistake, however many commas.
    fn rest_of_a_text(&mut self, name: &str, entry: &Entry, before: &Before) {
        if before.cut {
            return;
        }
        let message = format!("the format has no key `{name}` here");
        let help = "if this is part of a text: inside `{}` a comma ends the text, so put the text in quotes";
        self.report(Finding::new(Code::UnknownKey, self.place(entry.key_span.clone()), message).help(help));
        if let Some(key) = &before.key {
            self.mark_broken(key);
        }
    }

    fn unknown_key(&mut self, name: &str, entry: &Entry, meant: Option<&str>, keys: &[Key]) {
        let names: Vec<String> = keys.iter().map(|key| key.name.clone()).collect();
        let meant = meant.map(|meant| format!("did you mean `{meant}`?"));
        let help = meant.or_else(|| did_you_mean(name, names.iter().map(String::as_str)));
        let help = help.unwrap_or_else(|| format!("known here are {}", quoted_list(&names)));
        let message = format!("the format has no key `{name}` here");
        self.report(Finding::new(Code::UnknownKey, self.place(entry.key_span.clone()), message).help(help));
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
                let message = format!("the number has to be from {min} to {max}");
                self.report(Finding::new(Code::WrongKind, self.place(node.span.clone()), message));
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

    fn wrong_kind(&mut self, node: &Node, key: &Range<usize>, shape: &Shape) -> Option<Value> {
        let value = node.value();
        let expected = format!("expected {}", shape.describe());
        let finding = if value.is_null() {
            let message = "the key has no value";
            Finding::new(Code::WrongKind, self.place(key.clone()), message)
                .label(expected)
                .help("write a value, or delete the key")
        } else {
            let found = match &value {
                Value::Sequence(items) => format!("a list of {}", items.len()),
                other => scalar::kind_name(other).to_owned(),
            };
            let quotable = shape.resolved() == &Shape::Text && !value.is_sequence() && !value.is_mapping();
            let help = quotable.then(|| "put it in quotes if it is meant as a text".to_owned());
            let place = self.place(crate::document::visible(&self.source.text, &node.span, Some(key)));
            Finding::new(Code::WrongKind, place, format!("{expected}, found {found}")).maybe_help(help)
        };
        self.report(finding);
        None
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

/// The entry before an unknown key.
#[derive(Default)]
struct Before {
    key: Option<String>,
    /// Its text was cut by a comma, which is reported already.
    cut: bool,
}

/// Whether it stands in `{}` without a colon.
fn is_rest_of_a_text(entry: &Entry) -> bool {
    entry.value.is_null() && entry.value.span.start <= entry.key_span.end
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
