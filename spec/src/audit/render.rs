//! An audit for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::disagreement::{About, Disagreement};
use super::{Audit, Sources};

/// What is disputed first, what has to be mended last, and the count as the last line.
pub(super) fn render(audit: &Audit) -> String {
    let mut text = String::new();
    let disputed = audit.disagreements.iter().filter(|disagreement| disagreement.reason.is_some());
    section(&mut text, "Disputed", &blocks(disputed));
    text.push_str(&render_open(audit));
    let _ = writeln!(text, "{}", summary(audit));
    text
}

/// What has to be mended.
pub(super) fn render_open(audit: &Audit) -> String {
    let mut text = String::new();
    section(&mut text, "Not explained", &blocks(audit.undisputed()));
    section(&mut text, "Left over", &audit.stale);
    section(&mut text, "Said to be missing from the SDK", &audit.false_claims);
    section(&mut text, "Overview", &audit.gaps);
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

fn summary(audit: &Audit) -> String {
    let all = audit.disagreements.len();
    let open = audit.undisputed().count();
    format!(
        "{} operations, {} events and {} fields in both sources; {all} disagreements: {} disputed, {open} not explained; \
         {} left over, {} false claims, {} gaps",
        audit.operations,
        audit.events,
        audit.fields,
        all - open,
        counted_disputes(audit.stale.len()),
        audit.false_claims.len(),
        audit.gaps.len(),
    )
}

fn counted_disputes(count: usize) -> String {
    if count == 1 { "1 dispute".to_owned() } else { format!("{count} disputes") }
}
