//! Characters that nobody sees: they make two texts look the same that are not, or turn the direction of what follows.

use std::collections::HashSet;
use std::ops::Range;

use crate::codes::Code;
use crate::document::Document;
use crate::finding::{Finding, Place};
use crate::node::{Data, Node};

use super::Workspace;

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    for document in workspace.documents() {
        visit(document, &document.tree, findings);
    }
}

/// What is reported at a place already, with its character in the help, is not reported twice.
pub(super) fn leave_out_consequences(findings: &mut Vec<Finding>) {
    let place = |finding: &Finding| {
        let place = &finding.primary().place;
        (place.source.path.clone(), place.span.clone())
    };
    let others = findings.iter().filter(|finding| finding.code() != Code::InvisibleCharacter);
    let others: HashSet<_> = others.map(place).collect();
    findings.retain(|finding| finding.code() != Code::InvisibleCharacter || !others.contains(&place(finding)));
}

/// The depth of a document is limited, so recursion is safe.
fn visit(document: &Document, node: &Node, findings: &mut Vec<Finding>) {
    match &node.data {
        Data::Scalar { text, .. } => {
            report(document, text, &node.span, findings);
        }
        Data::List(items) => items.iter().for_each(|item| visit(document, item, findings)),
        Data::Map(entries) => {
            for (key, entry) in entries {
                report(document, key, &entry.key_span, findings);
                visit(document, &entry.value, findings);
            }
        }
    }
}

fn report(document: &Document, text: &str, span: &Range<usize>, findings: &mut Vec<Finding>) {
    let Some(character) = text.chars().find(|c| is_invisible(*c)) else { return };
    let message = format!("the text has the character U+{:04X}, which nobody sees", u32::from(character));
    let place = Place::span(&document.source, span.clone());
    findings.push(Finding::new(Code::InvisibleCharacter, place, message));
}

/// Control characters, marks of direction, joiners, spaces without width, fillers, tags.
fn is_invisible(character: char) -> bool {
    (character.is_control() && !matches!(character, '\n' | '\t'))
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0e}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}
