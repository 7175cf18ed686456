//! What a caller must know and would not expect.

use super::doc::Doc;

/// A text, followed by what a caller would not expect.
pub fn documented(text: &str, quirks: &[String]) -> Doc {
    let mut doc = Doc::of(text);
    add(&mut doc, quirks);
    doc
}

/// Adds an entry for each.
pub fn add(doc: &mut Doc, quirks: &[String]) {
    for quirk in quirks {
        doc.entry(&format!("Quirk: {quirk}"));
    }
}
