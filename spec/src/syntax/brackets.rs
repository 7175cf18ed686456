//! Brackets and quotes that are opened and not closed, or closed and not opened.

use super::{Cause, Line, quoted, values, write_quoted};

/// An opening bracket or quote that is not closed yet.
#[derive(Clone, Copy)]
struct Open {
    character: char,
    at: usize,
    /// Number of its line, and how far that is indented.
    line: usize,
    indent: usize,
}

/// Causes in the lines up to the one where the parser gave up, the nearest first.
pub(super) fn causes(text: &str, lines: &[Line<'_>], wrong: usize) -> Vec<Cause> {
    let mut scan = Scan { lines, stack: Vec::new(), causes: Vec::new(), block: None };
    for index in 0..=wrong.min(lines.len().saturating_sub(1)) {
        scan.line(index);
    }
    // What is open at the end may be closed there, or at the end of its own line.
    if let Some(outermost) = scan.stack.first().copied() {
        scan.not_closed(outermost, text.trim_end().len());
        scan.unclosed();
    }
    scan.causes.reverse();
    scan.causes
}

struct Scan<'a> {
    lines: &'a [Line<'a>],
    stack: Vec<Open>,
    causes: Vec<Cause>,
    /// Within a text that was begun with `|` or `>`: the indent of its key.
    block: Option<usize>,
}

