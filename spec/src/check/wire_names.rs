//! Names on the wire, as far as JSON, addresses and the generated code have to carry them as they are.

use std::collections::HashMap;

use crate::codes::Code;
use crate::finding::{Finding, Place};
use crate::model::{ListStyle, Token};

use super::Workspace;
use super::workspace::{FieldSite, OperationFile, Section};

/// Where the older API takes the token of an app.
const TOKEN_IN_QUERY: &str = "access_token";

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    for site in workspace.fields() {
        name(site.wire, "the field", || site.key(), findings);
    }
    for file in &workspace.operations {
        shared_names(workspace, file, findings);
        names_in_queries(workspace, file, findings);
    }
    if let Some((document, events)) = workspace.events {
        for event in events.events.keys() {
            name(event, "the event", || document.key(&["events", event]), findings);
        }
    }
}

/// A call by name has one list of parameters, wherever each of them goes; and an object of JSON has a name once.
fn shared_names(workspace: &Workspace<'_>, file: &OperationFile<'_>, findings: &mut Vec<Finding>) {
    let mut first: HashMap<&str, &FieldSite<'_>> = HashMap::new();
    for site in file.parameters() {
        if site.wire == Token::ARGUMENT && workspace.takes_token_of_a_person(file) {
            let message = format!("`{}` is how calls name the token of a person", site.wire);
            let finding = Finding::new(Code::DuplicateParameter, site.key(), message);
            findings.push(finding.help("delete it, or correct `token`, which says where the token goes"));
        }
        let Some(other) = first.get(site.wire) else {
            first.insert(site.wire, site);
            continue;
        };
        let message = format!("the request has two parameters with the name `{}`", site.wire);
        let finding = Finding::new(Code::DuplicateParameter, site.key(), message);
        let finding = finding.label("again").also(other.key(), "first here");
        findings.push(finding.help("keep the one that the page has in its table"));
    }
}

/// What else stands in a query by a name that nobody wrote: the numbered elements of lists, and the token.
fn names_in_queries(workspace: &Workspace<'_>, file: &OperationFile<'_>, findings: &mut Vec<Finding>) {
    let parameters = || file.fields.iter().filter(|site| site.section == Section::Query && site.depth == 0);
    let is_indexed = |site: &FieldSite<'_>| site.field.style == Some(ListStyle::Indexed);
    let indexed: HashMap<&str, &FieldSite<'_>> =
        parameters().filter(|site| is_indexed(site)).map(|site| (site.wire, site)).collect();
    for site in parameters() {
        let numbered = site.wire.rsplit_once('.').filter(|(_, number)| number.parse::<u32>().is_ok());
        if let Some(list) = numbered.and_then(|(list, _)| indexed.get(list)) {
            let message = format!("`{}` is how an element of the list `{}` is called", site.wire, list.wire);
            let finding = Finding::new(Code::DuplicateParameter, site.key(), message);
            findings.push(finding.also(list.key(), "the list").help("delete it: the list sends it"));
        }
        if site.wire == TOKEN_IN_QUERY && workspace.token(file) == Some(Token::Query) {
            let message = format!("`{TOKEN_IN_QUERY}` is sent with each call of this operation");
            let finding = Finding::new(Code::DuplicateParameter, site.key(), message);
            findings.push(finding.help("delete it, or correct `token`, which says where the token goes"));
        }
    }
}

fn name(name: &str, what: &str, place: impl FnOnce() -> Place, findings: &mut Vec<Finding>) {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '$' | '@');
    let problem = match name.chars().find(|c| !is_plain(*c)) {
        None if !name.is_empty() => return,
        None => format!("{what} has no name"),
        Some(character) => format!("{what} `{name}` has the character {character:?} in its name"),
    };
    let finding = Finding::new(Code::WireName, place(), problem);
    findings.push(finding.help("names on the wire are letters, digits and `_`, `-`, `.`, `:`, `$`, `@`"));
}
