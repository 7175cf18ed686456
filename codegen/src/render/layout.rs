//! Token streams to the text of a file.
//!
//! Generated modules keep the width of the printer: where a module is declared, and at the head of crates that are
//! generated as a whole, an attribute has the formatter of the repository leave them alone.

use proc_macro2::TokenStream;

use super::names_in_tables;
use crate::error::Error;
use crate::output::Output;

/// A Rust file: where it comes from, what it is, and its items.
pub struct RustFile<'a> {
    /// Path below the root of the repository.
    pub path: String,
    /// File below `spec/`, or the folder that it is made from.
    pub source: &'a str,
    /// Documentation of the module; empty for none.
    pub doc: String,
    /// What it has, in its order.
    pub items: Vec<Item>,
}

/// A part of a file.
pub enum Item {
    /// Rust for the printer: one blank line between items, but imports stand together, and so do declarations of
    /// modules.
    Code(TokenStream),
    /// A macro with a table, which the printer would tear apart.
    Table(String),
}

impl RustFile<'_> {
    /// Prints the file and adds it to the output.
    pub fn add_to(self, output: &mut Output) -> Result<(), Error> {
        let Self { path, source, doc, items } = self;
        let mut text = format!("// {} generate from spec/{source}. Do not edit.\n", Output::MARK);
        let lines = super::markdown::wrapped(&doc, 0).into_iter().filter(|_| !doc.is_empty());
        let mut parts = vec![lines.map(|line| format!("//! {line}").trim_end().to_owned() + "\n").collect()];
        for item in items {
            let printed = match item {
                Item::Code(tokens) => printed(tokens).map_err(|error| error.to_string()),
                Item::Table(table) => names_in_tables::check(&table).map(|()| vec![table]),
            };
            let printed = printed.map_err(|message| Error::InvalidRust { file: path.clone(), message })?;
            parts.extend(printed.iter().map(|item| with_plain_literals(item)));
        }
        for part in parts.iter().filter(|part| !part.is_empty()) {
            text.extend(["\n", part]);
        }
        output.add(path, text)
    }
}

/// Characters that clippy wants composed in another way, or that look like others, are escaped. Outside of comments
/// they stand in literals alone, since names are ASCII.
fn with_plain_literals(item: &str) -> String {
    let mut plain = String::with_capacity(item.len());
    for line in item.split_inclusive('\n') {
        let is_comment = line.trim_start().starts_with("//");
        for c in line.chars() {
            if is_comment || is_usual(c) { plain.push(c) } else { plain.extend(c.escape_unicode()) }
        }
    }
    plain
}

/// Latin, Greek and Cyrillic letters, punctuation, arrows, Chinese and Japanese, full-width forms, emoji.
fn is_usual(c: char) -> bool {
    matches!(c, '\0'..='\u{24f}' | '\u{391}'..='\u{3c9}' | '\u{410}'..='\u{44f}' | '\u{2010}'..='\u{205e}'
        | '\u{2190}'..='\u{22ff}' | '\u{3001}'..='\u{3030}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30ff}'
        | '\u{4e00}'..='\u{9fff}' | '\u{ff01}'..='\u{ff5e}' | '\u{1f300}'..='\u{1faff}')
}

/// Item by item, those that stand together as one; the attributes of the module stand with the first.
fn printed(code: TokenStream) -> Result<Vec<String>, syn::Error> {
    let mut file: syn::File = syn::parse2(code)?;
    let items = std::mem::take(&mut file.items);
    if items.is_empty() {
        return Ok(vec![prettyplease::unparse(&file)]);
    }
    let mut print = |group: &[syn::Item]| {
        file.items = group.to_vec();
        let text = prettyplease::unparse(&file);
        file.attrs.clear();
        text
    };
    Ok(items.chunk_by(stand_together).map(&mut print).collect())
}

fn stand_together(one: &syn::Item, next: &syn::Item) -> bool {
    match (one, next) {
        (syn::Item::Use(_), syn::Item::Use(_)) => true,
        (syn::Item::Mod(one), syn::Item::Mod(next)) => one.content.is_none() && next.content.is_none(),
        _ => false,
    }
}
