//! A page and an operation of the spec, side by side.

use std::collections::BTreeSet;

use dingtalk_storage_spec::Spec;
use dingtalk_storage_spec::model::{App, Token};
use serde_json::Value;

use crate::description;
use crate::difference::About;
use crate::kind::{self, Kind};
use crate::nesting::{Nested, nest};
use crate::ours::{Keys, Node, Ours};
use crate::page::{At, Example, Page, Row, Table};

/// A difference before its places are looked up and its reason is looked for.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) field: String,
    pub(crate) about: About,
    pub(crate) spec: String,
    pub(crate) page: String,
    pub(crate) place: Keys,
    pub(crate) line: usize,
    /// Shared types that the field is in or has.
    pub(crate) types: Vec<String>,
    /// The field of a shared type.
    pub(crate) shared: Option<(String, String)>,
    /// The type that the spec has.
    pub(crate) kind: Option<Kind>,
}

pub(crate) const ABSENT: &str = "absent";
pub(crate) const PRESENT: &str = "present";
pub(crate) const ANOTHER_VALUE: &str = "another value";

/// Compares all that both have.
pub(crate) fn compare(spec: &Spec, ours: &Ours<'_>, page: &mut Page) -> Vec<Found> {
    let mut walk = Compare { spec, ours, found: Vec::new(), unread: Vec::new() };
    walk.basic(page);
    walk.headers(page);
    let body = page.request_example.as_ref().and_then(|example| example.body.as_ref());
    let sections = [
        (Section { key: "path", request: true }, &ours.path, &page.path_parameters, None),
        (Section { key: "query", request: true }, &ours.query, &page.query, None),
        (Section { key: "body", request: true }, &ours.body, &page.body, body),
        (Section { key: "response", request: false }, &ours.response, &page.response, page.response_example.as_ref()),
    ];
    for (section, fields, table, example) in sections {
        walk.section(section, fields, table.as_ref(), example, page);
    }
    walk.request_example(page);
    walk.errors(page);
    page.unread.append(&mut walk.unread);
    page.unread.sort_by_key(|each| each.line);
    walk.found
}

#[derive(Debug, Clone, Copy)]
struct Section {
    key: &'static str,
    request: bool,
}

struct Compare<'a> {
    spec: &'a Spec,
    ours: &'a Ours<'a>,
    found: Vec<Found>,
    unread: Vec<At<String>>,
}

