//! Names that may be given once. Keys that stand twice in one map are found while reading the file.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::codes::Code;
use crate::finding::{Finding, Place};

use super::Workspace;
use super::workspace::{FieldSite, OperationFile};

/// Where each type was defined first.
type Types<'a> = HashMap<Cow<'a, str>, Place>;

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    let mut shared = Types::new();
    let nowhere = Types::new();
    for definition in &workspace.definitions {
        let place = definition.document.key(&["types", definition.name]);
        define(definition.name.into(), place, &nowhere, &mut shared, findings);
    }
    for definition in &workspace.definitions {
        inline_types(&definition.fields, &nowhere, &mut shared, findings);
    }
    for file in &workspace.operations {
        let mut own = Types::new();
        let place = file.document.value(&["operation"]);
        let request = &file.operation.operation;
        // The request and the answer of an operation are types, too.
        define(request.into(), place.clone(), &shared, &mut own, findings);
        define(format!("{request}Response").into(), place, &shared, &mut own, findings);
        inline_types(&file.fields, &shared, &mut own, findings);
        error_codes(file, findings);
    }
    event_numbers(workspace, findings);
}

fn inline_types<'a>(fields: &[FieldSite<'a>], outer: &Types<'_>, names: &mut Types<'a>, findings: &mut Vec<Finding>) {
    for site in fields {
        if let Some(name) = &site.field.type_name {
            define(name.into(), site.at("as"), outer, names, findings);
        }
    }
}

fn define<'a>(name: Cow<'a, str>, place: Place, outer: &Types<'_>, names: &mut Types<'a>, findings: &mut Vec<Finding>) {
    match outer.get(&name).or_else(|| names.get(&name)) {
        Some(first) => {
            let finding = Finding::new(Code::DuplicateType, place, format!("the type `{name}` is defined twice"));
            findings.push(finding.label("again").also(first.clone(), "first defined here"));
        }
        None => {
            names.insert(name, place);
        }
    }
}

fn error_codes(file: &OperationFile<'_>, findings: &mut Vec<Finding>) {
    for (status, codes) in &file.operation.errors {
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for (index, code) in codes.iter().enumerate() {
            if let Some(first) = seen.get(code.as_str()) {
                let place = |index: usize| file.document.value(&["errors", &status.to_string(), &index.to_string()]);
                let message = format!("the error code `{code}` stands twice under {status}");
                let finding = Finding::new(Code::DuplicateErrorCode, place(index), message);
                findings.push(finding.label("again").also(place(*first), "first here"));
            } else {
                seen.insert(code, index);
            }
        }
    }
}

/// A synchronous push names its event by the number alone.
fn event_numbers(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    let Some((document, events)) = workspace.events else { return };
    let place = |event: &str| document.value(&["events", event, "bizType"]);
    let mut seen: HashMap<u32, &str> = HashMap::new();
    for (event, facts) in &events.events {
        if let Some(first) = seen.get(&facts.biz_type) {
            let message = format!("the events `{first}` and `{event}` have the number {}", facts.biz_type);
            let finding = Finding::new(Code::DuplicateEventNumber, place(event), message);
            findings.push(finding.label("again").also(place(first), "first here"));
        } else {
            seen.insert(facts.biz_type, event);
        }
    }
}
