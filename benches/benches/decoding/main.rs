//! `cargo bench -p dingtalk-storage-benches --bench decoding`: what the generated decoders cost to compile, against derived ones.
//!
//! A spec of 600 objects, half of them in requests and half in answers, becomes two crates that do the same: one with the
//! code that the generator writes, one with the derive macros of serde. Each is compiled alone, its dependencies being
//! built already.

mod crates;
mod synthetic;

use std::error::Error;

use clap::Parser;
use dingtalk_storage_benches::{Compiled, Runs, in_turn, root};

type Failure = Box<dyn Error>;

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    runs: Runs,
    /// Objects in the spec.
    #[arg(long, default_value_t = 600, value_parser = clap::value_parser!(u32).range(2..=10_000))]
    types: u32,
}

fn main() -> Result<(), Failure> {
    let arguments = Arguments::parse();
    let spec = synthetic::spec(arguments.types)?;
    let folder = root().join("target/compare-decoding");
    let folders = [crates::generated(&folder, &spec)?, crates::derived(&folder, &spec)?];
    let target = folder.join("target");
    let crates = folders.each_ref().map(|folder| Compiled { folder, target: &target, selection: &[] });
    let runs = arguments.runs.runs;
    println!("{} objects, median of {runs} runs      generated   derived   derived/generated", arguments.types);
    compare("cargo check", &crates, runs, &["check"])?;
    compare("cargo build --release", &crates, runs, &["build", "--release"])?;
    let sizes = [crates[0].release_megabytes("generated")?, crates[1].release_megabytes("derived")?];
    println!("{:42} {:7.1} MB {:7.1} MB   {:.2}", "release rlib", sizes[0], sizes[1], sizes[1] / sizes[0]);
    Ok(())
}

fn compare(name: &str, crates: &[Compiled<'_>; 2], runs: u32, command: &[&str]) -> Result<(), Failure> {
    if let [generated, derived] = in_turn(crates, command, runs)?.as_slice() {
        let ratio = derived.ratio(generated);
        println!("{name:42} {:7.2} s  {:7.2} s    {ratio:.2}", generated.median(), derived.median());
    }
    Ok(())
}
