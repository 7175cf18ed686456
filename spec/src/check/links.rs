//! Links to pages of the documentation.

use heck::ToKebabCase;

use crate::codes::Code;
use crate::document::Document;
use crate::finding::Finding;

use super::Workspace;

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    for file in &workspace.operations {
        if let Some(docs) = &file.operation.docs {
            slug(file.document, &["docs"], docs, findings);
        }
    }
    if let Some((document, events)) = workspace.events {
        for (name, event) in &events.events {
            slug(document, &["events", name, "docs"], &event.docs, findings);
        }
    }
}

/// The link to a page is made of its slug, so nothing else may stand there.
fn slug(document: &Document, path: &[&str], docs: &str, findings: &mut Vec<Finding>) {
    if is_slug(docs) {
        return;
    }
    let page = docs.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let last = page.rsplit('/').next().unwrap_or_default();
    let meant = last.strip_suffix(".html").or_else(|| last.strip_suffix(".md")).unwrap_or(last).to_kebab_case();
    let help = if is_slug(&meant) {
        format!("write the last part of the page's address: `{meant}`")
    } else {
        "write the last part of the page's address, for example `submittal-file`".to_owned()
    };
    let message = format!("`{docs}` is no slug of a page");
    findings.push(Finding::new(Code::DocsSlug, document.value(path), message).help(help));
}

fn is_slug(text: &str) -> bool {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    text.split('-').all(is_word)
}
