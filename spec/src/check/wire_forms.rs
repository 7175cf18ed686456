//! Values that are written in another form than that of their type: times and ids as numbers.

use crate::codes::Code;
use crate::finding::Finding;
use crate::model::TypeRef;

use super::Workspace;
use super::kind::Kind;
use super::workspace::FieldSite;

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    for site in workspace.fields() {
        timestamp(site, findings);
        if site.field.numeric {
            numeric(workspace, site, findings);
        }
    }
}

/// The form belongs to the field, and not to the type, and nothing hands it on to the values of a map.
fn timestamp(site: &FieldSite<'_>, findings: &mut Vec<Finding>) {
    let Some(kind) = site.field.kind.as_ref().filter(|kind| kind.name() == "timestamp") else { return };
    if !is_plain(kind) {
        let message = format!("a `timestamp` stands alone or in a list, and `{}` nests it", site.wire);
        let finding = Finding::new(Code::WrongFieldType, site.at("type"), message);
        findings.push(finding.help("write `int64` in its place"));
    }
}

fn numeric(workspace: &Workspace<'_>, site: &FieldSite<'_>, findings: &mut Vec<Finding>) {
    let kind = Kind::of(site.field, workspace);
    let is_plain = site.field.kind.as_ref().is_none_or(is_plain);
    let core = match &kind {
        Kind::List(inner) => inner,
        kind => kind,
    };
    let is_secret = || {
        let definition = site.core().and_then(|name| workspace.definition(name));
        definition.and_then(|definition| definition.def.id.as_ref()).is_some_and(|id| id.secret)
    };
    if !kind.is_unknown() && (!is_plain || !matches!(core, Kind::Id) || is_secret()) {
        let message =
            format!("`numeric` is for ids that are shown, alone or in a list; `{}` is {}", site.wire, kind.describe());
        let finding = Finding::new(Code::WrongFieldType, site.key_of("numeric"), message);
        let finding = finding.help("delete `numeric`");
        let definition = site.core().and_then(|name| workspace.definition(name));
        findings.push(match definition {
            Some(definition) => finding.resting_on(&definition.document.source),
            None => finding,
        });
    }
}

fn is_plain(kind: &TypeRef) -> bool {
    match kind {
        TypeRef::Named(_) => true,
        TypeRef::List(inner) => matches!(**inner, TypeRef::Named(_)),
        TypeRef::Map(_) => false,
    }
}
