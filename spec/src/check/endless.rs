//! Requirements without end: an object that must have an object of its own kind can never be made.

use std::collections::BTreeMap;

use crate::codes::Code;
use crate::finding::Finding;
use crate::model::TypeRef;

use super::Workspace;
use super::workspace::{self, Definition, FieldSite};

/// A mark that makes a field one that has to be there.
struct Demand {
    holds: fn(&FieldSite<'_>) -> bool,
    words: &'static str,
}

const DEMANDS: [Demand; 2] = [
    Demand { holds: |site| site.field.required, words: "requires" },
    Demand { holds: |site| site.field.always, words: "always has" },
];

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    for demand in &DEMANDS {
        let graph = |name: &str| -> Vec<&FieldSite<'_>> {
            workspace.definition(name).map(|definition| demanded(definition, demand)).unwrap_or_default()
        };
        cycles(workspace, &graph, demand, findings);
    }
}

/// Walks along what has to be there; a way that comes back is a cycle. Without recursion, since a way may be long.
fn cycles<'w, 'a>(
    workspace: &'w Workspace<'a>,
    graph: &impl Fn(&str) -> Vec<&'w FieldSite<'a>>,
    demand: &Demand,
    findings: &mut Vec<Finding>,
) {
    // Whether all has been said about a type; until then it is on the way that led here.
    let mut done: BTreeMap<&str, bool> = BTreeMap::new();
    for start in workspace.type_names() {
        if done.contains_key(start) {
            continue;
        }
        done.insert(start, false);
        let mut way = vec![(start, graph(start))];
        while let Some((name, rest)) = way.last_mut() {
            let Some(site) = rest.pop() else {
                done.insert(*name, true);
                way.pop();
                continue;
            };
            let Some(next) = site.core().and_then(|core| workspace.definition(core)).map(|found| found.name) else {
                continue;
            };
            match done.get(next) {
                None => {
                    done.insert(next, false);
                    way.push((next, graph(next)));
                }
                Some(true) => {}
                // A cycle without a pointer is refused as a type that contains itself.
                Some(false) if !has_pointer(site, next, &way) => {}
                Some(false) => findings.push(endless(site, next, demand)),
            }
        }
    }
}

fn has_pointer(site: &FieldSite<'_>, back_to: &str, way: &[(&str, Vec<&FieldSite<'_>>)]) -> bool {
    site.field.indirect || way.iter().skip_while(|(name, _)| *name != back_to).count() > 1
}

fn endless(site: &FieldSite<'_>, name: &str, demand: &Demand) -> Finding {
    let message = format!("`{name}` {} another `{name}`, and so on without end", demand.words);
    Finding::new(Code::EndlessRequirement, site.at("type"), message)
        .help("let one of the fields be left out, or make it a list or map, which ends empty")
}

/// Fields with a value in place that has to be there, also in objects that only this type has.
fn demanded<'w, 'a>(definition: &'w Definition<'a>, demand: &Demand) -> Vec<&'w FieldSite<'a>> {
    let holds =
        |site: &FieldSite<'_>| (demand.holds)(site) && matches!(site.field.kind, Some(TypeRef::Named(_)) | None);
    workspace::all_the_way(&definition.fields, holds).collect()
}
