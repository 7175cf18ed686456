//! Texts of the spec to rustdoc.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Field, Type};

/// Width of a line of documentation, without what stands before it.
const WIDTH: usize = 110;

/// Words that look like code and are not.
const PLAIN_WORDS: [&str; 4] = ["DingTalk", "OAuth", "WebOffice", "GitHub"];

/// Documentation, paragraph by paragraph.
#[derive(Default)]
pub struct Doc {
    lines: Vec<String>,
}

impl Doc {
    /// Documentation of one paragraph.
    pub fn of(text: &str) -> Self {
        let mut doc = Self::default();
        doc.paragraph(text);
        doc
    }

    /// Adds a paragraph.
    pub fn paragraph(&mut self, text: &str) {
        if !self.lines.is_empty() {
            self.lines.push(String::new());
        }
        self.lines.extend(wrapped(&marked(text), 0));
    }

    /// Adds an entry of a list; the first entry starts a new paragraph.
    pub fn entry(&mut self, text: &str) {
        if self.lines.last().is_some_and(|last| !last.starts_with("- ") && !last.starts_with("  ")) {
            self.lines.push(String::new());
        }
        let mut mark = "- ";
        for line in wrapped(&marked(text), 2) {
            self.lines.push(format!("{mark}{line}"));
            mark = "  ";
        }
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
        let lines = self.lines.iter().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
        quote!(#(#[doc = #lines])*)
    }
}

/// What a field means, with its default and limits as a second sentence.
pub fn sentence(field: &Field) -> String {
    let unit = match field.ty {
        Type::List(_) | Type::Map(_) | Type::MapOrList(_) => " elements",
        Type::Text => " characters",
        _ => "",
    };
    let default = field.default.as_ref().map(|value| format!("default `{}`", scalar(value)));
    let min = field.min.map(|min| format!("at least {min}{unit}"));
    let max = field.max.map(|max| format!("at most {max}{unit}"));
    let limits: Vec<_> = default.into_iter().chain(min).chain(max).collect();
    let limits = limits.join(", ");
    match limits.chars().next() {
        None => field.doc.clone(),
        Some(first) => {
            let rest = limits.get(first.len_utf8()..).unwrap_or_default();
            format!("{} {}{rest}.", field.doc, first.to_uppercase())
        }
    }
}

fn scalar(value: &serde_yaml::Value) -> String {
    match value {
        serde_yaml::Value::String(text) => text.clone(),
        other => serde_yaml::to_string(other).unwrap_or_default().trim().to_owned(),
    }
}

/// Breaks a text into lines; `indent` is what stands before each.
pub fn wrapped(text: &str, indent: usize) -> Vec<String> {
    // Rust allows no control characters in comments.
    let text = text.replace(|c: char| c.is_control() && c != '\n', " ");
    let options = textwrap::Options::new(WIDTH - indent)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .word_separator(textwrap::WordSeparator::AsciiSpace);
    textwrap::wrap(&text, options).into_iter().map(std::borrow::Cow::into_owned).collect()
}

/// Puts names between backticks and hides characters that mean something in Markdown.
pub fn marked(text: &str) -> String {
    let mut marked = String::with_capacity(text.len() + 16);
    for (index, part) in text.split('`').enumerate() {
        // Every second part stands between backticks already.
        if index % 2 == 1 {
            marked.extend(["`", part, "`"]);
        } else {
            let words: Vec<_> = part.split(' ').map(marked_word).collect();
            marked.push_str(&words.join(" "));
        }
    }
    marked
}

fn marked_word(word: &str) -> String {
    let is_edge = |c: char| !c.is_alphanumeric();
    let core = word.trim_matches(is_edge);
    if word.contains("](") || word.contains("://") {
        return word.to_owned();
    }
    match word.find(core) {
        Some(start) if looks_like_code(core) => {
            let (before, rest) = word.split_at(start);
            let (core, after) = rest.split_at(core.len());
            format!("{}`{core}`{}", escaped(before), escaped(after))
        }
        _ => escaped(word),
    }
}

fn escaped(word: &str) -> String {
    let mut text = String::with_capacity(word.len());
    for c in word.chars() {
        if matches!(c, '*' | '<' | '>' | '[' | ']' | '|' | '_') {
            text.push('\\');
        }
        text.push(c);
    }
    text
}

/// `dentryId`, `CommitFile`, `HEADER_SIGNATURE`, `paramError.name`: names, not words.
fn looks_like_code(word: &str) -> bool {
    if PLAIN_WORDS.contains(&word) {
        return false;
    }
    let is_name = word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'));
    let starts_with_letter = word.starts_with(|c: char| c.is_ascii_alphabetic());
    let inner_upper =
        word.chars().zip(word.chars().skip(1)).any(|(a, b)| a.is_ascii_lowercase() && b.is_ascii_uppercase());
    is_name && starts_with_letter && (inner_upper || word.contains('_'))
}

#[cfg(test)]
mod tests {
    use super::marked;

    #[test]
    fn names_become_code_and_words_stay_words() {
        assert_eq!(
            marked("Pass HEADER_SIGNATURE, not dentryId (of DingTalk)."),
            "Pass `HEADER_SIGNATURE`, not `dentryId` (of DingTalk)."
        );
        assert_eq!(marked("No tab, *, \", < or |."), "No tab, \\*, \", \\< or \\|.");
        assert_eq!(marked("Already `a_b` marked."), "Already `a_b` marked.");
        assert_eq!(
            marked("See [Documentation](https://example.com/a_b)."),
            "See [Documentation](https://example.com/a_b)."
        );
    }
}
