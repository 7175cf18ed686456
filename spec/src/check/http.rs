//! Method, path, body and status codes.

use crate::codes::Code;
use crate::finding::{Finding, Place};
use crate::model::{Effect, Envelope};
use crate::suggest::did_you_mean;

use super::Workspace;
use super::workspace::{OperationFile, Section};

const METHODS: &[&str] = &["GET", "POST", "PUT", "DELETE"];

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    error_codes(workspace, findings);
    for file in &workspace.operations {
        statuses(workspace, file, findings);
        let line = file.operation.http.as_str();
        let Some((method, path)) = line.split_once(char::is_whitespace) else {
            let finding = Finding::new(
                Code::HttpMethod,
                file.document.value(&["http"]),
                format!("`{line}` is no method and path"),
            );
            findings.push(finding.help("write for example `GET /v1.0/storage/spaces/{spaceId}`"));
            continue;
        };
        check_method(file, method, findings);
        if line.split_whitespace().count() == 2 && line.split(' ').count() != 2 {
            let place = file.document.value(&["http"]);
            let finding = Finding::new(Code::HttpMethod, place, "method and path are not separated by one space");
            findings.push(finding.help(format!("write `{method} {}`", path.trim())));
        }
        match placeholders(path.trim()) {
            Ok(names) => path_parameters(file, &names, findings),
            Err(problem) => {
                let finding = Finding::new(Code::HttpPath, within_line(file, path), format!("the path {problem}"));
                findings.push(finding.help(path_help(path)));
            }
        }
    }
}

