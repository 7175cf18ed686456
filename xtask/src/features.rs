//! `cargo xtask features`

use std::process::Command;

use dingtalk_storage_spec::features::FEATURES;

use crate::Failure;
use crate::repository::{compile_spec, root, spec_folder};

/// The features of the crate in `tests/matrix`.
const MATRIX: [&str; 8] =
    ["matrix_v1", "names_v1", "series_v1", "texts_v1", "blocking", "by-name", "legacy", "undocumented"];

/// Builds the client crate without features, with each one alone, with those of the default, with calls by name added to
/// them, and with all; and in the same ways the crate of the matrix, whose spec has every combination of the format.
pub fn run() -> Result<(), Failure> {
    let spec = compile_spec(&spec_folder(None))?;
    let families = spec.families.iter().map(|family| family.family.family.as_str());
    let single: Vec<_> = families.chain(FEATURES.map(|(feature, _)| feature)).collect();
    each_way("dingtalk-storage", &single)?;
    each_way("dingtalk-storage-matrix", &MATRIX)?;
    println!(
        "the crate builds without features, with each of {} alone, with the default, with by-name added, and with all; \
         so does that of the matrix, with each of {}",
        single.len(),
        MATRIX.len()
    );
    Ok(())
}

fn each_way(package: &str, single: &[&str]) -> Result<(), Failure> {
    check(package, &["--no-default-features"])?;
    for feature in single {
        check(package, &["--no-default-features", "--features", feature])?;
    }
    check(package, &[])?;
    check(package, &["--features", "by-name"])?;
    check(package, &["--all-features"])
}

fn check(package: &str, features: &[&str]) -> Result<(), Failure> {
    let arguments = [&["check", "--quiet", "--package", package], features].concat();
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let status = command.current_dir(root()).args(&arguments).status()?;
    if status.success() { Ok(()) } else { Err(format!("error: `cargo {}` fails", arguments.join(" ")).into()) }
}
