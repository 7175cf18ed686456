//! JSON that is broken only in its texts, or too deep: mended so far that the rest of it can be read.
//!
//! Other programs put into answers what users gave them: names that were cut within a character, characters of
//! another encoding, raw tabs. A strict reader refuses the whole answer for one of them. Here each becomes `�`, or
//! the escape that was meant, and nothing else changes. It is a second way, which only answers take that cannot be
//! read as they are.

use crate::Answer;

const REPLACEMENT: &str = "\u{fffd}";

/// The same JSON with its texts mended; none when there is nothing to mend. Values at more levels than `deepest`
/// become `null`.
pub(crate) fn mended(json: &[u8], deepest: Option<usize>) -> Option<Vec<u8>> {
    if let Some(text) = from_utf16(json) {
        return mended(text.as_bytes(), deepest).or(Some(text.into_bytes()));
    }
    let content = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
    let most = content.len() + most_growth(content);
    let mend = |pairs| Mender { rest: content, mended: Vec::with_capacity(most), level: 0, deepest, pairs }.run();
    let pairs = seems_paired(content);
    let mut mended = mend(pairs);
    // In pairs, a byte can be taken for one that means something by itself, and the other way round.
    if std::str::from_utf8(content).is_err() && !is_json(&mended) {
        // Only one of them is there at a time: they may be large.
        drop(std::mem::take(&mut mended));
        mended = mend(!pairs);
        if !is_json(&mended) {
            drop(std::mem::take(&mut mended));
            mended = mend(pairs);
        }
    }
    (mended != json).then_some(mended)
}

/// Whether it is JSON as far as answers are read: control characters in texts are no matter.
fn is_json(text: &[u8]) -> bool {
    <() as Answer>::decode(text).is_ok()
}

