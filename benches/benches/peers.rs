//! `cargo bench -p dingtalk-storage-benches --bench peers`: the generated crate beside those that other generators make of
//! the same API as OpenAPI, measured in one run. The generators are installed by whoever runs it.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Parser;
use dingtalk_storage_benches::{Compiled, Runs, lines_below, root};
use dingtalk_storage_codegen::lower;
use dingtalk_storage_codegen::openapi::{Version, openapi};
use dingtalk_storage_spec::{SourceTree, compile};

const HELP: &str = "\
The generators are not part of the repository:
  cargo install cargo-progenitor --root DIR            makes DIR/bin/cargo-progenitor
  pip install --target DIR openapi-generator-cli       brings DIR/openapi_generator_cli/openapi-generator.jar; it runs
                                                       with Java 11 or newer (Debian: default-jre-headless)
One that is not named is left out.";

#[derive(Parser)]
#[command(after_help = HELP)]
struct Arguments {
    #[command(flatten)]
    runs: Runs,
    /// The program `cargo-progenitor`.
    #[arg(long, value_name = "FILE")]
    progenitor: Option<PathBuf>,
    /// The archive of openapi-generator.
    #[arg(long, value_name = "JAR")]
    openapi_generator: Option<PathBuf>,
}

/// A crate to measure.
struct Peer {
    name: &'static str,
    folder: PathBuf,
    /// Name of its library.
    library: &'static str,
    features: &'static [&'static str],
}

/// What it costs.
struct Cost {
    name: &'static str,
    lines: usize,
    check: f64,
    release: f64,
    rlib: f64,
    crates: usize,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let spec = compile(&SourceTree::read(&root().join("spec"))).map_err(|report| report.render(false))?;
    let operations: usize = spec.families.iter().map(|family| family.operations.len()).sum();
    let work = root().join("target/peers");
    fs::create_dir_all(&work)?;
    let document = work.join("storage.json");
    fs::write(&document, serde_json::to_vec_pretty(&openapi(&lower(&spec)?, Version::V3_0))?)?;
    let mut peers = vec![Peer {
        name: "ours",
        folder: root().join("generated"),
        library: "dingtalk_storage",
        features: &["--features=legacy,undocumented"],
    }];
    if let Some(program) = &arguments.progenitor {
        peers.push(progenitor(program, &document, &work)?);
    }
    if let Some(archive) = &arguments.openapi_generator {
        peers.push(openapi_generator(archive, &document, &work)?);
    }
    if peers.len() < 3 {
        println!("{HELP}\n");
    }
    let target = work.join("target");
    let costs: Vec<Cost> =
        peers.iter().map(|peer| cost(peer, &target, arguments.runs.runs)).collect::<Result<_, _>>()?;
    print(&costs, operations);
    Ok(())
}

fn progenitor(program: &Path, document: &Path, work: &Path) -> Result<Peer, Box<dyn Error>> {
    let folder = work.join("progenitor");
    fresh(&folder)?;
    let mut command = Command::new(program);
    command.args(["progenitor", "-n", "peer-progenitor", "-v", "0.1.0", "-i"]).arg(document).arg("-o").arg(&folder);
    run(&mut command)?;
    alone(&folder)?;
    Ok(Peer { name: "progenitor", folder, library: "peer_progenitor", features: &[] })
}

fn openapi_generator(archive: &Path, document: &Path, work: &Path) -> Result<Peer, Box<dyn Error>> {
    let folder = work.join("openapi-generator");
    fresh(&folder)?;
    let mut command = Command::new("java");
    command.arg("-jar").arg(archive).args(["generate", "-g", "rust", "-i"]).arg(document).arg("-o").arg(&folder);
    command.arg("--additional-properties=packageName=peer-openapi-generator");
    run(&mut command)?;
    alone(&folder)?;
    Ok(Peer { name: "openapi-generator", folder, library: "peer_openapi_generator", features: &[] })
}

fn fresh(folder: &Path) -> Result<(), Box<dyn Error>> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(())
}

/// Makes a crate below this workspace one of its own.
fn alone(folder: &Path) -> Result<(), Box<dyn Error>> {
    let manifest = folder.join("Cargo.toml");
    let text = fs::read_to_string(&manifest)?;
    fs::write(manifest, text + "\n[workspace]\n")?;
    Ok(())
}

fn run(command: &mut Command) -> Result<(), Box<dyn Error>> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("error: cannot run {program}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let told = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    Err(format!("error: {program} failed:\n{told}").into())
}

fn cost(peer: &Peer, target: &Path, runs: u32) -> Result<Cost, Box<dyn Error>> {
    let crate_ = Compiled { folder: &peer.folder, target, selection: peer.features };
    let mut lines = lines_below(&peer.folder.join("src"))?;
    if peer.name == "ours" {
        // The runtime decides by error codes, so that their file is there; it counts all the same.
        lines += fs::read_to_string(root().join("crates/runtime/src/error_code.rs"))?.lines().count();
    }
    Ok(Cost {
        name: peer.name,
        lines,
        check: crate_.seconds(&["check"], runs)?,
        release: crate_.seconds(&["build", "--release"], runs)?,
        rlib: crate_.release_megabytes(peer.library)?,
        crates: crates(peer)?,
    })
}

/// Crates that an application gets with it.
fn crates(peer: &Peer) -> Result<usize, Box<dyn Error>> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(&peer.folder).args(["tree", "-e", "normal", "--prefix", "none", "--format", "{p}"]);
    let output = cargo.output()?;
    if !output.status.success() {
        return Err(format!("error: cargo tree failed in {}", peer.folder.display()).into());
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut names: Vec<&str> = text.lines().map(|line| line.trim_end_matches(" (*)").trim()).collect();
    names.retain(|name| !name.is_empty());
    names.sort_unstable();
    names.dedup();
    Ok(names.len())
}

fn print(costs: &[Cost], operations: usize) {
    let Some(ours) = costs.first() else { return };
    println!("{operations} operations; in brackets how many times ours");
    println!("| | lines per operation | check | release | rlib | crates |\n|---|---|---|---|---|---|");
    #[allow(clippy::cast_precision_loss, reason = "ratios with one decimal")]
    for cost in costs {
        let of = |own: f64, first: f64| {
            if own.to_bits() == first.to_bits() { String::new() } else { format!(" ({:.1} ×)", own / first) }
        };
        println!(
            "| {} | {}{} | {:.1} s{} | {:.1} s{} | {:.1} MB{} | {}{} |",
            cost.name,
            cost.lines.div_ceil(operations.max(1)),
            of(cost.lines as f64, ours.lines as f64),
            cost.check,
            of(cost.check, ours.check),
            cost.release,
            of(cost.release, ours.release),
            cost.rlib,
            of(cost.rlib, ours.rlib),
            cost.crates,
            of(cost.crates as f64, ours.crates as f64),
        );
    }
}
