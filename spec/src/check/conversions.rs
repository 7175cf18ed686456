//! Ids that are other ids, too.

use crate::codes::Code;
use crate::finding::Finding;
use crate::suggest::did_you_mean;

use super::Workspace;

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    for definition in &workspace.definitions {
        let Some(id) = &definition.def.id else { continue };
        for (other, grounds) in &id.from {
            let path = ["types", definition.name, "id", "from", other.as_str()];
            let finding =
                |message: String| Finding::new(Code::WrongConversion, definition.document.key(&path), message);
            let known = workspace.definition(other);
            let finding = |message: String| match known {
                Some(other) => finding(message).resting_on(&other.document.source),
                None => finding(message),
            };
            match known {
                None if !workspace.types_complete => {}
                None => {
                    let help = did_you_mean(other, workspace.type_names());
                    let help = help.unwrap_or_else(|| "name an id of `types/`".to_owned());
                    findings.push(finding(format!("there is no id `{other}`")).help(help));
                }
                Some(_) if other == definition.name => {
                    findings.push(finding(format!("`{other}` is itself already")).help("delete the line"));
                }
                Some(known) => match &known.def.id {
                    None if known.def.fields.is_some() || known.def.values.is_some() => {
                        findings.push(finding(format!("`{other}` is no id")).help("name an id of `types/`"));
                    }
                    Some(from) if from.secret || id.secret => {
                        let message = format!("`{other}` and `{}` are not both shown", definition.name);
                        findings.push(finding(message).help("a secret is nothing else; delete the line"));
                    }
                    _ => {}
                },
            }
            if grounds.trim().is_empty() {
                let message = format!("what shows that `{other}` is such an id?");
                findings.push(finding(message).help("say when it is one, and which page says so"));
            }
        }
    }
}
