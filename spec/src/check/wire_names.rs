//! Names on the wire, as far as JSON, addresses and the generated code have to carry them as they are.

use crate::codes::Code;
use crate::finding::{Finding, Place};

use super::Workspace;

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    for site in workspace.fields() {
        name(site.wire, "the field", || site.key(), findings);
    }
    if let Some((document, events)) = workspace.events {
        for event in events.events.keys() {
            name(event, "the event", || document.key(&["events", event]), findings);
        }
    }
}

fn name(name: &str, what: &str, place: impl FnOnce() -> Place, findings: &mut Vec<Finding>) {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '$' | '@');
    let problem = match name.chars().find(|c| !is_plain(*c)) {
        None if !name.is_empty() => return,
        None => format!("{what} has no name"),
        Some(character) => format!("{what} `{name}` has the character {character:?} in its name"),
    };
    let finding = Finding::new(Code::WireName, place(), problem);
    findings.push(finding.help("names on the wire are letters, digits and `_`, `-`, `.`, `:`, `$`, `@`"));
}
