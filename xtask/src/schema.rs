//! `cargo xtask schema`

use std::path::PathBuf;

use dingtalk_storage_codegen::{Disk, Output, Writer};
use dingtalk_storage_spec::schema::json_schema_text;

use crate::Failure;
use crate::repository::spec_folder;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Write nothing; fail if the file is not up to date.
    #[arg(long)]
    check: bool,
    /// Folder of the spec.
    #[arg(long, value_name = "DIR")]
    spec: Option<PathBuf>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let folder = spec_folder(arguments.spec.as_ref());
    let mut output = Output::default();
    output.add("schema.json", json_schema_text())?;
    let writer = Writer { root: &folder, files: Disk };
    let changes = if arguments.check { writer.compare(&output)? } else { writer.write(&output)? };
    match (changes.is_empty(), arguments.check) {
        (true, _) => println!("schema.json is up to date"),
        (false, false) => println!("schema.json written"),
        (false, true) => return Err("error: schema.json is out of date; run `cargo xtask schema` and commit it".into()),
    }
    Ok(())
}
