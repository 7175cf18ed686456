//! Defaults and examples.

use serde_yaml::Value;

use crate::codes::Code;
use crate::finding::Finding;

use super::Workspace;
use super::fits::misfits;
use super::workspace::{FieldSite, Section};

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    for site in workspace.fields() {
        if let Some(default) = &site.field.default {
            required(site, findings);
            compare(workspace, site, "default", default, Code::DefaultMismatch, findings);
        }
        if let Some(example) = &site.field.example {
            compare(workspace, site, "example", example, Code::ExampleMismatch, findings);
        }
    }
}

fn required(site: &FieldSite<'_>, findings: &mut Vec<Finding>) {
    let in_path = site.section == Section::Path;
    if !site.field.required && !in_path {
        return;
    }
    let why = if in_path { "a path parameter" } else { "a required field" };
    let message = format!("`{}` is {why}, so it has no default", site.wire);
    let mut finding = Finding::new(Code::RequiredWithDefault, site.key_of("default"), message);
    if site.has("required") {
        finding = finding.also(site.at("required"), "required here");
    }
    findings.push(finding.help("delete one of the two"));
}

fn compare(
    workspace: &Workspace<'_>,
    site: &FieldSite<'_>,
    attribute: &str,
    value: &Value,
    code: Code,
    findings: &mut Vec<Finding>,
) {
    // Between limits that nothing can keep, no value is to blame.
    let is_possible = !matches!((site.field.min, site.field.max), (Some(min), Some(max)) if min > max);
    for misfit in misfits(value, site.field, workspace).into_iter().filter(|misfit| is_possible || !misfit.of_limits) {
        let mut path = site.path_to(&[attribute]);
        path.extend(misfit.path.iter().map(String::as_str));
        let message = format!("the {attribute} does not fit: {}", misfit.problem);
        let finding = Finding::new(code, site.document.value(&path), message).maybe_help(misfit.help);
        let defined = site.core().and_then(|core| workspace.definition(core)).map_or(site.document, |it| it.document);
        findings.push(finding.resting_on(&defined.source));
    }
}
