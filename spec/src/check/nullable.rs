//! Where an explicit `null` means something: in the body of a request, in a value that nothing else is made of.

use crate::codes::Code;
use crate::finding::Finding;

use super::Workspace;
use super::workspace::{FieldSite, OperationFile, Section};

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    for site in workspace.fields().filter(|site| site.field.nullable) {
        let problem = match site.section {
            Section::Path => Some("a path cannot carry `null`"),
            Section::Query => Some("a query cannot carry `null`"),
            _ if !workspace.usage(site).request => {
                Some("`nullable` is about requests; an answer may have null anywhere")
            }
            _ if site.field.flatten => Some("a flattened object is no value of its own"),
            _ if site.field.indirect => Some("`nullable` and `indirect` do not go together"),
            _ if site.field.always => Some("what is always there is never null"),
            _ => None,
        };
        let by_usage = matches!(site.section, Section::Type(_)) && !workspace.usage(site).request;
        let refused = problem.map(|problem| refused(site, problem));
        findings.extend(refused.map(|finding| if by_usage { finding.of_the_whole() } else { finding }));
    }
    for file in &workspace.operations {
        for site in file.parameters().filter(|site| site.field.nullable) {
            if let Some(role) = role(file, site.wire) {
                findings.push(refused(site, &format!("`{}` is the {role}, so it is never null", site.wire)));
            }
        }
    }
}

fn role(file: &OperationFile<'_>, wire: &str) -> Option<&'static str> {
    let operation = file.operation;
    match () {
        () if operation.operator.as_deref() == Some(wire) => Some("operator"),
        () if operation.batch.as_ref().is_some_and(|batch| batch.items == wire) => Some("list of the batch"),
        () if operation.page.as_ref().is_some_and(|page| page.token == wire) => Some("token of a page"),
        () => None,
    }
}

fn refused(site: &FieldSite<'_>, problem: &str) -> Finding {
    Finding::new(Code::WrongNullable, site.key_of("nullable"), problem).help("delete `nullable`")
}