impl Scan<'_> {
    fn line(&mut self, index: usize) {
        let Some(line) = self.lines.get(index).copied().filter(|line| !line.is_blank()) else { return };
        if self.block.is_some_and(|indent| line.indent() > indent) {
            return;
        }
        self.block = None;
        if self.stack.last().is_some_and(|open| line.indent() <= open.indent && begins_with_key(line)) {
            self.unclosed();
        }
        self.characters(index, line);
        let ends_in_block = [": |", ": >", ": >-", ": |-", ": |+", ": >+"].iter().any(|mark| line.text.ends_with(mark));
        self.block = (ends_in_block && self.stack.is_empty()).then(|| line.indent());
    }

    fn characters(&mut self, index: usize, line: Line<'_>) {
        let mut quote: Option<(char, usize)> = None;
        let mut previous = ' ';
        // Where a value or key may begin: there, brackets and quotes have a meaning.
        let mut fresh = true;
        for (at, character) in line.text.char_indices() {
            let here = line.start + at;
            if let Some((open, _)) = quote {
                if character == open && previous != '\\' {
                    quote = None;
                    fresh = false;
                }
                previous = character;
                continue;
            }
            match character {
                '#' if previous == ' ' => break,
                '"' | '\'' if fresh => quote = Some((character, here)),
                '[' | '{' if fresh => {
                    self.stack.push(Open { character, at: here, line: index, indent: line.indent() });
                }
                ']' | '}' if !self.stack.is_empty() => self.close(character, here),
                ']' | '}' if matches!(previous, ']' | '}') => self.needless(character, here),
                _ => {}
            }
            fresh = match character {
                ' ' => fresh || matches!(previous, ':' | '-' | ','),
                '[' | '{' | '-' => fresh,
                ',' => !self.stack.is_empty(),
                _ => false,
            };
            previous = character;
        }
        if let Some((character, at)) = quote {
            self.quote(character, at, line);
        }
    }

    fn close(&mut self, character: char, at: usize) {
        let Some(open) = self.stack.last().copied() else { return };
        if closing(open.character) == character {
            self.stack.pop();
            return;
        }
        self.not_closed(open, at);
        let message = format!("this `{}` is not closed", open.character);
        let help =
            format!("write `{}` in place of the `{character}` in line {}", closing(open.character), open.line + 1);
        self.causes.push(Cause::new(open.at..open.at + 1, message, help).edit(at..at + 1, closing(open.character)));
        // The outer one is closed here, then.
        if self.stack.iter().any(|open| closing(open.character) == character) {
            while self.stack.pop().is_some_and(|open| closing(open.character) != character) {}
        }
    }

    fn needless(&mut self, character: char, at: usize) {
        let span = at..at + 1;
        let cause = Cause::new(span.clone(), format!("this `{character}` closes nothing"), "delete it");
        self.causes.push(cause.edit(span, ""));
    }

    /// A line goes on with the next key though brackets are open: they should have been closed where they were opened.
    fn unclosed(&mut self) {
        let open: Vec<Open> = std::mem::take(&mut self.stack);
        let Some(last) = open.last().copied() else { return };
        let Some(line) = self.lines.get(last.line) else { return };
        let end = line.start + line.text.trim_end().trim_end_matches(',').len();
        let of_line = open.iter().filter(|open| open.line == last.line);
        let closers: String = of_line.clone().rev().map(|open| closing(open.character)).collect();
        let Some(first) = of_line.clone().next().copied().filter(|_| end > last.at) else { return };
        let value = line.start..line.start + line.text.trim_end().len();
        if let Some(text) = sentence(*line, first.at) {
            let message = format!("a text cannot begin with `{}` without quotes", first.character);
            let cause = Cause::new(first.at..first.at + 1, message, write_quoted(text));
            self.causes.push(cause.edit(first.at..value.end, quoted(text)));
            return;
        }
        let help = format!("write `{closers}` at the end of line {}", last.line + 1);
        let span = first.at..first.at + 1;
        let trailing = line.start + line.text.len();
        let cause = Cause::new(span, format!("this `{}` is not closed", first.character), help);
        self.causes.push(cause.edit(end..trailing, closers));
    }

    /// A bracket that should have been closed before a place.
    fn not_closed(&mut self, open: Open, at: usize) {
        let closing = closing(open.character);
        let cause = Cause::new(open.at..open.at + 1, format!("this `{}` is not closed", open.character), {
            let line = self.lines.partition_point(|line| line.start <= at);
            format!("write `{closing}` where it ends, in line {line} or above")
        });
        self.causes.push(cause.edit(at..at, closing));
    }

    /// A quote that the line does not close. It may end with the value, before what closes the brackets around it.
    fn quote(&mut self, character: char, at: usize, line: Line<'_>) {
        let text = line.text.trim_end();
        let from = at + 1 - line.start;
        let rest = text.get(from..).unwrap_or_default();
        let before_key =
            rest.match_indices(", ").find(|(at, _)| begins_with_word(rest.get(at + 2..).unwrap_or_default()));
        let before_brackets = rest.trim_end_matches([']', '}', ' ']).len();
        let mut ends: Vec<usize> = before_key.map(|(at, _)| at).into_iter().collect();
        if self.stack.is_empty() {
            ends.push(rest.len());
        } else {
            ends.push(before_brackets);
        }
        for end in ends {
            let help = format!("write `{character}` where the text ends");
            let cause = Cause::new(at..at + 1, "this quote is not closed", help);
            let end = line.start + from + end;
            self.causes.push(cause.edit(end..end, character));
        }
        // What follows on this line belongs to the text, and so may the brackets that would close others.
        self.stack.retain(|open| open.at < line.start);
    }
}

/// The rest of a line from a bracket on, where a sentence belongs.
fn sentence(line: Line<'_>, bracket: usize) -> Option<&str> {
    let (before, text) = line.text.split_at_checked(bracket.checked_sub(line.start)?)?;
    let key = before.trim_end().strip_suffix(':')?.trim_start().trim_start_matches("- ");
    values::SENTENCES.contains(&key).then(|| text.trim_end())
}

fn closing(open: char) -> char {
    if open == '[' { ']' } else { '}' }
}

/// Whether a line begins with `name:`.
fn begins_with_key(line: Line<'_>) -> bool {
    begins_with_word(line.text.trim_start().trim_start_matches("- "))
}

fn begins_with_word(text: &str) -> bool {
    text.split_once(':').is_some_and(|(key, rest)| {
        super::is_word(key.trim_matches(['"', '\''])) && (rest.is_empty() || rest.starts_with(' '))
    })
}
