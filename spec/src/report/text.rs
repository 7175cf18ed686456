//! The report for people: each finding with its source lines.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::Report;
use crate::finding::{Finding, Label};
use crate::legible::is_invisible;

/// So many findings are drawn. More have few causes, and nobody scrolls through thousands.
const DRAWN: usize = 100;

impl Report {
    /// Draws the findings with their source lines, and counts them in the last line. `colour` is for terminals.
    ///
    /// Of very many, the first hundred are drawn; all are counted.
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let mut text = String::new();
        for finding in self.findings().iter().take(DRAWN) {
            text.extend(renderer.render(&[group(finding)]).chars().map(drawn));
            text.push_str("\n\n");
        }
        text.push_str(&renderer.render(&[Group::with_title(Level::ERROR.primary_title(self.closing_line()))]));
        text.push('\n');
        text
    }

    fn closing_line(&self) -> String {
        let count = self.findings().len();
        let not_drawn = if count > DRAWN {
            format!("; the first {DRAWN} are shown, `cargo xtask check --format json` lists all")
        } else {
            String::new()
        };
        format!("{}{not_drawn}; `cargo xtask explain CODE` tells more about a code", self.summary())
    }
}

/// The renderer shows the control characters of ASCII; others steer terminals as well, or hide.
fn drawn(character: char) -> char {
    if !character.is_ascii() && is_invisible(character) { char::REPLACEMENT_CHARACTER } else { character }
}

fn group(finding: &Finding) -> Group<'_> {
    let title = Level::ERROR.primary_title(finding.message()).id(finding.code().as_str());
    let mut group = Group::with_title(title);
    let primary = finding.primary();
    let (here, elsewhere): (Vec<&Label>, Vec<&Label>) =
        finding.secondary().iter().partition(|label| label.path() == primary.path());
    group = match excerpt(primary, &here) {
        Some(lines) if lines.is_too_long() => group.element(origin(primary)).elements(cut(primary)),
        Some(lines) => group.element(lines.snippet()),
        None => group.element(Origin::path(primary.shown_path())),
    };
    for lines in elsewhere.into_iter().filter_map(|label| Excerpt::of(vec![(AnnotationKind::Context, label)])) {
        group = if lines.is_too_long() { group } else { group.element(lines.snippet()) };
    }
    if let Some(help) = finding.help_text() {
        group = group.element(Level::HELP.message(help));
    }
    group
}

fn excerpt<'a>(primary: &'a Label, others: &[&'a Label]) -> Option<Excerpt<'a>> {
    let others = others.iter().map(|label| (AnnotationKind::Context, *label));
    Excerpt::of(std::iter::once((AnnotationKind::Primary, primary)).chain(others).collect())
}

/// Longer lines are cut around what is wrong in them.
const LONGEST_LINE: usize = 2_000;
/// Bytes that are kept before and after it.
const AROUND: usize = 120;

/// The lines of a file that the labels are on. Giving the whole text would draw the same, but takes long in large files.
struct Excerpt<'a> {
    labels: Vec<(AnnotationKind, &'a Label)>,
    first: &'a Label,
    start: usize,
    text: &'a str,
}

impl<'a> Excerpt<'a> {
    fn of(labels: Vec<(AnnotationKind, &'a Label)>) -> Option<Self> {
        let (_, first) = labels.first()?;
        let first = *first;
        let text = first.place.source.text.as_str();
        let spans = || labels.iter().filter_map(|(_, label)| label.place.span.as_ref());
        let start = spans().map(|span| span.start).min()?;
        let end = spans().map(|span| span.end).max()?;
        let start = text.get(..start)?.rfind('\n').map_or(0, |newline| newline + 1);
        let end = text.get(end..)?.find('\n').map_or(text.len(), |newline| end + newline + 1);
        let text = text.get(start..end)?;
        Some(Self { labels, first, start, text })
    }

    fn is_too_long(&self) -> bool {
        self.text.len() > LONGEST_LINE && self.text.lines().any(|line| line.len() > LONGEST_LINE)
    }

    fn snippet(&self) -> Snippet<'a, Annotation<'a>> {
        let (line, _) = self.first.place.source.position(self.start);
        let annotations = self.labels.iter().filter_map(|(kind, label)| annotation(*kind, label, self.start));
        let path = self.first.shown_path();
        Snippet::source(self.text).line_start(line).path(path).annotations(annotations.collect::<Vec<_>>())
    }
}

fn origin(label: &Label) -> Origin<'_> {
    let (line, column) = label.position().unwrap_or_default();
    Origin::path(label.shown_path()).line(line).char_column(column)
}

/// The part of a very long line around a label.
fn cut(label: &Label) -> Option<Snippet<'_, Annotation<'_>>> {
    let span = label.place.span.as_ref()?;
    let text = label.place.source.text.as_str();
    let near = text.floor_char_boundary(span.start.saturating_sub(AROUND));
    let start = text.get(near..span.start)?.rfind('\n').map_or(near, |newline| near + newline + 1);
    let far = text.ceil_char_boundary((span.start + AROUND).min(text.len()));
    let end = text.get(span.start..far)?.find('\n').map_or(far, |newline| span.start + newline);
    let marked = AnnotationKind::Primary.span(span.start - start..span.end.clamp(span.start, end) - start);
    let (line, _) = label.place.source.position(span.start);
    Some(Snippet::source(text.get(start..end)?).line_start(line).annotation(marked))
}

/// A label in an excerpt that starts at a byte of the text.
fn annotation(kind: AnnotationKind, label: &Label, excerpt: usize) -> Option<Annotation<'_>> {
    let span = label.place.span.as_ref()?;
    let annotation = kind.span(span.start.checked_sub(excerpt)?..span.end.checked_sub(excerpt)?);
    Some(if label.text.is_empty() { annotation } else { annotation.label(label.text.as_str()) })
}
