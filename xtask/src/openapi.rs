//! `cargo xtask openapi`

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use dingtalk_storage_codegen::openapi::{Version, openapi};
use dingtalk_storage_codegen::{Disk, FileSystem, lower};

use crate::Failure;
use crate::print::print;
use crate::repository::{compile_spec, spec_folder};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Version of OpenAPI.
    #[arg(long, value_name = "VERSION", default_value = "3.1")]
    version: Wanted,
    /// File to write; standard output without it.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Folder of the spec.
    #[arg(long, value_name = "DIR")]
    spec: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Wanted {
    #[value(name = "3.0")]
    V3_0,
    #[value(name = "3.1")]
    V3_1,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let spec = compile_spec(&spec_folder(arguments.spec.as_ref()))?;
    let version = match arguments.version {
        Wanted::V3_0 => Version::V3_0,
        Wanted::V3_1 => Version::V3_1,
    };
    let text = format!("{}\n", serde_json::to_string_pretty(&openapi(&lower(&spec)?, version))?);
    match &arguments.out {
        None => print(&text),
        Some(file) => write(file, &text),
    }
}

/// Whole or not at all.
fn write(file: &Path, text: &str) -> Result<(), Failure> {
    let beside = file.with_added_extension("new");
    let written = Disk.write(&beside, text.as_bytes()).and_then(|()| Disk.rename(&beside, file));
    written.map_err(|error| format!("error: cannot write {}: {error}", file.display()).into())
}
