//! Pages for programs, and for who copies them.

use std::fmt::Write as _;

use crate::address::{Linker, Target};
use crate::block::{Block, Document, Row, Table};
use crate::inline::Inline;

/// A page.
pub fn page(document: &Document, linker: Linker<'_>) -> String {
    let mut text = format!("# {}\n", escaped(&document.title));
    if !document.trail.is_empty() {
        let _ = writeln!(text, "\n{}", line(&document.trail, linker));
    }
    for block in &document.blocks {
        text.push('\n');
        text.push_str(&self::block(block, linker));
        if !text.ends_with('\n') {
            text.push('\n');
        }
    }
    text
}

fn block(block: &Block, linker: Linker<'_>) -> String {
    let of = |parts: &[Inline]| line(parts, linker);
    match block {
        Block::Heading { level, text, .. } => format!("{} {}", "#".repeat(usize::from(*level)), of(text)),
        Block::Name(text) | Block::Lead(text) | Block::Paragraph(text) => of(text),
        Block::Note(text) => format!("> {}", of(text)),
        Block::List(items) => list(items.iter().map(|item| of(item))),
        Block::Facts(facts) => list(facts.iter().map(|(label, value)| format!("{}: {}", escaped(label), of(value)))),
        Block::Http(method, path) => fenced("http", &format!("{method} {path}")),
        Block::Table(table) => self::table(table, linker),
        Block::Cards(cards) => list(cards.iter().map(|card| {
            let address = linker.href(&Target::Page(card.page.clone(), None));
            format!("[{}]({address}): {}", escaped(&card.title), escaped(&card.text))
        })),
        Block::Code(language, text) => fenced(language, text),
        Block::Ready { markdown, .. } => markdown.clone(),
    }
}

fn list(items: impl Iterator<Item = String>) -> String {
    items.fold(String::new(), |text, item| text + "- " + &item + "\n")
}

/// Code between fences that are longer than any within.
pub fn fenced(language: &str, text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat((longest + 1).max(3));
    let end = if text.ends_with('\n') { "" } else { "\n" };
    format!("{fence}{language}\n{text}{end}{fence}\n")
}

fn table(table: &Table, linker: Linker<'_>) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "| {} |", table.head.iter().map(|head| escaped(head)).collect::<Vec<_>>().join(" | "));
    let _ = writeln!(text, "|{}", "---|".repeat(table.head.len()));
    for Row { cells, .. } in &table.rows {
        // Whatever is code within a cell, a bar would begin the next one.
        let cells: Vec<_> =
            cells.iter().map(|cell| line(cell, linker).replace('|', "\\|").replace("\\\\|", "\\|")).collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    text
}

/// A line.
pub fn line(parts: &[Inline], linker: Linker<'_>) -> String {
    let mut text = String::new();
    for part in parts {
        match part {
            Inline::Text(words) => text.push_str(&escaped(words)),
            Inline::Code(code) => text.push_str(&code_span(code)),
            Inline::Badge(_, words) => {
                let _ = write!(text, " *{}*", escaped(words));
            }
            Inline::Link(target, content) => {
                let _ = write!(text, "[{}]({})", line(content, linker), address(&linker.href(target)));
            }
        }
    }
    text
}

/// An address that can stand between the brackets of a link.
fn address(address: &str) -> String {
    address.replace('(', "%28").replace(')', "%29").replace(' ', "%20").replace('<', "%3C").replace('>', "%3E")
}

fn code_span(code: &str) -> String {
    let code = code.replace(['\n', '\r'], " ");
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let space = if code.starts_with('`') || code.ends_with('`') || code.is_empty() { " " } else { "" };
    format!("{fence}{space}{code}{space}{fence}")
}

/// Words in which no character is a mark.
pub fn escaped(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '*' | '<' | '[' | ']' | '|' | '_' | '\\' | '`' | '&' | '#' | '~' => text.extend(['\\', c]),
            '\n' | '\r' => text.push(' '),
            _ => text.push(c),
        }
    }
    text
}
