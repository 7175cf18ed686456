//! `cargo xtask check`

use std::path::{Path, PathBuf};

use dingtalk_storage_spec::{Report, SourceTree, Spec, compile};

use crate::Failure;
use crate::print::print;
use crate::repository::{compile_spec, counted, root, spec_folder};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Folder of the spec.
    #[arg(long, value_name = "DIR")]
    spec: Option<PathBuf>,
    /// How the findings are told.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Forms of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Drawn for people.
    Text,
    /// One JSON document on standard output, for editors.
    Json,
    /// Annotations of GitHub Actions, one line for each finding.
    Github,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let folder = spec_folder(arguments.spec.as_ref());
    if arguments.format == Format::Text {
        return print(&format!("{}\n", done(&compile_spec(&folder)?)));
    }
    let report = compile(&SourceTree::read(&folder)).err().unwrap_or_default();
    match arguments.format {
        Format::Github => print(&report.github(&within_repository(&folder)))?,
        Format::Json | Format::Text => print(&format!("{}\n", report.json()))?,
    }
    if report.findings().is_empty() { Ok(()) } else { Err(failed(&report)) }
}

fn done(spec: &Spec) -> String {
    let operations = spec.families.iter().map(|family| family.operations.len()).sum();
    format!(
        "{}, {}, {}, {}: no findings",
        counted(operations, "operation"),
        counted(spec.types.len(), "type"),
        counted(spec.errors.len(), "error code"),
        counted(spec.events.len(), "event"),
    )
}

fn failed(report: &Report) -> Failure {
    format!("error: {}", report.summary()).into()
}

/// The folder as GitHub knows it: its path from the root of the repository.
fn within_repository(folder: &Path) -> String {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let root = root().canonicalize().unwrap_or_else(|_| root());
    folder.strip_prefix(&root).unwrap_or(&folder).to_string_lossy().replace('\\', "/")
}
