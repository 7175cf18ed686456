//! `cargo xtask changes`

use std::path::PathBuf;

use dingtalk_storage_codegen::{changes, lower};

use crate::Failure;
use crate::print::print;
use crate::repository::{compile_spec, spec_folder};
use crate::revision::Revision;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Revision of git to compare the spec with.
    #[arg(value_name = "REV", default_value = "HEAD")]
    revision: String,
    /// As Markdown for release notes, the gravest changes first.
    #[arg(long)]
    markdown: bool,
    /// Folder of the spec.
    #[arg(long, value_name = "DIR")]
    spec: Option<PathBuf>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let folder = spec_folder(arguments.spec.as_ref());
    let new = compile_spec(&folder)?;
    let revision = Revision::of(&folder, &arguments.revision)?;
    let old = revision.compile(&revision.tree(&folder)?)?;
    let changes = changes::compare(&lower(&old)?, &lower(&new)?);
    print(&if arguments.markdown { changes.markdown() } else { changes.text() })?;
    Ok(())
}
