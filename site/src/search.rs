//! The index of the search: a script that hands its lines over, because a page from a file may load no data.
//!
//! A line is kind, name, address and summary; a field has kind, name and places, of which each is the number of the line
//! of a page and the anchor in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::address::{Addresses, Page};
use crate::block::{Block, Document, Look};
use crate::html::headings;
use crate::inline::{Inline, plain};
use crate::words::Words;

/// The script with the index of the pages of one language.
pub fn index(documents: &[Document], addresses: &Addresses, words: &Words) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for document in documents {
        let Some(kind) = kind(&document.page, words) else { continue };
        let address = format!("{}.html", addresses.bare(&document.page));
        let name = match &document.page {
            Page::Operation(name) => name,
            _ => &document.title,
        };
        for (field, anchor) in fields_of(document) {
            fields.entry(field).or_default().push(format!("{}#{anchor}", lines.len()));
        }
        lines.push(line(&[kind, name, &address, &document.description]));
        if matches!(document.page, Page::Guide(_)) {
            for (id, heading) in headings(document) {
                lines.push(line(&[kind, &heading, &format!("{address}#{id}"), &document.title]));
            }
        }
    }
    for (field, places) in fields {
        lines.push(line(&[words.search_field, &field, &places.join(" ")]));
    }
    let mut script = String::new();
    let _ = writeln!(script, "searchIndex({});", serde_json::Value::from(lines.join("\n")));
    script
}

fn line(parts: &[&str]) -> String {
    parts.iter().map(|part| part.replace(['\t', '\n', '\r'], " ")).collect::<Vec<_>>().join("\t")
}

fn kind(page: &Page, words: &Words) -> Option<&'static str> {
    match page {
        Page::Operation(_) => Some(words.search_operation),
        Page::Type(_) => Some(words.search_type),
        Page::Error(_) => Some(words.search_error),
        Page::Scope(_) => Some(words.scope),
        Page::Event(_) => Some(words.search_event),
        Page::Chapter(_) => Some(words.search_chapter),
        Page::Guide(_) | Page::Jobs => Some(words.search_guide),
        _ => None,
    }
}

/// Names of fields, parameters and values, each with its anchor, where that has no space.
fn fields_of(document: &Document) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for block in &document.blocks {
        let Block::Table(table) = block else { continue };
        if table.look != Look::Fields {
            continue;
        }
        for row in &table.rows {
            let name = row.cells.first().map(|cell| {
                plain(&cell.iter().filter(|part| matches!(part, Inline::Code(_))).cloned().collect::<Vec<_>>())
            });
            if let (Some(name), Some(id)) = (name, &row.id)
                && !id.contains([' ', '#'])
            {
                fields.push((name, id.clone()));
            }
        }
    }
    fields
}
