//! The page of an operation.

use dingtalk_storage_codegen::ir::{Object, Operation, Place};
use dingtalk_storage_codegen::reading;
use dingtalk_storage_spec::model::{Encoding, Host, Language as PageLanguage, Token};

use super::call;
use super::evidence;
use super::fields::{answer_table, object_section, parameter_table};
use crate::address::{Page, Target};
use crate::block::{Block, Document, Look, Row, Table};
use crate::context::{Context, Item};
use crate::inline::{Inline, Line, Tone, code, joined, linked, linked_code, text};
use crate::words::{Words, class};

/// The page.
pub fn operation(context: &Context<'_>, item: Item<'_>, words: &Words) -> Document {
    let operation = item.operation;
    let page = Page::Operation(operation.full_name.clone());
    let mut document =
        Document::new(page, Page::Chapter(operation.group.clone()), operation.name.clone(), operation.summary.clone());
    document.trail = trail(context, operation, words);
    document.push(Block::Name(name(operation, words)));
    document.push(Block::Lead(context.text(&operation.summary, &item.family.name)));
    document.push(Block::Http(operation.method.clone(), operation.path.clone()));
    if let Some((_, meaning)) = words.status(operation.status) {
        document.push(Block::Note(context.text(meaning, "")));
    }
    for paragraph in operation.details.iter().flat_map(|details| context.paragraphs(details, &item.family.name)) {
        document.push(Block::Paragraph(paragraph));
    }
    document.push(Block::Facts(facts(context, item, words)));
    quirks(context, item, words, &mut document);
    request(context, item, words, &mut document);
    answer(context, item, words, &mut document);
    errors(context, item, words, &mut document);
    call::examples(context, item, words, &mut document);
    evidence::section(context, item, words, &mut document);
    document
}

fn trail(context: &Context<'_>, operation: &Operation, words: &Words) -> Line {
    let title =
        context.sources.spec.groups.get(&operation.group).map_or(operation.group.as_str(), |group| &group.title);
    let title = words.chapter(&operation.group, title);
    vec![
        linked(Target::Page(Page::Operations, None), words.operations),
        Inline::Text(" / ".to_owned()),
        linked(Target::Page(Page::Chapter(operation.group.clone()), None), title),
    ]
}

/// The full name, and what is special about the operation.
fn name(operation: &Operation, words: &Words) -> Line {
    let mut line = text(operation.full_name.clone());
    let mut badge = |tone: Tone, text: &str| line.push(Inline::Badge(tone, text.to_owned()));
    if let Some((status, _)) = words.status(operation.status) {
        badge(Tone::Warn, status);
    }
    let effect = words.effect(operation.effect).split([':', '：']).next().unwrap_or_default();
    badge(if effect == "write" { Tone::Plain } else { Tone::Good }, effect);
    for (is_so, text) in [
        (operation.page.is_some(), words.paging),
        (operation.batch.is_some(), words.bulk),
        (!operation.task.is_empty(), words.task),
    ] {
        if is_so {
            badge(Tone::Plain, text);
        }
    }
    line
}

fn facts(context: &Context<'_>, item: Item<'_>, words: &Words) -> Vec<(String, Line)> {
    let Item { family, operation, .. } = item;
    let mut facts = Vec::new();
    let mut add = |label: &str, line: Line| facts.push((label.to_owned(), line));
    add(words.scope, scope(context, operation, words));
    let apps: Vec<&str> = operation.apps.iter().map(|app| words.app(*app)).collect();
    add(words.apps, text(if apps.is_empty() { words.apps_unknown.to_owned() } else { apps.join(words.between) }));
    let mut effect = text(words.effect(operation.effect));
    if let Some(reason) = &operation.effect_reason {
        effect.push(Inline::Text(words.full_stop.to_owned()));
        effect.extend(context.text(reason, &family.name));
    }
    add(words.effect, effect);
    if let Some(special) = token(operation.token, words) {
        add(words.token, context.text(special, ""));
    }
    if family.host == Host::Oapi {
        add(words.server, code("oapi.dingtalk.com"));
    }
    if let Some(operator) = operation.operator.and_then(|index| operation.parameters.get(index)) {
        add(words.operator, code(operator.field.wire.clone()));
    }
    if let Some(line) = paging(operation, words) {
        add(words.paging, line);
    }
    if let Some((batch, parameter)) =
        operation.batch.as_ref().and_then(|batch| Some((batch, operation.parameters.get(batch.items)?)))
    {
        let mut line = code(parameter.field.wire.clone());
        line.push(Inline::Text(format!(", {} {} {}", words.bulk_at_most, batch.max, words.bulk_per_call)));
        add(words.bulk, line);
    }
    if let Some(tasks) = family.tasks_of(operation) {
        let id: Vec<&str> = operation.task.iter().map(|field| field.wire.as_str()).collect();
        let reader = format!("{}.{}", family.name, tasks.operation);
        let mut line = code(id.join("."));
        line.push(Inline::Text(format!(": {} ", words.task_read_by)));
        line.push(crate::context::operation_link(&reader));
        add(words.task, line);
    }
    if let Some(jobs) = context.jobs.get(&operation.full_name) {
        let jobs = jobs.iter().map(|job| vec![linked(Target::Page(Page::Jobs, None), job.clone())]);
        add(words.used_for, joined(jobs, "; "));
    }
    let version = Target::Page(Page::Family(family.name.clone()), None);
    add(words.version, vec![linked(version, family.title.clone())]);
    add(words.official, official(operation, words));
    add(words.spec_file, spec_file(context, item));
    facts
}

