//! Types that contain themselves.

use std::collections::BTreeMap;

use crate::codes::Code;
use crate::finding::Finding;
use crate::model::TypeRef;

use super::Workspace;
use super::workspace::{self, Definition, FieldSite};

/// How far the walk has come with a type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// On the way that led here.
    Open,
    Done,
}

/// Walks over all types; a way that comes back to a type on it is a cycle. Without recursion, since a chain of types may be long.
pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    let mut marks: BTreeMap<&str, Mark> = BTreeMap::new();
    for start in workspace.type_names() {
        if marks.contains_key(start) {
            continue;
        }
        let mut way: Vec<(&str, Vec<&FieldSite<'_>>)> = Vec::new();
        enter(workspace, start, &mut marks, &mut way);
        while let Some((name, rest)) = way.last_mut() {
            let Some(site) = rest.pop() else {
                marks.insert(*name, Mark::Done);
                way.pop();
                continue;
            };
            let Some(next) = site.core() else { continue };
            match marks.get(next) {
                None => enter(workspace, next, &mut marks, &mut way),
                Some(Mark::Done) => {}
                Some(Mark::Open) => findings.push(cycle(site, next, &way)),
            }
        }
    }
}

fn enter<'w, 'a>(
    workspace: &'w Workspace<'a>,
    name: &'w str,
    marks: &mut BTreeMap<&'w str, Mark>,
    way: &mut Vec<(&'w str, Vec<&'w FieldSite<'a>>)>,
) {
    if let Some(definition) = workspace.definition(name) {
        marks.insert(name, Mark::Open);
        way.push((name, direct_fields(definition)));
    }
}

/// Fields that hold a value of another type in place. Lists and maps put theirs elsewhere in memory.
fn direct_fields<'w, 'a>(definition: &'w Definition<'a>) -> Vec<&'w FieldSite<'a>> {
    let mut direct: Vec<_> = workspace::all_the_way(&definition.fields, is_direct).collect();
    direct.reverse();
    direct
}

fn is_direct(site: &FieldSite<'_>) -> bool {
    !site.field.indirect && matches!(site.field.kind, Some(TypeRef::Named(_)) | None)
}

fn cycle(site: &FieldSite<'_>, back_to: &str, way: &[(&str, Vec<&FieldSite<'_>>)]) -> Finding {
    let names = way.iter().map(|(name, _)| *name).skip_while(|name| *name != back_to);
    let chain: Vec<String> = names.chain([back_to]).map(|name| format!("`{name}`")).collect();
    let message = format!("the type `{back_to}` contains itself: {}", chain.join(" > "));
    Finding::new(Code::RecursiveType, site.at("type"), message)
        .help("add `indirect: true` to this field, or make it a list")
}
