//! Cells and lines without the marks of their rendering.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::html;

static LINK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\[([^\[\]]+)\]\([^()\s]*\)").unwrap_or_else(|error| unreachable!("{error}")));
static ENTITY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z]{2,8}));")
        .unwrap_or_else(|error| unreachable!("{error}"))
});

/// A cell without marks: bold, code, escapes, entities, elements, links.
pub(crate) fn plain(text: &str) -> String {
    let text = entities(&html::strip(text));
    let text = if text.contains("](") { LINK.replace_all(&text, "$1").into_owned() } else { text };
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(each) = rest.next() {
        match each {
            '\\' if rest.peek().is_some_and(char::is_ascii_punctuation) => out.extend(rest.next()),
            '*' if rest.peek() == Some(&'*') => {
                rest.next();
            }
            '`' | '\u{200b}' | '\u{feff}' => {}
            '\u{a0}' | '\u{3000}' => out.push(' '),
            _ => out.push(each),
        }
    }
    out.trim().to_owned()
}

/// A text with characters in place of entities.
pub(crate) fn entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let character = |found: &regex_lite::Captures<'_>| -> Option<char> {
        let number = |group: usize, radix| u32::from_str_radix(found.get(group)?.as_str(), radix).ok();
        if let Some(code) = number(1, 10).or_else(|| number(2, 16)) {
            return char::from_u32(code).filter(|each| !each.is_control());
        }
        Some(match found.get(3)?.as_str() {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" | "ldquo" | "rdquo" => '"',
            "apos" | "lsquo" | "rsquo" => '\'',
            "nbsp" | "ensp" | "emsp" | "thinsp" => ' ',
            "lbrace" | "lcub" => '{',
            "rbrace" | "rcub" => '}',
            "vert" | "verbar" => '|',
            "hellip" => '…',
            "mdash" | "ndash" => '-',
            "bull" => '•',
            _ => return None,
        })
    };
    let replace = |found: &regex_lite::Captures<'_>| {
        let whole = || found.get(0).map(|whole| whole.as_str().to_owned()).unwrap_or_default();
        character(found).map_or_else(whole, String::from)
    };
    ENTITY.replace_all(text, replace).into_owned()
}

/// Whether it has characters of Chinese, Japanese or Korean.
pub(crate) fn has_han(text: &str) -> bool {
    text.chars().any(|each| ('\u{4e00}'..='\u{9fff}').contains(&each))
}

/// What a line says as a label: without marks, case and the colon at its end.
pub(crate) fn label(text: &str) -> String {
    let text = plain(text.trim().trim_start_matches('#'));
    let text = text.trim_matches(|each: char| each.is_whitespace() || matches!(each, '*' | ':' | '：' | '?' | '？'));
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a text has a word, which is not a part of a longer one.
pub(crate) fn has_word(text: &str, word: &str) -> bool {
    let part = |each: char| each.is_ascii_alphanumeric() || each == '_';
    !word.is_empty()
        && text.match_indices(word).any(|(start, _)| {
            let before = text.get(..start).and_then(|before| before.chars().next_back());
            let after = text.get(start + word.len()..).and_then(|after| after.chars().next());
            !before.is_some_and(part) && !after.is_some_and(part)
        })
}
