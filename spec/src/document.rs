//! One file: from its text to the model, with everything that the checks need to point at a place.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_yaml::Value;

use crate::codes::Code;
use crate::conform;
use crate::finding::{Finding, Place};
use crate::layout::{self, Role};
use crate::model::{Errors, Events, Family, Groups, Operation, Scopes, Types};
use crate::node::Node;
use crate::parse;
use crate::shape;
use crate::source::Source;

/// What came of a file.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) path: String,
    pub(crate) findings: Vec<Finding>,
    /// Nothing, when the file could not be read at all.
    pub(crate) document: Option<Document>,
}

impl Parsed {
    pub(crate) fn refused(finding: Finding) -> Self {
        Self { path: finding.primary().path().to_owned(), findings: vec![finding], document: None }
    }
}

/// A file that could be read, perhaps in part.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) source: Arc<Source>,
    pub(crate) tree: Node,
    pub(crate) broken: Broken,
    /// Whether it was no YAML of the format as it stands, so that names may stand in other places than they should.
    pub(crate) mended: bool,
    pub(crate) content: Content,
}

/// The model of a file, by its kind.
#[derive(Debug)]
pub(crate) enum Content {
    Operation(Box<Operation>),
    Family(Family),
    Types(Types),
    Errors(Errors),
    Groups(Groups),
    Scopes(Scopes),
    Events(Events),
}

/// Paths within a document that were reported and replaced.
#[derive(Debug, Clone, Default)]
pub(crate) struct Broken {
    paths: Vec<Vec<String>>,
    /// The same paths, each as one text.
    joined: HashSet<String>,
    touched: bool,
}

/// Between the steps of a path that is one text.
const STEP: char = '\u{0}';

impl Broken {
    pub(crate) fn add(&mut self, path: &[String]) {
        let mut joined = String::new();
        for step in path {
            push(&mut joined, step);
        }
        if self.joined.insert(joined) {
            self.paths.push(path.to_vec());
        }
        self.touched = true;
    }

    /// Notes that something was reported, even if nothing had to be replaced for it.
    pub(crate) fn touch(&mut self) {
        self.touched = true;
    }

    /// Whether the model may lack something that the file has.
    pub(crate) fn is_touched(&self) -> bool {
        self.touched
    }

    /// Whether the path, or something that it is part of, was replaced.
    fn covers(&self, path: &[impl AsRef<str>]) -> bool {
        if self.joined.is_empty() {
            return false;
        }
        let mut start = String::new();
        self.joined.contains(&start)
            || path.iter().any(|step| {
                push(&mut start, step.as_ref());
                self.joined.contains(&start)
            })
    }
}

fn push(joined: &mut String, step: &str) {
    joined.push(STEP);
    joined.push_str(step);
}

impl Document {
    /// The key at a path; what is nearest to it when there is none.
    pub(crate) fn key(&self, path: &[impl AsRef<str>]) -> Place {
        let found = self.tree.find(path);
        let span = found.key_span.cloned().or_else(|| first_key(found.node));
        self.place(span.unwrap_or_else(|| found.node.span.clone()), path)
    }

    /// The value at a path; what is nearest to it when there is none.
    pub(crate) fn value(&self, path: &[impl AsRef<str>]) -> Place {
        let found = self.tree.find(path);
        if !found.complete {
            return self.key(path);
        }
        self.place(visible(&self.source.text, &found.node.span, found.key_span), path)
    }

    /// Whether the path, or something that it is part of, was replaced.
    pub(crate) fn is_broken(&self, path: &[impl AsRef<str>]) -> bool {
        self.broken.covers(path)
    }

    /// Whether a section of fields may have had fields that are gone: those of an object that was replaced.
    pub(crate) fn may_lack_fields(&self, section: &str) -> bool {
        self.broken.paths.iter().any(|broken| match broken.as_slice() {
            [] => true,
            [first] | [first, _] => first == section,
            [first, _, attribute] => first == section && matches!(attribute.as_str(), "fields" | "flatten"),
            _ => false,
        })
    }

    /// Whether a key of a map was replaced, or is none that the format knows.
    pub(crate) fn has_broken_key(&self, map: &[&str]) -> bool {
        let is_within = |path: &Vec<String>| path.len() == map.len() + 1 && path.iter().zip(map).all(|(a, b)| a == b);
        self.is_broken(map) || self.broken.paths.iter().any(is_within)
    }

