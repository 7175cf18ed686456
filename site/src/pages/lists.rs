//! Lists of operations and of other things.

use crate::address::{Page, Target};
use crate::block::{Block, Document, Look, Row, Table};
use crate::context::{Context, Item};
use crate::inline::{Inline, Tone, linked_code, text};
use crate::words::Words;

/// All operations by chapter.
pub fn operations(context: &Context<'_>, words: &Words) -> Document {
    let mut document = Document::new(Page::Operations, Page::Operations, words.operations, words.operations_text);
    document.push(Block::Lead(text(words.operations_text)));
    for (name, group) in &context.sources.spec.groups {
        let items: Vec<_> = context.operations().filter(|item| item.operation.group == *name).collect();
        if !items.is_empty() {
            document.section(name, words.chapter(name, &group.title));
            document.push(operation_rows(context, &group.title, &items, words));
        }
    }
    document
}

/// A table of operations.
pub fn operation_rows(context: &Context<'_>, label: &str, items: &[Item<'_>], words: &Words) -> Block {
    let rows = items.iter().map(|item| {
        let operation = item.operation;
        let target = Target::Page(Page::Operation(operation.full_name.clone()), None);
        let mut name = vec![linked_code(target, &operation.full_name)];
        if let Some((status, _)) = words.status(operation.status) {
            name.push(Inline::Badge(Tone::Warn, status.to_owned()));
        }
        Row { cells: vec![name, context.text(&operation.summary, &item.family.name)], ..Row::default() }
    });
    plain_table(label, [words.name, words.meaning], rows.collect())
}

/// A plain table.
pub fn plain_table<const N: usize>(label: &str, head: [&str; N], rows: Vec<Row>) -> Block {
    let head = head.map(str::to_owned).into();
    Block::Table(Table { label: label.to_owned(), look: Look::Plain, head, rows })
}
