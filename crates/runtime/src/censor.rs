//! Takes out of what a server wrote whatever it may have repeated: secrets, and values that it was sent.

mod decodings;
mod patterns;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};

use decodings::decodings;
use patterns::Patterns;

const HIDDEN: &[u8] = b"***";

/// Texts that must not be seen, ready to be looked for: all at once, so that a thousand cost little more than one.
pub(crate) struct Censor(Patterns);

impl Censor {
    /// A censor of these texts; empty ones count for nothing.
    pub(crate) fn new(secrets: impl IntoIterator<Item = String>) -> Self {
        Self(Patterns::new(secrets.into_iter().map(String::into_bytes)))
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
        let found = self.found(text, is_cut);
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        // Only now, for those alone: encoding a thousand takes longer than looking for them.
        let forms = Patterns::new(found.into_iter().flat_map(usual_forms));
        let hidden = without(text, forms.places(text, is_cut));
        Cow::Owned(if self.finds(&hidden, is_cut) { HIDDEN.to_vec() } else { hidden })
    }

    /// Whether a text holds a secret, however often it was encoded, or ends with the beginning of one where it was cut.
    pub(crate) fn finds(&self, text: &[u8], is_cut: bool) -> bool {
        !self.found(text, is_cut).is_empty()
    }

    /// The secrets that a text holds in whatever encoding, or begins at its end where it was cut.
    fn found(&self, text: &[u8], is_cut: bool) -> BTreeSet<&[u8]> {
        if self.0.is_empty() {
            return BTreeSet::new();
        }
        let decodings = decodings(text, is_cut);
        decodings.iter().flat_map(|text| self.0.found(text, is_cut)).collect()
    }
}

/// A secret as it is, percent-encoded and JSON-escaped.
fn usual_forms(secret: &[u8]) -> [Vec<u8>; 3] {
    let percent = percent_encode(secret, NON_ALPHANUMERIC).to_string();
    let json = serde_json::Value::from(String::from_utf8_lossy(secret)).to_string();
    let json = json.get(1..json.len() - 1).unwrap_or_default();
    [secret.to_vec(), percent.into_bytes(), json.as_bytes().to_vec()]
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
