//! `cargo xtask operations`

use std::path::PathBuf;

use dingtalk_storage_spec::Spec;
use dingtalk_storage_spec::model::{Effect, Operation, Status};
use serde::Serialize;

use crate::Failure;
use crate::print::print;
use crate::repository::{compile_spec, spec_folder};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// As an array of JSON objects.
    #[arg(long)]
    json: bool,
    /// Folder of the spec.
    #[arg(long, value_name = "DIR")]
    spec: Option<PathBuf>,
}

#[derive(Debug, Serialize)]
struct Row<'a> {
    family: &'a str,
    operation: &'a str,
    method: &'a str,
    path: &'a str,
    group: &'a str,
    effect: Option<Effect>,
    scope: Option<&'a str>,
    status: Status,
    docs: Option<&'a str>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let spec = compile_spec(&spec_folder(arguments.spec.as_ref()))?;
    let rows = rows(&spec);
    if arguments.json {
        return print(&format!("{}\n", serde_json::to_string_pretty(&rows)?));
    }
    let names: Vec<_> = rows.iter().map(|row| format!("{}.{}", row.family, row.operation)).collect();
    let width = names.iter().map(String::len).max().unwrap_or_default();
    let line = |(row, name): (&Row<'_>, _)| format!("{name:width$}  {:6} {}\n", row.method, row.path);
    print(&rows.iter().zip(&names).map(line).collect::<String>())
}

fn rows(spec: &Spec) -> Vec<Row<'_>> {
    let operations = spec.families.iter().flat_map(|family| family.operations.iter().map(move |item| (family, item)));
    operations.map(|(family, item)| row(&family.family.family, &item.operation)).collect()
}

fn row<'a>(family: &'a str, operation: &'a Operation) -> Row<'a> {
    let (method, path) = operation.http.split_once(' ').unwrap_or_default();
    Row {
        family,
        operation: &operation.operation,
        method,
        path,
        group: &operation.group,
        effect: operation.effect,
        scope: operation.scope.as_deref(),
        status: operation.status,
        docs: operation.docs.as_deref(),
    }
}
