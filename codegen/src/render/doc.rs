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
        Self::default().paragraph(text)
    }

    /// The paragraphs of a text.
    pub fn paragraph(self, text: &str) -> Self {
        paragraphs(text).iter().fold(self, |doc, paragraph| doc.markdown_paragraph(&marked(paragraph)))
    }

    /// A paragraph that is Markdown already.
    pub fn markdown_paragraph(mut self, markdown: &str) -> Self {
        if !self.lines.is_empty() {
            self.lines.push(String::new());
        }
        self.lines.extend(wrapped(markdown, 0));
        self
    }

    /// Entries of a list with texts of the spec; the first entry starts a new paragraph.
    pub fn entries(self, texts: impl IntoIterator<Item = String>) -> Self {
        self.markdown_entries(texts.into_iter().map(|text| marked(&text)))
    }

    /// Entries of a list that are Markdown already.
    pub fn markdown_entries(mut self, entries: impl IntoIterator<Item = String>) -> Self {
        for entry in entries {
            if self.lines.last().is_some_and(|last| !last.starts_with("- ") && !last.starts_with("  ")) {
                self.lines.push(String::new());
            }
            let marks = std::iter::once("- ").chain(std::iter::repeat("  "));
            self.lines.extend(marks.zip(wrapped(&entry, 2)).map(|(mark, line)| format!("{mark}{line}")));
        }
        self
    }

    /// What a caller must know and would not expect.
    pub fn quirks(self, quirks: &[String]) -> Self {
        self.entries(quirks.iter().map(|quirk| format!("Quirk: {quirk}")))
    }

    /// Lines as they are, after a blank one.
    pub fn lines(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.lines.push(String::new());
        self.lines.extend(lines);
        self
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

    /// What each attribute holds that stands for it.
    pub fn spaced(&self) -> impl Iterator<Item = String> {
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
    let limits = [
        field.nullable.then(|| "may be `null`".to_owned()),
        field.default.as_ref().map(|value| format!("default {}", code(value))),
        field.min.map(|min| format!("at least {min}{unit}")),
        field.max.map(|max| format!("at most {max}{unit}")),
    ];
    let limits = limits.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let mut rest = limits.chars();
    let limits = rest.next().map(|first| format!("{}{}.", first.to_uppercase(), rest.as_str()));
    let sentences = std::iter::once(field.doc.clone()).chain(limits).chain(field.accepts.iter().map(accepted));
    sentences.collect::<Vec<_>>().join(" ")
}

/// Which files are taken, as a sentence of its own.
fn accepted(rule: &Accepted) -> String {
    let when: Vec<_> = rule.when.iter().map(|(part, value)| format!("`{part}` is `{value}`")).collect();
    let extensions = match rule.extensions.as_slice() {
        [] => None,
        [one] => Some(format!("a name with {one}")),
        [several @ .., last] => Some(format!("a name with {} or {last}", several.join(", "))),
    };
    let what: Vec<_> = rule.max.map(|max| format!("at most {max} bytes")).into_iter().chain(extensions).collect();
    let what = what.join(" and ");
    if when.is_empty() { format!("It has {what}.") } else { format!("Where {}, it has {what}.", when.join(" and ")) }
}

/// A value as code in a text; one that is no code for its own backquotes is quoted.
fn code(value: &Value) -> String {
    let text = text(value);
    if text.contains(['`', '\n', '\r']) { format!("{text:?}") } else { format!("`{text}`") }
}

/// A link to a page of the documentation.
pub fn documentation_link(address: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&*+,;=%".contains(c);
    if address.chars().all(is_plain) { format!("[Documentation]({address})") } else { code_span(address) }
}

/// The paragraphs of a text: an empty line separates them.
pub fn paragraphs(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let paragraphs = lines.split(|line| line.trim().is_empty()).filter(|lines| !lines.is_empty());
    paragraphs.map(|lines| lines.join("\n")).collect()
}
