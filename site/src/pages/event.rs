//! Events.

use dingtalk_storage_codegen::ir::Event;
use dingtalk_storage_spec::model::Language as PageLanguage;

use super::lists::plain_table;
use crate::address::{Page, Target};
use crate::block::{Block, Document, Row};
use crate::context::Context;
use crate::inline::{linked, linked_code, text};
use crate::words::Words;

/// The page of an event.
pub fn event(context: &Context<'_>, event: &Event, words: &Words) -> Document {
    let page = Page::Event(event.wire.clone());
    let mut document = Document::new(page, Page::Events, event.wire.clone(), event.summary.clone());
    document.trail = vec![linked(Target::Page(Page::Events, None), words.events)];
    document.push(Block::Lead(context.text(&event.summary, "")));
    for paragraph in event.details.iter().flat_map(|details| context.paragraphs(details, "storage_v1")) {
        document.push(Block::Paragraph(paragraph));
    }
    let line = context.line("events.yaml", &["events", &event.wire]).map_or(1, |(_, line)| line);
    let file = Target::Page(Page::File("spec/events.yaml".to_owned()), Some(format!("L{line}")));
    let data = Target::Page(Page::Type(event.data.clone()), None);
    let language = context.sources.spec.events.get(&event.wire).map(|event| event.language);
    let name = if language == Some(PageLanguage::Zh) { words.official_chinese } else { words.official_english };
    document.push(Block::Facts(vec![
        (words.payload.to_owned(), vec![linked_code(data, &event.data)]),
        (words.number.to_owned(), text(event.biz_type.to_string())),
        (words.official.to_owned(), vec![linked(Target::Web(event.documentation.clone()), name)]),
        (words.spec_file.to_owned(), vec![linked_code(file, format!("spec/events.yaml:{line}"))]),
    ]));
    document
}

/// The list of all events.
pub fn events(context: &Context<'_>, words: &Words) -> Document {
    let mut document = Document::new(Page::Events, Page::Events, words.events, words.events_text);
    document.push(Block::Lead(text(words.events_text)));
    let rows = context.api().events.iter().map(|event| {
        let link = linked_code(Target::Page(Page::Event(event.wire.clone()), None), &event.wire);
        Row { cells: vec![vec![link], context.text(&event.summary, "")], ..Row::default() }
    });
    document.push(plain_table(words.events, [words.name, words.meaning], rows.collect()));
    document
}
