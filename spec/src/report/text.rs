//! The report for people: each finding with its source lines.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::Report;
use crate::finding::{Finding, Label};

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
            text.push_str(&renderer.render(&[group(finding)]));
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

fn group(finding: &Finding) -> Group<'_> {
    let title = Level::ERROR.primary_title(finding.message()).id(finding.code().as_str());
    let mut group = Group::with_title(title);
    let primary = finding.primary();
    let (here, elsewhere): (Vec<&Label>, Vec<&Label>) =
        finding.secondary().iter().partition(|label| label.path() == primary.path());
    group = match excerpt(primary, &here) {
        Some(excerpt) => group.element(excerpt),
        None => group.element(Origin::path(primary.shown_path())),
    };
    group = group.elements(elsewhere.into_iter().filter_map(|label| excerpt_of(&[(AnnotationKind::Context, label)])));
    if let Some(help) = finding.help_text() {
        group = group.element(Level::HELP.message(help));
    }
    group
}

fn excerpt<'a>(primary: &'a Label, others: &[&'a Label]) -> Option<Snippet<'a, Annotation<'a>>> {
    let others = others.iter().map(|label| (AnnotationKind::Context, *label));
    let labels: Vec<_> = std::iter::once((AnnotationKind::Primary, primary)).chain(others).collect();
    excerpt_of(&labels)
}

/// The lines of a file that the labels are on. Giving the whole text would draw the same, but takes long in large files.
fn excerpt_of<'a>(labels: &[(AnnotationKind, &'a Label)]) -> Option<Snippet<'a, Annotation<'a>>> {
    let (_, first) = labels.first()?;
    let text = first.place.source.text.as_str();
    let spans = || labels.iter().filter_map(|(_, label)| label.place.span.as_ref());
    let start = spans().map(|span| span.start).min()?;
    let end = spans().map(|span| span.end).max()?;
    let start = text.get(..start)?.rfind('\n').map_or(0, |newline| newline + 1);
    let end = text.get(end..)?.find('\n').map_or(text.len(), |newline| end + newline + 1);
    let (line, _) = first.place.source.position(start);
    let annotations = labels.iter().filter_map(|(kind, label)| annotation(*kind, label, start));
    Some(Snippet::source(text.get(start..end)?).line_start(line).path(first.shown_path()).annotations(annotations))
}

/// A label in an excerpt that starts at a byte of the text.
fn annotation(kind: AnnotationKind, label: &Label, excerpt: usize) -> Option<Annotation<'_>> {
    let span = label.place.span.as_ref()?;
    let annotation = kind.span(span.start.checked_sub(excerpt)?..span.end.checked_sub(excerpt)?);
    Some(if label.text.is_empty() { annotation } else { annotation.label(label.text.as_str()) })
}
