//! The checks, one file per topic. Each looks at the whole spec and reports everything that it finds.

mod characters;
mod conversions;
mod documentation;
mod duplicates;
mod empty;
mod endless;
mod fits;
mod forms;
mod http;
mod kind;
mod links;
mod names;
mod nesting;
mod nullable;
mod objects;
mod parameters;
mod placement;
mod ranked;
mod recursion;
mod references;
mod repeated;
mod reserved;
mod roles;
mod routes;
mod series;
mod signed;
mod sizes;
mod tasks;
mod texts;
mod values;
mod wire_forms;
mod wire_names;
mod workspace;

pub(crate) use workspace::Workspace;

use crate::finding::Finding;

type Check = fn(&Workspace<'_>, &mut Vec<Finding>);

const CHECKS: &[Check] = &[
    placement::check,
    duplicates::check,
    names::check,
    references::check,
    recursion::check,
    http::check,
    routes::check,
    links::check,
    parameters::check,
    roles::check,
    tasks::check,
    values::check,
    sizes::check,
    objects::check,
    documentation::check,
    characters::check,
    wire_names::check,
    endless::check,
    nullable::check,
    signed::check,
    wire_forms::check,
    conversions::check,
    nesting::check,
    empty::check,
    ranked::check,
    series::check,
    forms::check,
];

/// Runs all checks.
pub(crate) fn check(workspace: &Workspace<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for check in CHECKS {
        check(workspace, &mut findings);
    }
    characters::leave_out_consequences(&mut findings);
    findings.retain(|finding| !finding.is_consequence());
    repeated::merge(findings)
}
