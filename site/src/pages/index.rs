//! The first page.

use super::chapter::family_links;
use crate::address::Page;
use crate::block::{Block, Card, Document};
use crate::context::Context;
use crate::inline::{joined, text};
use crate::words::Words;

/// The page.
pub fn index(context: &Context<'_>, words: &Words) -> Document {
    let mut document = Document::new(Page::Index, Page::Index, words.site, words.start_lead);
    document.push(Block::Lead(text(words.start_lead)));
    if !words.texts_are_english.is_empty() {
        document.push(Block::Paragraph(text(words.texts_are_english)));
    }
    let count = context.operations().count();
    document.push(Block::Cards(vec![
        card(Page::Jobs, words.jobs, words.jobs_text.to_owned()),
        card(Page::Guides, words.guides, words.guides_text.to_owned()),
        card(Page::Operations, words.operations, format!("{} ({count})", words.operations_text)),
        card(Page::Types, words.types, words.types_text.to_owned()),
        card(Page::Errors, words.errors, format!("{} ({})", words.errors_text, context.api().errors.len())),
        card(Page::Scopes, words.scopes, words.scopes_text.to_owned()),
        card(Page::Events, words.events, words.events_text.to_owned()),
    ]));
    document.section("chapters", words.chapters);
    let chapters = context.sources.spec.groups.iter().map(|(name, group)| {
        let count = context.operations().filter(|item| item.operation.group == *name).count();
        card(Page::Chapter(name.clone()), words.chapter(name, &group.title), format!("{} ({count})", group.doc))
    });
    document.push(Block::Cards(chapters.collect()));
    document.section("versions", words.families);
    document.push(Block::Paragraph(joined(family_links(context), " · ")));
    document
}

fn card(page: Page, title: &str, text: String) -> Card {
    Card { page, title: title.to_owned(), text }
}
