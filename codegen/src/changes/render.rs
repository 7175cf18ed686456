//! Changes for people.

use std::fmt::Write as _;

use super::{Change, Changes, Verdict};

const VERDICTS: [(Verdict, &str); 3] =
    [(Verdict::Major, "Breaking"), (Verdict::Minor, "New and different"), (Verdict::Patch, "Documentation")];

/// Subject by subject, each with what it means for users, and the overall verdict as the last line.
pub(super) fn text(changes: &Changes) -> String {
    let mut text = String::new();
    let mut subject = "";
    for change in &changes.all {
        if change.subject != subject {
            subject = &change.subject;
            let _ = writeln!(text, "{subject}");
        }
        let _ = writeln!(text, "  {}  {}", change.kind.verdict(), sentence(change, &change.place));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    let _ = writeln!(text, "{}", overall(changes));
    text
}

/// Verdict by verdict, with the overall verdict first.
pub(super) fn markdown(changes: &Changes) -> String {
    let mut text = format!("**{}**\n", overall(changes));
    for (verdict, title) in VERDICTS {
        let of_verdict: Vec<_> = changes.all.iter().filter(|change| change.kind.verdict() == verdict).collect();
        if of_verdict.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n### {title} ({verdict})\n");
        for change in of_verdict {
            let place = if change.place.is_empty() { String::new() } else { format!("`{}`", change.place) };
            let (kind, name) = change.subject.rsplit_once(' ').map_or(("", change.subject.as_str()), |parts| parts);
            let kind = if kind.is_empty() { String::new() } else { format!("{kind} ") };
            let _ = writeln!(text, "- {kind}`{name}`: {}", sentence(change, &place));
        }
    }
    text
}

fn sentence(change: &Change, place: &str) -> String {
    let mut sentence = if place.is_empty() { change.what.clone() } else { format!("{place}: {}", change.what) };
    if let Some(note) = change.kind.note() {
        let _ = write!(sentence, " ({note})");
    }
    sentence
}

fn overall(changes: &Changes) -> String {
    let Some(verdict) = changes.overall() else { return "No changes for users".to_owned() };
    let count = |wanted| changes.all.iter().filter(|change| change.kind.verdict() == wanted).count();
    let counts: Vec<_> = VERDICTS.iter().map(|(verdict, _)| format!("{} {verdict}", count(*verdict))).collect();
    format!("Overall: {verdict} ({})", counts.join(", "))
}
