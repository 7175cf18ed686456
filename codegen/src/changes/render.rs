//! Changes for people.

use std::fmt::Write as _;

use super::{Change, Changes, Verdict};

const VERDICTS: [(Verdict, &str); 3] =
    [(Verdict::Major, "Breaking"), (Verdict::Minor, "New and different"), (Verdict::Patch, "Documentation")];

impl Changes {
    /// Subject by subject, for a terminal: each with what it means for users, and the overall verdict as the last line.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for of_subject in self.all.chunk_by(|one, next| one.subject == next.subject) {
            text.extend(of_subject.first().map(|change| format!("{}\n", change.subject)));
            for change in of_subject {
                let _ = writeln!(text, "  {}  {}", change.kind.verdict(), sentence(change, &change.place));
            }
        }
        let blank = if text.is_empty() { "" } else { "\n" };
        text + &format!("{blank}{}\n", overall(self))
    }

    /// Verdict by verdict, for release notes, with the overall verdict first.
    pub fn markdown(&self) -> String {
        let mut text = format!("**{}**\n", overall(self));
        for (verdict, title) in VERDICTS {
            let of_verdict: Vec<_> = self.all.iter().filter(|change| change.kind.verdict() == verdict).collect();
            if of_verdict.is_empty() {
                continue;
            }
            let _ = writeln!(text, "\n### {title} ({verdict})\n");
            for change in of_verdict {
                let place = if change.place.is_empty() { String::new() } else { format!("`{}`", change.place) };
                let subject = match change.subject.rsplit_once(' ') {
                    Some((kind, name)) => format!("{kind} `{name}`"),
                    None => format!("`{}`", change.subject),
                };
                let _ = writeln!(text, "- {subject}: {}", sentence(change, &place));
            }
        }
        text
    }
}

fn sentence(change: &Change, place: &str) -> String {
    let place = if place.is_empty() { String::new() } else { format!("{place}: ") };
    let note = change.kind.note().map(|note| format!(" ({note})")).unwrap_or_default();
    format!("{place}{}{note}", change.what)
}

fn overall(changes: &Changes) -> String {
    let Some(verdict) = changes.overall() else { return "No changes for users".to_owned() };
    let count = |wanted| changes.all.iter().filter(|change| change.kind.verdict() == wanted).count();
    let counts = VERDICTS.map(|(verdict, _)| format!("{} {verdict}", count(verdict)));
    format!("Overall: {verdict} ({})", counts.join(", "))
}
