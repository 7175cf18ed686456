//! Texts that have to be in quotes, quotes that end too early, and commas that are missing between keys.

use std::ops::Range;

use super::{Cause, Line, is_word, quoted, write_quoted};
use crate::{shape, type_spelling};

/// A value as far as its line shows it.
#[derive(Debug)]
struct Value<'a> {
    key: &'a str,
    start: usize,
    /// Where it may end: before the next key, before the closing brackets, at the end of the line.
    ends: Vec<usize>,
    in_braces: bool,
}

/// Keys whose values are sentences: a colon in them is part of the text rather than a key.
pub(super) const SENTENCES: &[&str] =
    &["doc", "summary", "details", "meaning", "advice", "evidence", "effectReason", "title", "-"];

/// What a text without quotes cannot begin with.
const SPECIAL: &[char] = &['`', '@', '%', '*', '&', '!', '|', '>', '[', ']', '{', '}', ',', '?', '-', '#', ':'];

pub(super) fn causes(lines: &[Line<'_>], index: usize, causes: &mut Vec<Cause>) {
    let Some(line) = lines.get(index).filter(|line| !line.is_blank()) else { return };
    // The innermost first: what stands around it is as it should be.
    for value in values(line.text).into_iter().rev() {
        escapes(*line, &value, causes);
        let sentence = SENTENCES.contains(&value.key);
        if !sentence {
            missing_commas(*line, &value, causes);
        }
        for end in &value.ends {
            let Some(text) = line.text.get(value.start..*end).map(str::trim_end).filter(|text| !text.is_empty()) else {
                continue;
            };
            let span = line.start + value.start..line.start + value.start + text.len();
            foreign_type(&value, text, span.clone(), causes);
            quotes_within(&value, text, span.clone(), causes);
            object_in_other_brackets(&value, text, span.clone(), causes);
            unquoted(&value, text, span, causes);
        }
        if sentence {
            missing_commas(*line, &value, causes);
        }
    }
}

/// The values of a line, each with its key; `-` stands for the key of an element of a list.
fn values(line: &str) -> Vec<Value<'_>> {
    let mut values = Vec::new();
    let element = line.trim_start().strip_prefix("- ").map(|text| line.len() - text.len());
    if let Some(start) = element {
        values.push(Value { key: "-", start, ends: ends(line, start, false), in_braces: false });
    }
    for (at, _) in line.match_indices(": ").take(40) {
        let Some(before) = line.get(..at) else { continue };
        let key = before.rsplit([' ', '{', ',', '[']).next().unwrap_or_default();
        let start = at + 2 + line.get(at + 2..).map_or(0, |rest| rest.len() - rest.trim_start().len());
        let in_braces = before.contains(['{', '[']);
        if is_word(key.trim_matches(['"', '\''])) {
            values.push(Value { key, start, ends: ends(line, start, in_braces), in_braces });
        }
    }
    values
}

fn ends(line: &str, start: usize, in_braces: bool) -> Vec<usize> {
    let rest = line.get(start..).unwrap_or_default();
    let mut ends = Vec::new();
    if in_braces {
        let next_key = rest.match_indices(", ").find(|(at, _)| {
            rest.get(at + 2..).and_then(|next| next.split_once(": ")).is_some_and(|(key, _)| is_word(key))
        });
        ends.extend(next_key.map(|(at, _)| start + at));
        for closers in ["}", "}}", "]}", "}}}"] {
            ends.extend(rest.trim_end().strip_suffix(closers).map(|text| start + text.len()));
        }
    } else {
        ends.push(line.trim_end().len());
    }
    ends
}

/// Inside double quotes a backslash begins an escape.
fn escapes(line: Line<'_>, value: &Value<'_>, causes: &mut Vec<Cause>) {
    let Some(text) = line.text.get(value.start..).and_then(|text| text.strip_prefix('"')) else { return };
    let start = line.start + value.start + 1;
    let mut wrong: Vec<usize> = Vec::new();
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        if escaped {
            if !"0abtnvfre \"/\\N_LPxuU".contains(character) {
                wrong.push(start + at - 1);
            }
            escaped = false;
        } else if character == '\\' {
            escaped = true;
        } else if character == '"' {
            break;
        }
    }
    let Some(first) = wrong.first().copied() else { return };
    let help = "in double quotes, write `\\\\` for a backslash, or put the text in single quotes";
    let mut cause = Cause::new(first..first + 1, "a backslash begins an escape here, but this is none", help);
    cause.edits = wrong.into_iter().map(|at| (at..at + 1, "\\\\".to_owned())).collect();
    causes.push(cause);
}

