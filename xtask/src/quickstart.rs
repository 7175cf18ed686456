//! `cargo xtask quickstart`

use std::process::Command;

use crate::Failure;
use crate::generate;
use crate::repository::root;

/// Regenerates the crate, then walks through the drive with it.
pub fn run() -> Result<(), Failure> {
    generate::run(&generate::Arguments::default())?;
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let status = cargo.current_dir(root()).args(["run", "--package", "quickstart"]).status()?;
    if status.success() { Ok(()) } else { Err("error: the walk through the drive failed".into()) }
}
