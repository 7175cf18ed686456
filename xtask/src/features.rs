//! `cargo xtask features`

use std::process::Command;

use crate::Failure;
use crate::repository::{compile_spec, root, spec_folder};

/// Builds the client crate without features, with each one alone, with those of the default, with calls by name added to
/// them, and with all.
pub fn run() -> Result<(), Failure> {
    let spec = compile_spec(&spec_folder(None))?;
    let families = spec.families.iter().map(|family| family.family.family.as_str());
    let single: Vec<_> = families.chain(["by-name", "legacy", "undocumented"]).collect();
    check(&["--no-default-features"])?;
    for feature in &single {
        check(&["--no-default-features", "--features", feature])?;
    }
    check(&[])?;
    check(&["--features", "by-name"])?;
    check(&["--all-features"])?;
    println!(
        "the crate builds without features, with each of {} alone, with the default, with by-name added, and with all",
        single.len()
    );
    Ok(())
}

fn check(features: &[&str]) -> Result<(), Failure> {
    let arguments = [&["check", "--quiet", "--package", "dingtalk-storage"], features].concat();
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let status = command.current_dir(root()).args(&arguments).status()?;
    if status.success() { Ok(()) } else { Err(format!("error: `cargo {}` fails", arguments.join(" ")).into()) }
}