    /// Whether a list of named things may have had one that is gone: its line was lost, or it stands at the wrong depth.
    pub(crate) fn may_lack_entries(&self, list: &str) -> bool {
        let is_lost = |path: &[String]| match path {
            [] | [_] => true,
            [first, _] => first == list,
            [first, _, key] => first == list && !ATTRIBUTES.contains(&key.as_str()),
            _ => false,
        };
        self.mended || self.broken.paths.iter().any(|path| is_lost(path))
    }

    /// Whether the path exists in the file.
    pub(crate) fn has(&self, path: &[impl AsRef<str>]) -> bool {
        self.tree.find(path).complete
    }

    fn place(&self, span: Range<usize>, path: &[impl AsRef<str>]) -> Place {
        Place { broken: self.broken.covers(path), ..Place::span(&self.source, span) }
    }
}

/// What an entry of a list of named things can have; another key in it may be the next entry, too far in.
const ATTRIBUTES: &[&str] = &[
    "doc",
    "fields",
    "values",
    "id",
    "class",
    "meaning",
    "advice",
    "anyOperation",
    "rust",
    "title",
    "lacks",
    "quirks",
];

fn first_key(node: &Node) -> Option<Range<usize>> {
    match &node.data {
        crate::node::Data::Map(entries) => entries.first().map(|(_, entry)| entry.key_span.clone()),
        _ => None,
    }
}

/// The part of a value to underline: its first line, or its key when the value starts on a line of its own or is empty.
pub(crate) fn visible(text: &str, span: &Range<usize>, key: Option<&Range<usize>>) -> Range<usize> {
    let line = text.get(span.clone()).and_then(|value| value.lines().next()).unwrap_or_default().trim_end();
    let one_line = span.start..span.start + line.len();
    let Some(key) = key else { return one_line };
    let on_another_line = text.get(key.end..span.start).is_some_and(|between| between.contains('\n'));
    if line.is_empty() || on_another_line { key.clone() } else { one_line }
}

/// Reads a file whose path is one of the spec.
pub(crate) fn parse(source: &Arc<Source>) -> Parsed {
    let (tree, mut findings) = parse::parse(source);
    if !source.text.trim().is_empty() {
        findings.extend(check_schema_line(source));
    }
    let document = tree.and_then(|tree| read(source, tree, &mut findings));
    Parsed { path: source.path.clone(), findings, document }
}

fn read(source: &Arc<Source>, mut tree: Node, findings: &mut Vec<Finding>) -> Option<Document> {
    let role = layout::file(&source.path).ok()?;
    let name = match role {
        Role::Operation { .. } => "Operation",
        Role::Family { .. } => "Family",
        Role::Types => "Types",
        Role::Errors => "Errors",
        Role::Groups => "Groups",
        Role::Scopes => "Scopes",
        Role::Events => "Events",
        Role::Beside => return None,
    };
    let is_mended =
        |finding: &Finding| matches!(finding.code(), Code::NotYaml | Code::DuplicateKey | Code::YamlFeature);
    let mended = findings.iter().any(is_mended);
    let conformed = conform::conform(source, &mut tree, shape::named(name));
    findings.extend(conformed.findings);
    let value = conformed.value;
    let content = match role {
        Role::Operation { .. } => model(value).map(|operation| Content::Operation(Box::new(operation))),
        Role::Family { .. } => model(value).map(Content::Family),
        Role::Types => model(value).map(Content::Types),
        Role::Errors => model(value).map(Content::Errors),
        Role::Groups => model(value).map(Content::Groups),
        Role::Scopes => model(value).map(Content::Scopes),
        Role::Events | Role::Beside => model(value).map(Content::Events),
    };
    match content {
        Ok(content) => Some(Document { source: Arc::clone(source), tree, broken: conformed.broken, mended, content }),
        Err(error) => {
            // The shape is checked, so serde has nothing left to find; should it still, a person has to know.
            let place = Place::span(source, visible(&source.text, &tree.span, None));
            findings.push(Finding::new(Code::WrongKind, place, format!("the file cannot be read: {error}")));
            None
        }
    }
}

fn model<T: DeserializeOwned>(value: Value) -> Result<T, serde_yaml::Error> {
    serde_yaml::from_value(value)
}

/// Editors complete and check a file that names the JSON Schema.
fn check_schema_line(source: &Arc<Source>) -> Option<Finding> {
    let first = source.text.lines().next().unwrap_or_default();
    let wanted = layout::schema_line(&source.path);
    if first == wanted {
        return None;
    }
    let names_another = first.starts_with("# yaml-language-server:");
    let message =
        if names_another { "the first line names another schema" } else { "the first line does not name the schema" };
    let place = Place::span(source, 0..if names_another { first.len() } else { 0 });
    Some(Finding::new(Code::SchemaLine, place, message).help(format!("the first line has to be `{wanted}`")))
}
