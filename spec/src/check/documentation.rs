//! What people read: sentences, links, and the facts that every operation has to state.

use crate::codes::Code;
use crate::document::Document;
use crate::finding::Finding;
use crate::model::Status;
use crate::unwritten;

use super::workspace::{Definition, OperationFile};
use super::{Workspace, texts};

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    for file in &workspace.operations {
        operation(file, findings);
    }
    for definition in &workspace.definitions {
        shared_type(definition, findings);
    }
    for site in workspace.fields() {
        let path = site.path_to(&["doc"]);
        match &site.field.doc {
            None if site.field.flatten => {}
            doc => required_text(site.document, &path, doc.as_deref(), findings),
        }
        optional_text(site.document, &site.path_to(&["evidence"]), site.field.evidence.as_deref(), findings);
    }
    for file in &workspace.families {
        required_text(file.document, &["doc"], Some(&file.family.doc), findings);
    }
    errors_groups_events(workspace, findings);
}

fn operation(file: &OperationFile<'_>, findings: &mut Vec<Finding>) {
    let (document, operation) = (file.document, file.operation);
    required_text(document, &["summary"], Some(&operation.summary), findings);
    optional_text(document, &["details"], operation.details.as_deref(), findings);
    optional_text(document, &["effectReason"], operation.effect_reason.as_deref(), findings);
    texts(document, &["quirks"], &operation.quirks, findings);
    texts(document, &["discrepancies"], &operation.discrepancies, findings);
    let undocumented = operation.status == Status::Undocumented || document.value(&["status"]).broken;
    let missing = [
        (
            "docs",
            operation.docs.is_none() && !undocumented,
            Code::MissingDocs,
            "the slug of its page; an operation without a page has `status: undocumented`",
        ),
        (
            "effect",
            operation.effect.is_none(),
            Code::MissingEffect,
            "`read`, `idempotent` or `write`: what may be sent again when an answer is lost",
        ),
        (
            "scope",
            operation.scope.is_none(),
            Code::MissingScope,
            "the permission that the app needs; `unknown` when no source names it",
        ),
    ];
    for (key, missing, code, meaning) in missing {
        if missing {
            let message = format!("the operation `{}` has no `{key}`", operation.operation);
            findings
                .push(Finding::new(code, document.key(&[key]), message).help(format!("add `{key}:` with {meaning}")));
        }
    }
}

fn shared_type(definition: &Definition<'_>, findings: &mut Vec<Finding>) {
    let (document, def) = (definition.document, definition.def);
    let path = ["types", definition.name];
    required_text(document, &[&path[..], &["doc"]].concat(), def.doc.as_deref(), findings);
    texts(document, &[&path[..], &["quirks"]].concat(), &def.quirks, findings);
    texts(document, &[&path[..], &["discrepancies"]].concat(), &def.discrepancies, findings);
    for (value, meaning) in def.values.iter().flatten() {
        let place = [&path[..], &["values", value]].concat();
        let place = if meaning.rust.is_some() { [&place[..], &["doc"]].concat() } else { place };
        required_text(document, &place, Some(&meaning.doc), findings);
    }
    for (name, constant) in def.id.iter().flat_map(|id| &id.constants) {
        required_text(
            document,
            &[&path[..], &["id", "constants", name, "doc"]].concat(),
            Some(&constant.doc),
            findings,
        );
    }
}

fn errors_groups_events(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    if let Some((document, errors)) = workspace.errors {
        for (code, error) in &errors.codes {
            required_text(document, &["codes", code, "meaning"], Some(&error.meaning), findings);
            required_text(document, &["codes", code, "advice"], Some(&error.advice), findings);
        }
    }
    if let Some((document, groups)) = workspace.groups {
        for (name, group) in &groups.groups {
            required_text(document, &["groups", name, "doc"], Some(&group.doc), findings);
            optional_text(document, &["groups", name, "lacks"], group.lacks.as_deref(), findings);
        }
    }
    if let Some((document, scopes)) = workspace.scopes {
        for (name, purpose) in &scopes.scopes {
            required_text(document, &["scopes", name], Some(purpose), findings);
        }
    }
    if let Some((document, events)) = workspace.events {
        for (name, event) in &events.events {
            required_text(document, &["events", name, "summary"], Some(&event.summary), findings);
            optional_text(document, &["events", name, "details"], event.details.as_deref(), findings);
        }
    }
}

fn texts(document: &Document, path: &[&str], texts: &[String], findings: &mut Vec<Finding>) {
    for (index, text) in texts.iter().enumerate() {
        required_text(document, &[path, &[&index.to_string()]].concat(), Some(text), findings);
    }
}

fn required_text(document: &Document, path: &[&str], text: Option<&str>, findings: &mut Vec<Finding>) {
    match text.map(str::trim) {
        None | Some("") => {
            let what = path.last().copied().unwrap_or_default();
            let message = match (text, path) {
                (None, [.., owner, _]) => format!("`{owner}` has no `{what}`"),
                _ => format!("the text of `{what}` is empty"),
            };
            let help = "say in one sentence what it means";
            findings.push(Finding::new(Code::MissingDoc, document.value(path), message).help(help));
        }
        text => optional_text(document, path, text, findings),
    }
}

fn optional_text(document: &Document, path: &[&str], text: Option<&str>, findings: &mut Vec<Finding>) {
    if let Some(what) = text.and_then(unwritten::about) {
        let help = match what {
            "" => "say it in your own words, in one sentence".to_owned(),
            source => format!("say in your own words what {source} says, in one sentence"),
        };
        findings.push(Finding::new(Code::UnwrittenText, document.value(path), "write this text").help(help));
        return;
    }
    if let Some(text) = text {
        texts::check(document, path, text, findings);
    }
    if text.is_some_and(|text| !text.trim_end().ends_with('.')) {
        let finding = Finding::new(Code::FullStop, document.value(path), "the sentence does not end with a full stop");
        findings.push(finding.help("texts are sentences; they stand side by side in the documentation"));
    }
}
