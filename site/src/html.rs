//! Pages for people.

use maud::{Markup, PreEscaped, html};

use crate::address::{Linker, Page, Target, here};
use crate::block::{Block, Card, Document, Look, Row, Table};
use crate::highlight::highlighted;
use crate::inline::{Inline, Tone, plain};
use crate::words::Words;

/// The content of a page.
pub fn content(document: &Document, linker: Linker<'_>, words: &Words) -> Markup {
    html! {
        @if !document.trail.is_empty() { p.trail { (line(&document.trail, linker)) } }
        h1 { (document.title) }
        @for each in &document.blocks { (block(each, linker, words)) }
    }
}

/// Anchors and texts of the headings of the second level.
pub fn headings(document: &Document) -> Vec<(String, String)> {
    let mut headings = Vec::new();
    for block in &document.blocks {
        match block {
            Block::Heading { level: 2, id, text } => headings.push((id.clone(), plain(text))),
            Block::Ready { headings: ready, .. } => headings.extend(ready.iter().cloned()),
            _ => {}
        }
    }
    headings
}

fn block(block: &Block, linker: Linker<'_>, words: &Words) -> Markup {
    let of = |parts: &[Inline]| line(parts, linker);
    match block {
        Block::Heading { level, id, text } => heading(*level, id, &of(text), words),
        Block::Name(text) => html! { p.name { (of(text)) } },
        Block::Lead(text) => html! { p.lead { (of(text)) } },
        Block::Paragraph(text) => html! { p { (of(text)) } },
        Block::Note(text) => html! { div.note { p { (of(text)) } } },
        Block::List(items) => html! { ul { @for item in items { li { (of(item)) } } } },
        Block::Facts(facts) => html! {
            dl.facts { @for (label, value) in facts { dt { (label) } dd { (of(value)) } } }
        },
        Block::Http(method, path) => html! { div.http { b { (method) } span { (placeholders(path)) } } },
        Block::Table(of_rows) => table(of_rows, linker, words),
        Block::Cards(all) => cards(all, linker),
        Block::Code(language, text) => code(language, text),
        Block::Ready { html, .. } => PreEscaped(html.clone()),
    }
}

fn heading(level: u8, id: &str, text: &Markup, words: &Words) -> Markup {
    let address = here(id);
    let anchor = html! { a.anchor href=(address) aria-label=(words.link_to_section) { "#" } };
    if level == 2 {
        html! { h2 id=(id) { (text) (anchor) } }
    } else {
        html! { h3 id=(id) { (text) (anchor) } }
    }
}

/// The parts of a path that are filled in stand out.
fn placeholders(path: &str) -> Markup {
    html! {
        @for part in path.split_inclusive('}') {
            @match part.split_once('{') {
                Some((before, name)) => { (before) em { "{" (name) } }
                None => { (part) }
            }
        }
    }
}

fn table(table: &Table, linker: Linker<'_>, words: &Words) -> Markup {
    let has_lines = table.rows.iter().any(|row| row.line.is_some());
    let look = if table.look == Look::Fields { "scroll stacked fields" } else { "scroll stacked" };
    html! {
        div class=(look) {
            table aria-label=(table.label) {
                thead { tr {
                    @for head in &table.head { th scope="col" { (head) } }
                    @if has_lines { th.line scope="col" { (words.line) } }
                } }
                tbody { @for each in &table.rows { (row(each, has_lines, linker, words)) } }
            }
        }
    }
}

fn row(row: &Row, has_lines: bool, linker: Linker<'_>, words: &Words) -> Markup {
    html! {
        tr id=[row.id.as_ref()] {
            @for cell in &row.cells { td { (line(cell, linker)) } }
            @if has_lines {
                td.line {
                    @if let Some((file, number)) = &row.line {
                        @let target = Target::Page(Page::File(file.clone()), Some(format!("L{number}")));
                        a href=(linker.href(&target)) title=(format!("{file}:{number}")) aria-label=(format!("{} {number}", words.line)) { (number) }
                    }
                }
            }
        }
    }
}

fn cards(cards: &[Card], linker: Linker<'_>) -> Markup {
    html! {
        ul.cards {
            @for card in cards {
                li { a href=(linker.href(&Target::Page(card.page.clone(), None))) { b { (card.title) } span { (card.text) } } }
            }
        }
    }
}

/// Code with a language; what it has is reached by the keyboard where it is too wide.
pub fn code(language: &str, text: &str) -> Markup {
    html! { div.code { pre tabindex="0" { code.{ "language-" (language) } { (highlighted(language, text)) } } } }
}

/// A line.
pub fn line(parts: &[Inline], linker: Linker<'_>) -> Markup {
    html! {
        @for part in parts {
            @match part {
                Inline::Text(text) => { (text) }
                Inline::Code(text) => { code { (breakable(text)) } }
                Inline::Badge(tone, text) => { " " span.badge.(tone_name(*tone)) { (text) } }
                Inline::Link(target, content) => {
                    a href=(linker.href(target)) rel=[matches!(target, Target::Web(_)).then_some("external")] { (line(content, linker)) }
                }
            }
        }
    }
}

/// From this length on a name may be broken.
const LONG_NAME: usize = 24;

/// A long name breaks where one of its words ends, so that no column is as wide as its longest name.
fn breakable(name: &str) -> Markup {
    let mut parts = Vec::new();
    let mut rest = name;
    while let Some(end) = end_of_word(rest).filter(|_| name.len() >= LONG_NAME) {
        let (part, next) = rest.split_at(end);
        parts.push(part);
        rest = next;
    }
    html! { @for part in parts { (part) wbr; } (rest) }
}

/// Where the first word of a name ends: behind a dot, a slash or an underscore, or before a capital.
fn end_of_word(name: &str) -> Option<usize> {
    let before = name.chars();
    let pairs = before.zip(name.char_indices().skip(1));
    pairs
        .filter(|(before, (_, next))| matches!(before, '.' | '/' | '_') || before.is_lowercase() && next.is_uppercase())
        .map(|(_, (at, _))| at)
        .next()
}

fn tone_name(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "plain",
        Tone::Must => "must",
        Tone::Warn => "warn",
        Tone::Good => "good",
    }
}
