//! JSON as people write it in examples: with comments, commas at the end, dots in place of more, and typeset quotes.

/// The JSON that is meant. Lines stay where they are.
pub(crate) fn strict(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '“' | '”' => string(rest, &mut out),
            '/' if rest.starts_with("//") => line(rest),
            '#' => line(rest),
            '/' if rest.starts_with("/*") => {
                let length = rest.find("*/").map_or(rest.len(), |end| end + 2);
                out.extend(rest.get(..length).unwrap_or_default().chars().filter(|each| *each == '\n'));
                length
            }
            '…' => first.len_utf8(),
            '.' if rest.starts_with("..") => rest.len() - rest.trim_start_matches('.').len(),
            ',' if out.trim_end().is_empty() || out.trim_end().ends_with([',', '{', '[']) => 1,
            '}' | ']' => {
                if let Some(at) = out.trim_end().strip_suffix(',').map(str::len) {
                    out.remove(at);
                }
                out.push(first);
                1
            }
            _ => {
                out.push(first);
                first.len_utf8()
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

fn line(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

/// Copies a string, and tells its length.
fn string(text: &str, out: &mut String) -> usize {
    let mut chars = text.char_indices();
    let is_plain = chars.next().is_some_and(|(_, first)| first == '"');
    out.push('"');
    let mut escaped = false;
    for (at, each) in chars {
        let ends = each == '"' || !is_plain && matches!(each, '“' | '”');
        if ends && !escaped {
            out.push('"');
            return at + each.len_utf8();
        }
        escaped = each == '\\' && !escaped;
        out.push(each);
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    #[test]
    fn what_is_meant_is_read() {
        let text =
            "{ // all\n \"a\": \"x // y ... # z\", /* two\n lines */ “b”: [1, 2, ...],\n ...,\n # end\n \"c\": {},\n}";
        let strict = super::strict(text);
        let value: Value = serde_json::from_str(&strict).unwrap_or_else(|error| unreachable!("{error}: {strict}"));
        assert_eq!(value, json!({ "a": "x // y ... # z", "b": [1, 2], "c": {} }));
        assert_eq!(strict.lines().count(), text.lines().count());
    }
}
