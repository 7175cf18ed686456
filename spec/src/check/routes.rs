//! Two operations cannot have one method and path: the server would not know which is meant.

use std::collections::HashMap;

use crate::codes::Code;
use crate::finding::Finding;
use crate::model::Host;

use super::Workspace;
use super::workspace::OperationFile;

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    let hosts: HashMap<&str, Host> =
        workspace.families.iter().map(|family| (family.folder, family.family.host)).collect();
    let mut seen: HashMap<(Host, String), &OperationFile<'_>> = HashMap::new();
    for file in &workspace.operations {
        let http = file.document.value(&["http"]);
        // Without its family, nobody knows which host an operation is on.
        let Some(host) = hosts.get(file.folder).filter(|_| !http.broken) else { continue };
        match seen.get(&(*host, route(&file.operation.http))) {
            Some(first) => {
                let message = format!("`{}` has the method and path of this operation, too", first.operation.operation);
                let finding = Finding::new(Code::DuplicateRoute, http, message).label("again");
                findings.push(finding.also(first.document.value(&["http"]), "first here"));
            }
            None => {
                seen.insert((*host, route(&file.operation.http)), file);
            }
        }
    }
}

/// Method and path without the names of the placeholders.
fn route(http: &str) -> String {
    let segments = http.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}
