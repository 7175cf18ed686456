//! Mistakes that a line shows by itself: other characters than it seems, colons without a space, left-overs of a merge.

use super::{Cause, Line, is_word};
use crate::lookalike;

pub(super) fn causes(lines: &[Line<'_>], index: usize, causes: &mut Vec<Cause>) {
    let Some(line) = lines.get(index) else { return };
    merge_conflict(*line, causes);
    foreign_comment(*line, causes);
    look_alikes(*line, causes);
    glued_key(*line, causes);
}

/// Causes that many a line would fit, so that others come first.
pub(super) fn late_causes(lines: &[Line<'_>], index: usize, causes: &mut Vec<Cause>) {
    let Some(line) = lines.get(index) else { return };
    missing_colon(*line, causes);
    indentation(lines, index, causes);
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

/// The value up to where it may end, for a hint.
fn value_start(text: &str) -> &str {
    let end = text.char_indices().take_while(|(_, each)| !matches!(each, ',' | '}')).last();
    text.get(..end.map_or(0, |(at, last)| at + last.len_utf8())).unwrap_or_default()
}

/// `status current`, `status = current`
fn missing_colon(line: Line<'_>, causes: &mut Vec<Cause>) {
    let text = line.text.trim_start();
    let start = line.start + line.text.len() - text.len();
    let Some(end) = text.find([' ', '=']) else { return };
    let (key, rest) = text.split_at(end);
    let value = rest.trim_start_matches([' ', '=']);
    if !is_word(key) || value.is_empty() {
        return;
    }
    let message = format!("a colon is missing after `{key}`");
    let cause = Cause::new(start + end..start + end + 1, message, format!("write `{key}: {}`", value_start(value)));
    causes.push(cause.edit(start + end..start + text.len() - value.len(), ": "));
}

/// A line that is indented more or less than its neighbours.
fn indentation(lines: &[Line<'_>], index: usize, causes: &mut Vec<Cause>) {
    let Some(line) = lines.get(index).filter(|line| !line.is_blank()) else { return };
    let above = lines.get(..index).and_then(|above| above.iter().rev().find(|line| !line.is_blank()));
    let below = lines.get(index + 1..).and_then(|below| below.iter().find(|line| !line.is_blank()));
    let indent = line.indent();
    let mut wanted: Vec<usize> = above.iter().chain(&below).map(|line| line.indent()).collect();
    wanted.extend(above.map(|line| line.indent() + 2));
    wanted.dedup();
    for wanted in wanted.into_iter().filter(|wanted| *wanted != indent) {
        let first = line.start + indent;
        let message = format!("this line is indented by {}, but its neighbours by {}", spaces(indent), spaces(wanted));
        let help = "keys of one map begin in one column";
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
