//! Code with its strings, numbers and comments set off; quiet on purpose.

use maud::{Markup, html};

/// Code of a language that is known, with marks; other code as it is.
pub fn highlighted(language: &str, text: &str) -> Markup {
    match language {
        "json" | "rust" | "toml" | "js" => html! { (quoted(language, text)) },
        "yaml" => html! { @for each in text.split_inclusive('\n') { (yaml(each)) } },
        _ => html! { (text) },
    }
}

/// One line of YAML: a comment, or a key and the rest.
pub fn yaml(line: &str) -> Markup {
    let indent = line.len() - line.trim_start().len();
    let (before, rest) = line.split_at(indent);
    if rest.starts_with('#') {
        return html! { (before) span.c { (rest) } };
    }
    let (dash, rest) = rest.strip_prefix("- ").map_or(("", rest), |rest| ("- ", rest));
    let is_key = |key: &str| !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "_-.\"'".contains(c));
    match rest.split_once(':') {
        Some((key, value))
            if is_key(key) && value.starts_with([' ', '\n', '\r'])
                || rest.trim_end().ends_with(':') && is_key(rest.trim_end().trim_end_matches(':')) =>
        {
            let (key, value) = rest.split_once(':').unwrap_or((rest, ""));
            html! { (before) (dash) span.k { (key) } ":" (value) }
        }
        _ => html! { (line) },
    }
}

/// Strings between quotes, numbers, and comments that begin with two slashes.
fn quoted(language: &str, text: &str) -> Markup {
    let pieces = pieces(language, text);
    html! {
        @for (kind, piece) in pieces {
            @match kind {
                Some(kind) => { span class=(kind) { (piece) } }
                None => { (piece) }
            }
        }
    }
}

fn pieces<'a>(language: &str, text: &'a str) -> Vec<(Option<&'static str>, &'a str)> {
    let mut pieces = Vec::new();
    let (mut plain_from, mut at) = (0, 0);
    let mut before = ' ';
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(first) = rest.chars().next() else { break };
        let (kind, length) = match first {
            '"' => {
                let length = string(rest);
                let is_key = language == "json" && rest.get(length..).is_some_and(|after| after.starts_with(':'));
                (Some(if is_key { "k" } else { "s" }), length)
            }
            '/' if language != "json" && rest.starts_with("//") => (Some("c"), rest.find('\n').unwrap_or(rest.len())),
            '#' if language == "toml" => (Some("c"), rest.find('\n').unwrap_or(rest.len())),
            '0'..='9' if !before.is_alphanumeric() && before != '_' => {
                (Some("n"), rest.find(|c: char| !c.is_alphanumeric() && c != '.' && c != '_').unwrap_or(rest.len()))
            }
            other => (None, other.len_utf8()),
        };
        if kind.is_some() {
            pieces.push((None, text.get(plain_from..at).unwrap_or_default()));
            pieces.push((kind, text.get(at..at + length).unwrap_or_default()));
            plain_from = at + length;
        }
        before = first;
        at += length;
    }
    pieces.push((None, text.get(plain_from..).unwrap_or_default()));
    pieces.retain(|(_, piece)| !piece.is_empty());
    pieces
}

/// Length of the string that a text begins with.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_and_everything_is_escaped() {
        let json = "{\"a<b\": [1, \"x\\\"y\", 2.5], \"open";
        let html = highlighted("json", json).into_string();
        assert!(html.contains("<span class=\"k\">&quot;a&lt;b&quot;</span>"), "{html}");
        let pieces: String = pieces("json", json).into_iter().map(|(_, piece)| piece).collect();
        assert_eq!(pieces, json);
        assert_eq!(yaml("  key: \"<v>\"\n").into_string(), "  <span class=\"k\">key</span>: &quot;&lt;v&gt;&quot;\n");
        assert_eq!(yaml("# <c>\n").into_string(), "<span class=\"c\"># &lt;c&gt;\n</span>");
    }
}
