//! Token streams to the text of a file.
//!
//! Generated modules keep the width of the printer: where a module is declared, and at the head of crates that are
//! generated as a whole, an attribute has the formatter of the repository leave them alone.

use proc_macro2::TokenStream;
use quote::quote;

use super::names_in_tables;
use crate::error::Error;
use crate::output::Output;

/// A Rust file: where it comes from, what it is, and its items.
pub struct RustFile<'a> {
    /// Path below the root of the repository.
    pub path: &'a str,
    /// File below `spec/`, or the folder that it is made from.
    pub source: &'a str,
    /// Documentation of the module; empty for none.
    pub doc: &'a str,
    /// Attributes of the module and imports, which stand together.
    pub head: TokenStream,
    /// Items, one blank line between them.
    pub items: Vec<Item>,
}

/// An item of a file.
pub enum Item {
    /// Rust for the printer.
    Code(TokenStream),
    /// A macro with a table, which the printer would tear apart.
    Table(String),
}

impl From<TokenStream> for Item {
    fn from(tokens: TokenStream) -> Self {
        Self::Code(tokens)
    }
}

/// The attribute of a crate that the formatter leaves alone. `rustfmt::skip` itself may not stand there.
pub fn unformatted() -> TokenStream {
    quote!(#![cfg_attr(rustfmt, rustfmt_skip)])
}

impl RustFile<'_> {
    /// Prints the file and adds it to the output.
    pub fn add_to(self, output: &mut Output) -> Result<(), Error> {
        let mut text = format!("// {} generate from spec/{}. Do not edit.\n", Output::MARK, self.source);
        if !self.doc.is_empty() {
            text.push('\n');
            for line in super::markdown::wrapped(self.doc, 0) {
                text.push_str(format!("//! {line}").trim_end());
                text.push('\n');
            }
        }
        for item in std::iter::once(Item::Code(self.head)).chain(self.items) {
            let item = match item {
                Item::Code(tokens) => printed(tokens).map_err(|error| invalid(self.path, &error))?,
                Item::Table(table) => checked(table).map_err(|error| invalid(self.path, &error))?,
            };
            if !item.is_empty() {
                text.push('\n');
                text.push_str(&with_plain_literals(&item));
            }
        }
        output.add(self.path, text)
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

fn printed(item: TokenStream) -> Result<String, syn::Error> {
    Ok(prettyplease::unparse(&syn::parse2(item)?))
}

fn checked(table: String) -> Result<String, String> {
    names_in_tables::check(&table).map(|()| table)
}

fn invalid(path: &str, error: &impl ToString) -> Error {
    Error::InvalidRust { file: path.to_owned(), message: error.to_string() }
}
