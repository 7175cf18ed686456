//! `min` and `max`.

use crate::codes::Code;
use crate::finding::Finding;

use super::Workspace;
use super::kind::Kind;
use super::workspace::FieldSite;

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    for site in workspace.fields() {
        let kind = Kind::of(site.field, workspace);
        if kind.is_unknown() {
            continue;
        }
        let bounds = [("min", site.field.min, has_min(&kind)), ("max", site.field.max, has_max(&kind))];
        let mut sized = true;
        for (attribute, _, allowed) in bounds.iter().filter(|(_, bound, _)| bound.is_some()) {
            if !allowed {
                sized = false;
                no_size(site, attribute, &kind, findings);
            }
        }
        if sized {
            range(site, &kind, findings);
        }
    }
}

fn has_min(kind: &Kind<'_>) -> bool {
    kind.is_integer() || kind.is_list()
}

fn has_max(kind: &Kind<'_>) -> bool {
    has_min(kind) || matches!(kind, Kind::Text | Kind::Id | Kind::Map(_) | Kind::File)
}

fn no_size(site: &FieldSite<'_>, attribute: &str, kind: &Kind<'_>, findings: &mut Vec<Finding>) {
    let message = format!("`{attribute}` has no meaning here: `{}` is {}", site.wire, kind.describe());
    let finding = Finding::new(Code::NoSize, site.key_of(attribute), message);
    findings.push(
        finding.help("numbers and lists have a `min`; numbers, strings, ids, lists, maps and files have a `max`"),
    );
}

fn range(site: &FieldSite<'_>, kind: &Kind<'_>, findings: &mut Vec<Finding>) {
    let (least, most) = match kind {
        Kind::Int32 => (i64::from(i32::MIN), i64::from(i32::MAX)),
        Kind::Int64 => (i64::MIN, i64::MAX),
        _ => (0, i64::MAX),
    };
    let (min, max) = (site.field.min, site.field.max);
    for (attribute, bound) in [("min", min), ("max", max)] {
        if let Some(bound) = bound.filter(|bound| !(least..=most).contains(bound)) {
            let message = match kind {
                Kind::Int32 => format!("`{}` is an `int32`, and {bound} takes more than 32 bits", site.wire),
                _ => format!("the size of `{}` cannot be {bound}", site.wire),
            };
            let help = match kind {
                Kind::Int32 => "write a smaller number, delete the limit, or make it an `int64`",
                _ => "write another number, or delete the limit",
            };
            findings.push(Finding::new(Code::ImpossibleRange, site.at(attribute), message).help(help));
        }
    }
    if let (Some(min), Some(max)) = (min, max)
        && min > max
    {
        let message = format!("nothing is at least {min} and at most {max}");
        let finding = Finding::new(Code::ImpossibleRange, site.at("max"), message);
        let finding = finding.also(site.at("min"), "more than the maximum");
        findings.push(finding.help("exchange the two, or correct one"));
    }
}
