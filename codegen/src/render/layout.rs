//! Token streams to the text of a file.

use proc_macro2::TokenStream;

use crate::error::Error;
use crate::output::Output;

/// Width of a line of code, as for the rest of the repository.
const WIDTH: usize = 120;

/// What takes up more lines than this is left as it is.
const MOST_LINES: usize = 16;

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
    /// Rust for the formatter.
    Code(TokenStream),
    /// A table, which the formatter would tear apart.
    Table(String),
}

impl From<TokenStream> for Item {
    fn from(tokens: TokenStream) -> Self {
        Self::Code(tokens)
    }
}

impl RustFile<'_> {
    /// Formats the file and adds it to the output.
    pub fn add_to(self, output: &mut Output) -> Result<(), Error> {
        let mut text = format!("// {} generate from spec/{}. Do not edit.\n", Output::MARK, self.source);
        if !self.doc.is_empty() {
            text.push('\n');
            for line in super::doc::wrapped(self.doc, 0) {
                text.push_str(format!("//! {line}").trim_end());
                text.push('\n');
            }
        }
        for item in std::iter::once(Item::Code(self.head)).chain(self.items) {
            let item = match item {
                Item::Code(tokens) => formatted(self.path, tokens)?,
                Item::Table(table) => table,
            };
            if !item.is_empty() {
                text.push('\n');
                text.push_str(&item);
            }
        }
        // What the formatter made is Rust, but tables, comments and what was joined are texts.
        syn::parse_file(&text).map_err(|error| invalid(self.path, &error))?;
        output.add(self.path, text)
    }
}

fn formatted(path: &str, item: TokenStream) -> Result<String, Error> {
    let file = syn::parse2(item).map_err(|error| invalid(path, &error))?;
    let text = join_short(&join_short(&prettyplease::unparse(&file), joined_chain), joined_list);
    Ok(separate_members(&text))
}

fn invalid(path: &str, error: &syn::Error) -> Error {
    Error::InvalidRust { file: path.to_owned(), message: error.to_string() }
}

/// What the formatter broke into lines and how many of the lines after the first it takes up.
type Join = fn(line: &str, ahead: &[&str]) -> Option<(String, usize)>;

/// The formatter breaks lines at 89 columns; the repository allows more. What it broke goes back into one line where
/// that fits.
fn join_short(text: &str, join: Join) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let ahead: Vec<&str> = lines.clone().take(MOST_LINES).collect();
        match join(line, &ahead).filter(|(whole, _)| whole.len() <= WIDTH && !line.trim_start().starts_with("//")) {
            Some((whole, used)) => {
                joined.push_str(&whole);
                lines.by_ref().take(used).for_each(drop);
            }
            None => joined.push_str(line),
        }
        joined.push('\n');
    }
    joined
}

/// A chain of calls, one on each line after the first.
fn joined_chain(line: &str, ahead: &[&str]) -> Option<(String, usize)> {
    let is_link = |link: &&&str| indent(link) == indent(line) + 4 && link.trim_start().starts_with('.');
    let links: Vec<_> = ahead.iter().take_while(is_link).map(|link| link.trim_start()).collect();
    // A link whose arguments are broken ends with the bracket.
    let is_whole = links.last().is_some_and(|last| !last.ends_with(['(', '{', '[']));
    is_whole.then(|| (format!("{line}{}", links.concat()), links.len()))
}

/// A list in brackets, one element on each line.
fn joined_list(line: &str, ahead: &[&str]) -> Option<(String, usize)> {
    let close = match line.chars().last()? {
        '(' => ")",
        '{' if line.trim_start().starts_with("use ") => "};",
        _ => return None,
    };
    let end = ahead.iter().position(|other| indent(other) == indent(line))?;
    let (elements, rest) = (ahead.get(..end)?, ahead.get(end)?.trim_start());
    let is_plain = elements.iter().all(|element| element.ends_with(',') && indent(element) == indent(line) + 4);
    let list = elements.iter().map(|element| element.trim_start()).collect::<Vec<_>>().join(" ");
    (is_plain && rest.starts_with(close)).then(|| (format!("{line}{}{rest}", list.trim_end_matches(',')), end + 1))
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Puts a blank line between the members of an `impl`, which the formatter leaves out.
fn separate_members(text: &str) -> String {
    let mut separated = String::with_capacity(text.len());
    let mut after_member = false;
    for line in text.lines() {
        if after_member && line != "}" {
            separated.push('\n');
        }
        after_member = line == "    }";
        separated.push_str(line);
        separated.push('\n');
    }
    separated
}