/// UTF-16 as UTF-8. It is told by its mark, or by the zeros beside the characters that JSON begins with.
fn from_utf16(text: &[u8]) -> Option<String> {
    let (content, unit): (_, fn([u8; 2]) -> u16) = match text {
        [0xff, 0xfe, content @ ..] => (content, u16::from_le_bytes),
        [0xfe, 0xff, content @ ..] => (content, u16::from_be_bytes),
        [1..=255, 0, 1..=255, 0, ..] => (text, u16::from_le_bytes),
        [0, 1..=255, 0, 1..=255, ..] => (text, u16::from_be_bytes),
        _ => return None,
    };
    // Half a unit at the end was cut.
    let units = content.as_chunks().0.iter().map(|bytes| unit(*bytes));
    Some(char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

/// How many bytes mending adds at most: a bad character becomes three bytes, a backslash two. It is asked for at once,
/// because what grows is there twice while it does.
fn most_growth(text: &[u8]) -> usize {
    let bad = text.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
    2 * bad + memchr::memchr_iter(b'\\', text).count()
}

/// Whether a text is in GBK, of which two bytes make a character; the second may be a backslash.
fn seems_paired(text: &[u8]) -> bool {
    let (mut valid, mut invalid) = (0_usize, 0_usize);
    for chunk in text.utf8_chunks() {
        valid += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        invalid += usize::from(!chunk.invalid().is_empty());
    }
    invalid > valid
}

struct Mender<'a> {
    rest: &'a [u8],
    mended: Vec<u8>,
    level: usize,
    deepest: Option<usize>,
    /// Bytes that are not ASCII make characters in pairs.
    pairs: bool,
}

impl Mender<'_> {
    fn run(mut self) -> Vec<u8> {
        while let Some(byte) = self.next() {
            match byte {
                b'"' => {
                    self.put(b"\"");
                    self.text();
                }
                b'{' | b'[' => self.open(byte),
                b'}' | b']' => self.close(byte),
                // What pads a buffer in C.
                0 => {}
                _ => self.put(&[byte]),
            }
        }
        self.mended
    }

    fn next(&mut self) -> Option<u8> {
        let (byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*byte)
    }

    fn is_too_deep(&self, level: usize) -> bool {
        self.deepest.is_some_and(|deepest| level > deepest)
    }

    fn put(&mut self, bytes: &[u8]) {
        if !self.is_too_deep(self.level) {
            self.mended.extend_from_slice(bytes);
        }
    }

    fn open(&mut self, byte: u8) {
        if self.is_too_deep(self.level + 1) && !self.is_too_deep(self.level) {
            self.put(b"null");
        }
        self.level += 1;
        self.put(&[byte]);
    }

    fn close(&mut self, byte: u8) {
        self.put(&[byte]);
        self.level = self.level.saturating_sub(1);
    }

    /// A text, after its opening quote.
    fn text(&mut self) {
        while let Some(byte) = self.next() {
            match byte {
                b'"' => return self.put(b"\""),
                b'\\' => self.escape(),
                // The reader lets control characters stand for themselves.
                0..0x80 => self.put(&[byte]),
                0x80.. => self.character(byte),
            }
        }
    }

    /// An escape, after its backslash.
    fn escape(&mut self) {
        match self.rest {
            [b'u', digits @ ..] => match unit(digits) {
                Unit::Whole(code) => self.unit(code),
                Unit::Cut => {
                    self.put(b"\\");
                    self.put(self.rest);
                    self.rest = &[];
                }
                Unit::None => self.put(b"\\\\"),
            },
            [escaped @ (b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't'), rest @ ..] => {
                self.rest = rest;
                self.put(&[b'\\', *escaped]);
            }
            [] => self.put(b"\\"),
            // A backslash that escapes nothing stands for itself, as in a path of Windows.
            [..] => self.put(b"\\\\"),
        }
    }

    /// A unit of UTF-16, of which two may make a character.
    fn unit(&mut self, code: u16) {
        const LENGTH: usize = 5;
        let (first, rest) = self.rest.split_at(LENGTH);
        self.rest = rest;
        let second = rest.strip_prefix(b"\\u").map(unit);
        match (code, second) {
            (0xd800..=0xdbff, Some(Unit::Whole(0xdc00..=0xdfff))) => {
                let (second, rest) = rest.split_at(LENGTH + 1);
                self.rest = rest;
                self.put(&[b"\\", first, second].concat());
            }
            // The other half may have been cut off; that is for the reader to find.
            (0xd800..=0xdbff, Some(Unit::Cut)) => self.put(&[b"\\", first].concat()),
            (0xd800..=0xdfff, _) => self.put(b"\\ufffd"),
            _ => self.put(&[b"\\", first].concat()),
        }
    }

    /// A character that is not ASCII, after its first byte.
    fn character(&mut self, first: u8) {
        let all = [&[first], self.rest.get(..3).unwrap_or(self.rest)].concat();
        let Some(chunk) = all.utf8_chunks().next() else { return };
        let whole = chunk.valid().chars().next().map(char::len_utf8);
        let length = match (whole, self.rest) {
            (Some(length), _) => {
                self.put(all.get(..length).unwrap_or_default());
                length
            }
            (None, [0x40..=0x7e | 0x80..=0xfe, ..]) if self.pairs => {
                self.put(REPLACEMENT.as_bytes());
                2
            }
            (None, _) => {
                self.put(REPLACEMENT.as_bytes());
                chunk.invalid().len()
            }
        };
        self.rest = self.rest.get(length - 1..).unwrap_or_default();
    }
}

/// The digits after `\u`.
enum Unit {
    Whole(u16),
    /// The text ends among them.
    Cut,
    None,
}

