//! Names that refer to something: types, error codes, chapters.

use std::collections::BTreeSet;

use crate::codes::Code;
use crate::document::Document;
use crate::finding::Finding;
use crate::model::TypeRef;
use crate::suggest::{did_you_mean, nearest};

use super::Workspace;
use super::kind::BUILT_IN;

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    let meant = unknown_types(workspace, findings);
    unused_types(workspace, &meant, findings);
    error_codes(workspace, findings);
    groups(workspace, findings);
}

/// Reports references to types that do not exist. Returns the types that were probably meant.
fn unknown_types<'a>(workspace: &Workspace<'a>, findings: &mut Vec<Finding>) -> BTreeSet<&'a str> {
    let mut meant = BTreeSet::new();
    for site in workspace.fields() {
        if let Some(reference) = &site.field.kind {
            meant.extend(unknown_type(workspace, site.document, &site.path_to(&["type"]), reference, findings));
        }
    }
    if let Some((document, events)) = workspace.events {
        for (name, event) in &events.events {
            meant.extend(unknown_type(workspace, document, &["events", name, "data"], &event.data, findings));
        }
    }
    meant
}

fn unknown_type<'a>(
    workspace: &Workspace<'a>,
    document: &Document,
    path: &[&str],
    reference: &TypeRef,
    findings: &mut Vec<Finding>,
) -> Option<&'a str> {
    let name = reference.name();
    if !workspace.types_complete || BUILT_IN.contains(&name) || workspace.definition(name).is_some() {
        return None;
    }
    let known: Vec<&'a str> = BUILT_IN.iter().copied().chain(workspace.type_names()).collect();
    let suggestion = nearest(name, known.iter().copied());
    let help = match (other_language(name), suggestion) {
        (Some(ours), _) => ours.to_owned(),
        (None, Some(suggestion)) => format!("did you mean `{suggestion}`?"),
        (None, None) => {
            "define it in a file of `types/`, or use a built-in type: string, int32, int64, bool, time, errorCode, any"
                .to_owned()
        }
    };
    let place = document.value(&path_to_name(path, reference));
    findings.push(Finding::new(Code::UnknownType, place, format!("there is no type `{name}`")).help(help));
    suggestion
}

/// How other languages call the built-in types.
fn other_language(name: &str) -> Option<&'static str> {
    match name.to_lowercase().as_str() {
        "str" | "text" | "string" => Some("a text is a `string`"),
        "int" | "integer" | "number" => Some("a whole number is an `int32` or an `int64`"),
        "long" => Some("a whole number of 64 bits is an `int64`"),
        "boolean" => Some("`true` or `false` is a `bool`"),
        "date" | "datetime" | "timestamp" => Some("a point in time is a `time`"),
        _ => None,
    }
}

/// The path of the name itself within lists and maps.
fn path_to_name<'b>(path: &[&'b str], reference: &TypeRef) -> Vec<&'b str> {
    let mut path = path.to_vec();
    let mut reference = reference;
    loop {
        reference = match reference {
            TypeRef::Named(_) => return path,
            TypeRef::List(inner) => {
                path.push("0");
                inner
            }
            TypeRef::Map(inner) => {
                path.push("string");
                inner
            }
        };
    }
}

/// A type has to be needed by an operation or an event. Where a file could not be read in full, what it mentions counts.
fn unused_types(workspace: &Workspace<'_>, meant: &BTreeSet<&str>, findings: &mut Vec<Finding>) {
    if !workspace.complete {
        return;
    }
    for name in workspace.type_names() {
        let usage = workspace.type_usage(name);
        let used = usage.request || usage.answer || meant.contains(name);
        if used || workspace.touched.iter().any(|document| document.tree.mentions(name)) {
            continue;
        }
        let Some(definition) = workspace.definition(name) else { continue };
        let place = definition.document.key(&["types", name]);
        let finding = Finding::new(Code::UnusedType, place, format!("no operation needs the type `{name}`"));
        findings.push(finding.help("delete it, or name it where it belongs"));
    }
}

fn error_codes(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    let Some((errors_document, errors)) = workspace.errors else { return };
    if errors_document.value(&["codes"]).broken {
        return;
    }
    for file in &workspace.operations {
        for (status, codes) in &file.operation.errors {
            for (index, code) in codes.iter().enumerate().filter(|(_, code)| !errors.codes.contains_key(*code)) {
                let place = file.document.value(&["errors", &status.to_string(), &index.to_string()]);
                let help = did_you_mean(code, errors.codes.keys().map(String::as_str));
                let help = help.unwrap_or_else(|| "add it to errors.yaml with its meaning".to_owned());
                let message = format!("errors.yaml has no code `{code}`");
                findings.push(Finding::new(Code::UnknownErrorCode, place, message).help(help));
            }
        }
    }
}

fn groups(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    let Some((groups_document, groups)) = workspace.groups else { return };
    if groups_document.value(&["groups"]).broken {
        return;
    }
    for file in &workspace.operations {
        let group = file.operation.group.as_str();
        if !groups.groups.contains_key(group) {
            let help = did_you_mean(group, groups.groups.keys().map(String::as_str));
            let help = help.unwrap_or_else(|| "add it to groups.yaml with its title".to_owned());
            let place = file.document.value(&["group"]);
            let message = format!("groups.yaml has no chapter `{group}`");
            findings.push(Finding::new(Code::UnknownGroup, place, message).help(help));
        }
    }
}