fn scope(context: &Context<'_>, operation: &Operation, words: &Words) -> Line {
    let Some(scope) = &operation.scope else { return text(words.scope_unknown) };
    // A spec need not list its permissions.
    let Some(doc) = context.sources.spec.scopes.get(scope) else { return code(scope.clone()) };
    let mut line = vec![linked_code(Target::Page(Page::Scope(scope.clone()), None), scope)];
    line.push(Inline::Text(" ".to_owned()));
    line.extend(context.text(doc, ""));
    line
}

fn token(token: Token, words: &Words) -> Option<&'static str> {
    match token {
        Token::Header | Token::Family => None,
        Token::User => Some(words.token_of_person),
        Token::Query => Some(words.token_in_query),
        Token::None => Some(words.no_token),
    }
}

fn paging(operation: &Operation, words: &Words) -> Option<Line> {
    let page = operation.page.as_ref()?;
    let token = operation.parameters.get(page.token)?;
    let word = |word: &str| Inline::Text(format!(" {word} "));
    let code = |name: &str| Inline::Code(name.to_owned());
    Some(vec![
        Inline::Text(format!("{} ", words.paging_text)),
        code(&page.next.wire),
        word(words.paging_as),
        code(&token.field.wire),
        word(words.paging_until),
        code(&page.items.wire),
    ])
}

/// Both official pages: one that exists in English exists under the same name in Chinese.
fn official(operation: &Operation, words: &Words) -> Line {
    let Some((slug, language)) = &operation.page_slug else { return text(words.official_none) };
    let link =
        |language: PageLanguage, name: &str| vec![linked(Target::Web(reading::page_address(slug, language)), name)];
    let english = (*language == PageLanguage::En).then(|| link(PageLanguage::En, words.official_english));
    joined(english.into_iter().chain([link(PageLanguage::Zh, words.official_chinese)]), words.between)
}

fn spec_file(context: &Context<'_>, item: Item<'_>) -> Line {
    let file = format!("spec/{}", item.spec.file);
    let line = context.line(&item.spec.file, &["operation"]).map_or(1, |(_, line)| line);
    vec![linked_code(Target::Page(Page::File(file.clone()), Some(format!("L{line}"))), format!("{file}:{line}"))]
}

fn quirks(context: &Context<'_>, item: Item<'_>, words: &Words, document: &mut Document) {
    let quirks = &item.operation.quirks;
    if !quirks.is_empty() {
        document.section("quirks", words.quirks);
        document.push(Block::List(quirks.iter().map(|quirk| context.text(quirk, &item.family.name)).collect()));
    }
}

/// Whether a parameter goes to a place.
type IsIn = fn(&Place) -> bool;

fn request(context: &Context<'_>, item: Item<'_>, words: &Words, document: &mut Document) {
    document.section("request", words.request);
    let operation = item.operation;
    if operation.parameters.is_empty() {
        document.push(Block::Paragraph(text(words.no_parameters)));
    }
    let body = if operation.body == Some(Encoding::Form) { words.form_parameters } else { words.body_parameters };
    let places: [(&str, &str, IsIn); 4] = [
        ("header", words.header_parameters, |place| matches!(place, Place::Token)),
        ("path", words.path_parameters, |place| matches!(place, Place::Path)),
        ("query", words.query_parameters, |place| matches!(place, Place::Query(_))),
        ("body", body, |place| matches!(place, Place::Body(_) | Place::Part)),
    ];
    for (id, title, is_in) in places {
        let parameters: Vec<_> = operation.parameters.iter().filter(|parameter| is_in(&parameter.place)).collect();
        if !parameters.is_empty() {
            document.heading(3, id, text(title));
            document.push(parameter_table(context, item, id, title, &parameters, words));
        }
    }
    let in_request: Vec<&Object> = operation.objects.iter().filter(|object| object.in_request).collect();
    for object in in_request {
        object_section(context, item, object, words, document);
    }
}

fn answer(context: &Context<'_>, item: Item<'_>, words: &Words, document: &mut Document) {
    document.section("answer", words.answer);
    match &item.operation.response {
        None => document.push(Block::Paragraph(text(words.empty_answer))),
        Some(response) => document.push(answer_table(context, item, response, words)),
    }
    for object in item.operation.objects.iter().filter(|object| !object.in_request) {
        object_section(context, item, object, words, document);
    }
}

fn errors(context: &Context<'_>, item: Item<'_>, words: &Words, document: &mut Document) {
    document.section("errors", words.errors);
    let mut rows = Vec::new();
    for (status, codes) in &item.operation.errors {
        for wire in codes {
            let known = context.api().errors.iter().find(|code| code.wire == *wire);
            rows.push(Row {
                id: Some(crate::address::anchor(&format!("error.{status}.{wire}"))),
                cells: vec![
                    text(status.to_string()),
                    vec![linked_code(Target::Page(Page::Error(wire.clone()), None), wire)],
                    known.map(|code| context.text(&code.meaning, &item.family.name)).unwrap_or_default(),
                    known.map(|code| context.text(&code.advice, &item.family.name)).unwrap_or_default(),
                ],
                line: context.line(&item.spec.file, &["errors", &status.to_string()]),
            });
        }
    }
    if rows.is_empty() {
        document.push(Block::Paragraph(text(words.no_errors)));
    } else {
        let head = [words.status, words.code, words.meaning, words.advice].map(str::to_owned).into();
        document.push(Block::Table(Table { label: words.errors.to_owned(), look: Look::Plain, head, rows }));
    }
    let platform = Target::Page(Page::Errors, Some("any-operation".to_owned()));
    document.push(Block::Paragraph(vec![linked(platform, words.platform_errors)]));
}

/// A code with its class, as a badge.
pub fn class_badge(of: dingtalk_storage_spec::model::ErrorClass) -> Inline {
    Inline::Badge(Tone::Plain, class(of))
}
