//! Mistakes that a line shows by itself: other characters than it seems, colons without a space, left-overs of a merge.

use super::{Cause, Line, is_word};
use crate::{lookalike, shape};

pub(super) fn causes(lines: &[Line<'_>], index: usize, causes: &mut Vec<Cause>) {
    let Some(line) = lines.get(index) else { return };
    merge_conflict(*line, causes);
    foreign_comment(*line, causes);
    look_alikes(*line, causes);
    glued_key(*line, causes);
    glued_dash(lines, index, causes);
    trailing_mark(*line, causes);
}

fn merge_conflict(line: Line<'_>, causes: &mut Vec<Cause>) {
    if ["<<<<<<< ", "=======", ">>>>>>> ", "||||||| "].iter().any(|mark| line.text.starts_with(mark)) {
        let span = line.start..line.start + line.text.len();
        let cause = Cause::new(span.clone(), "a merge conflict is not resolved", "keep one side, and delete the marks");
        causes.push(cause.edit(span, ""));
    }
}

fn foreign_comment(line: Line<'_>, causes: &mut Vec<Cause>) {
    let Some(at) = ["//", "/*", "<!--", "--"].iter().filter_map(|mark| line.text.find(mark)).min() else { return };
    let before = line.text.get(..at).unwrap_or_default();
    if before.is_empty() || before.ends_with(' ') {
        let end = line.start + line.text.len();
        let span = line.start + at..end;
        causes.push(Cause::new(span.clone(), "this is no comment of YAML", "begin a comment with `#`").edit(span, ""));
    }
}

/// One look-alike at a time, then all of the line at once.
fn look_alikes(line: Line<'_>, causes: &mut Vec<Cause>) {
    let found: Vec<(usize, char)> =
        line.text.char_indices().filter(|(_, character)| lookalike::plain(*character).is_some()).take(8).collect();
    let edit = |at: usize, character: char| {
        let end = at + character.len_utf8();
        let spaced = line.text.get(end..).is_some_and(|rest| rest.starts_with(' ') || rest.is_empty());
        let plain = lookalike::plain(character).unwrap_or_default();
        let space = if matches!(plain, ":" | ",") && !spaced { " " } else { "" };
        (line.start + at..line.start + end, format!("{plain}{space}"))
    };
    for (at, character) in &found {
        let (span, text) = edit(*at, *character);
        causes.push(cause_of(*character, span.clone()).edit(span, text));
    }
    if let Some((at, first)) = found.first().filter(|_| found.len() > 1) {
        let (span, _) = edit(*at, *first);
        let mut cause = cause_of(*first, span);
        cause.diagnosis.help.push_str("; there are more of the kind in this line");
        cause.edits = found.iter().map(|(at, character)| edit(*at, *character)).collect();
        causes.push(cause);
    }
}

fn cause_of(character: char, span: std::ops::Range<usize>) -> Cause {
    Cause::new(
        span,
        lookalike::describe(character),
        "the format is written in plain ASCII; texts may hold any character",
    )
}

/// `status:current`
fn glued_key(line: Line<'_>, causes: &mut Vec<Cause>) {
    for (at, _) in line.text.match_indices(':').take(4) {
        let (Some(before), Some(after)) = (line.text.get(..at), line.text.get(at + 1..)) else { continue };
        let key = before.rsplit([' ', '{', ',']).next().unwrap_or_default();
        if is_word(key) && !after.is_empty() && !after.starts_with([' ', '/', ':']) {
            let span = line.start + at..line.start + at + 1;
            let help = format!("write `{key}: {}`", value_start(after));
            let cause = Cause::new(span.clone(), "a space is missing after the colon", help);
            causes.push(cause.edit(span, ": "));
        }
    }
}

/// `-notFound` below `- notFound`
fn glued_dash(lines: &[Line<'_>], index: usize, causes: &mut Vec<Cause>) {
    let Some(line) = lines.get(index) else { return };
    let Some(element) =
        line.text.trim_start().strip_prefix('-').filter(|text| !text.starts_with('-') && is_word(first_word(text)))
    else {
        return;
    };
    let at = line.start + line.indent();
    let cause =
        Cause::new(at..at + 1, "a space is missing after the dash", format!("write `- {}`", element.trim_end()));
    causes.push(cause.edit(at..at + 1, "- "));
}

fn first_word(text: &str) -> &str {
    text.split([' ', ':']).next().unwrap_or_default()
}

/// `{type: string, doc: Text.},` or `"current",` where the line ends what began in it.
fn trailing_mark(line: Line<'_>, causes: &mut Vec<Cause>) {
    let text = line.text.trim_end();
    let is_mark =
        |last: char| matches!(lookalike::plain(last), Some("," | ";" | ".")) || matches!(last, ',' | ';' | '.');
    let value = text.trim_end_matches(is_mark);
    let Some(mark) = text.get(value.len()..).filter(|mark| !mark.is_empty()) else { return };
    if value.ends_with(['}', ']', '"', '\'']) {
        let span = line.start + value.len()..line.start + text.len();
        let message = format!("`{mark}` stands after the end of the value");
        let help = "delete it; a line ends without a mark outside of brackets";
        causes.push(Cause::new(span.clone(), message, help).edit(span, ""));
    }
}

/// The value up to where it may end, for a hint.
fn value_start(text: &str) -> &str {
    let text = text.trim();
    if text.starts_with(['{', '[']) && text.len() <= 60 {
        return text;
    }
    let end = text.char_indices().take_while(|(_, each)| !matches!(each, ',' | '}')).last();
    text.get(..end.map_or(0, |(at, last)| at + last.len_utf8())).unwrap_or_default()
}

/// `status current`, `status = current`, `status; current`, `status`: at first where the word is a key of the format, or
/// begins an object, later anywhere.
pub(super) fn missing_colons(lines: &[Line<'_>], index: usize, certain: bool, causes: &mut Vec<Cause>) {
    let Some(line) = lines.get(index).filter(|line| !line.is_blank()) else { return };
    let text = line.text.trim();
    let start = line.start + line.text.len() - line.text.trim_start().len();
    let end = text.find([' ', '=', ';']).unwrap_or(text.len());
    let (key, rest) = text.split_at(end);
    let value = rest.trim_start_matches([' ', '=', ';', '-', '>']);
    let is_certain = shape::is_key(key) || value.starts_with('{');
    if !is_word(key) || is_certain != certain || (value.is_empty() && !certain) {
        return;
    }
    let message = format!("a colon is missing after `{key}`");
    let help = match value_start(value) {
        "" => format!("write `{key}:` with its value"),
        value => format!("write `{key}: {value}`"),
    };
    let marked = if rest.is_empty() { start..start + end } else { start + end..start + end + 1 };
    causes.push(Cause::new(marked, message, help).edit(start + end..start + text.len() - value.len(), ": "));
}

/// A line that is indented more or less than its neighbours.
pub(super) fn indentation(lines: &[Line<'_>], index: usize, causes: &mut Vec<Cause>) {
    let Some(line) = lines.get(index).filter(|line| !line.is_blank()) else { return };
    let above = lines.get(..index).and_then(|above| above.iter().rev().find(|line| !line.is_blank()));
    let below = lines.get(index + 1..).and_then(|below| below.iter().find(|line| !line.is_blank()));
    let indent = line.indent();
    let mut wanted: Vec<usize> = above.iter().chain(&below).map(|line| line.indent()).collect();
    wanted.extend(above.map(|line| line.indent() + 2));
    wanted.dedup();
    for wanted in wanted.into_iter().filter(|wanted| *wanted != indent) {
        let first = line.start + indent;
        let (message, help) =
            if line.text.contains(':') || line.text.trim_start().starts_with(['-', '{', '[', '"', '\'']) {
                let message =
                    format!("this line is indented by {}, but its neighbours by {}", spaces(indent), spaces(wanted));
                (message, "keys of one map begin in one column")
            } else {
                let message = "this line has no key, and is not indented as part of the text above".to_owned();
                (message, "write `key: value`, or indent it by two spaces more than the key of the text")
            };
        let end = first + line.text.trim_start().chars().next().map_or(0, char::len_utf8);
        causes.push(Cause::new(first..end, message, help).edit(line.start..first, " ".repeat(wanted)));
    }
}

fn spaces(count: usize) -> String {
    match count {
        0 => "no space".to_owned(),
        1 => "1 space".to_owned(),
        count => format!("{count} spaces"),
    }
}
