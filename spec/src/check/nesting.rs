//! Limits of what is put into each other: nobody reads more, and the compilers of Rust end somewhere.

use std::collections::BTreeMap;

use crate::codes::Code;
use crate::finding::Finding;
use crate::model::TypeRef;

use super::Workspace;
use super::workspace::Definition;

/// Lists and maps around a value.
const MOST_AROUND: usize = 2;
/// Objects within each other.
const MOST_OBJECTS: usize = 16;

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    for site in workspace.fields() {
        let around = site.field.kind.as_ref().map_or(0, around);
        if around > MOST_AROUND {
            let message = format!("{around} lists and maps stand around one value; {MOST_AROUND} is the most");
            let finding = Finding::new(Code::TooNested, site.at("type"), message);
            findings.push(finding.help("give what is within a type of its own, or use `any`"));
        }
    }
    chains(workspace, findings);
}

fn around(reference: &TypeRef) -> usize {
    let (mut around, mut reference) = (0, reference);
    while let TypeRef::List(inner) | TypeRef::Map(inner) = reference {
        (around, reference) = (around + 1, inner);
    }
    around
}

/// Walks over all types with how many objects each has within it. What contains itself counts once. Without recursion,
/// since that is what a chain may be too long for.
fn chains(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    // None for a type that the walk is in.
    let mut depths: BTreeMap<&str, Option<usize>> = BTreeMap::new();
    for start in workspace.type_names() {
        let mut way: Vec<&Definition<'_>> = workspace.definition(start).into_iter().collect();
        while let Some(definition) = way.last().copied() {
            let inner = || definition.fields.iter().filter_map(|site| workspace.definition(site.core()?));
            if depths.insert(definition.name, None).is_none() {
                way.extend(inner().filter(|inner| !depths.contains_key(inner.name)));
            }
            if way.last().is_some_and(|last| last.name != definition.name) {
                continue;
            }
            let depth = inner().filter_map(|inner| depths.get(inner.name).copied().flatten()).max();
            let own = usize::from(definition.def.fields.is_some());
            let levels = definition.fields.iter().map(|site| site.depth).max().unwrap_or(0);
            let depth_with_own = depth.unwrap_or(0) + own + levels;
            if depth_with_own > MOST_OBJECTS && depth.unwrap_or(0) <= MOST_OBJECTS {
                findings.push(too_deep(definition));
            }
            depths.insert(definition.name, Some(depth_with_own));
            way.pop();
        }
    }
}

fn too_deep(definition: &Definition<'_>) -> Finding {
    let name = definition.name;
    let message = format!("`{name}` has objects within objects, more than {MOST_OBJECTS} deep");
    let finding = Finding::new(Code::TooNested, definition.document.key(&["types", name]), message);
    finding.help("use `any` for what nobody looks at")
}
