//! How fields and types are put together.

use crate::codes::Code;
use crate::finding::Finding;
use crate::model::TypeRef;

use super::Workspace;
use super::kind::Kind;
use super::workspace::{Definition, FieldSite, Section, Usage};

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    for definition in &workspace.definitions {
        type_kind(definition, findings);
    }
    for site in workspace.fields() {
        let kind = Kind::of(site.field, workspace);
        inline_object(site, findings);
        flatten(site, findings);
        evidence(site, findings);
        direction(site, workspace.usage(site), findings);
        or_list(site, &kind, findings);
        indirect(site, &kind, findings);
    }
}

fn type_kind(definition: &Definition<'_>, findings: &mut Vec<Finding>) {
    let def = definition.def;
    let given = [("fields", def.fields.is_some()), ("values", def.values.is_some()), ("id", def.id.is_some())];
    let path = ["types", definition.name];
    // What was reported and left out counts as given.
    let broken = definition.document.has_broken_key(&["types", definition.name]);
    let given: Vec<&str> = given.iter().filter(|(_, given)| *given).map(|(name, _)| *name).collect();
    let message = match given.as_slice() {
        [_] => return,
        [] if broken => return,
        [] => format!("the type `{}` has neither `fields` nor `values` nor `id`", definition.name),
        several => format!("the type `{}` has {} at once", definition.name, several.join(" and ")),
    };
    let finding = Finding::new(Code::TypeKind, definition.document.key(&path), message);
    findings.push(finding.help("an object has `fields`, an enum has `values`, an id has `id`"));
}

/// `type`, `fields` and `as` have to tell the same story.
fn inline_object(site: &FieldSite<'_>, findings: &mut Vec<Finding>) {
    let field = site.field;
    let has_fields = !field.fields.is_empty();
    let fields_place = site.key_of("fields");
    if fields_place.broken {
        return;
    }
    if site.has("fields") && !has_fields {
        let finding =
            Finding::new(Code::ObjectMismatch, fields_place, format!("the object in `{}` has no fields", site.wire));
        findings.push(finding.help("list its fields, or use `any` if nothing is known about it"));
        return;
    }
    match (site.core(), has_fields) {
        (None, false) => {
            let message = format!("the field `{}` has neither `type` nor `fields`", site.wire);
            let finding = Finding::new(Code::MissingKey, site.key_of("type"), message);
            findings.push(finding.help("add `type:`, for example `type: string`"));
        }
        (Some("object"), false) => {
            let finding = Finding::new(Code::ObjectMismatch, site.at("type"), "an `object` has `fields`");
            findings.push(finding.help("add `fields:`, or use `any` if nothing is known about it"));
        }
        (Some(name), true) if name != "object" => {
            let message = format!("`fields` belong to an `object`, but the type is `{name}`");
            let finding = Finding::new(Code::ObjectMismatch, fields_place, message).also(site.at("type"), "the type");
            findings.push(finding.help("write `object` in place of the type, or delete the fields"));
        }
        _ => {}
    }
    if has_fields && field.type_name.is_none() && !field.flatten {
        let message = format!("the object in `{}` has no name", site.wire);
        let finding = Finding::new(Code::UnnamedObject, site.key_of("as"), message);
        findings.push(finding.help("add `as:` with a name for its Rust type"));
    }
    if !has_fields && field.type_name.is_some() {
        let finding =
            Finding::new(Code::ObjectMismatch, site.key_of("as"), "`as` names an object, but there are no `fields`");
        findings.push(finding.help("add `fields:`, or delete `as`"));
    }
}

fn flatten(site: &FieldSite<'_>, findings: &mut Vec<Finding>) {
    if !site.field.flatten {
        return;
    }
    let plain_object = match &site.field.kind {
        None => true,
        Some(kind) => *kind == TypeRef::Named("object".to_owned()),
    };
    let problem = if site.section != Section::Body || site.depth > 0 {
        "only an object directly in the body can be flattened"
    } else if site.field.fields.is_empty() || !plain_object {
        "only an object with `fields` can be flattened"
    } else {
        return;
    };
    findings.push(Finding::new(Code::WrongFlatten, site.key_of("flatten"), problem).help("delete `flatten`"));
}

fn evidence(site: &FieldSite<'_>, findings: &mut Vec<Finding>) {
    if site.field.always && site.field.evidence.is_none() {
        let message = format!("what shows that `{}` is always there?", site.wire);
        let mut place = site.key_of("always");
        place.broken |= site.key_of("evidence").broken;
        let finding = Finding::new(Code::MissingEvidence, place, message);
        findings.push(finding.help("add `evidence:` with a page, the SDK, or a sample that was seen"));
    }
    if !site.field.always && site.field.evidence.is_some() && !site.at("always").broken {
        let message = "`evidence` belongs to `always: true`";
        findings.push(Finding::new(Code::MisplacedAttribute, site.key_of("evidence"), message));
    }
}

/// Some attributes mean something for requests only, some for answers only.
fn direction(site: &FieldSite<'_>, usage: Usage, findings: &mut Vec<Finding>) {
    let mut misplaced = |attribute: &str, message: String| {
        let finding = Finding::new(Code::MisplacedAttribute, site.key_of(attribute), message);
        let finding = finding.help(format!("delete `{attribute}`"));
        // Where the values of a shared type go is said by whoever names it.
        findings.push(if matches!(site.section, Section::Type(_)) { finding.of_the_whole() } else { finding });
    };
    let request_only = usage == Usage { request: true, answer: false };
    let answer_only = usage == Usage { request: false, answer: true };
    if site.field.always && request_only {
        misplaced("always", format!("`{}` is part of requests, and `always` is about answers", site.wire));
    }
    if site.field.required && answer_only {
        misplaced("required", format!("`{}` is part of answers, and `required` is about requests", site.wire));
    }
    if site.field.default.is_some() && answer_only {
        misplaced("default", format!("`{}` is part of answers, and `default` is about requests", site.wire));
    }
}

fn or_list(site: &FieldSite<'_>, kind: &Kind<'_>, findings: &mut Vec<Finding>) {
    let fits = matches!(kind, Kind::Map(inner) if inner.is_list());
    if site.field.or_list && !fits && !kind.is_unknown() {
        let finding = Finding::new(Code::WrongOrList, site.key_of("orList"), "`orList` is for `{string: [T]}` only");
        findings.push(finding.also(site.at("type"), "the type"));
    }
}

fn indirect(site: &FieldSite<'_>, kind: &Kind<'_>, findings: &mut Vec<Finding>) {
    if site.field.indirect && !matches!(kind, Kind::Object(_) | Kind::Unknown) {
        let message = format!("only an object can be `indirect`, but `{}` is {}", site.wire, kind.describe());
        findings.push(Finding::new(Code::WrongIndirect, site.key_of("indirect"), message).help("delete `indirect`"));
    }
}