/// `{type: int64[], …}`: inside braces, a bracket cannot stand in a name.
fn foreign_type(value: &Value<'_>, text: &str, span: Range<usize>, causes: &mut Vec<Cause>) {
    if value.key != "type" {
        return;
    }
    if let Some(ours) = type_spelling::translated(text) {
        let message = format!("`{text}` is no type as the format writes them");
        causes.push(Cause::new(span.clone(), message, format!("write `{ours}`")).edit(span, ours));
    }
}

/// `"A" b` and `'It's here.'`: the quote ends before the text does.
fn quotes_within(value: &Value<'_>, text: &str, span: Range<usize>, causes: &mut Vec<Cause>) {
    let Some(quote) = text.chars().next().filter(|first| matches!(first, '"' | '\'')) else { return };
    let Some(close) = text.get(1..).and_then(|rest| rest.find(quote)).map(|at| at + 1) else { return };
    if close + 1 >= text.len() || text.get(close + 1..).is_none_or(|rest| rest.trim_start().starts_with(['#', ','])) {
        return;
    }
    let inner = text.get(1..text.len() - 1).filter(|_| text.ends_with(quote));
    let meant = quoted(inner.unwrap_or(text));
    let after = span.start + close + 1;
    let help =
        if meant.len() <= 80 { format!("write `{meant}`") } else { "put all of the text in other quotes".to_owned() };
    let message = match (value.key, quote) {
        (_, '\'') if inner.is_some() => "the apostrophe before this ends the text in single quotes".to_owned(),
        _ => "the text goes on after its closing quote".to_owned(),
    };
    causes.push(Cause::new(after..span.end, message, help).edit(span, meant));
}

/// `(type: string, doc: Text.)`, and the same without any brackets.
fn object_in_other_brackets(value: &Value<'_>, text: &str, span: Range<usize>, causes: &mut Vec<Cause>) {
    let inner = text.trim_matches(['(', ')', '<', '>', ' ']);
    let is_object = inner.split_once(": ").is_some_and(|(key, _)| shape::is_key(key));
    if !is_object || SENTENCES.contains(&value.key) || text.starts_with(['{', '[', '"', '\'']) {
        return;
    }
    let ours = format!("{{{inner}}}");
    let help =
        if ours.len() <= 80 { format!("write `{ours}`") } else { "write `{` before it and `}` after it".to_owned() };
    let cause = Cause::new(span.clone(), "an object in one line stands between `{` and `}`", help);
    causes.push(cause.edit(span, ours));
}

fn unquoted(value: &Value<'_>, text: &str, span: Range<usize>, causes: &mut Vec<Cause>) {
    if text.starts_with(['"', '\'']) {
        return;
    }
    let within = if value.in_braces { ['[', ']', '{', '}'].as_slice() } else { &[] };
    let first = text.chars().next().filter(|first| SPECIAL.contains(first));
    let comment = text.find(" #");
    let (at, message) = match (first, text.find(": "), text.find(within)) {
        (None, None, None) if comment.is_some() && value.in_braces => {
            let at = comment.map_or(0, |at| at + 1);
            (at..at + 1, "`#` begins a comment here; a text with ` #` in it has to be in quotes".to_owned())
        }
        (Some(first), _, _) => (0..first.len_utf8(), format!("a text cannot begin with `{first}` without quotes")),
        (None, Some(at), _) => (at..at + 1, "a text with `: ` in it has to be in quotes".to_owned()),
        (None, None, Some(at)) => {
            let character = text.get(at..=at).unwrap_or_default();
            (at..at + 1, format!("inside `{{}}`, a text with `{character}` in it has to be in quotes"))
        }
        (None, None, None) if text.ends_with(':') => {
            (text.len() - 1..text.len(), "a text that ends with `:` has to be in quotes".to_owned())
        }
        (None, None, None) => return,
    };
    let blamed = span.start + at.start..span.start + at.end;
    causes.push(Cause::new(blamed, message, write_quoted(text)).edit(span, quoted(text)));
}

/// `{type: string doc: Text.}`
fn missing_commas(line: Line<'_>, value: &Value<'_>, causes: &mut Vec<Cause>) {
    if !value.in_braces {
        return;
    }
    let Some(text) = line.text.get(value.start..) else { return };
    for (at, _) in text.match_indices(": ").take(4) {
        let Some((before, key)) = text.get(..at).and_then(|before| before.rsplit_once(' ')) else { continue };
        if !is_word(key) || before.trim_end().ends_with([',', '{']) || before.trim_end().is_empty() {
            continue;
        }
        let gap = line.start + value.start + before.trim_end().len();
        let start = line.start + value.start + before.len() + 1;
        let cause = Cause::new(start..start + key.len(), format!("a comma is missing before `{key}`"), {
            "inside `{}`, a comma stands between one key and the next".to_owned()
        });
        causes.push(cause.edit(gap..start, ", "));
    }
}
