//! What a text may stand for, if it was encoded.

use std::borrow::Cow;

use percent_encoding::percent_decode;

/// A text in a URL in a JSON text in a message is encoded three times.
const LAYERS: usize = 3;

/// A text, and all that it may stand for. Of a text that was cut, each comes without half an escape at its end, too.
pub(super) fn decodings(text: &[u8], is_cut: bool) -> Vec<Cow<'_, [u8]>> {
    let mut all: Vec<Cow<'_, [u8]>> = Vec::new();
    add(&mut all, Cow::Borrowed(text), is_cut);
    let mut layer = 0..all.len();
    for _ in 0..LAYERS {
        for index in layer.clone() {
            for decode in [percent_decoded, form_decoded, json_unescaped] {
                if let Some(decoded) = all.get(index).and_then(|text| decode(text)) {
                    add(&mut all, Cow::Owned(decoded), is_cut);
                }
            }
        }
        layer = layer.end..all.len();
    }
    all
}

fn add<'a>(all: &mut Vec<Cow<'a, [u8]>>, text: Cow<'a, [u8]>, is_cut: bool) {
    let without_half = is_cut.then(|| without_half_an_escape(&text)).filter(|whole| whole.len() < text.len());
    let without_half = without_half.map(|whole| Cow::Owned(whole.to_vec()));
    for text in [Some(text), without_half].into_iter().flatten() {
        if !all.contains(&text) {
            all.push(text);
        }
    }
}

/// The text before an escape that may have been cut: `%`, `%2`, `\`, `\u00`, `\ud83d\ude`.
fn without_half_an_escape(text: &[u8]) -> &[u8] {
    const LONGEST: usize = 11;
    let near = |length: usize| text.len().saturating_sub(length);
    let tail = text.get(near(2)..).unwrap_or_default();
    let percent = tail.iter().position(|byte| *byte == b'%').map(|place| near(2) + place);
    let tail = text.get(near(LONGEST)..).unwrap_or_default();
    let escape = tail.iter().enumerate().find(|(place, byte)| {
        let escape = tail.get(*place..).unwrap_or_default();
        **byte == b'\\' && escape.len() < escape_length(escape)
    });
    let escape = escape.map(|(place, _)| near(LONGEST) + place);
    text.get(..percent.into_iter().chain(escape).min().unwrap_or(text.len())).unwrap_or_default()
}

fn percent_decoded(text: &[u8]) -> Option<Vec<u8>> {
    text.contains(&b'%').then(|| percent_decode(text).collect())
}

/// As forms and many libraries encode queries.
fn form_decoded(text: &[u8]) -> Option<Vec<u8>> {
    if !text.contains(&b'+') {
        return None;
    }
    let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    Some(percent_decode(&spaced).collect())
}

fn json_unescaped(text: &[u8]) -> Option<Vec<u8>> {
    let mut place = text.iter().position(|byte| *byte == b'\\')?;
    let mut unescaped = Vec::with_capacity(text.len());
    let mut rest = text;
    loop {
        let (before, escape) = rest.split_at(place);
        unescaped.extend_from_slice(before);
        rest = escape.get(unescape(escape, &mut unescaped)..).unwrap_or_default();
        match rest.iter().position(|byte| *byte == b'\\') {
            Some(next) => place = next,
            None => break,
        }
    }
    unescaped.extend_from_slice(rest);
    Some(unescaped)
}

/// Adds what the escape at the start of a text stands for; gives the escape's length. A backslash that escapes nothing
/// stands for itself.
fn unescape(text: &[u8], unescaped: &mut Vec<u8>) -> usize {
    let plain = match text.get(1) {
        Some(b'u') => {
            let pair = || char::decode_utf16([unit(text, 0)?, unit(text, 6)?]).next()?.ok().filter(|c| *c > '\u{ffff}');
            let single = || unit(text, 0).and_then(|unit| char::from_u32(u32::from(unit)));
            let Some(character) = pair().or_else(single) else {
                unescaped.push(b'\\');
                return 1;
            };
            unescaped.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            return if character > '\u{ffff}' { 12 } else { 6 };
        }
        Some(escaped @ (b'"' | b'\\' | b'/')) => *escaped,
        Some(b'b') => 8,
        Some(b'f') => 12,
        Some(b'n') => b'\n',
        Some(b'r') => b'\r',
        Some(b't') => b'\t',
        _ => {
            unescaped.push(b'\\');
            return 1;
        }
    };
    unescaped.push(plain);
    2
}

/// The unit of UTF-16 that an escape so far into a text stands for.
fn unit(text: &[u8], start: usize) -> Option<u16> {
    let digits = text.get(start..start + 6)?.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0, |unit, digit| Some(unit << 4 | u16::try_from(char::from(*digit).to_digit(16)?).ok()?))
}

/// Length of the escape that a text begins with: `\n`, `\u00e9`, or two of these for one character.
fn escape_length(text: &[u8]) -> usize {
    let is_surrogate = |digits: &[u8]| matches!(digits, [b'd' | b'D', b'8' | b'9' | b'a' | b'b' | b'A' | b'B', ..]);
    match text {
        [b'\\', b'u', digits @ ..] if is_surrogate(digits) => 12,
        [b'\\', b'u', ..] => 6,
        _ => 2,
    }
}
