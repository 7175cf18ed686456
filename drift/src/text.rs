//! Cells and lines without the marks of their rendering.

/// A cell without marks: bold, code, escapes, entities, links.
pub(crate) fn plain(text: &str) -> String {
    let text = entities(text);
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

fn entities(text: &str) -> String {
    const ENTITIES: &[(&str, &str)] = &[
        ("&#123;", "{"),
        ("&#125;", "}"),
        ("&#124;", "|"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&nbsp;", " "),
        ("&quot;", "\""),
        ("<br/>", " "),
        ("<br>", " "),
        ("<br />", " "),
        ("&amp;", "&"),
    ];
    let mut text = text.to_owned();
    for (entity, character) in ENTITIES {
        if text.contains(entity) {
            text = text.replace(entity, character);
        }
    }
    text
}

/// Whether it has characters of Chinese, Japanese or Korean.
pub(crate) fn has_han(text: &str) -> bool {
    text.chars().any(|each| ('\u{4e00}'..='\u{9fff}').contains(&each))
}

/// What a line says as a label: without marks, case and the colon at its end.
pub(crate) fn label(text: &str) -> String {
    let text = plain(text.trim().trim_start_matches('#'));
    let text = text.trim_matches(|each: char| each.is_whitespace() || matches!(each, '*' | ':' | '：'));
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
