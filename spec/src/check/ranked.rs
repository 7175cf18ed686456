//! Enums whose values have an order.

use crate::codes::Code;
use crate::finding::Finding;
use crate::model::Map;

use super::Workspace;

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    for definition in &workspace.definitions {
        if definition.def.ranked.is_none() {
            continue;
        }
        let (message, help) = match definition.def.values.as_ref().map(Map::len) {
            None => ("only enums have values that can be ranked", "delete `ranked`"),
            Some(0 | 1) => ("one value has no order", "list its values, or delete `ranked`"),
            Some(_) => continue,
        };
        let place = definition.document.key(&["types", definition.name, "ranked"]);
        findings.push(Finding::new(Code::MisplacedAttribute, place, message).help(help));
    }
}