fn unit(text: &[u8]) -> Unit {
    let digits = text.get(..4).unwrap_or(text);
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return Unit::None;
    }
    let code = std::str::from_utf8(digits).ok().and_then(|digits| u16::from_str_radix(digits, 16).ok());
    match code {
        Some(code) if digits.len() == 4 => Unit::Whole(code),
        _ => Unit::Cut,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail by panicking")]
    use serde_json::{Value, json};

    use super::*;

    fn value(json: &[u8]) -> Value {
        assert!(serde_json::from_slice::<Value>(json).is_err(), "{}", json.escape_ascii());
        let mended = mended(json, Some(4)).unwrap_or_else(|| json.to_vec());
        Value::decode(&mended).unwrap_or_else(|error| panic!("{error}: {}", mended.escape_ascii()))
    }

    #[test]
    fn broken_texts_become_readable_and_the_rest_stays() {
        let cases: [(&[u8], Value); 15] = [
            (b"\xef\xbb\xbf{\"a\":1}", json!({"a": 1})),
            (b"{\"a\":1}\0\0", json!({"a": 1})),
            (b"{\"a\":\"x\ty\r\nz\0\",\"b\":2}", json!({"a": "x\ty\r\nz\0", "b": 2})),
            (br#"{"a":"x\ud83d.txt","b":2}"#, json!({"a": "x\u{fffd}.txt", "b": 2})),
            (br#"{"a":"\ude00\ud83d\ude00\ud83d"}"#, json!({"a": "\u{fffd}😀\u{fffd}"})),
            (br#"{"a":"\ud83d\ud83d\ude00"}"#, json!({"a": "\u{fffd}😀"})),
            (br#"{"a":"\ud83d\n","b\udead":2}"#, json!({"a": "\u{fffd}\n", "b\u{fffd}": 2})),
            (br#"{"a":"C:\Users\x\q"}"#, json!({"a": r"C:\Users\x\q"})),
            (br#"{"a":"\uzzzz\u12"}"#, json!({"a": r"\uzzzz\u12"})),
            // Cut within a character of three bytes.
            (b"{\"a\":\"\xe6\x96\x87\xe6\x96\",\"b\":2}", json!({"a": "文\u{fffd}", "b": 2})),
            // In GBK. The second byte of the last is a backslash.
            (b"{\"a\":\"\xc3\xfb\xd7\xd6\xd5\\\",\"b\":2}", json!({"a": "\u{fffd}\u{fffd}\u{fffd}", "b": 2})),
            // A single bad byte before an escape.
            (b"{\"a\":\"\xe6\\\"x\",\"b\":2}", json!({"a": "\u{fffd}\"x", "b": 2})),
            (b"{\"a\":\"\xff\",\"b\":2}", json!({"a": "\u{fffd}", "b": 2})),
            (b"{\"a\":\"\t\",\"b\":[[[[1]]],2]}", json!({"a": "\t", "b": [[[null]], 2]})),
            (b"{\"a\":{\"a\":{\"a\":{\"a\":[\"]}\x01\"]}},\"b\":2}}", json!({"a": {"a": {"a": {"a": null}}, "b": 2}})),
        ];
        for (json, expected) in cases {
            assert_eq!(value(json), expected, "{}", json.escape_ascii());
        }
    }

    #[test]
    fn good_json_has_nothing_to_mend_and_cut_json_stays_cut() {
        let good = r#"{"a":"é😀\ud83d\ude00\"\\\/\b\f\n\r\t\u00e9","b":[1,-2.5e3,true,null,{}]}"#.as_bytes();
        assert_eq!(mended(good, Some(4)), None);
        for end in 0..good.len() {
            let Some(mended) = mended(&good[..end], None) else { continue };
            let error = serde_json::from_slice::<Value>(&mended).unwrap_err();
            assert!(error.is_eof(), "{error}: {}", mended.escape_ascii());
        }
    }

    #[test]
    fn any_bytes_are_mended_and_what_is_mended_stays() {
        let mut random = fastrand::Rng::with_seed(7);
        let pieces: [&[u8]; 16] = [
            b"\"",
            b"\\",
            b"\\u",
            b"d83d",
            b"de00",
            b"{",
            b"}",
            b"[",
            b"]",
            b":",
            b",",
            b"1",
            b"\xe6\x96\x87",
            b"\xd5",
            b"\xff",
            b"\t",
        ];
        for seed in 0..20_000 {
            random.seed(seed);
            let json: Vec<u8> = (0..random.usize(..24)).flat_map(|_| random.choice(pieces).unwrap().to_vec()).collect();
            let once = mended(&json, Some(4)).unwrap_or_else(|| json.clone());
            assert_eq!(mended(&once, Some(4)), None, "seed {seed}: {}", json.escape_ascii());
        }
    }
}
