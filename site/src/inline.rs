//! What stands within a line: texts, code, links.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::address::Target;

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// Words.
    Text(String),
    /// Code.
    Code(String),
    /// Words or code that lead somewhere.
    Link(Target, Vec<Inline>),
    /// A word that stands out.
    Badge(Tone, String),
}

/// How a badge looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// As any other.
    Plain,
    /// What must be there.
    Must,
    /// What to beware of.
    Warn,
    /// What can be relied on.
    Good,
}

/// Parts of a line.
pub type Line = Vec<Inline>;

/// Words alone.
pub fn text(words: impl Into<String>) -> Line {
    vec![Inline::Text(words.into())]
}

/// Code alone.
pub fn code(code: impl Into<String>) -> Line {
    vec![Inline::Code(code.into())]
}

/// Code that leads somewhere.
pub fn linked_code(target: Target, name: impl Into<String>) -> Inline {
    Inline::Link(target, code(name))
}

/// Words that lead somewhere.
pub fn linked(target: Target, words: impl Into<String>) -> Inline {
    Inline::Link(target, text(words))
}

/// Lines one after another with something between them.
pub fn joined(lines: impl IntoIterator<Item = Line>, between: &str) -> Line {
    let mut all = Line::new();
    for line in lines {
        if !all.is_empty() {
            all.push(Inline::Text(between.to_owned()));
        }
        all.extend(line);
    }
    all
}

/// A line of Markdown, with what its names lead to. `target` knows what a name stands for.
pub fn of_markdown(markdown: &str, target: &dyn Fn(&str) -> Option<Target>) -> Line {
    let mut line = Line::new();
    // Links do not stand within each other, so that one place for what is within is enough.
    let mut within: Option<(Target, Line)> = None;
    for event in Parser::new(markdown) {
        let part = match event {
            Event::Text(text) | Event::InlineHtml(text) | Event::Html(text) => Inline::Text(text.into_string()),
            Event::SoftBreak | Event::HardBreak => Inline::Text(" ".to_owned()),
            Event::Code(name) => match target(&name) {
                Some(target) if within.is_none() => linked_code(target, name.into_string()),
                _ => Inline::Code(name.into_string()),
            },
            Event::Start(Tag::Link { dest_url, .. }) => {
                within = Some((Target::Web(dest_url.into_string()), Line::new()));
                continue;
            }
            Event::End(TagEnd::Link) => match within.take() {
                Some((target, content)) => Inline::Link(target, content),
                None => continue,
            },
            _ => continue,
        };
        match (&mut within, part) {
            (Some((_, content)), part @ (Inline::Text(_) | Inline::Code(_))) => content.push(part),
            (_, part) => line.push(part),
        }
    }
    line
}

/// The words of a line, without what they look like.
pub fn plain(line: &[Inline]) -> String {
    let mut words = String::new();
    for part in line {
        match part {
            Inline::Text(text) | Inline::Code(text) | Inline::Badge(_, text) => words.push_str(text),
            Inline::Link(_, content) => words.push_str(&plain(content)),
        }
    }
    words
}
