//! What can stand in a path or a query.

use crate::codes::Code;
use crate::finding::Finding;

use super::Workspace;
use super::kind::Kind;
use super::workspace::{FieldSite, Section};

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    for site in workspace.fields() {
        let kind = Kind::of(site.field, workspace);
        let in_query = site.section == Section::Query && site.depth == 0;
        let in_path = site.section == Section::Path && site.depth == 0;
        // That only objects of the body can be flattened, and only forms hold files, is reported elsewhere.
        if (in_query || in_path) && !kind.is_unknown() && !site.field.flatten && !matches!(kind, Kind::File) {
            parameter_type(site, &kind, in_query, findings);
        }
        style(site, in_query && kind.is_list(), findings);
    }
}

fn parameter_type(site: &FieldSite<'_>, kind: &Kind<'_>, in_query: bool, findings: &mut Vec<Finding>) {
    let fits = match kind {
        Kind::List(element) => in_query && element.is_scalar(),
        kind => kind.is_scalar(),
    };
    if fits {
        return;
    }
    let (place, allowed) = if in_query {
        ("a query", "a string, a number, a bool, an enum, an id, or a list of those")
    } else {
        ("a path", "a string, a number, a bool, an enum or an id")
    };
    let message = format!("`{}` is {}, which cannot stand in {place}", site.wire, kind.describe());
    findings.push(Finding::new(Code::ParameterType, site.at("type"), message).help(format!("{place} takes {allowed}")));
}

fn style(site: &FieldSite<'_>, is_query_list: bool, findings: &mut Vec<Finding>) {
    let problem = match (is_query_list, site.field.style) {
        (true, None) => "a list in the query needs a `style`",
        (false, Some(_)) => "only a list in the query has a `style`",
        _ => return,
    };
    let finding = Finding::new(Code::QueryListStyle, site.key_of("style"), problem);
    findings.push(finding.help("`indexed` writes `ids.1=a&ids.2=b`, `json` writes `ids=[\"a\",\"b\"]`"));
}
