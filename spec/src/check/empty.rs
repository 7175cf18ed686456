//! Types that hold nothing.

use crate::codes::Code;
use crate::finding::Finding;
use crate::model::Map;

use super::Workspace;

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    for definition in &workspace.definitions {
        let def = definition.def;
        let empty = [
            ("fields", def.fields.as_ref().is_some_and(Map::is_empty), "use `any` if nothing is known of it"),
            ("values", def.values.as_ref().is_some_and(Map::is_empty), "list its values, or use `string`"),
        ];
        for (key, _, help) in empty.into_iter().filter(|(_, is_empty, _)| *is_empty) {
            let place = definition.document.key(&["types", definition.name, key]);
            let message = format!("the type `{}` has no {key}", definition.name);
            findings.push(Finding::new(Code::EmptyType, place, message).help(help));
        }
    }
}
