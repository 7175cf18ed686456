//! Characters that look like those of the format and are others: what a Chinese keyboard, a word processor or a web page
//! leaves in a file.

use std::borrow::Cow;

/// What a look-alike stands for; an invisible character stands for nothing.
pub(crate) fn plain(character: char) -> Option<&'static str> {
    Some(match character {
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => " ",
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' => "",
        '“' | '”' | '„' | '‟' | '«' | '»' | '〝' | '〞' | '「' | '」' | '『' | '』' => "\"",
        '‘' | '’' | '‚' | '‛' | '´' => "'",
        '、' | '﹐' => ",",
        '。' | '﹒' => ".",
        '﹕' | '∶' | '꞉' | '︰' => ":",
        '﹔' | '\u{37e}' => ";",
        '【' | '〔' | '〖' => "[",
        '】' | '〕' | '〗' => "]",
        '《' | '〈' | '‹' => "<",
        '》' | '〉' | '›' => ">",
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => "-",
        '\u{ff01}'..='\u{ff5e}' => full_width(character)?,
        _ => cyrillic(character)?,
    })
}

/// The full-width forms stand in the order of ASCII.
fn full_width(character: char) -> Option<&'static str> {
    const ASCII: &str =
        "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";
    let number = (u32::from(character) - 0xff01) as usize;
    ASCII.get(number..=number)
}

fn cyrillic(character: char) -> Option<&'static str> {
    const LATIN: &[(char, &str)] = &[
        ('а', "a"),
        ('е', "e"),
        ('о', "o"),
        ('р', "p"),
        ('с', "c"),
        ('х', "x"),
        ('у', "y"),
        ('і', "i"),
        ('А', "A"),
        ('В', "B"),
        ('Е', "E"),
        ('К', "K"),
        ('М', "M"),
        ('Н', "H"),
        ('О', "O"),
        ('Р', "P"),
        ('С', "C"),
        ('Т', "T"),
        ('Х', "X"),
    ];
    LATIN.iter().find(|(known, _)| *known == character).map(|(_, latin)| *latin)
}

/// The text with plain characters in place of look-alikes.
pub(crate) fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.contains(|character| plain(character).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut folded = String::with_capacity(text.len());
    for character in text.chars() {
        match plain(character) {
            Some(plain) => folded.push_str(plain),
            None => folded.push(character),
        }
    }
    Cow::Owned(folded)
}

/// The first look-alike of a text, by its byte.
pub(crate) fn first(text: &str) -> Option<(usize, char)> {
    if text.is_ascii() {
        return None;
    }
    text.char_indices().find(|(_, character)| plain(*character).is_some())
}

/// What is to be said about a text with a look-alike.
pub(crate) fn remark(text: &str) -> Option<String> {
    first(text).map(|(_, character)| describe(character))
}

/// What the character is, and what to write.
pub(crate) fn describe(character: char) -> String {
    let number = format!("U+{:04X}", u32::from(character));
    match plain(character) {
        Some("") => format!("an invisible character ({number}) stands here; delete it"),
        Some(" ") => format!("{} ({number}) stands here; write a plain space", blank(character)),
        Some(plain) => format!("`{character}` ({number}) is {}; write `{plain}`", kind(character)),
        None => format!("`{character}` is {number}"),
    }
}

/// What kind of character it is.
pub(crate) fn kind(character: char) -> &'static str {
    match character {
        '\u{ff01}'..='\u{ff5e}' => "full-width",
        '\u{400}'..='\u{4ff}' => "a Cyrillic letter",
        '“' | '”' | '„' | '‟' | '«' | '»' | '‘' | '’' | '‚' | '‛' => "a typographic quote",
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => "a dash",
        '\u{3000}'..='\u{303f}' => "Chinese punctuation",
        _ => "another character than it looks like",
    }
}

fn blank(character: char) -> &'static str {
    match character {
        '\u{a0}' | '\u{202f}' => "a no-break space",
        '\u{3000}' => "a full-width space",
        _ => "an unusual space",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_full_width_form_is_known() {
        for ascii in '!'..='~' {
            let wide = char::from_u32(u32::from(ascii) + 0xfee0);
            assert_eq!(wide.and_then(plain), Some(ascii.to_string().as_str()));
        }
    }

    #[test]
    fn texts_become_plain() {
        assert_eq!(folded("status：\u{a0}“ｃurrent”\u{200b}，［а］"), "status: \"current\",[a]");
        assert!(matches!(folded("文件 summary"), Cow::Borrowed(_)));
        assert_eq!(first("文：b"), Some((3, '：')));
    }
}
