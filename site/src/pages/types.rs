//! Shared types: objects, enums, ids.

use dingtalk_storage_codegen::ir::{Enum, Id, Object, TypeFile, TypeItem};

use super::evidence;
use super::fields::{object_rows, table};
use super::lists::plain_table;
use crate::address::{Page, Target};
use crate::block::{Block, Document, Look, Row, Table};
use crate::context::{Context, operation_link};
use crate::inline::{Inline, Line, Tone, code, joined, linked_code, text};
use crate::words::Words;

/// The page of a type.
pub fn shared_type(context: &Context<'_>, file: &TypeFile, item: &TypeItem, words: &Words) -> Document {
    let name = item.name();
    let (kind, doc) = kind_and_doc(item, words);
    let mut document = Document::new(Page::Type(name.to_owned()), Page::Types, name, doc);
    document.trail = vec![crate::inline::linked(Target::Page(Page::Types, None), words.types)];
    let mut line = text(format!("types::{name}"));
    line.push(Inline::Badge(Tone::Plain, kind.to_owned()));
    document.push(Block::Name(line));
    document.push(Block::Lead(context.text(doc, "")));
    let quirks = match item {
        TypeItem::Object(object) => &object.quirks,
        TypeItem::Enum(item) => &item.quirks,
        TypeItem::Id(id) => &id.quirks,
    };
    facts(context, file, item, words, &mut document);
    if !quirks.is_empty() {
        document.section("quirks", words.quirks);
        document.push(Block::List(quirks.iter().map(|quirk| context.text(quirk, "")).collect()));
    }
    match item {
        TypeItem::Object(object) => fields(context, file, object, words, &mut document),
        TypeItem::Enum(item) => values(context, file, item, words, &mut document),
        TypeItem::Id(id) => constants(context, file, id, words, &mut document),
    }
    used_by(context, name, words, &mut document);
    if let Some(spec) = context.sources.spec.types.get(name) {
        let grounds = spec.def.fields.as_ref().map(|fields| evidence::grounds(context, fields, "")).unwrap_or_default();
        let differences = evidence::differences_of_type(context, name);
        evidence::add(context, &mut document, words, "", &spec.def.discrepancies, grounds, differences);
    }
    document
}

/// Whether a type is of a kind.
type IsOf = fn(&TypeItem) -> bool;

/// The list of all types.
pub fn types(context: &Context<'_>, words: &Words) -> Document {
    let mut document = Document::new(Page::Types, Page::Types, words.types, words.types_text);
    document.push(Block::Lead(text(words.types_text)));
    let all = || context.api().type_files.iter().flat_map(|file| &file.types);
    let kinds: [(&str, &str, IsOf); 3] = [
        ("objects", words.object, |item| matches!(item, TypeItem::Object(_))),
        ("enums", words.enumeration, |item| matches!(item, TypeItem::Enum(_))),
        ("ids", words.id, |item| matches!(item, TypeItem::Id(_))),
    ];
    for (id, title, is_of) in kinds {
        document.section(id, title);
        let rows = all().filter(|item| is_of(item)).map(|item| {
            let (_, doc) = kind_and_doc(item, words);
            let target = Target::Page(Page::Type(item.name().to_owned()), None);
            Row { cells: vec![vec![linked_code(target, item.name())], context.text(doc, "")], ..Row::default() }
        });
        document.push(plain_table(title, [words.name, words.meaning], rows.collect()));
    }
    document
}

fn kind_and_doc<'a>(item: &'a TypeItem, words: &Words) -> (&'static str, &'a str) {
    match item {
        TypeItem::Object(object) => (words.object, &object.doc),
        TypeItem::Enum(item) => (words.enumeration, &item.doc),
        TypeItem::Id(id) => (words.id, &id.doc),
    }
}

