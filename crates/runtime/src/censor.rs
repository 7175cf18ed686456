//! Takes out of what a server wrote whatever it may have repeated: secrets, and values that it was sent.

mod decodings;
mod patterns;

use std::borrow::Cow;
use std::ops::Range;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use decodings::decodings;
use patterns::Patterns;

const HIDDEN: &[u8] = b"***";

/// Texts that must not be seen, ready to be looked for: all at once, so that a thousand cost little more than one.
pub(crate) struct Censor {
    secrets: Vec<String>,
    patterns: Patterns,
}

impl Censor {
    /// A censor of these texts; empty ones count for nothing.
    pub(crate) fn new(secrets: impl IntoIterator<Item = String>) -> Self {
        let secrets: Vec<String> = secrets.into_iter().filter(|secret| !secret.is_empty()).collect();
        let patterns = Patterns::new(secrets.iter().map(String::clone).map(String::into_bytes));
        Self { secrets, patterns }
    }

    /// Takes the secrets out of a text: as they are, percent-encoded and JSON-escaped. Where one is encoded in another
    /// way, or several times, nothing of the text is left. Of a text that was cut, the beginning of a secret at its end
    /// goes too.
    pub(crate) fn text(&self, text: String, is_cut: bool) -> String {
        match self.bytes(text.as_bytes(), is_cut) {
            Cow::Borrowed(_) => text,
            Cow::Owned(hidden) => String::from_utf8_lossy(&hidden).into_owned(),
        }
    }

    /// The same for bytes.
    pub(crate) fn bytes<'a>(&self, text: &'a [u8], is_cut: bool) -> Cow<'a, [u8]> {
        if self.secrets.is_empty() {
            return Cow::Borrowed(text);
        }
        let places = match self.escaped_forms(text) {
            Some(patterns) => patterns.places(text, is_cut),
            None => self.patterns.places(text, is_cut),
        };
        let hidden = if places.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(without(text, places)) };
        if self.finds(&hidden, is_cut) { Cow::Owned(HIDDEN.to_vec()) } else { hidden }
    }

    /// Whether a text holds a secret, however often it was encoded, or ends with the beginning of one where it was cut.
    pub(crate) fn finds(&self, text: &[u8], is_cut: bool) -> bool {
        !self.secrets.is_empty() && decodings(text, is_cut).iter().any(|text| self.patterns.are_in(text, is_cut))
    }

    /// The patterns with their usual encodings, where a text may hold such.
    fn escaped_forms(&self, text: &[u8]) -> Option<Patterns> {
        let (has_percent, has_escape) = (text.contains(&b'%'), text.contains(&b'\\'));
        if !has_percent && !has_escape {
            return None;
        }
        let mut forms: Vec<Vec<u8>> = Vec::with_capacity(3 * self.secrets.len());
        for secret in &self.secrets {
            forms.push(secret.clone().into_bytes());
            if has_percent {
                forms.push(utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string().into_bytes());
            }
            if has_escape && secret.bytes().any(|byte| byte < b' ' || matches!(byte, b'"' | b'\\')) {
                let json = serde_json::Value::from(secret.as_str()).to_string();
                forms.push(json.get(1..json.len() - 1).unwrap_or_default().as_bytes().to_vec());
            }
        }
        Some(Patterns::new(forms))
    }
}

/// A text with something else in these places, which are in order.
fn without(text: &[u8], places: Vec<Range<usize>>) -> Vec<u8> {
    let mut hidden = Vec::with_capacity(text.len());
    let mut end = 0;
    for place in places {
        hidden.extend_from_slice(text.get(end..place.start).unwrap_or_default());
        hidden.extend_from_slice(HIDDEN);
        end = place.end;
    }
    hidden.extend_from_slice(text.get(end..).unwrap_or_default());
    hidden
}

#[cfg(test)]
mod tests;
