//! Forms in which a text may hide.

/// Forms in which a text may hide: as it is, percent-encoded, JSON-escaped, and in base64 at each offset.
pub fn forms(text: &str) -> Vec<String> {
    let percent: String = percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    let json = serde_json::to_string(text).unwrap().trim_matches('"').to_owned();
    let base64 = (0..3).map(|offset| base64(text, offset));
    [text.to_owned(), percent, json, format!("{text:?}").trim_matches('"').to_owned()]
        .into_iter()
        .chain(base64)
        .collect()
}

/// The middle of the base64 of a text that begins so many bytes after a boundary.
fn base64(text: &str, offset: usize) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bytes: Vec<u8> = std::iter::repeat_n(0, offset).chain(text.bytes()).collect();
    let digit = |triple: u32, shift: u32| char::from(DIGITS[(triple >> shift & 63) as usize]);
    let digits = bytes.chunks_exact(3).flat_map(|part| {
        let triple = part.iter().fold(0, |number, byte| number << 8 | u32::from(*byte));
        [18, 12, 6, 0].map(|shift| digit(triple, shift))
    });
    digits.skip(if offset == 0 { 0 } else { 4 }).collect()
}
