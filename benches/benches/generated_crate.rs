//! `cargo bench -p dingtalk-storage-benches --bench generated_crate`: what the generated crate costs.

use std::error::Error;
use std::fs;

use clap::Parser;
use dingtalk_storage_benches::{Compiled, Runs, lines_below, root};
use dingtalk_storage_spec::{SourceTree, compile};

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    runs: Runs,
}

fn main() -> Result<(), Box<dyn Error>> {
    let Runs { runs, .. } = Arguments::parse().runs;
    let spec = compile(&SourceTree::read(&root().join("spec"))).map_err(|report| report.render(false))?;
    let operations: usize = spec.families.iter().map(|family| family.operations.len()).sum();
    let folder = root().join("generated");
    // The runtime decides by error codes, so that their file is there; it counts all the same.
    let error_codes = fs::read_to_string(root().join("crates/runtime/src/error_code.rs"))?.lines().count();
    let lines = lines_below(&folder.join("src"))? + error_codes;
    println!("{lines} lines for {operations} operations: {} each", lines.div_ceil(operations.max(1)));
    let target = root().join("target/measure");
    for (name, features) in [("everything", "--all-features"), ("without by-name", "--features=legacy,undocumented")] {
        let crate_ = Compiled { folder: &folder, target: &target, selection: &[features] };
        let check = crate_.seconds(&["check"], runs)?;
        let release = crate_.seconds(&["build", "--release"], runs)?;
        let size = crate_.release_megabytes("dingtalk_storage")?;
        println!("{name}: check {check:.2} s, release {release:.2} s, rlib {size:.1} MB");
    }
    Ok(())
}
