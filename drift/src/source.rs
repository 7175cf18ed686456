//! From bytes to lines: encodings, ends of lines, spaces and letters of any width, fences, and front matter.

use std::ops::Range;

use crate::row::is_separator;
use crate::section;

/// A line of a page, or several that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// Number of the first of them, from 1.
    pub(crate) number: usize,
    pub(crate) text: String,
    pub(crate) is_code: bool,
}

/// The text of a page, and whether all of its bytes are text.
pub(crate) fn decode(bytes: &[u8]) -> (String, bool) {
    let units = |bytes: &[u8], read: fn([u8; 2]) -> u16| -> (String, bool) {
        let units = bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok().map(read));
        let text: Result<String, _> = char::decode_utf16(units.clone()).collect();
        let is_text = text.is_ok() && bytes.len().is_multiple_of(2);
        (text.unwrap_or_else(|_| String::from_utf16_lossy(&units.collect::<Vec<_>>())), is_text)
    };
    // Without a mark, the zeros beside the ASCII of every page tell the order of the bytes.
    let zeros = |at: usize| bytes.iter().skip(at).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    match bytes {
        [0xff, 0xfe, rest @ ..] => units(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => units(rest, u16::from_be_bytes),
        _ if odd > 1 && odd > even * 4 => units(bytes, u16::from_le_bytes),
        _ if even > 1 && even > odd * 4 => units(bytes, u16::from_be_bytes),
        _ => {
            let text = String::from_utf8_lossy(bytes);
            (text.to_string(), matches!(text, std::borrow::Cow::Borrowed(_)))
        }
    }
}

/// The lines of a text with plain characters; those between fences are code, and the fences are gone.
pub(crate) fn lines(text: &str) -> Vec<Line> {
    // Only where nothing else ends a line, a carriage return does.
    let end = if text.contains('\n') { '\n' } else { '\r' };
    let text = text.strip_suffix(end).unwrap_or(text);
    let all: Vec<String> = text.split(end).map(|line| plain_width(line.trim_end_matches('\r'))).collect();
    let mut lines = Vec::new();
    let mut open: Option<char> = None;
    for (index, line) in all.iter().enumerate() {
        let following = || all.iter().skip(index + 1).find(|line| !line.trim().is_empty());
        if open.is_some() && begins_text(line, following().map(String::as_str)) {
            open = None;
        }
        if let Some((mark, is_named)) = fence(line).filter(|(mark, _)| open.is_none_or(|open| open == *mark)) {
            // A fence with a language opens one, even where the fence before was never closed.
            open = if open.is_some() && !is_named { None } else { Some(mark) };
            continue;
        }
        lines.push(Line { number: index + 1, text: line.clone(), is_code: open.is_some() });
    }
    lines
}

/// Whether a line cannot be code, so that the fence above was never closed.
fn begins_text(line: &str, following: Option<&str>) -> bool {
    let is_barred = |line: &str| line.trim_start().starts_with('|');
    let is_header = is_barred(line) && following.is_some_and(|next| is_barred(next) && is_separator(next));
    is_header || line.starts_with("##") && section::heading(line).is_some()
}

/// The character of a fence, and whether it names a language.
fn fence(line: &str) -> Option<(char, bool)> {
    let line = line.trim();
    let mark = ['`', '~'].into_iter().find(|mark| line.chars().take_while(|each| each == mark).count() >= 3)?;
    let rest = line.trim_start_matches(mark);
    (!rest.contains(mark)).then(|| (mark, !rest.trim().is_empty()))
}

/// One character for those that look the same: none for those without width, a space for each kind of space, ASCII for
/// letters, digits and brackets of full width.
fn plain_width(line: &str) -> String {
    let are_bars = line.trim_start().starts_with('｜') || line.matches('｜').count() > 1;
    let plain = |each: char| match each {
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => None,
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            Some(' ')
        }
        '\u{b}' | '\u{c}' | '\u{85}' => Some(' '),
        '｜' if !are_bars => Some(each),
        // Marks of Chinese sentences.
        '，' | '；' | '！' | '？' => Some(each),
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(each) - 0xfee0),
        each => Some(each),
    };
    line.chars().filter_map(plain).collect()
}

/// The lines with what a page says of itself, as `key: value`. Their marks may be lost, or stand in the wrong place.
pub(crate) fn front_matter(lines: &[Line]) -> Range<usize> {
    const MOST_LINES: usize = 60;
    let text = |index: usize| lines.get(index).map(|line| line.text.trim());
    let Some(start) = lines.iter().position(|line| !line.text.trim().is_empty()) else { return 0..0 };
    let is_key = |line: &str| {
        let key = line.split_once(':').map(|(key, _)| key);
        key.is_some_and(|key| !key.is_empty() && key.chars().all(|each| each.is_ascii_alphanumeric() || each == '_'))
    };
    let is_opened = text(start) == Some("---");
    if !is_opened && !text(start).is_some_and(|line| line.starts_with("title:") || line.starts_with("slug:")) {
        return 0..0;
    }
    let first = start + usize::from(is_opened);
    let closed = (first..lines.len().min(first + MOST_LINES)).find(|index| text(*index) == Some("---"));
    let is_fact = |line: &str| is_key(line) || line.is_empty() || line.starts_with(['-', '#']);
    let all_facts = |end: usize| (first..end).all(|index| text(index).is_some_and(is_fact));
    if let Some(end) = closed.filter(|end| all_facts(*end)) {
        return start..end + 1;
    }
    let end = (first..lines.len()).find(|index| !text(*index).is_some_and(|line| is_key(line) || line.is_empty()));
    start..end.unwrap_or(lines.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<(String, bool)> {
        lines(text).into_iter().map(|line| (line.text, line.is_code)).collect()
    }

    #[test]
    fn a_fence_that_is_never_closed_ends_where_code_cannot_be() {
        let text = "```\ncode\n| a | b |\n### Response\n~~~\n```\nx\n~~~\ny";
        let code: Vec<String> = texts(text).into_iter().filter(|(_, is_code)| *is_code).map(|(text, _)| text).collect();
        assert_eq!(code, ["code", "| a | b |", "```", "x"]);
    }

    #[test]
    fn characters_of_any_width_are_one() {
        let [(text, _)] = &texts("１\u{a0}Ａ（x\u{200b}）：，｜")[..] else { unreachable!("one line") };
        assert_eq!(text, "1 A(x):，｜");
    }

    #[test]
    fn text_of_sixteen_bits_is_read_with_and_without_its_mark() {
        let text = "HTTP URL 表";
        for mark in [&[0xfeff][..], &[]] {
            let units: Vec<u16> = mark.iter().copied().chain(text.encode_utf16()).collect();
            let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
            let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
            assert_eq!(decode(&little), (text.to_owned(), true));
            assert_eq!(decode(&big), (text.to_owned(), true));
        }
        assert!(!decode(b"\xff\xfe\x00").1);
        assert!(!decode(b"caf\xe9").1);
    }
}
