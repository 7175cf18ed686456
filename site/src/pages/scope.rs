//! Permissions.

use super::lists::operation_rows;
use crate::address::{Page, Target};
use crate::block::{Block, Document, Look, Row, Table};
use crate::context::Context;
use crate::inline::{linked, linked_code, text};
use crate::words::Words;

/// The page of a permission.
pub fn scope(context: &Context<'_>, name: &str, doc: &str, words: &Words) -> Document {
    let mut document = Document::new(Page::Scope(name.to_owned()), Page::Scopes, name, doc);
    document.trail = vec![linked(Target::Page(Page::Scopes, None), words.scopes)];
    document.push(Block::Lead(context.text(doc, "")));
    let line = context.line("scopes.yaml", &["scopes", name]).map_or(1, |(_, line)| line);
    let file = Target::Page(Page::File("spec/scopes.yaml".to_owned()), Some(format!("L{line}")));
    document.push(Block::Facts(vec![(
        words.spec_file.to_owned(),
        vec![linked_code(file, format!("spec/scopes.yaml:{line}"))],
    )]));
    document.section("operations", words.operations_of_scope);
    let users = context.uses.scopes.get(name).map(Vec::as_slice).unwrap_or_default();
    let items: Vec<_> =
        context.operations().filter(|item| users.contains(&item.operation.full_name.as_str())).collect();
    if items.is_empty() {
        document.push(Block::Paragraph(text(words.not_used)));
    } else {
        document.push(operation_rows(context, words.operations_of_scope, &items, words));
    }
    document
}

/// The list of all permissions.
pub fn scopes(context: &Context<'_>, words: &Words) -> Document {
    let mut document = Document::new(Page::Scopes, Page::Scopes, words.scopes, words.scopes_text);
    document.push(Block::Lead(text(words.scopes_text)));
    let rows = context.sources.spec.scopes.iter().map(|(name, doc)| {
        let count = context.uses.scopes.get(name.as_str()).map_or(0, Vec::len);
        let link = linked_code(Target::Page(Page::Scope(name.clone()), None), name);
        Row { cells: vec![vec![link], context.text(doc, ""), text(count.to_string())], ..Row::default() }
    });
    let head = [words.scope, words.meaning, words.how_many].map(str::to_owned).into();
    let label = words.scopes.to_owned();
    document.push(Block::Table(Table { label, look: Look::Plain, head, rows: rows.collect() }));
    document
}
