//! Text that is never shown.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::{NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};

/// A secret of this crate: an app secret, a ticket, a token.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(Box<str>);

impl Secret {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into().into_boxed_str())
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("..")
    }
}

const HIDDEN: &str = "***";
/// A text in a URL in a JSON text in a message is encoded three times.
const LAYERS: usize = 3;

/// Takes secrets out of a text that the server wrote: as they are, percent-encoded and JSON-escaped. Where one is
/// encoded in another way, or several times, nothing of the text is left.
pub(crate) fn censored(text: String, secrets: &[&str]) -> String {
    let text = secrets.iter().filter(|secret| !secret.is_empty()).fold(text, |text, secret| without(text, secret));
    if secrets.iter().any(|secret| holds(text.as_bytes(), secret)) { HIDDEN.to_owned() } else { text }
}

fn without(mut text: String, secret: &str) -> String {
    let hide = |text: String, form: &str| if text.contains(form) { text.replace(form, HIDDEN) } else { text };
    text = hide(text, secret);
    if text.contains('%') {
        text = hide(text, &utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string());
    }
    if text.contains('\\') {
        text = hide(text, serde_json::Value::from(secret).to_string().trim_matches('"'));
    }
    text
}

/// Whether a secret stands in what the server wrote, however often it was encoded.
pub(crate) fn holds(text: &[u8], secret: &str) -> bool {
    !secret.is_empty() && holds_below(text, secret.as_bytes(), LAYERS)
}

fn holds_below(text: &[u8], secret: &[u8], layers: usize) -> bool {
    if text.windows(secret.len()).any(|part| part == secret) {
        return true;
    }
    let decoders = [percent_decoded, form_decoded, json_unescaped];
    let decoded = decoders.into_iter().map(|decode| decode(text)).filter(|decoded| **decoded != *text);
    layers > 0 && decoded.into_iter().any(|decoded| holds_below(&decoded, secret, layers - 1))
}

fn percent_decoded(text: &[u8]) -> Cow<'_, [u8]> {
    percent_decode(text).into()
}

/// As forms and many libraries encode queries.
fn form_decoded(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.contains(&b'+') {
        return Cow::Borrowed(text);
    }
    let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    Cow::Owned(percent_decode(&spaced).collect())
}

fn json_unescaped(text: &[u8]) -> Cow<'_, [u8]> {
    let mut rest = text;
    let mut unescaped = Vec::new();
    while let Some(place) = rest.windows(2).position(|part| part.starts_with(b"\\")) {
        let (before, escape) = rest.split_at(place);
        unescaped.extend_from_slice(before);
        let length = escape_length(escape);
        let quoted = [b"\"", escape.get(..length).unwrap_or(escape), b"\""].concat();
        let (characters, length) = match serde_json::from_slice::<String>(&quoted) {
            Ok(characters) => (characters, length),
            // A backslash that escapes nothing stands for itself.
            Err(_) => ("\\".to_owned(), 1),
        };
        unescaped.extend_from_slice(characters.as_bytes());
        rest = escape.get(length..).unwrap_or_default();
    }
    if rest.len() == text.len() {
        return Cow::Borrowed(text);
    }
    unescaped.extend_from_slice(rest);
    Cow::Owned(unescaped)
}

/// Length of the escape that a text begins with: `\n`, `\u00e9`, or two of these for one character.
fn escape_length(text: &[u8]) -> usize {
    let is_surrogate = |digits: &[u8]| matches!(digits, [b'd' | b'D', b'8' | b'9' | b'a' | b'b' | b'A' | b'B', ..]);
    match text {
        [b'\\', b'u', digits @ ..] if is_surrogate(digits) => 12.min(text.len()),
        [b'\\', b'u', ..] => 6.min(text.len()),
        _ => 2.min(text.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "a+/=%25\\\"é x\n🙂";

    fn percent(text: &str) -> String {
        utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
    }

    fn escaped(text: &str) -> String {
        serde_json::Value::from(text).to_string().trim_matches('"').to_owned()
    }

    #[test]
    fn the_usual_forms_of_a_secret_are_hidden_and_the_rest_of_the_text_is_kept() {
        for form in [SECRET.to_owned(), percent(SECRET), escaped(SECRET)] {
            assert_eq!(censored(format!("é{form}, {form}%"), &["", SECRET]), "é***, ***%", "{form}");
        }
    }

    #[test]
    fn a_secret_that_is_written_in_any_other_way_takes_the_text_with_it() {
        let forms = [
            percent(SECRET).to_ascii_lowercase(),
            percent(SECRET).replace("%20", "+").replace("%2F", "/"),
            "a+\\/=%25\\\\\\\"\\u00e9 x\\n\\ud83d\\ude42".to_owned(),
            "\\u0061\\u002B/=%25\\u005c\\u0022\\u00E9 x\\u000a🙂".to_owned(),
            escaped(&escaped(SECRET)),
            escaped(&escaped(&escaped(SECRET))),
            percent(&escaped(SECRET)),
            escaped(&percent(&escaped(SECRET))),
            percent(&percent(&percent(SECRET))),
        ];
        for form in forms {
            assert_eq!(censored(format!("é{form}%"), &[SECRET]), "***", "{form}");
            assert!(holds(format!("\\u{form}").as_bytes(), SECRET), "{form}");
        }
    }

    #[test]
    fn other_texts_stay_as_they_are() {
        for text in
            ["", "a+/=%25", "%", "\\", "\\u00", "\\ud83d", "%2", "a%2B%2F%3D%2525%5C%22%C3%A9", "\\\\u0061", "🙂"]
        {
            assert_eq!(censored(text.to_owned(), &["", SECRET]), text);
        }
    }
}
