//! Regular expressions as Go reads them, written so that they mean the same here.

/// Translates an expression. What differs are sets: here they nest, and know `&&`, `--` and `~~`; and the classes `\d`,
/// `\s` and `\w`, which there have ASCII alone.
pub(super) fn translate(go: &str) -> String {
    let mut text = String::with_capacity(go.len() + 8);
    let mut rest = go.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\\' => match rest.next() {
                Some(escaped) => match ascii_class(escaped) {
                    Some((is_negated, class)) => {
                        text.push_str(if is_negated { "[^" } else { "[" });
                        text.push_str(class);
                        text.push(']');
                    }
                    None => text.extend(['\\', escaped]),
                },
                None => text.push('\\'),
            },
            '[' => set(&mut text, &mut rest),
            ']' => text.push_str("\\]"),
            _ => text.push(character),
        }
    }
    text
}

/// A set, from behind its bracket to its end.
fn set(text: &mut String, rest: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    text.push('[');
    if rest.next_if_eq(&'^').is_some() {
        text.push('^');
    }
    let mut is_first = true;
    while let Some(character) = rest.next() {
        match character {
            ']' if !is_first => {
                text.push(']');
                return;
            }
            '[' if rest.peek() == Some(&':') => named(text, rest),
            '\\' => match rest.next().map(|escaped| (escaped, ascii_class(escaped))) {
                Some((_, Some((false, class)))) => text.push_str(class),
                Some((_, Some((true, class)))) => {
                    text.push_str("[^");
                    text.push_str(class);
                    text.push(']');
                }
                Some((escaped, None)) => text.extend(['\\', escaped]),
                None => text.push('\\'),
            },
            // Between two characters it makes a range, and is none of the operators.
            '-' if !is_first && rest.peek().is_some_and(|next| *next != ']') => text.push('-'),
            _ if character.is_ascii_punctuation() => text.extend(['\\', character]),
            _ => text.push(character),
        }
        is_first = false;
    }
}

/// A class with a name, such as `[:alpha:]`; where its end is missing, a bracket.
fn named(text: &mut String, rest: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    let ahead: String = rest.clone().collect();
    match ahead.find(":]") {
        Some(end) if end > 0 => {
            text.push('[');
            for _ in ahead.get(..end + 2).unwrap_or_default().chars() {
                text.extend(rest.next());
            }
        }
        _ => text.push_str("\\["),
    }
}

/// What of ASCII a class has, and whether it is all but that.
fn ascii_class(name: char) -> Option<(bool, &'static str)> {
    let class = match name.to_ascii_lowercase() {
        'd' => "0-9",
        's' => "\\t\\n\\x0C\\r ",
        'w' => "0-9A-Za-z_",
        _ => return None,
    };
    Some((name.is_ascii_uppercase(), class))
}
