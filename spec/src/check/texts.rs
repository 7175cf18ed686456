//! Texts are plain sentences with code between single backquotes. What looks like more is refused, since it would be
//! shown as it stands and not as it was meant.

use crate::codes::Code;
use crate::document::Document;
use crate::finding::Finding;

/// Checks one text.
pub(super) fn check(document: &Document, path: &[&str], text: &str, findings: &mut Vec<Finding>) {
    if let Some((problem, help)) = problem(text) {
        findings.push(Finding::new(Code::MarkupInText, document.value(path), problem).help(help));
    }
}

const PLAIN: &str = "a text is plain sentences, with code between single backquotes";

fn problem(text: &str) -> Option<(&'static str, &'static str)> {
    let parts: Vec<&str> = text.split('`').collect();
    let code = || parts.iter().skip(1).step_by(2);
    let plain = || parts.iter().step_by(2);
    if text.contains("``") || text.lines().any(|line| line.trim_start().starts_with("~~~")) {
        Some(("a text has no blocks of code", "put a sample into `example`, and a name between single backquotes"))
    } else if parts.len().is_multiple_of(2) {
        Some(("a backquote has no partner", "code stands between two backquotes; for a quote write ' or \""))
    } else if code().any(|code| code.trim().is_empty() || code.contains('\n')) {
        Some(("code has to be something, in one line", PLAIN))
    } else if plain().any(|part| part.contains("](")) {
        Some(("a text has no links with words", "write the address as it is; `docs` links to the page"))
    } else if text.lines().any(|line| line.starts_with("    ") || line.starts_with('\t')) {
        Some(("a text has no indented lines", "put a sample into `example`; an empty line begins a new paragraph"))
    } else {
        None
    }
}
