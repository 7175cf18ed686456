//! Bodies that are forms: what can be a part of one, and where files can be.

use crate::codes::Code;
use crate::finding::Finding;
use crate::model::{Accepted, Encoding};
use crate::suggest::did_you_mean;

use super::Workspace;
use super::kind::Kind;
use super::workspace::{FieldSite, OperationFile, Section};

/// Name of the built-in type.
const FILE: &str = "file";

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    for file in &workspace.operations {
        let is_form = file.operation.encoding == Encoding::Form;
        if is_form && file.operation.body.is_empty() && !file.document.is_broken(&["body"]) {
            let finding = Finding::new(
                Code::EmptyForm,
                file.document.value(&["encoding"]),
                "the form has no part: `body` is empty",
            );
            findings.push(finding.help("list its parts under `body`, or delete `encoding`"));
        }
        for site in &file.fields {
            let is_part = is_form && site.section == Section::Body && site.depth == 0;
            if is_part {
                part(workspace, site, findings);
                rules(workspace, file, site, findings);
            } else {
                // What was reported in the file may be that it is a form.
                let is_certain = is_form || site.section != Section::Body || !file.document.broken.is_touched();
                no_part(site, is_certain, findings);
            }
        }
    }
    for site in workspace.definitions.iter().flat_map(|definition| &definition.fields) {
        no_part(site, true, findings);
    }
}

/// A part is a text that stands for one value, or a file.
fn part(workspace: &Workspace<'_>, site: &FieldSite<'_>, findings: &mut Vec<Finding>) {
    let kind = Kind::of(site.field, workspace);
    let is_file = matches!(kind, Kind::File);
    if site.field.flatten {
        let finding = Finding::new(Code::FormPart, site.key_of("flatten"), "the parts of a form are not in objects");
        findings.push(finding.help("list the fields of the object as parts of their own"));
    } else if !kind.is_unknown() && !kind.is_scalar() && !is_file {
        let message = format!("`{}` is {}, which cannot be a part of a form", site.wire, kind.describe());
        let help = "a part is a string, a number, a bool, an enum, an id or a file";
        findings.push(Finding::new(Code::FormPart, site.at("type"), message).help(help));
    }
    if site.field.nullable {
        let message = "a part of a form cannot be `null`";
        findings.push(Finding::new(Code::WrongNullable, site.key_of("nullable"), message).help("delete `nullable`"));
    }
    if is_file && site.field.default.is_some() {
        let message = format!("`{}` is a file, and no file stands for one that is left out", site.wire);
        let finding = Finding::new(Code::MisplacedAttribute, site.key_of("default"), message);
        findings.push(finding.help("delete `default`"));
    }
    if !is_file {
        no_rules(site, findings);
    }
}

fn no_part(site: &FieldSite<'_>, is_certain: bool, findings: &mut Vec<Finding>) {
    if site.core() == Some(FILE) && is_certain {
        let message = format!("`{}` is a file, and files are parts of forms", site.wire);
        let finding = Finding::new(Code::FileOutsideForm, site.at("type"), message);
        findings.push(finding.help("a file stands directly in the `body` of an operation with `encoding: form`"));
    }
    no_rules(site, findings);
}

fn no_rules(site: &FieldSite<'_>, findings: &mut Vec<Finding>) {
    if !site.field.accepts.is_empty() && site.core() != Some(FILE) {
        let message = format!("`accepts` is about files, and `{}` is none", site.wire);
        let finding = Finding::new(Code::MisplacedAttribute, site.key_of("accepts"), message);
        findings.push(finding.help("delete `accepts`"));
    }
}

/// What is said about the files of a part.
fn rules(workspace: &Workspace<'_>, file: &OperationFile<'_>, site: &FieldSite<'_>, findings: &mut Vec<Finding>) {
    if site.core() != Some(FILE) {
        return;
    }
    let rules = &site.field.accepts;
    for (number, rule) in rules.iter().enumerate() {
        let index = number.to_string();
        let place = |rest: &[&str]| {
            let path: Vec<&str> = ["accepts", index.as_str()].iter().chain(rest).copied().collect();
            site.document.value(&site.path_to(&path))
        };
        if let Some(problem) = problem(rule, site.field.max) {
            findings.push(Finding::new(Code::FileRule, place(&[problem.0]), problem.1).help(problem.2));
        }
        for (number, extension) in rule.extensions.iter().enumerate().filter(|(_, text)| !is_extension(text)) {
            let place = place(&["extensions", &number.to_string()]);
            let finding = Finding::new(Code::FileRule, place, format!("`{extension}` is no extension"));
            findings.push(finding.help("write it in lower case and without the dot, for example `jpg`"));
        }
        for (name, value) in &rule.when {
            condition(workspace, file, (name, value), place(&["when", name]), findings);
        }
        if rules.iter().take(number).any(|earlier| earlier.when == rule.when) {
            let message = "another rule is about the same files";
            findings.push(Finding::new(Code::FileRule, place(&["when"]), message).help("make one rule of the two"));
        }
    }
    example(site, findings);
}

