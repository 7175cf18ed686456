//! `cargo xtask measure`: what the generated crate costs.

use std::fs;
use std::path::Path;

use crate::Failure;
use crate::repository::{compile_spec, root, spec_folder};
use crate::timing::Compiled;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// How often each time is taken; the median counts.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=20))]
    runs: u32,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let spec = compile_spec(&spec_folder(None))?;
    let operations: usize = spec.families.iter().map(|family| family.operations.len()).sum();
    let folder = root().join("generated");
    // The runtime decides by error codes, so that their file is there; it counts all the same.
    let error_codes = fs::read_to_string(root().join("crates/runtime/src/error_code.rs"))?.lines().count();
    let lines = lines_below(&folder.join("src"))? + error_codes;
    println!("{lines} lines for {operations} operations: {} each", lines.div_ceil(operations.max(1)));
    let target = root().join("target/measure");
    for (name, features) in [("everything", "--all-features"), ("without by-name", "--features=legacy,undocumented")] {
        let crate_ = Compiled { folder: &folder, target: &target, selection: &[features] };
        let check = crate_.seconds(&["check"], arguments.runs)?;
        let release = crate_.seconds(&["build", "--release"], arguments.runs)?;
        let size = crate_.release_megabytes("dingtalk_storage")?;
        println!("{name}: check {check:.2} s, release {release:.2} s, rlib {size:.1} MB");
    }
    Ok(())
}

fn lines_below(folder: &Path) -> Result<usize, Failure> {
    let mut lines = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        lines += if path.is_dir() { lines_below(&path)? } else { fs::read_to_string(&path)?.lines().count() };
    }
    Ok(lines)
}
