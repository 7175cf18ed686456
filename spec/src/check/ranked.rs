//! Enums whose values have an order.

use crate::codes::Code;
use crate::finding::Finding;
use crate::model::Map;

use super::Workspace;

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    for definition in &workspace.definitions {
        let Some(grounds) = &definition.def.ranked else { continue };
        let mut refuse = |code, message: &str, help: &str| {
            let place = definition.document.key(&["types", definition.name, "ranked"]);
            findings.push(Finding::new(code, place, message).help(help));
        };
        match definition.def.values.as_ref().map(Map::len) {
            None => refuse(Code::MisplacedAttribute, "only enums have values that can be ranked", "delete `ranked`"),
            Some(0 | 1) => {
                refuse(Code::MisplacedAttribute, "one value has no order", "list its values, or delete `ranked`");
            }
            Some(_) if grounds.trim().is_empty() => refuse(
                Code::MissingEvidence,
                "what shows that the values are ranked?",
                "say in a sentence what makes one value greater than the next",
            ),
            Some(_) => {}
        }
    }
}