impl Compare<'_> {
    fn report(&mut self, field: &str, about: About, says: [&str; 2], place: Keys, line: usize) {
        let [spec, page] = says.map(str::to_owned);
        let field = field.to_owned();
        self.found.push(Found { field, about, spec, page, place, line, types: Vec::new(), shared: None, kind: None });
    }

    fn of_node(&mut self, field: &str, about: About, says: [&str; 2], node: &Node, line: usize) {
        let place = match (about, &node.values) {
            (About::Value, Some((_, place))) if says.first() == Some(&ABSENT) => place.clone(),
            (About::Value, Some((_, place))) => place.key(says.first().copied().unwrap_or_default()),
            _ => node.place.clone(),
        };
        self.report(field, about, says, place, line);
        if let Some(last) = self.found.last_mut() {
            last.types.clone_from(&node.types);
            last.shared.clone_from(&node.shared);
            last.kind = Some(node.kind.clone());
        }
    }

    fn basic(&mut self, page: &Page) {
        let ours = self.ours;
        if let Some(theirs) = page.method.as_ref().filter(|theirs| theirs.value != ours.method()) {
            self.report("", About::Method, [ours.method(), &theirs.value], ours.key("http"), theirs.line);
        }
        if let Some(theirs) = page.path.as_ref().filter(|theirs| theirs.value != ours.url_path()) {
            self.report("", About::Path, [ours.url_path(), &theirs.value], ours.key("http"), theirs.line);
        }
        let line = page.path.as_ref().or(page.method.as_ref()).map_or(1, |fact| fact.line);
        let scope = ours.item.operation.scope.as_deref().unwrap_or(ABSENT);
        let (theirs, at) = page.scope.as_ref().map_or((ABSENT, line), |fact| (fact.value.as_str(), fact.line));
        if scope != theirs && !(scope == "unknown" && theirs == ABSENT) {
            self.report("", About::Scope, [scope, theirs], ours.key("scope"), at);
        }
        if let Some(theirs) = &page.apps {
            let name = |app: &App| if *app == App::Internal { "internal" } else { "third-party" };
            let known: BTreeSet<&str> = ours.item.operation.apps.iter().map(name).collect();
            let named: BTreeSet<&str> = theirs.value.iter().map(String::as_str).collect();
            for app in known.difference(&named) {
                self.report("", About::Apps, [app, ABSENT], ours.key("apps"), theirs.line);
            }
            for app in named.difference(&known) {
                self.report("", About::Apps, [ABSENT, app], ours.key("apps"), theirs.line);
            }
        }
    }

    fn headers(&mut self, page: &Page) {
        const TOKEN: &str = "x-acs-dingtalk-access-token";
        /// What every request has.
        const USUAL: &[&str] = &["content-type", "host", "accept"];
        let Some(table) = &page.headers else { return };
        let ours = matches!(self.ours.token, Token::Header | Token::User);
        let theirs = table.rows.iter().find(|row| row.name.eq_ignore_ascii_case(TOKEN));
        if ours != theirs.is_some() {
            let says = |flag| if flag { "header" } else { "none" };
            let line = theirs.map_or(table.line, |row| row.line);
            self.report("", About::Token, [says(ours), says(theirs.is_some())], self.ours.key("token"), line);
        }
        for row in &table.rows {
            let name = row.name.to_lowercase();
            if name != TOKEN && !USUAL.contains(&name.as_str()) {
                self.report(
                    &format!("header.{}", row.name),
                    About::Field,
                    [ABSENT, PRESENT],
                    self.ours.key("http"),
                    row.line,
                );
            }
        }
    }

    fn section(
        &mut self,
        section: Section,
        fields: &[Node],
        table: Option<&Table>,
        example: Option<&Example>,
        page: &Page,
    ) {
        let empty = Table { line: page.path.as_ref().map_or(1, |fact| fact.line), rows: Vec::new() };
        let table = table.unwrap_or(&empty);
        let nested = nest(&table.rows, fields, example.map(|example| &example.value));
        let mut names = BTreeSet::new();
        for placed in &nested.placed {
            let Some(row) = table.rows.get(placed.row) else { continue };
            let field = self.field_name(section, &placed.path);
            names.insert(placed.path.clone());
            match placed.ours {
                Some(ours) if ours.protocol => {}
                Some(ours) => self.row(section, &field, ours, row),
                None => {
                    let place = self.place_of_new(section, &placed.path, fields);
                    self.report(&field, About::Field, [ABSENT, PRESENT], place, row.line);
                }
            }
        }
        self.missing(section, table, &nested);
        if let Some(example) = example {
            let samples = Samples { section, example, rows: &names };
            self.example(&samples, fields, &example.value, &mut Vec::new());
        }
    }

    fn missing(&mut self, section: Section, table: &Table, nested: &Nested<'_>) {
        for (path, node) in nested.missing.iter().filter(|(_, node)| !node.protocol) {
            // The place on the page is where its object is.
            let parent = nested.placed.iter().find(|placed| placed.path.as_slice() == parent_of(path));
            let line = parent.and_then(|placed| table.rows.get(placed.row)).map_or(table.line, |row| row.line);
            self.of_node(&self.field_name(section, path), About::Field, [PRESENT, ABSENT], node, line);
        }
    }

    fn field_name(&self, section: Section, path: &[String]) -> String {
        let wrapped =
            section.key == "response" && self.ours.response.iter().any(|node| node.protocol && node.name == "result");
        let path = match path {
            [first, rest @ ..] if wrapped && first == "result" && !rest.is_empty() => rest,
            path => path,
        };
        [section.key].into_iter().chain(path.iter().map(String::as_str)).collect::<Vec<_>>().join(".")
    }

    /// Where a field would stand that the spec does not have: its object, or its section.
    fn place_of_new(&self, section: Section, path: &[String], fields: &[Node]) -> Keys {
        let mut place = self.ours.key(section.key);
        let mut fields = fields;
        for name in parent_of(path) {
            let Some(node) = fields.iter().find(|node| node.name == *name) else { break };
            if !node.protocol {
                place = node.children.first().map_or_else(
                    || node.place.clone(),
                    |child| {
                        let mut keys = child.place.clone();
                        keys.keys.pop();
                        keys
                    },
                );
            }
            fields = &node.children;
        }
        place
    }

    fn row(&mut self, section: Section, field: &str, node: &Node, row: &Row) {
        if node.name != row.name {
            self.of_node(field, About::Name, [&node.name, &row.name], node, row.line);
        }
        match kind::read(&row.kind) {
            Some(theirs) if kind::agree(&node.kind, &theirs) => {}
            Some(theirs) => {
                self.of_node(field, About::Type, [&node.kind.to_string(), &theirs.to_string()], node, row.line);
            }
            None => self.unread.push(At { value: format!("the type `{}` of `{field}`", row.kind), line: row.line }),
        }
        if let Some(required) = row.required.filter(|required| section.request && *required != node.required) {
            let says = |flag| if flag { "required" } else { "optional" };
            self.of_node(field, About::Required, [says(node.required), says(required)], node, row.line);
        }
        self.description(section, field, node, row);
    }

    fn description(&mut self, section: Section, field: &str, node: &Node, row: &Row) {
        let facts = description::facts(&row.description);
        let is_text = matches!(core(&node.kind), Kind::Text);
        if let Some((values, _)) = node.values.as_ref().filter(|_| !facts.values.is_empty()) {
            for value in values.iter().filter(|value| !facts.values.contains(value)) {
                self.of_node(field, About::Value, [value, ABSENT], node, row.line);
            }
            for value in facts.values.iter().filter(|value| !values.contains(value)) {
                self.of_node(field, About::Value, [ABSENT, value], node, row.line);
            }
        } else if is_text && node.values.is_none() && facts.values.len() > 1 {
            for value in &facts.values {
                self.of_node(field, About::Value, [ABSENT, value], node, row.line);
            }
        }
        if section.request {
            let theirs = facts.default.as_deref().filter(|theirs| is_value_of(node, theirs));
            // A default can be told in words that name no value.
            let in_words = theirs.is_none() && facts.mentions_default;
            if theirs != node.default.as_deref() && !in_words {
                let says = [node.default.as_deref().unwrap_or(ABSENT), theirs.unwrap_or(ABSENT)];
                self.of_node(field, About::Default, says, node, row.line);
            }
        }
        // Pages give sizes of files with units, and seldom say how much an answer can hold.
        let is_told = node.kind != Kind::File && (section.request || facts.max.is_some());
        if facts.max != node.max && is_told {
            let [ours, theirs] = [node.max, facts.max].map(|max| max.map_or(ABSENT.to_owned(), |max| max.to_string()));
            self.of_node(field, About::Max, [&ours, &theirs], node, row.line);
        }
    }

    fn request_example(&mut self, page: &Page) {
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

    fn errors(&mut self, page: &Page) {
        let Some(table) = &page.errors else { return };
        let ours = &self.ours.item.operation.errors;
        let known: BTreeSet<(u16, &str)> =
            ours.iter().flat_map(|(status, codes)| codes.iter().map(move |code| (*status, code.as_str()))).collect();
        let named: BTreeSet<(u16, &str)> = table.rows.iter().map(|row| (row.value.0, row.value.1.as_str())).collect();
        let place = |status: u16| Keys::new(&self.ours.item.file, &["errors", &status.to_string()]);
        let line = |status, code: &str| {
            table.rows.iter().find(|row| row.value == (status, code.to_owned())).map_or(table.line, |row| row.line)
        };
        let mut found = Vec::new();
        for (status, code) in known.difference(&named) {
            let moved = named.difference(&known).find(|(_, other)| other == code);
            let field = format!("errors.{code}");
            match moved {
                Some((other, _)) => found.push((
                    field,
                    About::Status,
                    [status.to_string(), other.to_string()],
                    place(*status),
                    line(*other, code),
                )),
                None => found.push((
                    field,
                    About::Error,
                    [status.to_string(), ABSENT.to_owned()],
                    place(*status),
                    table.line,
                )),
            }
        }
        for (status, code) in named.difference(&known) {
            let moved = known.difference(&named).any(|(_, other)| other == code);
            let anywhere = self.spec.errors.get(*code).is_some_and(|known| known.any_operation);
            if !moved && !anywhere {
                let says = [ABSENT.to_owned(), status.to_string()];
                found.push((format!("errors.{code}"), About::Error, says, place(*status), line(*status, code)));
            }
        }
        for (field, about, [spec, page], place, line) in found {
            self.report(&field, about, [&spec, &page], place, line);
        }
    }
}

