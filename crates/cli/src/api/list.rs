//! `api list`: what can be called.

use std::collections::BTreeMap;
use std::fmt;

use clap::Args;
use dingtalk_storage::{OPERATIONS, Operation};
use serde_json::{Value, json};

use super::mark;
use crate::{Context, Failure};

/// List the operations
#[derive(Debug, Args)]
pub struct List {
    /// Only those of one chapter of the documentation, such as transfer
    #[arg(long)]
    group: Option<String>,
}

/// Gives the list.
pub fn run(arguments: &List, context: &Context) -> Result<String, Failure> {
    let is_wanted = |operation: &&Operation| arguments.group.as_deref().is_none_or(|group| operation.group == group);
    let operations: Vec<_> = OPERATIONS.iter().filter(is_wanted).collect();
    match &arguments.group {
        Some(group) if operations.is_empty() => Err(unknown_group(group)),
        _ if context.output.json => Ok(format!("{:#}\n", operations.into_iter().map(facts).collect::<Value>())),
        _ => Ok(Listing(&operations).to_string()),
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
fn facts(operation: &Operation) -> Value {
    let apps: Vec<_> = operation.apps.iter().map(|app| super::describe::app_name(*app)).collect();
    let errors = operation.error_codes().map(|(status, code)| json!({ "status": status, "code": code.as_str() }));
    json!({
        "name": operation.name,
        "summary": operation.summary,
        "group": operation.group,
        "method": operation.method.as_str(),
        "path": operation.path,
        "effect": super::describe::effect(operation.effect),
        "scope": operation.scope,
        "status": super::describe::status(operation.status),
        "apps": apps,
        "documentation": operation.documentation(),
        "errors": errors.collect::<Vec<_>>(),
    })
}
