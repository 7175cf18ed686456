//! An audit for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::disagreement::{About, Disagreement};
use super::{Audit, Sources};

/// What is explained first, where it is wished, and what has to be mended last, followed by the summary.
pub(super) fn render(audit: &Audit, explained: bool) -> String {
    let mut text = String::new();
    if explained {
        let explained = audit.disagreements.iter().filter(|disagreement| disagreement.reason.is_some());
        section(&mut text, "Explained", &blocks(explained));
    }
    text.push_str(&render_open(audit));
    let (events, fields) = (audit.events, audit.fields);
    let _ = writeln!(
        text,
        "{}, {} and {} are in both sources",
        counted(audit.operations, "operation"),
        counted(events, "event"),
        counted(fields, "field")
    );
    let _ = writeln!(text, "{}", summary(audit));
    text
}

/// What has to be mended.
pub(super) fn render_open(audit: &Audit) -> String {
    let mut text = String::new();
    section(&mut text, "Not explained", &blocks(audit.undisputed()));
    section(&mut text, "Disputes that explain nothing any more", &audit.stale);
    section(&mut text, "Said to be missing from the SDK, which has it", &audit.false_claims);
    section(&mut text, "Pages of the overview without an operation, and the other way round", &audit.gaps);
    text
}

fn section(text: &mut String, title: &str, entries: &[String]) {
    if !entries.is_empty() {
        let _ = writeln!(text, "# {title}\n\n{}\n", entries.join("\n").trim_end());
    }
}

/// The same disagreement in several uses of a shared type is shown once.
fn blocks<'a>(disagreements: impl Iterator<Item = &'a Disagreement>) -> Vec<String> {
    type Key<'a> = (Option<&'a super::SharedField>, &'a str, &'a str, About, &'a str, &'a str, Option<&'a str>);
    let mut groups: BTreeMap<Key<'_>, Vec<&Disagreement>> = BTreeMap::new();
    for each in disagreements {
        let reason = each.reason.as_ref().map(|reason| reason.text.as_str());
        // A field of a shared type is one place, wherever it is used.
        let (operation, field) =
            if each.shared.is_some() { ("", "") } else { (each.operation.as_str(), each.field.as_str()) };
        let key = (
            each.shared.as_ref(),
            operation,
            field,
            each.about,
            each.spec.says.as_str(),
            each.sdk.says.as_str(),
            reason,
        );
        groups.entry(key).or_default().push(each);
    }
    groups.values().filter_map(|group| block(group)).collect()
}

fn block(group: &[&Disagreement]) -> Option<String> {
    let first = group.first()?;
    let mut text = String::new();
    let title = match &first.shared {
        Some(shared) => format!("{}.{}", shared.name, shared.field),
        None => format!("{} {}", first.operation, first.field).trim_end().to_owned(),
    };
    let _ = writeln!(text, "{title}: {}", first.about);
    let _ = writeln!(text, "  spec: {:10} {}", first.spec.says, first.spec.at);
    for each in group {
        let place = if first.shared.is_some() { format!("  {} {}", each.operation, each.field) } else { String::new() };
        let source = if each.sdk.at.starts_with(Sources::PAGES) { "page:" } else { "SDK: " };
        let _ = writeln!(text, "  {source} {:10} {}{place}", each.sdk.says, each.sdk.at);
    }
    if let Some(reason) = &first.reason {
        let _ = writeln!(text, "  {}:{}: {}", Sources::DISPUTES, reason.line, reason.text);
    }
    Some(text)
}

pub(super) fn summary(audit: &Audit) -> String {
    let open = audit.undisputed().count();
    let explained = if open == 0 { "all explained".to_owned() } else { format!("{open} not explained") };
    let mut summary = format!("{}, {explained}", counted(audit.disagreements.len(), "disagreement"));
    let others = [
        (&audit.stale, "dispute", "without a disagreement"),
        (&audit.false_claims, "claim", "that the SDK lacks what it has"),
        (&audit.gaps, "gap", "between the spec and the overview"),
    ];
    for (found, name, what) in others.into_iter().filter(|(found, ..)| !found.is_empty()) {
        let _ = write!(summary, "; {} {what}", counted(found.len(), name));
    }
    summary
}

fn counted(count: usize, name: &str) -> String {
    if count == 1 { format!("1 {name}") } else { format!("{count} {name}s") }
}