struct Samples<'a> {
    section: Section,
    example: &'a Example,
    /// Fields of the table: what is said of them there is not said again.
    rows: &'a BTreeSet<Vec<String>>,
}

impl Compare<'_> {
    /// Compares the values of an example with the fields of an object.
    fn example(&mut self, samples: &Samples<'_>, fields: &[Node], value: &Value, path: &mut Vec<String>) {
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

    fn sample(&mut self, samples: &Samples<'_>, node: &Node, value: &Value, path: &mut Vec<String>) {
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
    fn of_example(&mut self, field: &str, says: [&str; 2], node: &Node, line: usize) {
        let told = |found: &Found| found.field == field && found.about == About::Example && found.page == says[1];
        if !self.found.iter().any(told) {
            self.of_node(field, About::Example, says, node, line);
        }
    }
}

fn parent_of(path: &[String]) -> &[String] {
    path.split_last().map_or(&[], |(_, parent)| parent)
}

/// The type at the core of lists.
fn core(kind: &Kind) -> &Kind {
    match kind {
        Kind::List(Some(inner)) => core(inner),
        kind => kind,
    }
}

/// Whether a default is one: a word of prose may stand where one is looked for.
fn is_value_of(node: &Node, value: &str) -> bool {
    match &node.kind {
        Kind::Bool => matches!(value, "true" | "false"),
        Kind::Int32 | Kind::Int64 | Kind::Number => value.parse::<i64>().is_ok(),
        Kind::Text => node.values.as_ref().is_none_or(|(values, _)| {
            values.iter().any(|known| known == value)
                || value.chars().any(|each| each.is_ascii_uppercase() || each == '_')
        }),
        _ => false,
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
