//! What is wrong with a text that is no YAML.
//!
//! The parser tells where it gave up, which is often a line below the mistake, and in the words of the standard. So the
//! mistakes that people make are tried out the other way round: each cause is mended in a copy of the text, and the first
//! mend after which the parser comes further is the answer. What is suggested has been tried, therefore.

mod brackets;
mod lines;
mod values;

use std::ops::Range;

use saphyr_parser::Parser;

/// So many mends are tried, and so many bytes are read for it.
const ATTEMPTS: usize = 80;
const BYTES: usize = 2_000_000;

/// Lines above the one where the parser gave up that are looked at.
const LOOK_BACK: usize = 12;

/// A mistake, and the place to point at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Diagnosis {
    pub(crate) span: Range<usize>,
    pub(crate) message: String,
    pub(crate) help: String,
}

/// A mistake that would explain it, with the edits that mend it.
struct Cause {
    diagnosis: Diagnosis,
    edits: Vec<(Range<usize>, String)>,
}

impl Cause {
    fn new(span: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { diagnosis: Diagnosis { span, message: message.into(), help: help.into() }, edits: Vec::new() }
    }

    /// Adds an edit that is part of the mend.
    fn edit(mut self, span: Range<usize>, text: impl Into<String>) -> Self {
        self.edits.push((span, text.into()));
        self
    }
}

/// A line of the text, without its end.
#[derive(Clone, Copy)]
struct Line<'a> {
    start: usize,
    text: &'a str,
}

impl Line<'_> {
    fn indent(&self) -> usize {
        self.text.len() - self.text.trim_start_matches(' ').len()
    }

    fn is_blank(&self) -> bool {
        let text = self.text.trim_start();
        text.is_empty() || text.starts_with('#')
    }
}

/// Explains why the parser gave up at a byte of the text, if that can be said.
pub(crate) fn diagnose(text: &str, at: usize) -> Option<Diagnosis> {
    let lines = lines_of(text);
    let wrong = lines.partition_point(|line| line.start <= at).saturating_sub(1);
    let reached = first_error(text)?;
    let first = wrong.saturating_sub(LOOK_BACK);
    let mut causes = Vec::new();
    for index in (first..=wrong).rev() {
        lines::causes(&lines, index, &mut causes);
    }
    causes.extend(brackets::causes(text, &lines, wrong));
    for index in (first..=wrong).rev() {
        values::causes(&lines, index, &mut causes);
    }
    let near = || (wrong.saturating_sub(1)..=wrong).rev();
    near().for_each(|index| lines::missing_colons(&lines, index, true, &mut causes));
    near().for_each(|index| lines::indentation(&lines, index, &mut causes));
    near().for_each(|index| lines::missing_colons(&lines, index, false, &mut causes));
    best(text, reached, causes)
}

/// The first cause whose mend leaves nothing to complain about, else the first that brings the parser further.
fn best(text: &str, reached: usize, causes: Vec<Cause>) -> Option<Diagnosis> {
    let mut further: Option<(usize, Diagnosis)> = None;
    for cause in causes.into_iter().take(ATTEMPTS.min(BYTES / (text.len() + 1))) {
        match first_error(&mended(text, &cause.edits)) {
            None => return Some(cause.diagnosis),
            Some(line) if line > reached && further.as_ref().is_none_or(|(best, _)| line > *best) => {
                further = Some((line, cause.diagnosis));
            }
            Some(_) => {}
        }
    }
    further.map(|(_, diagnosis)| diagnosis)
}

fn mended(text: &str, edits: &[(Range<usize>, String)]) -> String {
    let mut edits: Vec<_> = edits.iter().collect();
    edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    let mut mended = text.to_owned();
    for (span, replacement) in edits {
        if mended.get(span.clone()).is_some() {
            mended.replace_range(span.clone(), replacement);
        }
    }
    mended
}

/// Number of the line where the parser gives up.
fn first_error(text: &str) -> Option<usize> {
    Parser::new_from_str(text).find_map(Result::err).map(|error| error.marker().line())
}

fn lines_of(text: &str) -> Vec<Line<'_>> {
    let mut start = 0;
    let mut lines = Vec::new();
    for line in text.split_inclusive('\n') {
        lines.push(Line { start, text: line.trim_end_matches(['\n', '\r']) });
        start += line.len();
    }
    lines
}

/// Whether a name can be a key as the format has them.
fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|each| each.is_alphanumeric() || matches!(each, '_' | '-' | '.' | '$'))
}

/// A text in quotes, so that it means itself.
fn quoted(text: &str) -> String {
    if text.contains('\'') && !text.contains(['"', '\\']) {
        format!("\"{text}\"")
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

/// The help for a text that has to be quoted: what to write, if that is short.
fn write_quoted(text: &str) -> String {
    let quoted = quoted(text);
    if quoted.len() <= 80 { format!("put the text in quotes: `{quoted}`") } else { "put the text in quotes".to_owned() }
}
