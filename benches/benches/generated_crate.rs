//! `cargo bench -p dingtalk-storage-benches --bench generated_crate`: what the generated crate costs.

use std::error::Error;
use std::fs;

use clap::Parser;
use dingtalk_storage_benches::{Compiled, Runs, in_turn, lines_below, root};
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
    let names = ["everything", "without by-name"];
    let crates = [["--all-features"], ["--features=legacy,undocumented"]];
    let crates = crates.each_ref().map(|selection| Compiled { folder: &folder, target: &target, selection });
    let check = in_turn(&crates, &["check"], runs)?;
    let release = in_turn(&crates, &["build", "--release"], runs)?;
    for (((name, crate_), check), release) in names.iter().zip(&crates).zip(&check).zip(&release) {
        let size = crate_.release_megabytes("dingtalk_storage")?;
        println!("{name}: check {:.2} s, release {:.2} s, rlib {size:.1} MB", check.median(), release.median());
    }
    Ok(())
}
