//! Chapters and families: operations that belong together.

use dingtalk_storage_codegen::ir::Family;
use dingtalk_storage_spec::model::Group;

use super::lists::operation_rows;
use crate::address::{Page, Target};
use crate::block::{Block, Document};
use crate::context::Context;
use crate::inline::{Inline, linked, linked_code, text};
use crate::words::Words;

/// The page of a chapter.
pub fn chapter(context: &Context<'_>, name: &str, group: &Group, words: &Words) -> Document {
    let page = Page::Chapter(name.to_owned());
    let title = words.chapter(name, &group.title);
    let mut document = Document::new(page.clone(), page, title, group.doc.clone());
    document.trail = vec![linked(Target::Page(Page::Operations, None), words.operations)];
    document.push(Block::Lead(context.text(&group.doc, "")));
    if let Some(lacks) = &group.lacks {
        let mut note = text(format!("{}: ", words.lacks));
        note.extend(context.text(lacks, ""));
        document.push(Block::Note(note));
    }
    let items: Vec<_> = context.operations().filter(|item| item.operation.group == name).collect();
    document.push(operation_rows(context, &group.title, &items, words));
    document
}

/// The page of a module and version.
pub fn family(context: &Context<'_>, family: &Family, words: &Words) -> Document {
    let page = Page::Family(family.name.clone());
    let mut document = Document::new(page, Page::Operations, family.title.clone(), family.doc.clone());
    document.trail = vec![linked(Target::Page(Page::Operations, None), words.operations)];
    document.push(Block::Name(text(format!("client.{}()", family.name))));
    for paragraph in context.paragraphs(&family.doc, &family.name) {
        document.push(Block::Paragraph(paragraph));
    }
    let path = format!("spec/{}", family.source);
    let target = Target::Page(Page::File(path.clone()), Some("L1".to_owned()));
    document.push(Block::Facts(vec![(words.spec_file.to_owned(), vec![linked_code(target, path)])]));
    let items: Vec<_> = context.operations().filter(|item| item.family.name == family.name).collect();
    document.push(operation_rows(context, &family.title, &items, words));
    document
}

/// Families as links.
pub fn family_links(context: &Context<'_>) -> Vec<Vec<Inline>> {
    let link = |family: &Family| linked(Target::Page(Page::Family(family.name.clone()), None), family.title.clone());
    context.api().families.iter().map(|family| vec![link(family)]).collect()
}
