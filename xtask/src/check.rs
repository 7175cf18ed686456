//! `cargo xtask check`

use std::path::PathBuf;

use crate::Failure;
use crate::repository::{compile_spec, counted, spec_folder};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Folder of the spec.
    #[arg(long, value_name = "DIR")]
    spec: Option<PathBuf>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let spec = compile_spec(&spec_folder(arguments.spec.as_ref()))?;
    let operations = spec.families.iter().map(|family| family.operations.len()).sum();
    println!(
        "{}, {}, {}, {}: no findings",
        counted(operations, "operation"),
        counted(spec.types.len(), "type"),
        counted(spec.errors.len(), "error code"),
        counted(spec.events.len(), "event"),
    );
    Ok(())
}
