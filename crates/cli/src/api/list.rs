//! `api list`: what can be called.

use std::collections::BTreeMap;
use std::fmt;

use clap::Args;
use dingtalk_storage::{OPERATIONS, Operation};

use super::mark;
use crate::output::{self, OperationError, OperationRecord, Record};
use crate::{Context, Failure};

/// List the operations
#[derive(Debug, Args)]
pub struct List {
    /// Only those of one chapter of the documentation, such as transfer
    #[arg(long)]
    group: Option<String>,
}

/// Prints the list.
pub fn run(arguments: &List, context: &Context) -> Result<(), Failure> {
    let is_wanted = |operation: &&Operation| arguments.group.as_deref().is_none_or(|group| operation.group == group);
    let operations: Vec<_> = OPERATIONS.iter().filter(is_wanted).collect();
    match &arguments.group {
        Some(group) if operations.is_empty() => Err(unknown_group(group)),
        _ if context.output.json => operations
            .into_iter()
            .try_for_each(|operation| context.output.record(&Record::Operation(facts(operation)), String::new)),
        _ => output::print(&Listing(&operations).to_string()),
    }
}

fn unknown_group(group: &str) -> Failure {
    let mut groups: Vec<_> = OPERATIONS.iter().map(|operation| operation.group).collect();
    groups.sort_unstable();
    groups.dedup();
    Failure::usage(format!("there is no group {group:?}; there are {}", groups.join(", ")))
}

/// Operations by group.
struct Listing<'a>(&'a [&'a Operation]);

impl fmt::Display for Listing<'_> {
    fn fmt(&self, page: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for operation in self.0 {
            groups.entry(operation.group).or_default().push(operation);
        }
        let width = self.0.iter().map(|operation| operation.name.len()).max().unwrap_or_default();
        let mut separator = "";
        for (group, operations) in groups {
            writeln!(page, "{separator}{group}")?;
            for Operation { name, summary, status, .. } in operations {
                writeln!(page, "  {name:width$}  {summary}{}", mark(*status))?;
            }
            separator = "\n";
        }
        Ok(())
    }
}

/// The static facts of an operation.
pub fn facts(operation: &Operation) -> OperationRecord {
    let text = str::to_owned;
    let apps = operation.apps.iter().map(|app| text(super::describe::app_name(*app)));
    let errors = operation.error_codes();
    OperationRecord {
        name: text(operation.name),
        summary: text(operation.summary),
        group: text(operation.group),
        method: text(operation.method.as_str()),
        path: text(operation.path),
        effect: text(super::describe::effect(operation.effect)),
        scope: operation.scope.map(text),
        status: text(super::describe::status(operation.status)),
        apps: apps.collect(),
        documentation: operation.documentation(),
        errors: errors.map(|(status, code)| OperationError { status, code: code.as_str().to_owned() }).collect(),
    }
}
