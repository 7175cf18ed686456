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
    Ok(separate_members(&in_width_of_repository(&prettyplease::unparse(&file))))
}

fn invalid(path: &str, error: &syn::Error) -> Error {
    Error::InvalidRust { file: path.to_owned(), message: error.to_string() }
}

/// What the formatter broke into lines, as the formatter of the repository writes it, and how many of the lines after
/// the first that takes up.
type Join = fn(line: &str, ahead: &[&str]) -> Option<(String, usize)>;

/// The formatter breaks lines at 89 columns; the repository allows more. What it broke goes back into one line where
/// that fits, as `cargo fmt` would have it.
fn in_width_of_repository(text: &str) -> String {
    // A chain may fit once the arguments in it do.
    let joins: [Join; 7] =
        [joined_chain, joined_list, joined_chain, joined_call, joined_literal, joined_arm, reflowed_import];
    joins.iter().fold(text.to_owned(), |text, join| join_short(&text, *join))
}

fn join_short(text: &str, join: Join) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let ahead: Vec<&str> = lines.clone().take(MOST_LINES).collect();
        let is_short = |whole: &str| whole.lines().all(|line| line.len() <= WIDTH);
        match join(line, &ahead).filter(|(whole, _)| is_short(whole) && !line.trim_start().starts_with("//")) {
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
    let (close, width) = match line.chars().last()? {
        '(' => (")", WIDTH),
        // The formatter wants room for one more character after the names.
        '{' if line.trim_start().starts_with("use ") => ("};", WIDTH - 1),
        _ => return None,
    };
    let (elements, rest) = elements(line, ahead)?;
    let is_plain = elements.iter().all(|element| element.ends_with(',') && indent(element) == indent(line) + 4);
    let list = format!("{line}{}{rest}", one_line(elements));
    (is_plain && rest.starts_with(close) && list.len() <= width).then(|| (list, elements.len() + 1))
}

/// A call of a method with arguments that are too long for a line: the method stays beside what it is called on.
fn joined_call(line: &str, ahead: &[&str]) -> Option<(String, usize)> {
    let is_path = line.trim_start().chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    let (method, ahead) = ahead.split_first().filter(|(method, _)| method.trim_start().starts_with('.'))?;
    let (arguments, rest) = elements(method, ahead).filter(|_| is_path && method.ends_with('('))?;
    let margin = " ".repeat(indent(line));
    let arguments: Vec<_> =
        arguments.iter().map(|argument| format!("{margin}    {}\n", argument.trim_start())).collect();
    let call = format!("{line}{}\n{}{margin}{rest}", method.trim_start(), arguments.concat());
    (rest == ")").then(|| (call, arguments.len() + 2))
}

/// A struct with its fields, one on each line.
fn joined_literal(line: &str, ahead: &[&str]) -> Option<(String, usize)> {
    let name = line.trim_start().strip_suffix(" {")?;
    let is_name = name.starts_with(char::is_uppercase) && name.chars().all(char::is_alphanumeric);
    let (fields, rest) = elements(line, ahead).filter(|_| is_name)?;
    let is_field = |field: &&str| field.ends_with(',') || field.trim_start().starts_with("..");
    let is_plain = rest == "}" && fields.iter().all(is_field);
    is_plain.then(|| (format!("{line} {} }}", one_line(fields)), fields.len() + 1))
}

/// An arm of a `match` with one expression between braces.
fn joined_arm(line: &str, ahead: &[&str]) -> Option<(String, usize)> {
    let pattern = line.strip_suffix(" => {")?;
    let (body, rest) = elements(line, ahead)?;
    match body {
        [value] if rest == "}" && !value.ends_with([';', ',', '{']) => {
            Some((format!("{pattern} => {},", value.trim_start()), 2))
        }
        _ => None,
    }
}

/// An import of more names than fit into a line.
fn reflowed_import(line: &str, ahead: &[&str]) -> Option<(String, usize)> {
    let (names, rest) = elements(line, ahead).filter(|_| line.starts_with("use ") && line.ends_with('{'))?;
    let list = format!("{},", one_line(names));
    let options = textwrap::Options::new(WIDTH).initial_indent("    ").subsequent_indent("    ");
    let lines = textwrap::wrap(&list, options.wrap_algorithm(textwrap::WrapAlgorithm::FirstFit));
    Some((format!("{line}\n{}\n{rest}", lines.join("\n")), names.len() + 1))
}

/// The lines between a line that opens something and the one that closes it, and that one, without its margin.
fn elements<'a, 'b>(line: &str, ahead: &'b [&'a str]) -> Option<(&'b [&'a str], &'a str)> {
    let end = ahead.iter().position(|other| indent(other) == indent(line))?;
    Some((ahead.get(..end)?, ahead.get(end)?.trim_start()))
}

fn one_line(elements: &[&str]) -> String {
    let list: Vec<_> = elements.iter().map(|element| element.trim_start()).collect();
    list.join(" ").trim_end_matches(',').to_owned()
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
