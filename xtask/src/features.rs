//! `cargo xtask features`

use std::process::Command;

use crate::Failure;
use crate::repository::{compile_spec, root, spec_folder};

/// Builds the client crate without features, with each one alone, and with all.
pub fn run() -> Result<(), Failure> {
    let spec = compile_spec(&spec_folder(None))?;
    let families = spec.families.iter().map(|family| family.family.family.as_str());
    let single: Vec<_> = families.chain(["by-name", "legacy", "undocumented"]).collect();
    check(&[])?;
    for feature in &single {
        check(&["--features", feature])?;
    }
    check(&["--all-features"])?;
    println!("the crate builds without features, with each of {} alone, and with all", single.len());
    Ok(())
}

fn check(features: &[&str]) -> Result<(), Failure> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).args(["check", "--quiet", "--package", "dingtalk-storage", "--no-default-features"]);
    let status = command.args(features).status()?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("error: dingtalk-storage does not build with {features:?}").into())
    }
}
