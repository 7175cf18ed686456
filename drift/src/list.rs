//! Lists in place of tables: a field an item, as `- name (String, required): What it means`.

use crate::kind;
use crate::page::Row;
use crate::row::{FLAGS, is_name};
use crate::text::plain;

/// What follows the mark of an item, when a line is one.
pub(crate) fn item(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let rest = line.strip_prefix(['-', '*', '+', '•', '·'])?;
    rest.starts_with([' ', '\t']).then(|| rest.trim_start())
}

/// A field, when an item is one. `known` tells names that a field can have whose type is no known one.
pub(crate) fn field(text: &str, number: usize, known: impl Fn(&str) -> bool) -> Option<Row> {
    const BETWEEN: [char; 9] = [' ', ',', '，', '/', '、', '|', ';', '(', '（'];
    let text = plain(text);
    let name: String =
        text.chars().take_while(|each| each.is_ascii_alphanumeric() || matches!(each, '_' | '-' | '.')).collect();
    let rest = text.get(name.len()..)?;
    // Values of enums are items, too: `- USER: String of a user`.
    let is_value = !name.contains(|each: char| each.is_ascii_lowercase());
    if is_value || !is_name(&name) || !rest.starts_with([' ', ':', '：', '(', '（', ',', '，']) {
        return None;
    }
    let rest = rest.trim_start_matches([' ', ':', '：', '(', '（', ',', '，', '-', '—', '–']);
    let word = || {
        let end = rest.find([',', '，', ')', '）', ' ', '.', ':', '：']).filter(|end| *end > 0 && known(&name))?;
        Some((rest.get(..end)?.to_owned(), rest.get(end..)?))
    };
    let (kind, rest) = kind_at(rest).or_else(word)?;
    let rest = rest.trim_start_matches(BETWEEN);
    let (required, rest) = flag_at(rest).map_or((None, rest), |(flag, rest)| (Some(flag), rest));
    let description = rest.trim_start_matches([' ', ')', '）', ':', '：', '.', '。', ',', '，', '—', '–', ']']);
    Some(Row { line: number, name, kind, required, description: description.to_owned() })
}

/// The longest type at the start of a text.
fn kind_at(text: &str) -> Option<(String, &str)> {
    let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]).take_while(|end| *end <= 40);
    let is_end = |end: &usize| {
        let next = text.get(*end..).and_then(|rest| rest.chars().next());
        next.is_none_or(|next| !next.is_alphanumeric() && !matches!(next, '[' | '<'))
    };
    let found =
        ends.filter(is_end).filter(|end| text.get(..*end).is_some_and(|kind| kind::read(kind).is_some())).last();
    // `String (64)` is one type, `String (required)` is a type and a flag.
    let end = found.map(|end| match text.get(..end).and_then(|kind| kind.find(['(', '（'])) {
        Some(bracket) if flag_at(text.get(bracket + 1..end).unwrap_or_default()).is_some() => bracket,
        _ => end,
    })?;
    Some((text.get(..end)?.trim().to_owned(), text.get(end..)?))
}

/// A word for what is required at the start of a text.
fn flag_at(text: &str) -> Option<(bool, &str)> {
    let mut words: Vec<(bool, &str)> = Vec::new();
    for (words_of, flag) in FLAGS.into_iter().zip([true, false]) {
        words.extend(words_of.iter().map(|word| (flag, *word)));
    }
    words.sort_by_key(|(_, word)| std::cmp::Reverse(word.len()));
    words.into_iter().find_map(|(flag, word)| {
        let start = text.get(..word.len()).filter(|start| start.to_lowercase() == word)?;
        let rest = text.get(start.len()..)?;
        let ends = rest.chars().next().is_none_or(|next| !next.is_ascii_alphanumeric());
        ends.then_some((flag, rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_fields_in_many_forms() {
        for text in [
            "unionId (String, required): The user.",
            "**unionId** `String` Yes The user.",
            "unionId（String，必填）：The user.",
            "`unionId`: string, required. The user.",
            "unionId - String (required) - The user.",
        ] {
            let row = field(text, 3, |_| false);
            let row = row.as_ref().map(|row| (row.name.as_str(), kind::read(&row.kind), row.required));
            assert_eq!(row, Some(("unionId", Some(kind::Kind::Text), Some(true))), "{text}");
        }
        let map = field("ids (Map<String, Array>, optional): The list.", 1, |_| false);
        assert_eq!(
            map.map(|row| (row.kind, row.description)),
            Some(("Map<String, Array>".to_owned(), "The list.".to_owned()))
        );
        for text in
            ["For internal apps, call this.", "VALUE: meaning", "name: what it is", "**USER**: String of a user"]
        {
            assert_eq!(field(text, 1, |_| false).map(|row| row.name), None, "{text}");
        }
    }
}
