//! Texts from outside, made fit for a terminal and for people.
//!
//! A name in a file, or the name of a file, may hold what steers a terminal, hides letters or turns them around, and may
//! be as long as its author likes.

use std::borrow::Cow;

/// No sentence of a finding is longer; what is cut out is the middle of a name that is no name.
const LONGEST: usize = 600;
const HEAD: usize = 400;
const TAIL: usize = 120;

/// The text with every character that cannot be seen written as its number, for example `\u{1b}`.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    let harmless = text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_control());
    if harmless || !text.contains(is_invisible) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_invisible(character) {
            escaped.extend(character.escape_unicode());
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}

/// A sentence of a finding: escaped, and without the middle of what is too long to read.
pub(crate) fn sentence(text: String) -> String {
    let text = match escaped(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(escaped) => escaped,
    };
    if text.len() <= LONGEST {
        return text;
    }
    let head: String = text.chars().take(HEAD).collect();
    let tail: Vec<char> = text.chars().rev().take(TAIL).collect();
    format!("{head} … {}", tail.iter().rev().collect::<String>())
}

/// Control characters, and those that are formatting and no text: direction, joiners, byte order marks.
pub(crate) fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_written_as_a_number() {
        assert_eq!(escaped("types/\u{1b}[31mred\u{7}.yaml"), "types/\\u{1b}[31mred\\u{7}.yaml");
        assert_eq!(escaped("a\u{202e}b\u{200b}c\nd"), "a\\u{202e}b\\u{200b}c\\u{a}d");
        assert!(matches!(escaped("types/文件.yaml"), Cow::Borrowed(_)));
    }

    #[test]
    fn long_names_lose_their_middle() {
        let cut = sentence(format!("there is no type `{}`", "文".repeat(1_000_000)));
        assert!(cut.starts_with("there is no type `文文") && cut.ends_with("文`"), "{cut}");
        assert!(cut.chars().count() < LONGEST);
        assert_eq!(sentence("short".to_owned()), "short");
    }
}