/// The example is one of the files that the rules take.
fn example(site: &FieldSite<'_>, findings: &mut Vec<Finding>) {
    let Some(name) = site.field.example.as_ref().and_then(|example| example.as_str()) else { return };
    let rules = &site.field.accepts;
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    if !rules.is_empty()
        && rules.iter().all(|rule| !rule.extensions.is_empty() && !rule.extensions.contains(&extension))
    {
        let message = format!("no rule of `accepts` takes the file `{name}`");
        let finding = Finding::new(Code::ExampleMismatch, site.at("example"), message);
        findings.push(finding.help("give it one of the extensions, or add its own to them"));
    }
}

fn is_extension(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|each| each.is_ascii_lowercase() || each.is_ascii_digit())
}

/// What is wrong with a rule as a whole or its size: the attribute, the problem, and what to do.
fn problem(rule: &Accepted, most: Option<i64>) -> Option<(&'static str, String, &'static str)> {
    match rule.max {
        None if rule.extensions.is_empty() => {
            Some(("when", "the rule says nothing of the files".to_owned(), "give it a `max`, or `extensions`"))
        }
        Some(max) if max < 1 => {
            Some(("max", format!("no file has at most {max} bytes and something in it"), "correct the size"))
        }
        Some(max) if most.is_some_and(|most| max > most) => {
            let message = format!("the rule takes {max} bytes, but the field at most {}", most.unwrap_or_default());
            Some(("max", message, "correct one of the two, or delete this one"))
        }
        _ => None,
    }
}

/// A rule holds where another part has a value.
fn condition(
    workspace: &Workspace<'_>,
    file: &OperationFile<'_>,
    (name, value): (&str, &str),
    place: crate::finding::Place,
    findings: &mut Vec<Finding>,
) {
    let parts = || file.parameters().filter(|site| site.section == Section::Body);
    let Some(part) = parts().find(|site| site.wire == name) else {
        if !file.may_lack_parameters() {
            let message = format!("the form has no part `{name}`");
            let help = did_you_mean(name, parts().map(|site| site.wire));
            findings.push(Finding::new(Code::UnknownField, place, message).maybe_help(help));
        }
        return;
    };
    let kind = Kind::of(part.field, workspace);
    let is_number = |found: Option<String>| found.as_deref() == Some(value);
    let is_secret =
        part.core().and_then(|core| workspace.definition(core)?.def.id.as_ref()).is_some_and(|id| id.secret);
    let message = match &kind {
        Kind::File => format!("`{name}` is a file, which has no value to tell cases by"),
        Kind::Id if is_secret => format!("`{name}` is secret, and the rule would show its value"),
        Kind::Enum(values) if values.contains_key(value) => return,
        Kind::Bool if matches!(value, "true" | "false") => return,
        // A part of a form is a text, so a number has to be written as the call writes it.
        Kind::Int32 if is_number(value.parse().ok().map(|number: i32| number.to_string())) => return,
        Kind::Int64 if is_number(value.parse().ok().map(|number: i64| number.to_string())) => return,
        Kind::Enum(_) | Kind::Bool | Kind::Int32 | Kind::Int64 => {
            format!("`{value}` is no value of `{name}`, which is {}", kind.describe())
        }
        _ => return,
    };
    let help = match &kind {
        Kind::Enum(values) => workspace.did_you_mean(value, values),
        Kind::Bool => Some("write \"true\" or \"false\"".to_owned()),
        Kind::Int32 | Kind::Int64 => Some("write a number as it is sent, in quotes".to_owned()),
        _ => None,
    };
    let finding = Finding::new(Code::FileRule, place, message).maybe_help(help).also(part.key(), "this part");
    let defined = part.core().and_then(|core| workspace.definition(core)).map_or(part.document, |it| it.document);
    findings.push(finding.resting_on(&defined.source));
}
