//! Texts of the spec to rustdoc.

use dingtalk_storage_spec::model::Accepted;
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::examples::text;
use super::markdown::{code_span, marked, wrapped};
use crate::ir::{Field, Type};

/// Documentation, paragraph by paragraph.
#[derive(Default)]
pub struct Doc {
    lines: Vec<String>,
}

impl Doc {
    /// Documentation of a text of the spec.
    pub fn of(text: &str) -> Self {
        let mut doc = Self::default();
        doc.paragraph(text);
        doc
    }

    /// Documentation that is Markdown already.
    pub fn of_markdown(markdown: &str) -> Self {
        let mut doc = Self::default();
        doc.markdown_paragraph(markdown);
        doc
    }

    /// Adds the paragraphs of a text.
    pub fn paragraph(&mut self, text: &str) {
        for paragraph in paragraphs(text) {
            self.markdown_paragraph(&marked(&paragraph));
        }
    }

    /// Adds a paragraph that is Markdown already.
    pub fn markdown_paragraph(&mut self, markdown: &str) {
        if !self.lines.is_empty() {
            self.lines.push(String::new());
        }
        self.lines.extend(wrapped(markdown, 0));
    }

    /// Adds an entry of a list with a text of the spec; the first entry starts a new paragraph.
    pub fn entry(&mut self, text: &str) {
        self.markdown_entry(&marked(text));
    }

    /// Adds an entry of a list that is Markdown already.
    pub fn markdown_entry(&mut self, markdown: &str) {
        if self.lines.last().is_some_and(|last| !last.starts_with("- ") && !last.starts_with("  ")) {
            self.lines.push(String::new());
        }
        let mut mark = "- ";
        for line in wrapped(markdown, 2) {
            self.lines.push(format!("{mark}{line}"));
            mark = "  ";
        }
    }

    /// Adds the entry with the link to the page.
    pub fn link_entry(&mut self, address: &str) {
        self.markdown_entry(&link("Documentation", address));
    }

    /// Adds lines as they are, after a blank one.
    pub fn lines(&mut self, lines: impl IntoIterator<Item = String>) {
        self.lines.push(String::new());
        self.lines.extend(lines);
    }

    /// The comments that stand for it in a table, so far from the margin.
    pub fn text(&self, indent: usize) -> String {
        let lines = self.lines.iter().map(|line| format!("{:indent$}/// {line}", "").trim_end().to_owned() + "\n");
        lines.collect()
    }

    /// The attributes that stand for it.
    pub fn tokens(&self) -> TokenStream {
        let lines = self.spaced();
        quote!(#(#[doc = #lines])*)
    }

    /// The attributes that stand for it inside of what it documents.
    pub fn inner_tokens(&self) -> TokenStream {
        let lines = self.spaced();
        quote!(#(#![doc = #lines])*)
    }

    fn spaced(&self) -> impl Iterator<Item = String> {
        self.lines.iter().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") })
    }
}

/// What a field means, with its default and limits as a second sentence.
pub fn sentence(field: &Field) -> String {
    let unit = match field.ty {
        Type::List(_) | Type::Map(_) | Type::MapOrList(_) => " elements",
        Type::Text => " characters",
        Type::File => " bytes",
        _ => "",
    };
    let nullable = field.nullable.then(|| "may be `null`".to_owned());
    let default = field.default.as_ref().map(|value| format!("default {}", code(value)));
    let min = field.min.map(|min| format!("at least {min}{unit}"));
    let max = field.max.map(|max| format!("at most {max}{unit}"));
    let limits: Vec<_> = nullable.into_iter().chain(default).chain(min).chain(max).collect();
    let limits = limits.join(", ");
    let sentence = match limits.chars().next() {
        None => field.doc.clone(),
        Some(first) => {
            let rest = limits.get(first.len_utf8()..).unwrap_or_default();
            format!("{} {}{rest}.", field.doc, first.to_uppercase())
        }
    };
    field.accepts.iter().fold(sentence, |sentence, rule| format!("{sentence} {}", accepted(rule)))
}

/// Which files are taken, as a sentence of its own.
fn accepted(rule: &Accepted) -> String {
    let when: Vec<_> = rule.when.iter().map(|(part, value)| format!("`{part}` is `{value}`")).collect();
    let max = rule.max.map(|max| format!("at most {max} bytes"));
    let extensions = match rule.extensions.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        [several @ .., last] => Some(format!("{} or {last}", several.join(", "))),
    };
    let what: Vec<_> =
        max.into_iter().chain(extensions.map(|extensions| format!("a name with {extensions}"))).collect();
    let what = what.join(" and ");
    if when.is_empty() { format!("It has {what}.") } else { format!("Where {}, it has {what}.", when.join(" and ")) }
}

/// A value as code in a text; one that is no code for its own backquotes is quoted.
fn code(value: &Value) -> String {
    let text = text(value);
    if text.contains(['`', '\n', '\r']) { format!("{text:?}") } else { format!("`{text}`") }
}

/// A link with a word.
pub fn link(word: &str, address: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&*+,;=%".contains(c);
    if address.chars().all(is_plain) { format!("[{word}]({address})") } else { code_span(address) }
}

/// The paragraphs of a text: an empty line separates them.
pub fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for line in text.lines() {
        match paragraphs.last_mut() {
            Some(last) if !line.trim().is_empty() => {
                last.push_str(line);
                last.push('\n');
            }
            _ => paragraphs.push(String::new()),
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}
