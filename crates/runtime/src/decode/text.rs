//! Texts in JSON: what stands between two quotes.
//!
//! A text is read even where it breaks the rules of JSON in a way that loses nothing but the broken character: half of
//! a surrogate pair becomes U+FFFD, and a control character that is not escaped stands for itself. A file with such a
//! name must not make its whole folder unreadable.

use super::Failure;

/// Length of the escape that a text begins with.
pub(super) fn escape_length(text: &[u8]) -> Result<usize, Failure> {
    match text.get(1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(2),
        Some(b'u') => match text.get(2..6) {
            Some(digits) if digits.iter().all(u8::is_ascii_hexdigit) => Ok(6),
            None => Err(Failure::cut_short()),
            Some(_) => Err(Failure::not_json()),
        },
        None => Err(Failure::cut_short()),
        Some(_) => Err(Failure::not_json()),
    }
}

/// A text without its escapes, all of which are right.
pub(super) fn unescaped(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, escape)) = rest.split_once('\\') {
        text.push_str(before);
        let mut characters = escape.chars();
        let character = match characters.next() {
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                let (character, length) = unicode(escape);
                characters = escape.get(length..).unwrap_or_default().chars();
                character
            }
            Some(other) => other,
            None => break,
        };
        text.push(character);
        rest = characters.as_str();
    }
    text.push_str(rest);
    text
}

/// The character of `u0041`, or of `ud83d\ude42`, and how long that is.
fn unicode(escape: &str) -> (char, usize) {
    let unit = |from: usize| {
        let digits = escape.get(from..from + 4)?;
        u16::from_str_radix(digits, 16).ok()
    };
    let second = if escape.get(5..7) == Some("\\u") { unit(7) } else { None };
    let units = unit(1).into_iter().chain(second);
    match char::decode_utf16(units).next() {
        Some(Ok(character)) => (character, if character.len_utf16() == 2 { 11 } else { 5 }),
        Some(Err(_)) | None => (char::REPLACEMENT_CHARACTER, 5),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_what_they_stand_for() {
        let cases = [
            ("", ""),
            ("a", "a"),
            (r#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t"),
            (r"\u0041\u00e9\u4e2d", "Aé中"),
            (r"\ud83d\ude42", "🙂"),
            (r"\uD83D\uDE42x", "🙂x"),
            (r"é\u0041é\\u0041", r"éAé\u0041"),
        ];
        for (raw, text) in cases {
            assert_eq!(unescaped(raw), text, "{raw}");
        }
    }

    #[test]
    fn half_a_pair_costs_one_character() {
        let cases = [
            (r"a\ud83db", "a\u{fffd}b"),
            (r"\ud83d", "\u{fffd}"),
            (r"\ude42\ud83d", "\u{fffd}\u{fffd}"),
            (r"\ud83d\u0041", "\u{fffd}A"),
            (r"\ud83d\ud83d\ude42", "\u{fffd}🙂"),
            (r"\ud83d\n", "\u{fffd}\n"),
            (r"\ud83dé", "\u{fffd}é"),
        ];
        for (raw, text) in cases {
            assert_eq!(unescaped(raw), text, "{raw}");
        }
    }
}
