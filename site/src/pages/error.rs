//! Error codes.

use dingtalk_storage_codegen::ir::ErrorCode;

use super::lists::plain_table;
use super::operation::class_badge;
use crate::address::{Page, Target};
use crate::block::{Block, Document, Row};
use crate::context::{Context, operation_link};
use crate::inline::{Inline, code, linked, linked_code, text};
use crate::words::{Words, class};

/// The page of a code.
pub fn error(context: &Context<'_>, error: &ErrorCode, words: &Words) -> Document {
    let page = Page::Error(error.wire.clone());
    let mut document = Document::new(page, Page::Errors, error.wire.clone(), error.meaning.clone());
    document.trail = vec![linked(Target::Page(Page::Errors, None), words.errors)];
    let mut name = text(format!("ErrorCode::{}", error.rust));
    name.push(class_badge(error.class));
    document.push(Block::Name(name));
    document.push(Block::Lead(context.text(&error.meaning, "")));
    let line = context.line("errors.yaml", &["codes", &error.wire]).map_or(1, |(_, line)| line);
    let file = Target::Page(Page::File("spec/errors.yaml".to_owned()), Some(format!("L{line}")));
    document.push(Block::Facts(vec![
        (words.advice.to_owned(), context.text(&error.advice, "")),
        (words.class.to_owned(), code(class(error.class))),
        (words.spec_file.to_owned(), vec![linked_code(file, format!("spec/errors.yaml:{line}"))]),
    ]));
    document.section("operations", words.answered_by);
    if is_of_platform(context, error) {
        document.push(Block::Paragraph(text(words.any_operation)));
    }
    let operations = context.uses.errors.get(error.wire.as_str()).map(Vec::as_slice).unwrap_or_default();
    if !operations.is_empty() {
        let entry = |(name, status): &(&str, u16)| vec![operation_link(name), Inline::Text(format!(", HTTP {status}"))];
        document.push(Block::List(operations.iter().map(entry).collect()));
    }
    document
}

/// The list of all codes.
pub fn errors(context: &Context<'_>, words: &Words) -> Document {
    let mut document = Document::new(Page::Errors, Page::Errors, words.errors, words.errors_text);
    document.push(Block::Lead(text(words.errors_text)));
    let head = [words.code, words.class, words.meaning, words.advice];
    let (platform, others): (Vec<&ErrorCode>, Vec<&ErrorCode>) =
        context.api().errors.iter().partition(|error| is_of_platform(context, error));
    for (id, title, codes) in [("any-operation", words.platform_errors, platform), ("codes", words.operations, others)]
    {
        document.section(id, title);
        let rows = codes.into_iter().map(|error| Row {
            cells: vec![
                vec![linked_code(Target::Page(Page::Error(error.wire.clone()), None), &error.wire)],
                text(class(error.class)),
                context.text(&error.meaning, ""),
                context.text(&error.advice, ""),
            ],
            ..Row::default()
        });
        document.push(plain_table(title, head, rows.collect()));
    }
    document
}

/// Whether every operation may answer with it.
fn is_of_platform(context: &Context<'_>, error: &ErrorCode) -> bool {
    context.sources.spec.errors.get(&error.wire).is_some_and(|error| error.any_operation)
}
