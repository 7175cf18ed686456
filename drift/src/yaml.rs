//! Edits of YAML files that leave everything else as it is, byte for byte, and how scalars are written.

use dingtalk_storage_spec::SourceTree;

/// What is put into a map.
pub(crate) struct NewEntry<'a> {
    /// As it is written.
    pub(crate) key: &'a str,
    /// As it is written, on one line.
    pub(crate) value: &'a str,
}

/// Where in a map a new entry stands.
pub(crate) enum Position<'a> {
    First,
    After(&'a str),
    Last,
}

/// The text of a file with one entry more in a map; nothing where the map is not there, or written in an unusual way.
pub(crate) fn insert(
    tree: &SourceTree,
    file: &str,
    map: &[String],
    position: &Position<'_>,
    new: &NewEntry<'_>,
) -> Option<String> {
    let text = text_of(tree, file)?;
    let of = |name: &str| {
        let keys: Vec<&str> = map.iter().map(String::as_str).chain([name]).collect();
        tree.entry(file, &keys)
    };
    let in_braces = match map {
        [] => false,
        _ => text.get(tree.entry(file, map)?.value.start..)?.starts_with('{'),
    };
    let written = format!("{}: {}", new.key, new.value);
    let names = tree.keys(file, map);
    let beside = match position {
        Position::First => of(names.first()?)?,
        Position::After(name) => of(name)?,
        Position::Last => of(names.last()?)?,
    };
    let before = matches!(position, Position::First);
    if in_braces {
        return Some(if before {
            put(text, beside.key.start, &format!("{written}, "))
        } else {
            put(text, beside.value.end.max(beside.key.end + 1), &format!(", {written}"))
        });
    }
    let start = line_start(text, beside.key.start);
    let indent = text.get(start..beside.key.start)?;
    if !indent.chars().all(|each| each == ' ') {
        return None;
    }
    let at = if before { start } else { line_end(text, beside.value.end.max(beside.key.end)) };
    Some(put_line(text, at, &format!("{indent}{written}")))
}

/// The text of a file with one element more in a list.
pub(crate) fn append(tree: &SourceTree, file: &str, list: &[String], item: &str) -> Option<String> {
    let text = text_of(tree, file)?;
    let entry = tree.entry(file, list)?;
    let value = text.get(entry.value.clone())?;
    if let Some(inner) = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let kept = inner.trim_end();
        let comma = if kept.trim().is_empty() || kept.ends_with(',') { "" } else { ", " };
        return Some(put(text, entry.value.start + 1 + kept.len(), &format!("{comma}{}", scalar(item))));
    }
    let start = line_start(text, entry.value.start);
    let indent = text.get(start..entry.value.start)?;
    if !value.starts_with('-') || !indent.chars().all(|each| each == ' ') {
        return None;
    }
    Some(put_line(text, line_end(text, entry.value.end), &format!("{indent}- {}", scalar(item))))
}

/// The text of a file with a section more: a key of the document itself, before the first of those that come later.
pub(crate) fn insert_section(
    tree: &SourceTree,
    file: &str,
    key: &str,
    lines: &[String],
    later: &[&str],
) -> Option<String> {
    let text = text_of(tree, file)?;
    let next = later.iter().find_map(|name| tree.entry(file, &[name]));
    let at = next.map_or(text.len(), |entry| line_start(text, entry.key.start));
    let mut block = vec![format!("{key}:")];
    block.extend(lines.iter().map(|line| format!("  {line}")));
    Some(put_line(text, at, &block.join(newline(text))))
}

fn text_of<'a>(tree: &'a SourceTree, file: &str) -> Option<&'a str> {
    tree.files().find(|(path, _)| *path == file).map(|(_, text)| text)
}

fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
}

/// Where the next line starts.
fn line_end(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |newline| at + newline + 1)
}

fn put(text: &str, at: usize, new: &str) -> String {
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    format!("{before}{new}{after}")
}

/// Puts lines where one starts.
fn put_line(text: &str, at: usize, lines: &str) -> String {
    let newline = newline(text);
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let close = if before.is_empty() || before.ends_with('\n') { "" } else { newline };
    format!("{before}{close}{lines}{newline}{after}")
}

/// A text as a scalar: plain where that is what it is read as, else in quotes.
pub(crate) fn scalar(text: &str) -> String {
    let plain = text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|each| each.is_ascii_alphanumeric() || matches!(each, '_' | '-' | '.' | '/'));
    let lower = text.to_lowercase();
    let other = matches!(lower.as_str(), "true" | "false" | "yes" | "no" | "on" | "off" | "null" | "y" | "n");
    if plain && !other { text.to_owned() } else { quoted(text) }
}

/// A text in quotes; JSON is YAML.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says by panicking")]
mod tests {
    use super::*;

    const FILE: &str = "errors.yaml";

    fn tree(text: &str) -> SourceTree {
        SourceTree::from_files([(FILE.to_owned(), text.as_bytes().to_vec())])
    }

    fn keys(keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| (*key).to_owned()).collect()
    }

    const TEXT: &str = "\
# A comment.
codes:
  # First.
  a: {class: server, meaning: One., advice: Two.}  # beside
  b:
    class: server
    meaning: >-
      Several
      lines.
    advice: Two.

  # After all.
";

    #[test]
    fn entries_stand_in_the_form_of_their_neighbours() {
        let new = NewEntry { key: "zeta.1", value: "{class: server}" };
        let insert = |map: &[&str], position| insert(&tree(TEXT), FILE, &keys(map), &position, &new).unwrap();
        let line = "  zeta.1: {class: server}\n";
        assert_eq!(insert(&["codes"], Position::After("a")), TEXT.replace("  b:", &format!("{line}  b:")));
        assert_eq!(insert(&["codes"], Position::Last), TEXT.replace("Two.\n\n", &format!("Two.\n{line}\n")));
        assert_eq!(insert(&["codes"], Position::First), TEXT.replace("  a:", &format!("{line}  a:")));
        let in_braces = insert(&["codes", "a"], Position::Last);
        assert_eq!(in_braces, TEXT.replace("Two.}", "Two., zeta.1: {class: server}}"));
        let after_lines = insert(&["codes", "b"], Position::After("meaning"));
        assert_eq!(after_lines, TEXT.replace("lines.\n", "lines.\n    zeta.1: {class: server}\n"));
    }

    #[test]
    fn line_ends_stay_what_they_are() {
        let text = TEXT.replace('\n', "\r\n");
        let new = NewEntry { key: "z", value: "1" };
        let made = insert(&tree(&text), FILE, &keys(&["codes"]), &Position::Last, &new).unwrap();
        assert_eq!(made.replace("\r\n", "").matches('\n').count(), 0);
        let without_end = text.trim_end_matches("\r\n").trim_end_matches("  # After all.").trim_end();
        let made = insert(&tree(without_end), FILE, &keys(&["codes"]), &Position::Last, &new).unwrap();
        assert_eq!(made, format!("{without_end}\r\n  z: 1\r\n"));
    }

    #[test]
    fn scalars_are_quoted_where_they_would_be_read_as_something_else() {
        for (text, written) in
            [("paramError.name", "paramError.name"), ("yes", "\"yes\""), ("1", "\"1\""), ("a: b", "\"a: b\"")]
        {
            assert_eq!(scalar(text), written);
        }
    }
}
