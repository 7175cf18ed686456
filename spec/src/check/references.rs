//! Names that refer to something: types, error codes, chapters.

use std::collections::HashSet;

use crate::codes::Code;
use crate::finding::{Finding, Place};
use crate::model::{Token, TypeRef};
use crate::suggest::{Names, nearest};
use crate::type_spelling;
use crate::{lookalike, naming};

use super::kind::BUILT_IN;
use super::{Workspace, names};

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    unknown_types(workspace, findings);
    unused_types(workspace, findings);
    error_codes(workspace, findings);
    groups(workspace, findings);
    scopes(workspace, findings);
}

/// Stands for a scope that no source names.
const UNKNOWN_SCOPE: &str = "unknown";

/// Reports references to types that do not exist.
fn unknown_types(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    if !workspace.types_complete {
        return;
    }
    let known = Names::new(BUILT_IN.iter().copied().chain(workspace.type_names()));
    // The name of a type is reported where it is defined, if it has another style; who names it by the right one is right.
    let restyled: HashSet<String> = workspace.type_names().filter_map(restyled).collect();
    let is_known =
        |name: &str| BUILT_IN.contains(&name) || workspace.definition(name).is_some() || restyled.contains(name);
    for site in workspace.fields() {
        if let Some(reference) = site.field.kind.as_ref().filter(|reference| !is_known(reference.name())) {
            let place = site.document.value(&path_to_name(&site.path_to(&["type"]), reference));
            unknown_type(workspace, &known, place, reference.name(), findings);
        }
    }
    if !is_known(Token::OF_A_PERSON) {
        for file in workspace.operations.iter().filter(|file| workspace.takes_token_of_a_person(file)) {
            let place = file.document.value(&["token"]);
            unknown_type(workspace, &known, place, Token::OF_A_PERSON, findings);
        }
    }
    if let Some((document, events)) = workspace.events {
        for (name, event) in events.events.iter().filter(|(_, event)| !is_known(event.data.name())) {
            let place = document.value(&path_to_name(&["events", name, "data"], &event.data));
            unknown_type(workspace, &known, place, event.data.name(), findings);
        }
    }
}

/// The name of a type in the style of types, where that is another one.
fn restyled(name: &str) -> Option<String> {
    (!names::is_camel(name)).then(|| naming::variant(&lookalike::folded(name)))
}

fn unknown_type(workspace: &Workspace<'_>, known: &Names<&str>, place: Place, name: &str, findings: &mut Vec<Finding>) {
    let ours = type_spelling::translated(name);
    // A type of another language may name one of ours, written `[Thing]` there or not.
    let core = ours.as_deref().unwrap_or(name).trim_matches(['[', ']', '{', '}']);
    let core = core.rsplit_once(": ").map_or(core, |(_, core)| core);
    let meant = workspace.definition(core).map(|definition| definition.name).or_else(|| known.nearest(core).copied());
    let help = match (type_spelling::advice(name), meant) {
        (Some(advice), _) if ours.is_none() || core.eq(name) || is_known_core(core, meant) => advice,
        (_, Some(meant)) => format!("did you mean `{}`?", ours.as_deref().unwrap_or(name).replace(core, meant)),
        (Some(advice), None) => advice,
        (None, None) => {
            "define it in a file of `types/`, or use a built-in type: string, int32, int64, uint64, bool, time, timestamp, errorCode, any"
                .to_owned()
        }
    };
    findings.push(Finding::new(Code::UnknownType, place, format!("there is no type `{name}`")).help(help));
}

