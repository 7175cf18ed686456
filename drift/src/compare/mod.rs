//! A page and an operation of the spec, side by side.

mod basic;
mod errors;
mod example;
mod fields;

use dingtalk_storage_spec::Spec;

use crate::difference::About;
use crate::kind::Kind;
use crate::ours::{Keys, Node, Ours};
use crate::page::{At, Page};
use crate::section::Section as Part;

pub(crate) use example::fits;
pub(crate) use fields::is_value_of;

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
        (Section { key: "path", part: Part::Path, request: true }, &ours.path, &page.path_parameters, None),
        (Section { key: "query", part: Part::Query, request: true }, &ours.query, &page.query, None),
        (Section { key: "body", part: Part::Body, request: true }, &ours.body, &page.body, body),
        (
            Section { key: "response", part: Part::Response, request: false },
            &ours.response,
            &page.response,
            page.response_example.as_ref(),
        ),
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
    part: Part,
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
}

fn parent_of(path: &[String]) -> &[String] {
    path.split_last().map_or(&[], |(_, parent)| parent)
}