/// What to write in place of a path that is not well-formed.
fn path_help(path: &str) -> String {
    if path.contains("://") {
        return "write the path alone, without the host".to_owned();
    }
    if let Some(path) = path.strip_suffix('/').filter(|path| placeholders(path).is_ok()) {
        return format!("write `{path}`, without the `/` at the end");
    }
    // Placeholders of other notations: `:id`, `<id>`, `$id`, `{{id}}`.
    let foreign = path.split('/').find_map(|segment| {
        let name = segment.strip_prefix(':').or_else(|| segment.strip_prefix('$'));
        let name = name.or_else(|| segment.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')));
        name.or_else(|| segment.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")))
    });
    match foreign.map(|name| name.trim_matches(['{', '}'])).filter(|name| !name.is_empty()) {
        Some(name) => format!("a placeholder is written `{{{name}}}`"),
        None => "write for example `GET /v1.0/storage/spaces/{spaceId}`".to_owned(),
    }
}

fn check_method(file: &OperationFile<'_>, method: &str, findings: &mut Vec<Finding>) {
    if !METHODS.contains(&method) {
        let help = did_you_mean(method, METHODS.iter().copied());
        let help = help.unwrap_or_else(|| format!("the API uses {}", METHODS.join(", ")));
        let message = format!("`{method}` is no method of the API");
        findings.push(Finding::new(Code::HttpMethod, within_line(file, method), message).help(help));
    }
    if matches!(method, "GET" | "DELETE") && !file.operation.body.is_empty() {
        let message = format!("a {method} request has no body");
        let finding = Finding::new(Code::UnexpectedBody, file.document.key(&["body"]), message)
            .also(within_line(file, method), "the method")
            .help("move the fields to `query`, or correct the method");
        findings.push(finding);
    }
    let suspicious = method == "GET" && file.operation.effect == Some(Effect::Write);
    if suspicious && file.operation.effect_reason.is_none() {
        let message = "a GET request rarely changes anything, but its effect is `write`";
        let finding = Finding::new(Code::SuspiciousEffect, file.document.value(&["effect"]), message)
            .also(within_line(file, method), "the method")
            .help("correct the effect, or say in `effectReason` why it is so");
        findings.push(finding);
    }
}

/// The names between `{` and `}`, or what is wrong with the path.
fn placeholders(path: &str) -> Result<Vec<&str>, String> {
    let Some(segments) = path.strip_prefix('/') else { return Err("has to start with `/`".to_owned()) };
    let mut names = Vec::new();
    for segment in segments.split('/') {
        if segment.is_empty() {
            return Err("has an empty segment".to_owned());
        }
        let placeholder = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        match placeholder {
            Some(name) if name.is_empty() || name.contains(['{', '}']) => {
                return Err("has a placeholder without a name".to_owned());
            }
            Some(name) if names.contains(&name) => return Err(format!("has the placeholder `{{{name}}}` twice")),
            Some(name) => names.push(name),
            None if matches!(segment, "." | "..") => {
                return Err(format!("has the segment `{segment}`, which leads to another path"));
            }
            None => plain_segment(segment)?,
        }
    }
    Ok(names)
}

fn plain_segment(segment: &str) -> Result<(), String> {
    if segment.contains(['{', '}']) {
        return Err(format!("has an unfinished placeholder in `{segment}`"));
    }
    if segment.contains(['?', '#']) {
        return Err("has a query; list its parameters under `query`".to_owned());
    }
    let allowed = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_' | '~');
    match segment.chars().find(|character| !allowed(*character)) {
        Some(character) => Err(format!("has the character {character:?}, which does not belong there")),
        None => Ok(()),
    }
}

fn path_parameters(file: &OperationFile<'_>, names: &[&str], findings: &mut Vec<Finding>) {
    let fields = || file.fields.iter().filter(|site| site.section == Section::Path && site.depth == 0);
    for name in names.iter().filter(|name| !file.operation.path.contains_key(**name)) {
        let mut place = within_line(file, &format!("{{{name}}}"));
        place.broken |= file.document.key(&["path", name]).broken;
        let unused = fields().map(|site| site.wire).filter(|wire| !names.contains(wire));
        let help = did_you_mean(name, unused).unwrap_or_else(|| format!("add `{name}` to `path`"));
        let message = format!("`path` has no field for `{{{name}}}`");
        findings.push(Finding::new(Code::PlaceholderWithoutField, place, message).help(help));
    }
    for site in fields().filter(|site| !names.contains(&site.wire)) {
        let mut place = site.key();
        place.broken |= file.document.value(&["http"]).broken;
        // A name that is misspelt on either side is one mistake, reported at the placeholder.
        let misspelt = names.iter().copied().filter(|name| !file.operation.path.contains_key(*name));
        if did_you_mean(site.wire, misspelt).is_some() {
            continue;
        }
        let message = format!("the path has no placeholder `{{{}}}`", site.wire);
        let finding = Finding::new(Code::FieldWithoutPlaceholder, place, message);
        findings.push(
            finding
                .also(file.document.value(&["http"]), "the path")
                .help("move the field to `query`, or correct the path"),
        );
    }
}

/// Old operations answer with status 200 and tell an error by `errcode`.
fn statuses(workspace: &Workspace<'_>, file: &OperationFile<'_>, findings: &mut Vec<Finding>) {
    let family = workspace.families.iter().find(|family| family.folder == file.folder);
    // What is not known about the family allows anything.
    let has_errcode = family
        .is_none_or(|family| family.family.envelope != Envelope::Plain || family.document.value(&["envelope"]).broken);
    let is_possible = |status: u16| (400..=599).contains(&status) || (status == 200 && has_errcode);
    for status in file.operation.errors.keys().filter(|status| !is_possible(**status)) {
        let place = file.document.key(&["errors", &status.to_string()]);
        let message = format!("{status} is no HTTP status of an error");
        let help = "errors have a status from 400 to 599; in a family with `envelope: errcode` or `flat` also 200";
        findings.push(Finding::new(Code::HttpStatus, place, message).help(help));
    }
}

/// The codes of an operation are listed in one text with their statuses: each a word, and none like a status.
fn error_codes(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    let Some((document, errors)) = workspace.errors else { return };
    for code in errors.codes.keys() {
        let problem = if code.is_empty() || code.contains(|character: char| character.is_whitespace()) {
            "is not one word"
        } else if code.contains(['`', '"', '\\']) {
            "has a character that no code has"
        } else if code.parse::<u16>().is_ok_and(|number| (100..=599).contains(&number)) {
            "looks like an HTTP status"
        } else {
            continue;
        };
        let finding =
            Finding::new(Code::ErrorCodeText, document.key(&["codes", code]), format!("the code `{code}` {problem}"));
        findings.push(finding.help("write the code as the server sends it in `code` or `errcode`"));
    }
}

/// The place of a part of the line with method and path.
fn within_line(file: &OperationFile<'_>, part: &str) -> Place {
    let place = file.document.value(&["http"]);
    let Some(span) = place.span.clone() else { return place };
    let line = place.source.text.get(span.clone()).unwrap_or_default();
    match line.find(part) {
        Some(start) if !part.is_empty() => {
            let start = span.start + start;
            Place { span: Some(start..start + part.len()), ..place }
        }
        _ => place,
    }
}