/// Whether the name at the core is one that exists as it stands.
fn is_known_core(core: &str, meant: Option<&str>) -> bool {
    BUILT_IN.contains(&core) || meant == Some(core)
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

/// A type has to be needed by an operation or an event.
fn unused_types(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    for name in workspace.type_names() {
        let usage = workspace.type_usage(name);
        if usage.request || usage.answer {
            continue;
        }
        let Some(definition) = workspace.definition(name) else { continue };
        let place = definition.document.key(&["types", name]);
        let finding = Finding::new(Code::UnusedType, place, format!("no operation needs the type `{name}`"));
        findings.push(finding.help("delete it, or name it where it belongs").of_the_whole());
    }
}

fn error_codes(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    let Some((errors_document, errors)) = workspace.errors else { return };
    if errors_document.may_lack_entries("codes") {
        return;
    }
    let names = Names::new(errors.codes.keys().map(String::as_str));
    let mut used: HashSet<&str> = HashSet::new();
    for file in &workspace.operations {
        for (status, codes) in &file.operation.errors {
            for (index, code) in codes.iter().enumerate() {
                if errors.codes.contains_key(code) {
                    used.insert(code);
                    continue;
                }
                let place = file.document.value(&["errors", &status.to_string(), &index.to_string()]);
                let help = names.did_you_mean(code).or_else(|| {
                    let parts: Vec<&str> = code.split([';', '|', ' ', '/']).filter(|part| !part.is_empty()).collect();
                    let known = parts.len() > 1 && parts.iter().all(|part| errors.codes.contains_key(*part));
                    known.then(|| format!("separate them by commas: `{}`", parts.join(", ")))
                });
                let help = help.unwrap_or_else(|| "add it to errors.yaml with its meaning".to_owned());
                let message = format!("errors.yaml has no code `{code}`");
                findings.push(Finding::new(Code::UnknownErrorCode, place, message).help(help));
            }
        }
    }
    for (code, _) in errors.codes.iter().filter(|(_, error)| !error.any_operation) {
        let help = "delete it, list it where it belongs, or mark it `anyOperation: true`";
        unused(errors_document.key(&["codes", code]), code, &used, help, findings);
    }
}

fn groups(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    let Some((groups_document, groups)) = workspace.groups else { return };
    if groups_document.may_lack_entries("groups") {
        return;
    }
    let names = Names::new(groups.groups.keys().map(String::as_str));
    let mut used: HashSet<&str> = HashSet::new();
    for file in &workspace.operations {
        let group = file.operation.group.as_str();
        used.insert(group);
        if !groups.groups.contains_key(group) {
            let help = names.did_you_mean(group).unwrap_or_else(|| "add it to groups.yaml with its title".to_owned());
            let message = format!("groups.yaml has no chapter `{group}`");
            let place = file.document.value(&["group"]);
            findings.push(Finding::new(Code::UnknownGroup, place, message).help(help));
        }
    }
    for group in groups.groups.keys() {
        let help = "delete it, or name it in the operations of the chapter";
        unused(groups_document.key(&["groups", group]), group, &used, help, findings);
    }
}

/// The list is optional: a spec without `scopes.yaml` has scopes of any name.
fn scopes(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    let Some((scopes_document, scopes)) = workspace.scopes else { return };
    if scopes_document.may_lack_entries("scopes") {
        return;
    }
    let names = Names::new(scopes.scopes.keys().map(String::as_str));
    let mut used: HashSet<&str> = HashSet::new();
    for file in &workspace.operations {
        let Some(scope) = file.operation.scope.as_deref().filter(|scope| *scope != UNKNOWN_SCOPE) else { continue };
        used.insert(scope);
        if !scopes.scopes.contains_key(scope) {
            let meant = names.nearest(scope).copied().or_else(|| nearest(scope, [UNKNOWN_SCOPE]));
            let help = meant.map(|meant| format!("did you mean `{meant}`?"));
            let help =
                help.unwrap_or_else(|| format!("add it to scopes.yaml; `{UNKNOWN_SCOPE}` when no source names it"));
            let message = format!("scopes.yaml has no scope `{scope}`");
            let place = file.document.value(&["scope"]);
            findings.push(Finding::new(Code::UnknownScope, place, message).help(help));
        }
    }
    for scope in scopes.scopes.keys() {
        let place = scopes_document.key(&["scopes", scope]);
        unused(place, scope, &used, "delete it, or name it where it is needed", findings);
    }
}

/// Reports an entry of a list that nothing names.
fn unused(place: Place, name: &str, used: &HashSet<&str>, help: &str, findings: &mut Vec<Finding>) {
    if !used.contains(name) {
        let message = format!("no operation names `{name}`");
        findings.push(Finding::new(Code::UnusedName, place, message).help(help).of_the_whole());
    }
}