fn facts(context: &Context<'_>, file: &TypeFile, item: &TypeItem, words: &Words, document: &mut Document) {
    let mut facts: Vec<(String, Line)> = Vec::new();
    if let TypeItem::Id(id) = item {
        if let Some(example) = &id.example {
            facts.push((words.example.to_owned(), code(example.clone())));
        }
        if id.secret {
            let mut line = vec![Inline::Badge(Tone::Warn, words.secret.to_owned())];
            line.push(Inline::Text(format!(" {}", words.secret_text)));
            facts.push((words.secret.to_owned(), line));
        }
    }
    let line = context.line(&file.source, &["types", item.name()]).map_or(1, |(_, line)| line);
    let path = format!("spec/{}", file.source);
    let target = Target::Page(Page::File(path.clone()), Some(format!("L{line}")));
    facts.push((words.spec_file.to_owned(), vec![linked_code(target, format!("{path}:{line}"))]));
    document.push(Block::Facts(facts));
}

fn fields(context: &Context<'_>, file: &TypeFile, object: &Object, words: &Words, document: &mut Document) {
    document.section("fields", words.fields);
    let keys = ["types".to_owned(), object.name.clone(), "fields".to_owned()];
    let rows = object_rows(context, "", object, "field", Some((&file.source, &keys)), words);
    document.push(table(words.fields, rows, words));
}

fn values(context: &Context<'_>, file: &TypeFile, item: &Enum, words: &Words, document: &mut Document) {
    document.section("values", words.values);
    let rows = item.values.iter().map(|value| Row {
        id: Some(crate::address::anchor(&format!("value.{}", value.wire))),
        cells: vec![
            code(value.wire.clone()),
            code(format!("{}::{}", item.name, value.rust)),
            context.text(&value.doc, ""),
        ],
        line: context.line(&file.source, &["types", &item.name, "values", &value.wire]),
    });
    let head = [words.value, "Rust", words.meaning].map(str::to_owned).into();
    document.push(Block::Table(Table {
        label: words.values.to_owned(),
        look: Look::Fields,
        head,
        rows: rows.collect(),
    }));
    document.push(Block::Paragraph(text(words.values_open)));
}

fn constants(context: &Context<'_>, file: &TypeFile, id: &Id, words: &Words, document: &mut Document) {
    if !id.constants.is_empty() {
        document.section("values", words.constants);
        let rows = id.constants.iter().map(|(rust, value, doc)| Row {
            id: Some(crate::address::anchor(&format!("value.{value}"))),
            cells: vec![code(value.clone()), code(format!("{}::{rust}()", id.name)), context.text(doc, "")],
            line: context.line(&file.source, &["types", &id.name, "id", "constants", rust]),
        });
        let head = [words.value, "Rust", words.meaning].map(str::to_owned).into();
        let label = words.constants.to_owned();
        document.push(Block::Table(Table { label, look: Look::Fields, head, rows: rows.collect() }));
    }
    if !id.from.is_empty() {
        document.section("from", words.converts_from);
        let entry = |(name, when): &(String, String)| {
            let mut line = vec![linked_code(Target::Page(Page::Type(name.clone()), None), name)];
            line.push(Inline::Text(": ".to_owned()));
            line.extend(context.text(when, ""));
            line
        };
        document.push(Block::List(id.from.iter().map(entry).collect()));
    }
}

fn used_by(context: &Context<'_>, name: &str, words: &Words, document: &mut Document) {
    document.section("used-by", words.used_by);
    let Some(uses) = context.uses.of_name(name) else {
        document.push(Block::Paragraph(text(words.not_used)));
        return;
    };
    let page_of = |page: fn(String) -> Page| {
        move |name: &&str| vec![linked_code(Target::Page(page((*name).to_owned()), None), *name)]
    };
    let operation = |name: &&str| vec![operation_link(name)];
    let facts: Vec<(String, Line)> = [
        (words.in_requests, joined(uses.requests.iter().map(operation), words.between)),
        (words.in_answers, joined(uses.answers.iter().map(operation), words.between)),
        (words.in_types, joined(uses.types.iter().map(page_of(Page::Type)), words.between)),
        (words.events, joined(uses.events.iter().map(page_of(Page::Event)), words.between)),
    ]
    .into_iter()
    .filter(|(_, line)| !line.is_empty())
    .map(|(label, line)| (label.to_owned(), line))
    .collect();
    if facts.is_empty() {
        document.push(Block::Paragraph(text(words.not_used)));
    } else {
        document.push(Block::Facts(facts));
    }
}
