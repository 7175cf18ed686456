//! Signed URLs, and the headers that go along with them.

use crate::codes::Code;
use crate::finding::Finding;
use crate::model::{Field, TypeRef};
use crate::suggest::did_you_mean;

use super::Workspace;
use super::kind::BUILT_IN;
use super::workspace::Section;

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    for site in workspace.fields() {
        let Some(signed) = &site.field.signed else { continue };
        let refused =
            |problem: &str, help: &str| Finding::new(Code::WrongSigned, site.key_of("signed"), problem).help(help);
        if !workspace.usage(site).answer {
            let finding = refused("`signed` is about answers: nobody else signs URLs", "delete `signed`");
            let is_of_type = matches!(site.section, Section::Type(_));
            findings.push(if is_of_type { finding.of_the_whole() } else { finding });
            continue;
        }
        let resting = |finding: Finding, field: &Field| match field.kind.as_ref() {
            Some(kind) => match workspace.definition(kind.name()) {
                Some(definition) => finding.resting_on(&definition.document.source),
                None => finding,
            },
            None => finding,
        };
        if workspace.types_complete && !is_secret(workspace, site.field, true) {
            let problem = format!("`{}` is no secret id, and whoever has a signed URL needs nothing else", site.wire);
            let finding = refused(&problem, "make it a type with `id: {secret: true}`, or a list of those");
            findings.push(resting(finding, site.field));
        }
        let siblings = site.siblings;
        if let Some(other) = siblings.iter().find(|(wire, field)| *wire != site.wire && field.signed.is_some()) {
            let problem = format!("an object has one way to its bytes, and `{}` is one already", other.0);
            findings.push(refused(&problem, "delete one `signed`"));
        }
        if let Some((wire, _)) = siblings.iter().find(|(wire, field)| names_it(wire, field)) {
            let problem = format!("the field `{wire}` has the name of the method that `signed` makes");
            findings.push(refused(&problem, "give the field another name with `rust`"));
        }
        let Some(headers) = &signed.headers else { continue };
        match siblings.get(headers) {
            None => {
                let help = did_you_mean(headers, siblings.keys().map(String::as_str));
                let problem = format!("there is no field `{headers}` beside `{}`", site.wire);
                let finding = Finding::new(Code::WrongSigned, site.key_of("signed"), problem);
                findings.push(finding.help(help.unwrap_or_else(|| "name the map with the headers".to_owned())));
            }
            Some(field) if workspace.types_complete && !is_secret(workspace, field, false) => {
                let problem = format!("`{headers}` is no map of secret ids, and a signature is as good as a key");
                let finding = refused(&problem, "make it `{string: T}` of a type with `id: {secret: true}`");
                findings.push(resting(finding, field));
            }
            Some(_) => {}
        }
    }
}

fn names_it(wire: &str, field: &Field) -> bool {
    field.rust.as_deref().map_or_else(|| crate::naming::field(wire) == "signed", |rust| rust == "signed")
}

/// Whether a field is a URL, or a list of them; or else a map of headers.
fn is_secret(workspace: &Workspace<'_>, field: &Field, is_url: bool) -> bool {
    let core = match &field.kind {
        Some(TypeRef::Named(name)) if is_url => name.as_str(),
        Some(TypeRef::List(inner)) if is_url => inner.name(),
        Some(TypeRef::Map(inner)) if !is_url => inner.name(),
        _ => return false,
    };
    let is_nested = matches!(&field.kind, Some(TypeRef::List(inner) | TypeRef::Map(inner)) if !matches!(**inner, TypeRef::Named(_)));
    if BUILT_IN.contains(&core) {
        return false;
    }
    // A name that stands for nothing is told where it stands.
    let definition = workspace.definition(core).map(|definition| definition.def.id.as_ref());
    !is_nested && definition.is_none_or(|id| id.is_some_and(|id| id.secret))
}
