//! Tables of parameters and fields, row by row.

use std::collections::BTreeSet;

use super::{ABSENT, Compare, PRESENT, Section, parent_of};
use crate::description;
use crate::difference::About;
use crate::kind::{self, Kind};
use crate::nesting::{Missed, Nested, nest};
use crate::ours::Node;
use crate::page::{At, Example, Page, Row, Table};

impl Compare<'_> {
    pub(super) fn section(
        &mut self,
        section: Section,
        fields: &[Node],
        table: Option<&Table>,
        example: Option<&Example>,
        page: &Page,
    ) {
        let empty = Table { line: page.path.as_ref().map_or(1, |fact| fact.line), rows: Vec::new() };
        let table = table.unwrap_or(&empty);
        let is_whole = !page.gaps.contains(&section.part);
        let missed = if is_whole { Missed::Differs } else { Missed::CanBeLost };
        let nested = nest(&table.rows, fields, example.map(|example| &example.value), &|_, _| None, missed);
        let mut names = BTreeSet::new();
        for placed in &nested.placed {
            let Some(row) = table.rows.get(placed.row) else { continue };
            let field = self.field_name(section, &placed.path);
            names.insert(placed.path.clone());
            match placed.ours {
                Some(ours) if ours.protocol => {}
                Some(ours) => self.row(section, &field, ours, row),
                // The row of its object is lost, and so is its place.
                None if !is_whole && has_anywhere(fields, &row.name) => {}
                None => {
                    let place = self.place_of_new(section, &placed.path, fields);
                    self.report(&field, About::Field, [ABSENT, PRESENT], place, row.line);
                }
            }
        }
        if is_whole {
            self.missing(section, table, &nested);
        }
        if let Some(example) = example {
            let samples = super::example::Samples { section, example, rows: &names };
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

    fn row(&mut self, section: Section, field: &str, node: &Node, row: &Row) {
        if node.name != row.name {
            self.of_node(field, About::Name, [&node.name, &row.name], node, row.line);
        }
        match kind::read(&row.kind) {
            Some(theirs) if kind::agree(&node.kind, &theirs) => {}
            Some(theirs) => {
                self.of_node(field, About::Type, [&node.kind.to_string(), &theirs.to_string()], node, row.line);
            }
            // What the older layout lacks is told once.
            None if row.kind.is_empty() => {}
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
        let is_text = matches!(kind::core(&node.kind), Kind::Text);
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
        // A cell that is empty says nothing.
        if row.description.is_empty() {
            return;
        }
        if section.request {
            let values = node.values.as_ref().map(|(values, _)| values.as_slice());
            let theirs = facts.default.as_deref().filter(|theirs| is_value_of(&node.kind, values, theirs));
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
}

fn has_anywhere(fields: &[Node], name: &str) -> bool {
    fields.iter().any(|node| node.name == name || has_anywhere(&node.children, name))
}

/// Whether a default is one: a word of prose may stand where one is looked for.
pub(crate) fn is_value_of(kind: &Kind, values: Option<&[String]>, value: &str) -> bool {
    match kind {
        Kind::Bool => matches!(value, "true" | "false"),
        Kind::Int32 | Kind::Int64 | Kind::Number => value.parse::<i64>().is_ok(),
        Kind::Text => values.is_none_or(|values| {
            values.iter().any(|known| known == value)
                || value.chars().any(|each| each.is_ascii_uppercase() || each == '_')
        }),
        _ => false,
    }
}
